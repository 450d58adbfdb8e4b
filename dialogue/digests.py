"""The weekly digest of a team: what is new, what grew, what waits longest. Nothing to say, nothing sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, Outgoing, Post, Said
from dialogue.cards import demand, name, title
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.posts import Block, Fact, Facts, Heading, Paragraph
from dialogue.posts import Post as Content
from dialogue.router import Context, Router
from dialogue.routing import may_show_cards
from dialogue.rows import Schedule
from dialogue.schedules import next_due
from knowledge_base.channels import Audience
from knowledge_base.ids import TeamId
from knowledge_base.insights import Insight, Status
from knowledge_base.teams import Team

RULE: Final = "0 9 * * mon"
WEEK: Final = timedelta(days=7)
MOST: Final = 5
"""How many insights each part names."""

_LOOKED_AT: Final = 1_000


def schedule_name(team: TeamId) -> str:
    """What the schedule of a team's digest is called."""
    return f"digest:{team}"


def schedule(team: Team, zone: str, now: datetime) -> Schedule:
    """The weekly occasion of a team's digest, Mondays at nine in ``zone``; put when the team is added."""
    return Schedule(team.community, team.space, schedule_name(team.id), RULE, zone, next_due(RULE, zone, now))


def router() -> Router:
    """The handler of the digests' timer. That it fires once a window is the inbox's promise."""
    digests = Router("digests")
    digests.on("timer:digest")(only(TimerFired, _due))
    return digests


async def _due(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    teams = await context.uow.teams.teams(context.community)
    team = next((team for team in teams if schedule_name(team.id) == event.schedule), None)
    if team is None or not may_show_cards(await context.uow.channels.get(team.space, team.channel)):
        return ()
    # counted from when it was due: fired late, it still tells of all that came since the one before
    blocks = await _parts(context, team, datetime.fromisoformat(event.window) - WEEK)
    if not blocks:
        return ()
    content = Content((Heading(context.texts.say("digest.title", {"team": team.name})), *blocks))
    unchanged = AudienceUnchanged(team.space, team.channel, Audience.INTERNAL)
    return [Outgoing(Post(team.space, team.channel, Said(content)), preconditions=(unchanged,), asked=Asked.YES)]


async def _parts(context: Context, team: Team, since: datetime) -> Sequence[Block]:
    """The parts that have something to say. An insight is named once, in the first part it belongs to."""
    known = await context.uow.insights.open(context.community, limit=_LOOKED_AT)
    theirs = [insight for insight in known if await _has_card(context, insight, team)]
    new = [insight for insight in theirs if insight.first_at >= since]
    grown = [insight for insight in theirs if insight.first_at < since <= insight.last_at]
    silent = (i for i in theirs if i.status is Status.NEW and i.last_at < since)
    waiting = sorted(silent, key=lambda insight: (insight.first_at, insight.number))
    blocks: list[Block] = []
    for key, insights in (("digest.new", new), ("digest.grown", grown), ("digest.waiting", waiting)):
        if insights:
            facts = [await _line(context, insight) for insight in insights[:MOST]]
            blocks.extend((Paragraph(context.texts.say(key)), Facts(tuple(facts))))
    return blocks


async def _has_card(context: Context, insight: Insight, team: Team) -> bool:
    cards = await context.uow.cards.of_insight(context.community, insight.id)
    return any(card.team == team.id for card in cards)


async def _line(context: Context, insight: Insight) -> Fact:
    voices = await context.uow.insights.voices(context.community, insight.id)
    places: dict[str, str | int] = {"name": name(insight, context.texts), "demand": demand(insight, context.texts)}
    return Fact(context.texts.say("digest.line", places), title(insight, voices) or "")
