"""What the dialogue needs of the world.

Each docstring is the contract: who calls, when, what must be atomic, which errors. Errors are in ``dialogue.errors``.
"""

from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from dialogue.actions import OutboxId, Outgoing
from dialogue.advice.storing import ModelAnswers, ModelCalls, ModelJobs
from dialogue.bridging.storing import Bridges
from dialogue.chat import (
    AddsReactions,
    AnswersInteractions,
    Chat,
    EditsMessages,
    EventSink,
    FetchesHistory,
    FindsSent,
    GrantsRoles,
    Greeting,
    Identity,
    Limits,
    OpensThreads,
    SendsDirectMessages,
)
from dialogue.closing.storing import Tellings
from dialogue.events import Lane, Place
from dialogue.gaps import Gaps
from dialogue.models import Embedder, KindClassifier, LanguageIdentifier, LanguageModel, Masker
from dialogue.rows import (
    Counts,
    EndedKey,
    InboxRow,
    NewEvent,
    OutboxRow,
    OutboxState,
    Schedule,
    Sent,
    SentRef,
    StoredJudgement,
)
from dialogue.signs.storing import Signs
from dialogue.standing import Cards, Digests, Reports, Summaries
from knowledge_base import ports as knowledge
from knowledge_base.ids import (
    AccountId,
    CommunityId,
    SpaceId,
)

__all__ = [
    "AddsReactions",
    "AnswersInteractions",
    "Bridges",
    "Cards",
    "Chat",
    "Clock",
    "Digests",
    "EditsMessages",
    "Embedder",
    "EventSink",
    "FetchesHistory",
    "FindsSent",
    "Gaps",
    "GrantsRoles",
    "Greeting",
    "Identity",
    "Ids",
    "Inbox",
    "KindClassifier",
    "LanguageIdentifier",
    "LanguageModel",
    "Limits",
    "Masker",
    "ModelAnswers",
    "ModelCalls",
    "ModelJobs",
    "OpensThreads",
    "Outbox",
    "Reports",
    "Schedules",
    "Sealer",
    "SendsDirectMessages",
    "Signs",
    "Storage",
    "Summaries",
    "Tellings",
    "Totals",
    "UnitOfWork",
    "Unreadable",
]

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


class Sealer(Protocol):
    """Keeps short secrets unreadable at rest."""

    @abstractmethod
    def seal(self, secret: str) -> bytes:
        """Encrypt."""

    @abstractmethod
    def unseal(self, sealed: bytes) -> str:
        """Decrypt. Raises ``ValueError`` if it was sealed with another key."""

    @abstractmethod
    def digest(self, secret: str) -> str:
        """The same for the same secret, which without the key can't be found from it."""


# ---- storage -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row of the inbox whose event can't be read, and the error's type."""

    seq: int
    error: str


class Inbox(Protocol):
    """What came in and is not done yet."""

    @abstractmethod
    async def insert(self, events: Sequence[NewEvent], now: datetime) -> Sequence[bool]:
        """Add rows in order; True where new. A key known in its space is a duplicate.

        A deletion (key ``del:…``) is a tombstone: it purges the payloads of its message's other rows (done, open or
        dead), and later ``new:`` and ``edit:`` rows of that message count as duplicates. Also within one call.
        """

    @abstractmethod
    async def take(self, limit: int, now: datetime) -> Sequence[InboxRow | Unreadable]:
        """The oldest open rows of lanes that are not held, in the order of each lane.

        Interactions before which nothing of their lane is open go first, and alone: what they change holds for
        everything that is taken after them.

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
    async def bury(self, unreadable: Unreadable, now: datetime) -> None:
        """Make an open row ``dead`` for the type of the error and wipe its payload."""

    @abstractmethod
    async def busy(self, lane: Lane) -> bool:
        """Whether the lane has open rows."""

    @abstractmethod
    async def forget(self, before: datetime) -> int:
        """Remove keys of rows done before that moment; returns how many."""

    @abstractmethod
    async def purge_author(self, space: SpaceId, account: AccountId, now: datetime) -> None:
        """Wipe what an account said that is open or dead, and whatever else it did that is dead, as if done."""

    @abstractmethod
    async def purge_place(self, community: CommunityId, gone: Place, now: datetime) -> None:
        """Wipe what was said in a thread, or without one in a whole channel, and is dead, as if done."""

    @abstractmethod
    async def dead(self) -> Sequence[tuple[str, str]]:
        """The keys of dead rows and their errors, oldest first."""


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
        post isn't sent is held; if its post ended otherwise, the edit is dropped. So it is with a post under another;
        once that is sent, it is the thread of this one. Rows whose lease ended are claimed again, with
        ``first_claimed_at`` set. A row that can't be read becomes dead, for the type of the error.
        """

    @abstractmethod
    async def renew(self, tokens: Sequence[str], now: datetime, lease: timedelta) -> frozenset[str]:
        """Heartbeat: prolong these claims; returns the tokens that still hold."""

    @abstractmethod
    async def sent(self, sent: Sequence[Sent], now: datetime) -> frozenset[str]:
        """These effects happened, in this order: keep where they are and what they say, wipe the handles.

        What a member was to be handed over by one of them is theirs now (see :class:`knowledge_base.ports.Grants`).

        Returns the tokens of the claims that were held until now; what came of the others is not kept.
        """

    @abstractmethod
    async def later(self, token: str, not_before: datetime, error: str, *, surely_unsent: bool) -> None:
        """Open again, due at ``not_before``. ``surely_unsent`` clears ``first_claimed_at``. Counts an attempt."""

    @abstractmethod
    async def release(self, row: OutboxRow) -> None:
        """Give a claim back of which nothing came: the row is as it was before, due with the head of its line."""

    @abstractmethod
    async def end(self, token: str, state: OutboxState, reason: str) -> None:
        """Give up for good (dropped, undeliverable or dead), with the reason; wipes the handle.

        A post's card is none then (see :class:`Cards`): its insight is held back for the team, as
        :attr:`~knowledge_base.holdings.Because.CHANNEL` says.
        """

    @abstractmethod
    async def where(self, community: CommunityId, post: OutboxId) -> SentRef | None:
        """Where a post or a direct message stands; None for what is not sent, and for what changes a post."""

    @abstractmethod
    async def next_due(self) -> datetime | None:
        """When the next open row falls due or a lease ends, or None."""


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


