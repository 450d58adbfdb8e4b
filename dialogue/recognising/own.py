"""What came of what somebody gave, for themselves: first of all, in words and in a small picture; and a next step."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from dialogue import cards
from dialogue.actions import RecognitionOf
from dialogue.answer_words import name as answer_name
from dialogue.charts import Chart, Charts, Series
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Fact, Facts, Heading, Paragraph, Picture, Post
from dialogue.recognising.dues import POINTS, STEPS
from dialogue.texts.catalogue import Texts
from knowledge_base.contributions import PARTS, CauseKind, Contributed, Contribution, Part, total
from knowledge_base.ids import AnswerId, CommunityId, InsightId
from knowledge_base.insights import Status
from knowledge_base.levels import Level, level_of, next_level

MONTHS: Final = 6
LATEST: Final = 5
"""Of how many contributions the page tells one by one."""


async def compose_own(
    uow: UnitOfWork, community: CommunityId, of: RecognitionOf, texts: Texts, charts: Charts | None
) -> Post:
    """The page of one member. Nobody else's words or names are on it."""
    lines = await uow.contributions.of_member(community, of.reader)
    counted = [line for line in lines if line.guard is None]
    levels = await uow.levels.all(community)
    facts = [
        *await _said(uow, community, of, texts),
        Fact(texts.say("me.points"), str(total(lines))),
        *_level(total(lines), levels, texts),
    ]
    blocks: list[Block] = [Heading(texts.say("me.title")), Facts(tuple(facts))]
    if counted:
        told = [await _line(uow, line, texts) for line in counted[:LATEST]]
        blocks.extend((Paragraph(texts.say("me.latest")), Facts(tuple(told))))
    if len(counted) < len(lines):
        blocks.append(Paragraph(texts.say("me.held", {"count": len(lines) - len(counted)})))
    if counted and charts is not None:
        chart = chart_of(counted, of.at, texts)
        blocks.append(Picture(await charts.draw(chart), in_words(chart, texts)))
    blocks.append(Paragraph(next_step(counted, total(lines), levels, texts)))
    return Post(tuple(blocks))


def chart_of(lines: Sequence[Contribution], at: datetime, texts: Texts) -> Chart:
    """Points by month, the last of which is that of ``at``; a colour for each way of contributing."""
    last = at.year * 12 + at.month - 1
    months = [last - back for back in reversed(range(MONTHS))]
    series = [
        Series(texts.say(f"played.{way}"), tuple(_points_of(lines, way, month) for month in months)) for way in Part
    ]
    labels = tuple(f"{month // 12}-{month % 12 + 1:02}" for month in months)
    return Chart(texts.say("me.chart"), labels, tuple(one for one in series if any(one.values)))


def in_words(chart: Chart, texts: Texts) -> str:
    """The numbers of each month in which there were any."""
    told = []
    for number, label in enumerate(chart.labels):
        numbers = ", ".join(f"{one.name} {one.values[number]}" for one in chart.series if one.values[number])
        told += [texts.say("me.month", {"month": label, "numbers": numbers})] if numbers else []
    return texts.say("me.alt", {"title": chart.title, "months": "; ".join(told) or texts.say("me.no_month")})


def next_step(lines: Sequence[Contribution], points: int, levels: Sequence[Level], texts: Texts) -> str:
    """One thing to do next: what they did not do yet, or how far the next level is."""
    ways, ahead = {PARTS[line.kind] for line in lines}, next_level(points, levels)
    if Part.SPOTTING not in ways:
        return texts.say("me.next_spotting", {"people": min(STEPS), "points": POINTS[Contributed.REPORT]})
    if Part.HELPING not in ways:
        return texts.say("me.next_helping", {"points": POINTS[Contributed.SOLUTION]})
    if ahead is not None:
        return texts.say("me.next_level", {"points": ahead.threshold - points, "level": ahead.name})
    return texts.say("me.next_more")


def _points_of(lines: Sequence[Contribution], way: Part, month: int) -> int:
    return sum(
        line.points for line in lines if PARTS[line.kind] is way and line.at.year * 12 + line.at.month - 1 == month
    )


async def _said(uow: UnitOfWork, community: CommunityId, of: RecognitionOf, texts: Texts) -> Sequence[Fact]:
    """What became of what they said, also where they were not the first."""
    voiced = await uow.insights.voiced_by(community, of.reader)
    taken_up = sum(insight.status not in (Status.NEW, Status.DISMISSED, Status.DECLINED) for insight in voiced)
    shipped = sum(insight.status is Status.SHIPPED for insight in voiced)
    places: dict[str, str | int] = {"count": len(voiced), "taken_up": taken_up, "shipped": shipped}
    return [Fact(texts.say("me.said"), texts.say("me.became", places))]


def _level(points: int, levels: Sequence[Level], texts: Texts) -> Sequence[Fact]:
    reached, ahead = level_of(points, levels), next_level(points, levels)
    name = reached.name if reached else texts.say("me.no_level")
    if ahead is not None:
        name = texts.say("me.level_of", {"level": name, "next": ahead.name, "points": ahead.threshold})
    return [Fact(texts.say("me.level"), name)] if levels else []


async def _line(uow: UnitOfWork, line: Contribution, texts: Texts) -> Fact:
    about = await _about(uow, line, texts)
    places: dict[str, str | int] = {"about": about, "count": line.step, "points": line.points}
    return Fact(line.at.date().isoformat(), texts.say(f"contributed.{line.kind}", places))


async def _about(uow: UnitOfWork, line: Contribution, texts: Texts) -> str:
    """What it came of, by its number."""
    if line.cause.kind is CauseKind.INSIGHT:
        insight = await uow.insights.get(line.community, InsightId(line.cause.id))
        return cards.name(insight, texts) if insight else ""
    if line.cause.kind is CauseKind.ANSWER:
        answer = await uow.answers.get(line.community, AnswerId(line.cause.id))
        return answer_name(answer, texts) if answer else ""
    return ""
