"""What the bot does, as data: the closed union :data:`Action`, in the imperative; and how it waits to be done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NewType

from dialogue.events import Lane, ReplyHandle
from dialogue.posts import Post as Content
from knowledge_base.channels import Audience
from knowledge_base.ids import (
    AccountId,
    AnnouncementId,
    ChannelId,
    InsightId,
    MemberId,
    PlatformMessageId,
    QuestionId,
    RewardId,
    SpaceId,
    TeamId,
)
from knowledge_base.insights import Status
from knowledge_base.members import Role

OutboxId = NewType("OutboxId", str)
"""22 base62 characters: the row's name and the idempotency key of its effect."""


@dataclass(frozen=True, slots=True)
class CardOf:
    """The card of an insight, composed when it is sent."""

    insight: InsightId
    type: Literal["card"] = "card"


class Occasion(StrEnum):
    """What a digest is composed for."""

    POSTED = "posted"
    PREVIEW = "preview"
    """To be looked at by one person: what it tells counts as told to nobody."""


@dataclass(frozen=True, slots=True)
class DigestOf:
    """The digest of a team, composed when it is sent: what stands then of what was to be told at ``until``.

    ``since`` is when the team was told before; the voices told of are those numbered after ``after``, up to ``upto``.
    ``due`` is when it was to come, None where somebody asked for it. ``unposted`` is when one was made before that
    could not be posted: this one tells what it told.
    """

    team: TeamId
    since: datetime
    until: datetime
    after: int = 0
    upto: int = 0
    due: datetime | None = None
    occasion: Occasion = Occasion.POSTED
    unposted: datetime | None = None
    type: Literal["digest"] = "digest"


@dataclass(frozen=True, slots=True)
class HeldOf:
    """How much is held back of the cards that a team's channel was to get in the hour from ``since``."""

    team: TeamId
    since: datetime
    type: Literal["held"] = "held"


@dataclass(frozen=True, slots=True)
class SignOf:
    """An early sign that a team is told of by the outbox row ``post``, composed when that is sent."""

    post: OutboxId
    type: Literal["sign"] = "sign"


@dataclass(frozen=True, slots=True)
class HealthOf:
    """How well the loop runs, of what was first said in so many days before ``until``; composed when it is sent."""

    days: int
    until: datetime
    type: Literal["health"] = "health"


@dataclass(frozen=True, slots=True)
class Said:
    """Content that is already written."""

    post: Content
    type: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class TellingOf:
    """What becomes of what somebody asked for, told by the outbox row ``post``; composed when that is sent.

    Whom it tells, and so what they said, is kept beside it.
    """

    announcement: AnnouncementId
    post: OutboxId
    type: Literal["telling"] = "telling"


@dataclass(frozen=True, slots=True)
class ReminderOf:
    """What a rule reminds a member of, by what names the occasion among those of the rule; composed when it is sent."""

    rule: int
    member: MemberId
    key: str
    type: Literal["reminder"] = "reminder"


@dataclass(frozen=True, slots=True)
class CarriedOf:
    """What a customer answered to a question of a team, by its number there; composed when it is sent."""

    question: QuestionId
    number: int
    type: Literal["carried"] = "carried"


@dataclass(frozen=True, slots=True)
class PrizeOf:
    """The code that somebody got, by the line of the ledger, for them alone; composed when it is sent, and only once.

    Where it can't be shown any more, nothing is sent.
    """

    reward: RewardId
    number: int
    type: Literal["prize"] = "prize"


@dataclass(frozen=True, slots=True)
class LedgerOf:
    """Who got which reward, for an admin, as a file made when it is sent."""

    member: MemberId
    type: Literal["ledger"] = "ledger"


@dataclass(frozen=True, slots=True)
class ExportOf:
    """Everything that is held of a member, for them alone, as a file made when it is sent."""

    member: MemberId
    type: Literal["export"] = "export"


@dataclass(frozen=True, slots=True)
class SummaryOf:
    """What learning partners are told by the outbox row ``post``; composed when it is sent."""

    post: OutboxId
    type: Literal["summary"] = "summary"


class CreditsForm(StrEnum):
    """How a credits page is written."""

    MARKDOWN = "markdown"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class CreditsOf:
    """The credits page, for a member of staff, as a file made when it is sent."""

    member: MemberId
    form: CreditsForm
    type: Literal["credits"] = "credits"


class Page(StrEnum):
    """What is shown of who contributed."""

    OWN = "own"
    BOARD = "board"
    UNUSUAL = "unusual"


@dataclass(frozen=True, slots=True)
class RecognitionOf:
    """What came of what people gave, as it stood at ``at``, for one of them to read; composed when it is sent."""

    page: Page
    reader: MemberId
    at: datetime
    type: Literal["recognition"] = "recognition"


@dataclass(frozen=True, slots=True)
class AuditOf:
    """The whole audit log, for an admin, as a file made when it is sent."""

    member: MemberId
    type: Literal["audit"] = "audit"


