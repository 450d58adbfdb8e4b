"""What the dialogue needs of a platform: :class:`Chat`, and abilities that not every platform has.

The core asks for the ability, never for the platform. Reached through :mod:`dialogue.ports`, like every port.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from dialogue.actions import Findable, OutboxId
from dialogue.events import Event, ReplyHandle
from dialogue.posts import Post
from dialogue.rows import Gap, SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId


class EventSink(Protocol):
    """The one door in. Adapters call it from their single consumer, with everything queued, in the platform's order."""

    @abstractmethod
    async def accept(self, events: Sequence[Event]) -> None:
        """Returns once all events are durable; only then may the platform be told. Duplicates are fine.

        Raises :class:`StorageUnavailable`: then none was kept and the platform must deliver again.
        """

    async def interrupted(self, space: SpaceId) -> None:
        """The connection was lost and is there again: what the space's channels missed has to be read back.

        Called by a chat that :class:`FetchesHistory`, after a disconnect and before live events go on; returns once
        the gaps are durable. Raises :class:`StorageUnavailable`: then call again before anything is accepted. A sink
        that keeps no gaps leaves this as it is: nothing happens.
        """


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is on a platform. ``platform`` is its name as people write it, ``mention`` how it is addressed.

    ``commands``: with what a command begins when people type it. ``groups``: what that is called by which people are
    told apart there ("role", "user group"), of which admins choose those that mean staff; empty where there is none.
    ``gives_roles``: it is one that :class:`GrantsRoles`.
    """

    platform: str
    account: AccountId
    name: str
    mention: str
    commands: str = "/"
    groups: str = ""
    gives_roles: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What fits: characters of one post's text, buttons in a row."""

    text: int
    buttons: int


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a platform answers when it is asked, before anything is begun, whether the bot can work there.

    ``wrong``: what is not as it should be, each with what to do. ``now``: what time it is there (UTC), if it told.
    """

    said: str
    wrong: Sequence[str]
    now: datetime | None


class Chat(Protocol):
    """A platform. All send errors are :class:`SendError`; anything else is a bug and counts as :class:`Uncertain`."""

    spaces: frozenset[SpaceId]

    @abstractmethod
    async def run(self, sink: EventSink) -> None:
        """Connect and feed the sink until cancelled. Cancelling stops reading first and loses nothing accepted.

        What a lost connection may have missed is told by :meth:`EventSink.interrupted`. Spaces may be joined meanwhile.
        """

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

    async def close(self) -> None:
        """Nothing is asked of it any more: the last call, after :meth:`run` has ended and all was sent.

        A chat that holds nothing open leaves this as it is: nothing happens.
        """
        return


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
class OpensThreads(Protocol):
    """Can begin a thread on somebody's message."""

    @abstractmethod
    async def open_thread(
        self, space: SpaceId, channel: ChannelId, message: PlatformMessageId, name: str, key: OutboxId
    ) -> None:
        """Begin it. Where the message has a thread already, that is done. A message that is gone: Rejected."""


@runtime_checkable
class GrantsRoles(Protocol):
    """Can give people roles."""

    @abstractmethod
    async def grant_role(self, space: SpaceId, to: AccountId, group: str, key: OutboxId, *, granted: bool) -> None:
        """Give a role, or take it away. Doing it twice is harmless. Nobody there, no such role: Rejected."""


@runtime_checkable
class FindsSent(Protocol):
    """Can look for what it may have sent."""

    @abstractmethod
    async def find_sent(self, action: Findable, key: OutboxId, since: datetime) -> SentRef | None:
        """Where the effect of the action with this key is, or None if it surely did not happen. Raises Unavailable.

        ``since``: when it was first tried. A reply is looked for also where it may have become a direct message.
        """


@runtime_checkable
class FetchesHistory(Protocol):
    """Can read what was missed."""

    @abstractmethod
    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        """The next page of what happened in a gap after ``page``, oldest first, ``live=False``; empty at the end.

        The last message that a page tells of is where the next one begins; a page that tells of none is the last.
        Raises :class:`SendError`; :class:`RateLimited` holds for the whole space.
        """