class Totals(Protocol):
    """The whole database, over all communities, for ``replay`` and for an operator. Streams keep little in memory."""

    @abstractmethod
    async def counts(self) -> Counts:
        """How much there is."""

    @abstractmethod
    async def latest(self) -> datetime | None:
        """The last moment at which anything was said, came in or was handled, as far as it is stored; else None."""

    @abstractmethod
    def judgements(self) -> AsyncIterator[StoredJudgement]:
        """Every stored message (deleted ones too) and what it was understood to be."""

    @abstractmethod
    def ended(self) -> AsyncIterator[EndedKey]:
        """Every outbox row that was sent, or should have been and failed for good."""

    @abstractmethod
    def card_texts(self) -> AsyncIterator[str]:
        """What each sent card says now: the text last sent for it, by its post or by an edit."""


class UnitOfWork(Protocol):
    """One transaction. Left without :meth:`commit`, it is rolled back; after a commit it can't be used again."""

    communities: knowledge.Communities
    codes: knowledge.Codes
    channels: knowledge.Channels
    members: knowledge.Members
    messages: knowledge.Messages
    insights: knowledge.Insights
    notes: knowledge.Notes
    answers: knowledge.Answers
    audit: knowledge.Audit
    corrections: knowledge.Corrections
    learning: knowledge.Learning
    regroupings: knowledge.Regroupings
    retentions: knowledge.Retentions
    suggestions: knowledge.Suggestions
    vectors: knowledge.Vectors
    teams: knowledge.Teams
    holdings: knowledge.Holdings
    announcements: knowledge.Announcements
    belongings: knowledge.Belongings
    mutes: knowledge.Mutes
    tellings: Tellings
    bridges: Bridges
    health: knowledge.Health
    lately: knowledge.Lately
    signs: Signs
    terms: knowledge.AllTerms
    tiers: knowledge.Tiers
    contributions: knowledge.Contributions
    levels: knowledge.Levels
    boards: knowledge.Boards
    reminders: knowledge.Reminders
    occasions: knowledge.Occasions
    rewards: knowledge.Rewards
    grants: knowledge.Grants
    topics: knowledge.Topics
    welcomes: knowledge.Welcomes
    partners: knowledge.Partners
    permissions: knowledge.Permissions
    inbox: Inbox
    outbox: Outbox
    cards: Cards
    digests: Digests
    reports: Reports
    summaries: Summaries
    schedules: Schedules
    gaps: Gaps
    totals: Totals
    model_jobs: ModelJobs
    model_answers: ModelAnswers
    model_calls: ModelCalls

    @abstractmethod
    async def lock_lanes(self, lanes: Sequence[Lane]) -> None:
        """Hold these lanes until the unit of work ends. Called first, before any read; sorted, so never a deadlock."""

    @abstractmethod
    async def commit(self) -> None:
        """Make it durable. Raises :class:`StorageUnavailable`; then nothing was written."""


class Storage(Protocol):
    """The database."""

    @property
    @abstractmethod
    def wanted(self) -> bool:
        """Whether somebody waits to write: who can make do with less, commits and comes again."""

    @abstractmethod
    async def scrub(self) -> None:
        """Overwrite what was erased wherever the database's own files still hold it, as far as we may.

        On SQLite in the log beside the file; in the file itself that is done at once. On PostgreSQL nothing happens:
        there it is done by the server, or by who runs it (docs/security.md).
        """

    @abstractmethod
    def begin(self, *, urgent: bool = False) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that may write. On SQLite one at a time; callers queue, ``urgent`` ones before others."""

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that only reads, beside any writer, from one consistent state; commit raises."""
