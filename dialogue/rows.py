"""What waits in the database: events on their way in, actions on their way out, cards, schedules and gaps."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dialogue.actions import OutboxId, Outgoing
from dialogue.events import Event, Lane
from knowledge_base.ids import (
    ChannelId,
    CommunityId,
    ConversationId,
    InsightId,
    MessageId,
    PlatformMessageId,
    SpaceId,
    TeamId,
)
from knowledge_base.kinds import Kind


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event on its way into the inbox."""

    community: CommunityId
    lane: Lane
    key: str
    event: Event


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An event as the worker takes it. ``seq`` counts up over all rows in order of arrival."""

    seq: int
    community: CommunityId
    lane: Lane
    key: str
    event: Event
    tries: int


@dataclass(frozen=True, slots=True)
class PostedCard:
    """A card in a team's channel: the outbox row that posts it (sent, or still open).

    ``route``: the number of the route that sent it, 0 where that is not known. ``step``: at how many people it spoke up
    last. ``at``: the moment for which it counts, that at which its insight was heard then.
    """

    insight: InsightId
    team: TeamId
    post: OutboxId
    space: SpaceId
    channel: ChannelId
    route: int = 0
    step: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What the bot may not do in a channel, or (None) in a whole space: the permission that it lacks."""

    space: SpaceId
    channel: ChannelId | None
    permission: str


@dataclass(frozen=True, slots=True)
class PostedDigest:
    """A digest in a team's channel: what it tells of, and the outbox row that posts it (sent, or still open).

    ``since``, ``until``, ``after``, ``upto``, ``due`` and ``unposted`` are those of its
    :class:`~dialogue.actions.DigestOf`.
    """

    team: TeamId
    since: datetime
    until: datetime
    post: OutboxId
    space: SpaceId
    channel: ChannelId
    after: int = 0
    upto: int = 0
    due: datetime | None = None
    unposted: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostedSummary:
    """A summary in the learning partners' channel: the outbox row that posts it (sent, or still open)."""

    post: OutboxId
    space: SpaceId
    channel: ChannelId
    at: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something to do again and again: ``rule`` is a crontab line read in the IANA ``zone``; ``due_at`` is UTC.

    Or once, if that is the rule.

    ``name`` says what fires, e.g. ``digest:TEAM``; it is unique in its community.
    """

    community: CommunityId
    space: SpaceId
    name: str
    rule: str
    zone: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages of a channel after ``after`` (None: from its beginning) may have been missed."""

    space: SpaceId
    channel: ChannelId
    after: PlatformMessageId | None
    opened_at: datetime


class OutboxState(StrEnum):
    """How far a row is. ``dropped``: no longer wanted; ``undeliverable``: nobody could be reached; ``dead``: failed."""

    OPEN = "open"
    SENT = "sent"
    DROPPED = "dropped"
    UNDELIVERABLE = "undeliverable"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class SentRef:
    """Where a sent post is on its platform."""

    channel: ChannelId
    message: PlatformMessageId


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a claim: where it is now, and for posts and edits what it says there, masked."""

    token: str
    ref: SentRef | None
    text: str


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An action as the relay claims it. ``first_claimed_at`` set on an earlier claim: it may have been sent already.

    ``target_ref`` is, for an :class:`Edit`, where its post is; None while that is not sent.
    """

    id: OutboxId
    community: CommunityId
    outgoing: Outgoing
    cause: str
    created_at: datetime
    attempts: int
    token: str
    first_claimed_at: datetime | None
    target_ref: SentRef | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a database holds. ``insights`` leaves out merged and dismissed ones.

    ``merged``: voices beyond the first of each of those insights. ``answers``: answers that were posted.
    """

    messages: int
    conversations: int
    insights: int
    merged: int
    cards: int
    answers: int


@dataclass(frozen=True, slots=True)
class StoredJudgement:
    """What a stored message was understood to be; ``insight`` is the one it is a voice of, if any."""

    message: MessageId
    kind: Kind
    conversation: ConversationId
    insight: InsightId | None


@dataclass(frozen=True, slots=True)
class EndedKey:
    """An outbox row that was sent or failed for good, and its action's ``type``."""

    id: OutboxId
    action: str
