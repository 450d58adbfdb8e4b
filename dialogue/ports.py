"""What the dialogue needs of the world.

Each docstring is the contract: who calls, when, what must be atomic, which errors. Errors are in ``dialogue.errors``.
"""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from dialogue.actions import OutboxId, Outgoing
from dialogue.events import Event, Lane, ReplyHandle
from dialogue.posts import Post
from dialogue.rows import Gap, InboxRow, NewEvent, OutboxRow, OutboxState, PostedCard, Schedule, SentRef
from dialogue.understanding.values import KindGuess
from knowledge_base import ports as knowledge
from knowledge_base.ids import (
    AccountId,
    ChannelId,
    CommunityId,
    InsightId,
    PlatformMessageId,
    SpaceId,
)
from knowledge_base.merging import Thresholds

# ---- small things --------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """The time, UTC, always aware."""

    @abstractmethod
    def now(self) -> datetime:
        """The present moment."""


class Ids(Protocol):
    """Fresh names."""

    @abstractmethod
    def fresh(self) -> str:
        """22 base62 characters, never given before."""


class Embedder(Protocol):
    """Texts to vectors. Called from a worker thread, one text at a time, so that batches can't change a vector."""

    name: str
    size: int
    thresholds: Thresholds

    @abstractmethod
    def embed(self, text: str) -> NDArray[np.float32]:
        """A unit vector of shape (size,). Long texts are cut. Never raises on any text."""


class LanguageIdentifier(Protocol):
    """Which language a text is in."""

    @abstractmethod
    def identify(self, text: str) -> str:
        """An ISO 639-1 code, or ``und`` where it can't be told. Never raises on any text."""


class KindClassifier(Protocol):
    """What a text is, from the text alone."""

    @abstractmethod
    def classify(self, text: str) -> KindGuess:
        """The most likely kind with its confidence and the cue that gave it. Never raises on any text."""


class Masker(Protocol):
    """Personal data and secrets out of a text."""

    @abstractmethod
    def mask(self, text: str) -> str:
        """The text with each find replaced by its name in brackets. Idempotent; never raises on any text."""


class Sealer(Protocol):
    """Keeps short secrets unreadable at rest."""

    @abstractmethod
    def seal(self, secret: str) -> bytes:
        """Encrypt."""

    @abstractmethod
    def unseal(self, sealed: bytes) -> str:
        """Decrypt. Raises ``ValueError`` if it was sealed with another key."""


# ---- storage -------------------------------------------------------------------------------------------------------


class Inbox(Protocol):
    """What came in and is not done yet."""

    @abstractmethod
    async def insert(self, events: Sequence[NewEvent], now: datetime) -> Sequence[bool]:
        """Add rows in order; True where new. A key known in its space is a duplicate.

        A deletion (key ``del:…``) is a tombstone: it purges the payloads of its message's other rows (done, open or
        dead), and later ``new:`` and ``edit:`` rows of that message count as duplicates. Also within one call.
        """

    @abstractmethod
    async def take(self, limit: int, now: datetime) -> Sequence[InboxRow]:
        """The oldest open rows of lanes that are not held, interactions first; else a lane's order is kept.

        Rows are not claimed: the caller locks their lanes and asks again with :meth:`still_open`.
        """

    @abstractmethod
    async def still_open(self, seqs: Sequence[int]) -> frozenset[int]:
        """Which of these rows are open now; called after :meth:`UnitOfWork.lock_lanes`."""

    @abstractmethod
    async def done(self, seqs: Sequence[int], now: datetime) -> None:
        """Mark as done and wipe the payload; the key stays."""

    @abstractmethod
    async def fail(self, seq: int, error: str, now: datetime, retry_at: datetime | None) -> None:
        """Count a try. With ``retry_at`` the row's lane is held until then; None makes the row ``dead``."""

    @abstractmethod
    async def busy(self, lane: Lane) -> bool:
        """Whether the lane has open rows."""

    @abstractmethod
    async def forget(self, before: datetime) -> int:
        """Remove keys of rows done before that moment; returns how many."""

    @abstractmethod
    async def dead(self) -> Sequence[tuple[InboxRow, str]]:
        """Dead rows with their errors, oldest first, for an operator."""


