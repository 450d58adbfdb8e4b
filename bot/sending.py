"""One row on its way out: checked, composed and fenced, then sent by its platform; every way it can end is a value."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dialogue.actions import Edit, OutboxId, Post, React, Reply, SendDirect
from dialogue.departing import Departure, Ready, Waiting, Withheld
from dialogue.errors import RateLimited, Rejected, Unavailable
from dialogue.plain import plain_text
from dialogue.ports import (
    AddsReactions,
    AnswersInteractions,
    Chat,
    Clock,
    EditsMessages,
    FindsSent,
    SendsDirectMessages,
    Storage,
    UnitOfWork,
)
from dialogue.posts import Post as Content
from dialogue.rows import OutboxRow, OutboxState, SentRef
from knowledge_base.ids import SpaceId

FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(minutes=5)
GIVE_UP_AFTER: Final = timedelta(days=1)
"""A row that could not be sent for so long is dead: news of yesterday helps nobody, and an operator must look."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The effect happened. ``text``: what was shown, masked, for posts and edits."""

    ref: SentRef | None
    text: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now."""

    until: datetime
    reason: str
    surely_unsent: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """Never."""

    state: OutboxState
    reason: str


Outcome = Delivered | Postponed | Ended
Deliver = Callable[[OutboxRow], Awaitable[Outcome]]
Depart = Callable[[UnitOfWork, OutboxRow], Awaitable[Departure]]
ChatOf = Callable[[SpaceId], Chat | None]
"""The platform that holds a space now; None where it is not connected."""


class Sender:
    """Delivers rows to the platforms that hold their spaces."""

    def __init__(self, storage: Storage, clock: Clock, depart: Depart, chat_of: ChatOf) -> None:
        self._storage = storage
        self._clock = clock
        self._depart = depart
        self._chat_of = chat_of

    async def deliver(self, row: OutboxRow) -> Outcome:
        """Send one claimed row, unless it may not go, must wait, or was sent already."""
        chat = self._chat_of(row.outgoing.action.space)
        if chat is None:
            return self._again(row, "its space is not connected", surely_unsent=True)
        async with self._storage.read() as uow:
            departure = await self._depart(uow, row)
        match departure:
            case Ready():
                return await self._attempt(chat, row, departure.post)
            case Withheld():
                return Ended(departure.state, departure.reason)
            case Waiting():
                return Postponed(self._clock.now() + FIRST_PAUSE, departure.reason, surely_unsent=True)

    async def _attempt(self, chat: Chat, row: OutboxRow, post: Content) -> Outcome:
        try:
            ref = await self._find(chat, row) or await perform(chat, row, post, self._clock.now())
        except RateLimited as error:
            return Postponed(self._clock.now() + error.after, str(error), surely_unsent=True)
        except Unavailable as error:
            return self._again(row, str(error), surely_unsent=True)
        except Rejected as error:
            unreachable = isinstance(row.outgoing.action, Reply | SendDirect)
            return Ended(OutboxState.UNDELIVERABLE if unreachable else OutboxState.DEAD, str(error))
        except Exception as error:  # noqa: BLE001 - Uncertain, or a bug: it may have been sent, so look before trying again
            return self._again(row, f"{type(error).__name__}: {error}", surely_unsent=False)
        return Delivered(ref, plain_text(post))

    async def _find(self, chat: Chat, row: OutboxRow) -> SentRef | None:
        """Where an earlier claim of this row has put it already, if it has."""
        if (
            row.first_claimed_at is None
            or isinstance(row.outgoing.action, Edit | React)
            or not isinstance(chat, FindsSent)
        ):
            return None
        return await chat.find_sent(row.outgoing.action.space, row.id, row.first_claimed_at)

    def _again(self, row: OutboxRow, reason: str, *, surely_unsent: bool) -> Outcome:
        now = self._clock.now()
        if now - row.created_at > GIVE_UP_AFTER:
            return Ended(OutboxState.DEAD, reason)
        pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE)
        return Postponed(now + pause, reason, surely_unsent)


async def perform(chat: Chat, row: OutboxRow, post: Content, now: datetime) -> SentRef | None:
    """Do what the row's action says, as far as the platform is able. Raises :class:`~dialogue.errors.SendError`."""
    action = row.outgoing.action
    match action:
        case Post():
            return await chat.send(action.space, action.channel, action.thread, post, row.id)
        case Edit():
            if not isinstance(chat, EditsMessages) or row.target_ref is None:
                raise Rejected("this platform can't change a post")
            await chat.edit(action.space, row.target_ref, post, row.id)
            return row.target_ref
        case React():
            if isinstance(chat, AddsReactions):
                await chat.react(
                    action.space, action.channel, action.message, action.emoji, row.id, present=action.present
                )
            return None
        case Reply():
            return await _reply(chat, action, post, row.id, now)
        case SendDirect():
            if not isinstance(chat, SendsDirectMessages):
                raise Rejected("this platform has no direct messages")
            return await chat.send_direct(action.space, action.to, post, row.id)


async def _reply(chat: Chat, action: Reply, post: Content, key: OutboxId, now: datetime) -> SentRef | None:
    """Through the interaction's handle while that holds, else as a direct message, never in public."""
    if action.handle.expires_at > now and isinstance(chat, AnswersInteractions):
        try:
            await chat.reply(action.space, action.channel, action.to, action.handle, post, key)
        except Rejected:
            if not isinstance(chat, SendsDirectMessages):
                raise
        else:
            return None
    if not isinstance(chat, SendsDirectMessages):
        raise Rejected("the answer came too late to be shown to the asker alone")
    return await chat.send_direct(action.space, action.to, post, key)
