"""Whether and how a row leaves: its preconditions, what it shows at this moment, and the fence, in that order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from dialogue import cards
from dialogue.actions import (
    Asked,
    AudienceUnchanged,
    AuditOf,
    CardOf,
    CarriedOf,
    CreditsOf,
    DigestOf,
    Edit,
    ExportOf,
    GrantRole,
    GrantStands,
    HealthOf,
    HeldOf,
    Later,
    LedgerOf,
    MessageStands,
    OpenThread,
    Post,
    Precondition,
    PrizeOf,
    React,
    RecognitionOf,
    ReminderOf,
    Reply,
    Said,
    SendDirect,
    SignOf,
    StatusStands,
    StillConsents,
    SummaryOf,
    TellingOf,
)
from dialogue.audit_file import compose_audit
from dialogue.bridging.composing import compose_carried
from dialogue.charts import Charts
from dialogue.closing.composing import compose_telling
from dialogue.closing.thanking import AsTheyChose
from dialogue.crediting import compose_credits
from dialogue.digests import compose_digest
from dialogue.exporting import compose_export
from dialogue.fence import Destination, Fence, Private
from dialogue.health import compose_health
from dialogue.partnering.summarising import compose_summary
from dialogue.people import may_keep
from dialogue.ports import UnitOfWork
from dialogue.posts import Post as Content
from dialogue.posts import plain
from dialogue.recognising.composing import compose_recognition
from dialogue.reminding.composing import compose_reminder
from dialogue.rewarding.composing import compose_ledger, compose_prize
from dialogue.routing.holding import compose_held
from dialogue.rows import OutboxRow, OutboxState
from dialogue.signs.composing import compose_sign
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Channel, Mode, Shared
from knowledge_base.ids import ChannelId, CommunityId, InsightId, SpaceId, message_id
from knowledge_base.ports import Credits
from knowledge_base.rewards import GrantState

Shown = Post | Edit | Reply | SendDirect
"""What people read."""

LONGEST_WAIT: Final = timedelta(seconds=60)
"""How long a row waits for a busy lane to come to rest."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What rows are composed and let out with; without ``charts``, no picture is drawn.

    ``credits``: who is thanked by name in what is told.
    """

    fence: Fence
    texts: Texts
    charts: Charts | None = None
    credits: Credits = field(default_factory=AsTheyChose)


@dataclass(frozen=True, slots=True)
class Ready:
    """May leave, showing this."""

    post: Content


@dataclass(frozen=True, slots=True)
class Waiting:
    """May leave later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Never leaves."""

    state: OutboxState
    reason: str


Departure = Ready | Waiting | Withheld


async def depart(uow: UnitOfWork, row: OutboxRow, desk: Desk, now: datetime) -> Departure:
    """What becomes of a row at this moment. Reads only."""
    for precondition in row.outgoing.preconditions:
        broken = await _broken(uow, row.community, precondition)
        if broken:
            return Withheld(OutboxState.DROPPED, broken)
    lane = row.outgoing.waits_for
    if lane is not None and await uow.inbox.busy(lane):
        if now - row.created_at < LONGEST_WAIT:
            return Waiting("the channel is still being read")
        if row.outgoing.asked is Asked.NO:
            return Withheld(OutboxState.DROPPED, "the channel did not come to rest in time")
    return await _composed(uow, row, desk, now)


async def read_ahead(uow: UnitOfWork, rows: Sequence[OutboxRow]) -> None:
    """These rows will depart one by one: what their cards show is read at once."""
    shown: dict[CommunityId, dict[InsightId, None]] = {}
    for row in rows:
        action = row.outgoing.action
        if isinstance(action, Post | Edit) and isinstance(action.matter, CardOf):
            shown.setdefault(row.community, {})[action.matter.insight] = None
    for community, insights in shown.items():
        await cards.read_ahead(uow, community, list(insights))


async def _broken(uow: UnitOfWork, community: CommunityId, precondition: Precondition) -> str | None:
    """Why a precondition no longer holds, or None."""
    match precondition:
        case AudienceUnchanged():
            channel = await uow.channels.get(precondition.space, precondition.channel)
            if channel is None or channel.audience is not precondition.audience or channel.shared is not Shared.NO:
                return "other people can read the channel now"
        case StillConsents():
            member = await uow.members.get(community, precondition.member)
            if member is None or not await may_keep(uow, community, member):
                return "the member no longer wants to be recorded"
        case MessageStands():
            name = message_id(precondition.space, precondition.channel, precondition.message)
            message = await uow.messages.get(community, name)
            if message is None or message.deleted:
                return "the message is gone"
        case StatusStands() | GrantStands():
            return await _changed(uow, community, precondition)
    return None


async def _changed(uow: UnitOfWork, community: CommunityId, was: StatusStands | GrantStands) -> str | None:
    """What is not as it was, or None."""
    if isinstance(was, StatusStands):
        insight = await uow.insights.get(community, was.insight)
        return None if insight and insight.status is was.status else "the insight has another status now"
    grant = await uow.grants.get(community, was.reward, was.number)
    return None if grant and grant.state is GrantState.GIVEN else "the reward is not theirs any more"


async def _composed(uow: UnitOfWork, row: OutboxRow, desk: Desk, now: datetime) -> Departure:
    action = row.outgoing.action
    if isinstance(action, Post | OpenThread | React) and await _is_excluded(uow, action.space, action.channel):
        return Withheld(OutboxState.DROPPED, "the channel is excluded")
    if isinstance(action, React | OpenThread | GrantRole):
        return Ready(Content(()))
    destination = await _destination(uow, row.community, action)
    if destination is None:
        return Withheld(OutboxState.DEAD, "the channel is not known")
    if isinstance(action.matter, TellingOf):
        told = await compose_telling(uow, row.community, action, action.matter, desk.texts, desk.credits)
        return Ready(desk.fence.let_out(told, destination)) if told else Withheld(OutboxState.DROPPED, "nobody is left")
    if isinstance(action.matter, ReminderOf):
        reminder = await compose_reminder(uow, row.community, action.matter, desk.texts, now)
        if reminder is None:
            return Withheld(OutboxState.DROPPED, "nothing to report, or not now")
        return Ready(desk.fence.let_out(reminder, destination))
    if isinstance(action.matter, PrizeOf) and isinstance(destination, Private):
        prize = await compose_prize(uow, action.matter, destination, desk.texts)
        return Ready(desk.fence.let_out(prize, destination)) if prize else Withheld(OutboxState.DROPPED, "it is gone")
    post = await _content(uow, row.community, action.matter, destination, desk)
    return Ready(desk.fence.let_out(post, destination))


async def _is_excluded(uow: UnitOfWork, space: SpaceId, channel: ChannelId) -> bool:
    """Then nothing more is said there; what stands there is still edited, which is how words are taken off it."""
    known = await uow.channels.get(space, channel)
    return known is not None and known.mode is Mode.EXCLUDED


async def _content(
    uow: UnitOfWork,
    community: CommunityId,
    matter: CardOf | CarriedOf | HeldOf | Later | Said | SignOf | SummaryOf,
    destination: Destination,
    desk: Desk,
) -> Content:
    match matter:
        case Said():
            return matter.post
        case CardOf() if isinstance(destination, Channel):
            return await cards.compose(uow, community, matter.insight, destination, desk.fence.masker, desk.texts)
        case HeldOf():
            return await compose_held(uow, community, matter, desk.texts)
        case CarriedOf():
            return await compose_carried(uow, community, matter, desk.texts)
        case SummaryOf():
            return await compose_summary(uow, community, matter.post, destination, desk.texts)
        case SignOf():
            return await compose_sign(uow, community, matter, destination, desk.texts)
        case CardOf():
            return plain(desk.texts.say("card.gone"))
        case _:
            return await _later(uow, community, matter, destination, desk)


async def _later(
    uow: UnitOfWork, community: CommunityId, matter: Later, destination: Destination, desk: Desk
) -> Content:
    match matter:
        case DigestOf():
            return await compose_digest(uow, community, matter, destination, desk.texts, desk.charts)
        case HealthOf():
            return await compose_health(uow, community, matter.days, matter.until, desk.texts)
        case AuditOf():
            return await compose_audit(uow, community, matter.member, desk.texts)
        case CreditsOf():
            return await compose_credits(uow, community, matter.member, matter.form, desk.texts, desk.fence.masker)
        case ExportOf():
            return await compose_export(uow, community, matter.member, desk.texts)
        case LedgerOf():
            return await compose_ledger(uow, community, matter.member, desk.texts)
        case RecognitionOf() if isinstance(destination, Private):
            return await compose_recognition(uow, matter, destination, desk.texts, desk.charts)
        case PrizeOf() | RecognitionOf():
            return plain(desk.texts.say("card.gone"))


async def _destination(uow: UnitOfWork, community: CommunityId, action: Shown) -> Destination | None:
    match action:
        case Post() | Edit():
            channel = await uow.channels.get(action.space, action.channel)
            return channel if channel is not None and channel.community == community else None
        case Reply() | SendDirect():
            return Private(community, action.member, action.role)
