"""What people read of how well the loop runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from dialogue.cards import name
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Fact, Facts, Heading, Paragraph, Post
from dialogue.texts.catalogue import Texts
from knowledge_base.funnels import Funnel, Stage, Step, weakest
from knowledge_base.health import Declined, SilentTeam
from knowledge_base.ids import CommunityId, TeamId

SILENT_AFTER: Final = timedelta(days=14)
"""A team that has done nothing for so long with what it got is named."""

MOST: Final = 5
"""Of unowned insights, of teams, and of a team's reasons, so many are named."""

REASON_SHOWN: Final = 100
"""Of a reason so many characters are shown."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


async def compose_health(uow: UnitOfWork, community: CommunityId, days: int, now: datetime, texts: Texts) -> Post:
    """The whole picture of what was first said in the last days. Reads only."""
    since = now - timedelta(days=days)
    funnel = await uow.health.funnel(community, since)
    teams = {team.id: team.name for team in await uow.teams.teams(community)}
    blocks: tuple[Block, ...] = (
        Heading(texts.say("health.title", {"days": days})),
        Facts(tuple(_step(step, funnel, texts) for step in funnel.steps)),
        Paragraph(breaks_most(funnel, texts)),
    )
    troubles = [
        *await _declines(uow, community, since, teams, texts),
        *await _unowned(uow, community, texts),
        *silent_teams(await uow.health.silent(community, now - SILENT_AFTER), teams, now, texts),
    ]
    return Post((*blocks, Facts(tuple(troubles)))) if troubles else Post(blocks)


def breaks_most(funnel: Funnel, texts: Texts) -> str:
    """The sentence of the link that breaks most."""
    weak = weakest(funnel)
    if weak is None:
        return texts.say("health.no_break")
    stages = list(Stage)
    before = stages[stages.index(weak.stage) - 1]
    return texts.say(
        "health.breaks_at",
        {
            "before": texts.say(f"health.{before}"),
            "stage": texts.say(f"health.{weak.stage}"),
            "lost": weak.of - weak.count,
            "of": weak.of,
        },
    )


def silent_teams(
    silent: Sequence[SilentTeam], teams: Mapping[TeamId, str], now: datetime, texts: Texts
) -> Sequence[Fact]:
    """The teams that never answer, the one that has been silent for longest first."""
    return [
        Fact(
            texts.say("health.silent", {"team": teams[one.team]}),
            texts.say("health.silent_since", {"count": one.waiting, "days": (now - one.since).days}),
        )
        for one in silent[:MOST]
        if one.team in teams
    ]


def _step(step: Step, funnel: Funnel, texts: Texts) -> Fact:
    label = texts.say(f"health.{step.stage}")
    if step.stage is Stage.HEARD:
        return Fact(label, texts.say("health.messages", {"count": step.count, "voices": funnel.voices}))
    if step.stage is Stage.CAPTURED:
        return Fact(label, texts.say("health.insights", {"count": step.count}))
    if step.median is None:
        return Fact(label, texts.say("health.step", {"count": step.count, "of": step.of}))
    took = _time(step.median, texts)
    return Fact(label, texts.say("health.step_time", {"count": step.count, "of": step.of, "time": took}))


def _time(took: timedelta, texts: Texts) -> str:
    if took >= 2 * _DAY:
        return texts.say("health.days", {"count": took // _DAY})
    if took >= 2 * _HOUR:
        return texts.say("health.hours", {"count": took // _HOUR})
    return texts.say("health.minutes", {"count": took // timedelta(minutes=1)})


async def _declines(
    uow: UnitOfWork, community: CommunityId, since: datetime, teams: Mapping[TeamId, str], texts: Texts
) -> Sequence[Fact]:
    """Of each team that declined something: how much of what it decided, and the reasons it gave most."""
    by_team: dict[TeamId, list[Declined]] = {}
    for one in await uow.health.declined(community, since):
        by_team.setdefault(one.team, []).append(one)
    decided = await uow.health.decided(community, since)
    facts = []
    for team in sorted(by_team.keys() & teams.keys(), key=lambda team: (-_count(by_team[team]), teams[team]))[:MOST]:
        count, of = _count(by_team[team]), decided[team]
        places = {"count": count, "of": of, "percent": round(100 * count / of)}
        said = [texts.say("health.declined_of", places), *(_reason(one, texts) for one in by_team[team][:MOST])]
        facts.append(Fact(texts.say("health.declined", {"team": teams[team]}), "; ".join(said)))
    return facts


def _count(declined: Sequence[Declined]) -> int:
    return sum(one.count for one in declined)


def _reason(one: Declined, texts: Texts) -> str:
    reason = one.reason or texts.say("health.no_reason")
    if len(reason) > REASON_SHOWN:
        reason = f"{reason[: REASON_SHOWN - 1]}…"
    return texts.say("health.because", {"count": one.count, "reason": reason})


async def _unowned(uow: UnitOfWork, community: CommunityId, texts: Texts) -> Sequence[Fact]:
    count = await uow.health.unowned(community)
    if not count:
        return ()
    most = await uow.health.most_unowned(community, MOST)
    names = ", ".join(name(insight, texts) for insight in most)
    return [Fact(texts.say("health.unowned"), texts.say("health.unowned_most", {"count": count, "names": names}))]
