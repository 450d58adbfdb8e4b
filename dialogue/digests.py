"""The weekly digest of a team: what is new, what grew, what waits longest. Nothing to say, nothing sent.

It is composed when it is sent, from what is stored then, and again when something is taken back that it may tell of;
what was closed meanwhile is not told again.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, DigestOf, Edit, Outgoing, Post
from dialogue.cards import demand, name, title
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Fact, Facts, Heading, Paragraph, plain
from dialogue.posts import Post as Content
from dialogue.router import Context, Router
from dialogue.routing import may_show_cards
from dialogue.rows import PostedDigest, Schedule
from dialogue.schedules import next_due
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Channel
from knowledge_base.ids import CommunityId, InsightId, TeamId
from knowledge_base.insights import Insight, Status
from knowledge_base.teams import Team

RULE: Final = "0 9 * * mon"
WEEK: Final = timedelta(days=7)
MOST: Final = 5
"""How many insights each part names."""

_LOOKED_AT: Final = 1_000
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


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


async def compose_digest(
    uow: UnitOfWork, community: CommunityId, digest: DigestOf, channel: Channel, texts: Texts
) -> Content:
    """The digest for a team's channel; a sentence where nothing may be shown or is left. Reads only."""
    if not may_show_cards(channel):
        return plain(texts.say("card.withheld"))
    team = next((team for team in await uow.teams.teams(community) if team.id == digest.team), None)
    blocks = await _parts(uow, community, digest, texts)
    if team is None or not blocks:
        return plain(texts.say("card.gone"))
    return Content((Heading(texts.say("digest.title", {"team": team.name})), *blocks))


async def show_in_digests(
    context: Context, insights: Iterable[InsightId], said_at: datetime = _EVER
) -> Sequence[Outgoing]:
    """An edit for every digest that may show what was said of these insights then or later, as cards are edited."""
    uow, community = context.uow, context.community
    teams: set[TeamId] = set()
    for insight in insights:
        teams.update(card.team for card in await uow.cards.of_insight(community, insight))
        teams.update(holding.team for holding in await uow.holdings.of_insight(community, insight))
    return [
        Outgoing(
            Edit(told.space, told.channel, told.post, DigestOf(told.team, told.since, told.until)), asked=Asked.YES
        )
        for told in (await uow.digests.that_tell(community, teams, said_at) if teams else ())
    ]


async def _due(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    teams = await context.uow.teams.teams(context.community)
    team = next((team for team in teams if schedule_name(team.id) == event.schedule), None)
    if team is None or not may_show_cards(await context.uow.channels.get(team.space, team.channel)):
        return ()
    # counted from when it was due: fired late, it still tells of all that came since the one before
    digest = DigestOf(team.id, datetime.fromisoformat(event.window) - WEEK, context.now)
    if not await _parts(context.uow, context.community, digest, context.texts):
        return ()
    post = context.outbox_id()
    told = PostedDigest(team.id, digest.since, digest.until, post, team.space, team.channel)
    await context.uow.digests.add(context.community, told)
    unchanged = AudienceUnchanged(team.space, team.channel, Audience.INTERNAL)
    return [Outgoing(Post(team.space, team.channel, digest), preconditions=(unchanged,), asked=Asked.YES, id=post)]


async def _parts(uow: UnitOfWork, community: CommunityId, digest: DigestOf, texts: Texts) -> Sequence[Block]:
    """The parts that have something to say. An insight is named once, in the first part it belongs to."""
    known = await uow.insights.open(community, limit=_LOOKED_AT)
    held = {holding.insight for holding in await uow.holdings.of_team(community, digest.team)}
    carded = held | await uow.cards.of_team(community, digest.team)
    theirs = [insight for insight in known if insight.first_at <= digest.until and insight.id in carded]
    theirs.sort(key=lambda insight: insight.id not in held)  # of the others the team has cards
    new = [insight for insight in theirs if insight.first_at >= digest.since]
    older = [insight for insight in theirs if insight.first_at < digest.since]
    grown = [insight for insight in older if await _was_heard(uow, insight, digest)]
    silent = (insight for insight in older if insight.status is Status.NEW and insight not in grown)
    waiting = sorted(silent, key=lambda insight: (insight.first_at, insight.number))
    blocks: list[Block] = []
    for key, insights in (("digest.new", new), ("digest.grown", grown), ("digest.waiting", waiting)):
        if insights:
            facts = [await _line(uow, insight, texts) for insight in insights[:MOST]]
            blocks.extend((Paragraph(texts.say(key)), Facts(tuple(facts))))
    return blocks


async def _was_heard(uow: UnitOfWork, insight: Insight, digest: DigestOf) -> bool:
    """Whether it had a voice in the time told of, which may be long past."""
    if insight.last_at <= digest.until:
        return insight.last_at >= digest.since
    voices = await uow.insights.voices(insight.community, insight.id)
    return any(digest.since <= voice.at <= digest.until for voice in voices)


async def _line(uow: UnitOfWork, insight: Insight, texts: Texts) -> Fact:
    voices = await uow.insights.voices(insight.community, insight.id)
    places: dict[str, str | int] = {"name": name(insight, texts), "demand": demand(insight, texts)}
    return Fact(texts.say("digest.line", places), title(insight, voices) or "")