Later = AuditOf | CreditsOf | DigestOf | ExportOf | HealthOf | LedgerOf | PrizeOf | RecognitionOf
"""What an answer shows that takes long to compose, or is a file: it is composed when it is sent."""

Matter = CardOf | CarriedOf | HeldOf | Later | ReminderOf | Said | SignOf | SummaryOf | TellingOf


@dataclass(frozen=True, slots=True)
class Post:
    """Say something in a channel, or in a thread of it: that of a message, or of what the bot says there itself.

    ``under`` names the outbox row of an earlier :class:`Post` in the same channel, in no thread, which may not be sent
    yet: this one waits for it and goes into its thread, or is dropped where that is never sent.
    """

    space: SpaceId
    channel: ChannelId
    matter: Matter
    thread: PlatformMessageId | None = None
    under: OutboxId | None = None
    type: Literal["post"] = "post"


@dataclass(frozen=True, slots=True)
class Edit:
    """Change what an earlier :class:`Post` (named by its outbox id) shows."""

    space: SpaceId
    channel: ChannelId
    target: OutboxId
    matter: Matter
    type: Literal["edit"] = "edit"


@dataclass(frozen=True, slots=True)
class React:
    """Put an emoji (by name) on a message, or take our own back."""

    space: SpaceId
    channel: ChannelId
    message: PlatformMessageId
    emoji: str
    present: bool = True
    type: Literal["react"] = "react"


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer an interaction; only ``to`` sees it. When the handle has expired it becomes a direct message.

    ``member`` and ``role`` are who reads it, for the fence; left out, the reader counts as a customer and a stranger.
    """

    space: SpaceId
    channel: ChannelId
    to: AccountId
    handle: ReplyHandle
    matter: Said | Later
    member: MemberId | None = None
    role: Role = Role.CUSTOMER
    type: Literal["reply"] = "reply"


@dataclass(frozen=True, slots=True)
class SendDirect:
    """Say something to one account alone. ``member`` and ``role`` as of a :class:`Reply`."""

    space: SpaceId
    to: AccountId
    matter: ReminderOf | Said | TellingOf
    member: MemberId | None = None
    role: Role = Role.CUSTOMER
    type: Literal["send_direct"] = "send_direct"


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Begin a thread on a message."""

    space: SpaceId
    channel: ChannelId
    message: PlatformMessageId
    name: str
    type: Literal["open_thread"] = "open_thread"


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Give somebody a role (``group``: the platform's id of it), or take it away."""

    space: SpaceId
    to: AccountId
    group: str
    granted: bool = True
    type: Literal["grant_role"] = "grant_role"


Findable = Post | Reply | SendDirect
"""What must not be done twice, and is looked for where it may have been done."""

Action = Post | Edit | React | Reply | SendDirect | OpenThread | GrantRole


@dataclass(frozen=True, slots=True)
class AudienceUnchanged:
    """The channel is still read by this audience alone, and by nobody from outside."""

    space: SpaceId
    channel: ChannelId
    audience: Audience
    type: Literal["audience_unchanged"] = "audience_unchanged"


@dataclass(frozen=True, slots=True)
class StillConsents:
    """The member still allows what they say to be kept."""

    member: MemberId
    type: Literal["still_consents"] = "still_consents"


@dataclass(frozen=True, slots=True)
class MessageStands:
    """The message has not been deleted."""

    space: SpaceId
    channel: ChannelId
    message: PlatformMessageId
    type: Literal["message_stands"] = "message_stands"


@dataclass(frozen=True, slots=True)
class StatusStands:
    """The insight still has the status."""

    insight: InsightId
    status: Status
    type: Literal["status_stands"] = "status_stands"


@dataclass(frozen=True, slots=True)
class GrantStands:
    """The reward is still theirs, and not handed over."""

    reward: RewardId
    number: int
    type: Literal["grant_stands"] = "grant_stands"


Precondition = AudienceUnchanged | StillConsents | MessageStands | StatusStands | GrantStands


class Asked(StrEnum):
    """Whether somebody asked for it: what was asked for is never dropped for being late."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An action as a handler returns it.

    ``preconditions`` are checked immediately before sending. ``waits_for``: while this lane has open inbox rows the row
    waits, 60 s at most. ``id`` is taken from ``Ids`` when the handler needs to name it, else given on writing.
    """

    action: Action
    preconditions: tuple[Precondition, ...] = ()
    asked: Asked = Asked.NO
    waits_for: Lane | None = None
    id: OutboxId | None = None


def destination_of(action: Action) -> str:
    """Where order holds on the way out: a channel, or one person."""
    match action:
        case Post() | Edit() | React() | OpenThread():
            return f"{action.space}/{action.channel}"
        case Reply() | SendDirect() | GrantRole():
            return f"{action.space}/@{action.to}"