class Outbox(Protocol):
    """What is to be said and done, each once."""

    @abstractmethod
    async def add(
        self, community: CommunityId, outgoing: Outgoing, cause: str, fresh: OutboxId, now: datetime
    ) -> OutboxId:
        """Add a row (named ``outgoing.id`` or else ``fresh``); returns its name.

        An :class:`~dialogue.actions.Edit` replaces unclaimed edits of the same target. Reply handles are sealed.
        """

    @abstractmethod
    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[OutboxRow]:
        """Claim due open rows, with a token each, until ``now + lease``.

        Per destination only a run from the head of the line: no row is claimed while an earlier row of its
        destination is open and not in this claim; a row held back by ``not_before`` holds its line too. An edit whose
        post isn't sent is held; if its post ended otherwise, the edit is dropped. Rows whose lease ended are claimed
        again, with ``first_claimed_at`` set.
        """

    @abstractmethod
    async def renew(self, tokens: Sequence[str], now: datetime, lease: timedelta) -> frozenset[str]:
        """Heartbeat: prolong these claims; returns the tokens that still hold."""

    @abstractmethod
    async def sent(self, token: str, ref: SentRef | None, text: str, now: datetime) -> bool:
        """The effect happened: keep where it is and what it says (masked text, for posts and edits), wipe the handle.

        False if the claim was lost meanwhile.
        """

    @abstractmethod
    async def later(self, token: str, not_before: datetime, error: str, *, surely_unsent: bool) -> None:
        """Open again, due at ``not_before``. ``surely_unsent`` clears ``first_claimed_at``. Counts an attempt."""

    @abstractmethod
    async def end(self, token: str, state: OutboxState, reason: str) -> None:
        """Give up for good (dropped, undeliverable or dead), with the reason; wipes the handle."""

    @abstractmethod
    async def next_due(self) -> datetime | None:
        """When the next open row falls due or a lease ends, or None."""


class Cards(Protocol):
    """Which insight has a card where."""

    @abstractmethod
    async def add(self, community: CommunityId, card: PostedCard) -> None:
        """Remember a card. One per insight and team."""

    @abstractmethod
    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[PostedCard]:
        """Every card of an insight."""

    @abstractmethod
    async def at(self, community: CommunityId, channel: ChannelId, message: PlatformMessageId) -> InsightId | None:
        """Whose card a sent post is, or None."""


class Schedules(Protocol):
    """What falls due."""

    @abstractmethod
    async def put(self, schedule: Schedule) -> None:
        """Create or replace by name."""

    @abstractmethod
    async def remove(self, community: CommunityId, name: str) -> None:
        """Remove by name; nothing happens if there is none."""

    @abstractmethod
    async def due(self, now: datetime, limit: int = 100) -> Sequence[Schedule]:
        """Schedules due by now, earliest first."""

    @abstractmethod
    async def next_due(self) -> datetime | None:
        """The earliest ``due_at``, or None."""


