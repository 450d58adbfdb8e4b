"""What learning partners read on Mondays: what was heard from them, and what anybody was told came of it.

Nothing else of what staff decided: what voices were not told yet, partners are not told either.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, OutboxId, Outgoing, SummaryOf
from dialogue.actions import Post as Send
from dialogue.cards import demand, title
from dialogue.events import TimerFired
from dialogue.fence import Destination, may_pass
from dialogue.handling import only
from dialogue.partnering.belonging import may_be_theirs
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Fact, Facts, Heading, Paragraph, Post, Words, plain
from dialogue.router import Context, Router
from dialogue.rows import PostedSummary, Schedule
from dialogue.schedules import next_due
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Channel
from knowledge_base.ids import CommunityId, SpaceId
from knowledge_base.insights import Insight, Status
from knowledge_base.partners import SummaryLine

TIMER: Final = "partners"
MOST: Final = 10
"""The most insights that each of both parts tells of."""

_RULE: Final = "0 9 * * mon"
_NOT_TOLD: Final = (Status.DISMISSED, Status.MERGED)


def router() -> Router:
    """The handler of the timer."""
    summarising = Router("summarising")
    summarising.on(f"timer:{TIMER}")(only(TimerFired, _due))
    return summarising


async def settle_summary(uow: UnitOfWork, community: CommunityId, space: SpaceId, zone: str, now: datetime) -> None:
    """It comes on Mondays at nine in the IANA ``zone``."""
    await uow.schedules.put(Schedule(community, space, TIMER, _RULE, zone, next_due(_RULE, zone, now)))


async def end_summary(uow: UnitOfWork, community: CommunityId) -> None:
    """It comes no more."""
    await uow.schedules.remove(community, TIMER)


async def compose_summary(
    uow: UnitOfWork, community: CommunityId, post: OutboxId, destination: Destination, texts: Texts
) -> Post:
    """The summary for the partners' channel; a sentence where nothing of it may be shown or is left. Reads only."""
    if not isinstance(destination, Channel) or not may_be_theirs(destination):
        return plain(texts.say("partner.withheld"))
    lines = await uow.summaries.lines(community, post)
    parts = (
        ("partner.told", [line for line in lines if line.status is not None]),
        ("partner.heard", [line for line in lines if line.status is None]),
    )
    blocks: list[Block] = []
    for heading, of in parts:
        shown = [_fact(line, *told, texts) for line in of if (told := await _told(uow, community, line, destination))]
        blocks += [Paragraph(texts.say(heading)), Facts(tuple(shown))] if shown else []
    return Post((Heading(texts.say("partner.summary")), *blocks)) if blocks else plain(texts.say("card.gone"))


def _fact(line: SummaryLine, insight: Insight, words: Words, texts: Texts) -> Fact:
    said = demand(insight, texts)
    if line.status is None:
        return Fact(said, words)
    status = texts.say(f"status.{line.status.name.lower()}")
    return Fact(texts.say("partner.line", {"status": status, "demand": said}), words)


async def _told(
    uow: UnitOfWork, community: CommunityId, line: SummaryLine, destination: Channel
) -> tuple[Insight, Words] | None:
    """The insight of a line and its title, as far as that may be shown there."""
    insight = await uow.insights.get(community, line.insight)
    if insight is None or insight.status in _NOT_TOLD:
        return None
    words = title(insight, await uow.insights.voices(community, insight.id))
    return (insight, words) if words is not None and may_pass(words, destination) else None


async def _due(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """Nothing where there is nothing new, or nobody who may read it."""
    uow, community = context.uow, context.community
    group = await uow.partners.group(community)
    channel = await uow.channels.get(group.space, group.channel) if group else None
    if group is None or channel is None or not may_be_theirs(channel):
        return ()
    last_voice = await uow.digests.last_voice(community)
    lines = await _tellable(uow, await uow.partners.news(group, event.at, last_voice), channel)
    await uow.partners.put_group(replace(group, told_until=event.at, told_voice=last_voice))
    if not lines:
        return ()
    post = context.outbox_id()
    await uow.summaries.add(community, PostedSummary(post, channel.space, channel.id, event.at), lines)
    unchanged = AudienceUnchanged(channel.space, channel.id, channel.audience)
    return [Outgoing(Send(channel.space, channel.id, SummaryOf(post)), (unchanged,), asked=Asked.YES, id=post)]


async def _tellable(uow: UnitOfWork, news: Sequence[SummaryLine], channel: Channel) -> Sequence[SummaryLine]:
    found = [line for line in news if await _told(uow, channel.community, line, channel)]
    told, heard = ([one for one in found if (one.status is None) is said] for said in (False, True))
    return [*told[:MOST], *heard[:MOST]]