class Gaps(Protocol):
    """What may have been missed, and how far each channel was read."""

    @abstractmethod
    async def open(self, gap: Gap) -> None:
        """Open a gap at the channel's watermark before live events are accepted; an open one of the channel stays."""

    @abstractmethod
    async def all(self, space: SpaceId) -> Sequence[Gap]:
        """Open gaps of a space, oldest first."""

    @abstractmethod
    async def advance(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> None:
        """Note the last message accepted live. Never moves a watermark past an open gap."""

    @abstractmethod
    async def watermark(self, space: SpaceId, channel: ChannelId) -> PlatformMessageId | None:
        """How far the channel was surely read, or None."""

    @abstractmethod
    async def progress(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> None:
        """A backfill of an open gap has committed up to this message: the gap and the watermark start there now."""

    @abstractmethod
    async def close(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId | None) -> None:
        """The backfill has committed: the gap is gone, the watermark stands at ``message`` (None leaves it)."""


class UnitOfWork(Protocol):
    """One transaction. Left without :meth:`commit`, it is rolled back; after a commit it can't be used again."""

    communities: knowledge.Communities
    channels: knowledge.Channels
    members: knowledge.Members
    messages: knowledge.Messages
    insights: knowledge.Insights
    teams: knowledge.Teams
    inbox: Inbox
    outbox: Outbox
    cards: Cards
    schedules: Schedules
    gaps: Gaps

    @abstractmethod
    async def lock_lanes(self, lanes: Sequence[Lane]) -> None:
        """Hold these lanes until the unit of work ends. Called first, before any read; sorted, so never a deadlock."""

    @abstractmethod
    async def commit(self) -> None:
        """Make it durable. Raises :class:`StorageUnavailable`; then nothing was written."""


class Storage(Protocol):
    """The database."""

    @abstractmethod
    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that may write. On SQLite one at a time; callers queue."""

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that only reads, beside any writer, from one consistent state; commit raises."""


# ---- the way in ----------------------------------------------------------------------------------------------------


class EventSink(Protocol):
    """The one door in. Adapters call it from their single consumer, with everything queued, in the platform's order."""

    @abstractmethod
    async def accept(self, events: Sequence[Event]) -> None:
        """Returns once all events are durable; only then may the platform be told. Duplicates are fine.

        Raises :class:`StorageUnavailable`: then none was kept and the platform must deliver again.
        """


# ---- the way out ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is on a platform. ``platform`` is its name as people write it, ``mention`` how it is addressed."""

    platform: str
    account: AccountId
    name: str
    mention: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What fits: characters of one post's text, buttons in a row."""

    text: int
    buttons: int


class Chat(Protocol):
    """A platform. All send errors are :class:`SendError`; anything else is a bug and counts as :class:`Uncertain`."""

    spaces: frozenset[SpaceId]

    @abstractmethod
    async def run(self, sink: EventSink) -> None:
        """Connect and feed the sink until cancelled. Cancelling stops reading first and loses nothing accepted."""

    @abstractmethod
    async def send(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        """Post. The platform is given ``key`` so that the same key posts once, as far as it can. Pings nobody."""

    @abstractmethod
    def identity(self) -> Identity:
        """Who we are here."""

    @abstractmethod
    def limits(self) -> Limits:
        """What fits here."""


@runtime_checkable
class EditsMessages(Protocol):
    """Can change its own posts."""

    @abstractmethod
    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        """Show ``post`` in place of what is there. Doing it twice is harmless. A post that is gone: Rejected."""


@runtime_checkable
class AddsReactions(Protocol):
    """Can put an emoji on a message."""

    @abstractmethod
    async def react(
        self,
        space: SpaceId,
        channel: ChannelId,
        message: PlatformMessageId,
        emoji: str,
        key: OutboxId,
        *,
        present: bool,
    ) -> None:
        """Add our reaction, or take it back. Doing it twice is harmless."""


@runtime_checkable
class AnswersInteractions(Protocol):
    """Can answer who gave a command or pressed a button, so that only they see it."""

    @abstractmethod
    async def reply(
        self,
        space: SpaceId,
        channel: ChannelId,
        to: AccountId,
        handle: ReplyHandle,
        post: Post,
        key: OutboxId,
    ) -> None:
        """Answer privately. Raises Rejected if the handle is no longer valid."""


@runtime_checkable
class SendsDirectMessages(Protocol):
    """Can write to one account alone."""

    @abstractmethod
    async def send_direct(self, space: SpaceId, to: AccountId, post: Post, key: OutboxId) -> SentRef:
        """Send. Raises Rejected where the person takes no direct messages."""


@runtime_checkable
class FindsSent(Protocol):
    """Can look for what it may have sent."""

    @abstractmethod
    async def find_sent(self, space: SpaceId, key: OutboxId, since: datetime) -> SentRef | None:
        """Where the effect with this key is, or None if it surely did not happen. Raises Unavailable."""


@runtime_checkable
class FetchesHistory(Protocol):
    """Can read what was missed."""

    @abstractmethod
    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        """The next page of what happened in a gap after ``page``, oldest first, ``live=False``; empty at the end."""
