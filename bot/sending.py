"""One row on its way out: looked for, checked, composed and fenced, then sent; every way it can end is a value.

What an earlier claim may have sent is looked for first, whatever else has become of the row meanwhile: what stands on
the platform is never recorded as unsent, and never said again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.logs import where
from dialogue.actions import Action, Edit, GrantRole, OpenThread, OutboxId, Post, React, Reply, SendDirect
from dialogue.departing import Departure, Ready, Waiting, Withheld, read_ahead
from dialogue.errors import RateLimited, Rejected, SendError, StorageUnavailable, Unavailable, Uncertain
from dialogue.plain import plain_text
from dialogue.ports import (
    AddsReactions,
    AnswersInteractions,
    Chat,
    Clock,
    EditsMessages,
    FindsSent,
    GrantsRoles,
    OpensThreads,
    SendsDirectMessages,
    Storage,
    UnitOfWork,
)
from dialogue.posts import Post as Content
from dialogue.rows import OutboxRow, OutboxState, SentRef
from dialogue.splitting import split
from knowledge_base.ids import SpaceId

FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(minutes=5)
GIVE_UP_AFTER: Final = timedelta(days=1)
"""A row that could not be sent for so long is dead: news of yesterday helps nobody, and an operator must look."""
SEND_TIMEOUT: Final = timedelta(seconds=60)
"""How long a platform may take for one answer; after that it may or may not have done what it was asked."""

Repeatable = Edit | React | OpenThread | GrantRole
"""What does no harm when it is done twice."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Delivered:
    """The effect happened. ``text``: what was shown, masked, for posts and edits; else empty."""

    ref: SentRef | None
    text: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now. ``surely_unsent``: this claim has sent nothing; what an earlier one did is another question."""

    until: datetime
    reason: str
    surely_unsent: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """Never."""

    state: OutboxState
    reason: str


Outcome = Delivered | Postponed | Ended
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

    async def read_ahead(self, rows: Sequence[OutboxRow]) -> None:
        """These will be delivered one by one. Raises :class:`~dialogue.errors.StorageUnavailable`."""
        async with self._storage.read() as uow:
            await read_ahead(uow, rows)

    async def deliver(self, row: OutboxRow) -> Outcome:
        """Send one claimed row, unless it may not go, must wait, or was sent already.

        Raises :class:`~dialogue.errors.StorageUnavailable`; every other error is an outcome.
        """
        chat = self._chat_of(row.outgoing.action.space)
        if chat is None:
            return self._again(row, "its space is not connected", surely_unsent=True)
        try:
            return await self._attempt(chat, row)
        except StorageUnavailable:
            raise
        except RateLimited as error:
            return Postponed(self._clock.now() + error.after, str(error), surely_unsent=True)
        except Unavailable as error:
            return self._again(row, str(error), surely_unsent=True)
        except Rejected as error:
            unreachable = isinstance(row.outgoing.action, Reply | SendDirect)
            return Ended(OutboxState.UNDELIVERABLE if unreachable else OutboxState.DEAD, str(error))
        except Exception as error:  # noqa: BLE001 - Uncertain, or a bug: it may have been sent, so look before trying again
            return self._again(row, _reason(error), surely_unsent=False)

    async def _attempt(self, chat: Chat, row: OutboxRow) -> Outcome:
        standing = await self._look(chat, row)
        if standing is not None:
            return standing
        if row.first_claimed_at is not None and row.attempts and self._now_late(row.created_at):
            return Ended(OutboxState.DEAD, "it could not surely be sent for a day, and is not there")
        departure = await self._departure(row)
        match departure:
            case Ready():
                ref = await _answer(perform(chat, row, departure.post, self._clock.now()))
                return Delivered(ref, _kept(row.outgoing.action, departure.post))
            case Withheld():
                return Ended(departure.state, departure.reason)
            case Waiting():
                return Postponed(self._clock.now() + FIRST_PAUSE, departure.reason, surely_unsent=True)

    async def _look(self, chat: Chat, row: OutboxRow) -> Delivered | None:
        """What an earlier claim of this row has put there already, or None if it surely did not.

        Looking and showing can be done again without harm, so whatever goes wrong with them is tried again later.
        """
        action = row.outgoing.action
        if row.first_claimed_at is None or isinstance(action, Repeatable) or not isinstance(chat, FindsSent):
            return None
        try:
            ref = await _answer(chat.find_sent(action, row.id, row.first_claimed_at))
            return None if ref is None else await self._standing(chat, row, ref)
        except (StorageUnavailable, RateLimited, Rejected):
            raise
        except Exception as error:
            raise Unavailable(_reason(error)) from error

    async def _standing(self, chat: Chat, row: OutboxRow, ref: SentRef) -> Delivered:
        """Show there what may be shown now. It is too late for preconditions, so the fence alone decides."""
        action = row.outgoing.action
        departure = await self._departure(
            replace(row, outgoing=replace(row.outgoing, preconditions=(), waits_for=None))
        )
        if not isinstance(departure, Ready):
            return Delivered(ref, "")
        if isinstance(action, Post) and isinstance(chat, EditsMessages):
            await _answer(chat.edit(action.space, ref, departure.post, row.id))
        return Delivered(ref, _kept(action, departure.post))

    async def _departure(self, row: OutboxRow) -> Departure:
        async with self._storage.read() as uow:
            try:
                return await self._depart(uow, row)
            except StorageUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - a row that can't be composed must not stop all others
                return Withheld(OutboxState.DEAD, where(error))

    def _again(self, row: OutboxRow, reason: str, *, surely_unsent: bool) -> Outcome:
        """After a pause, or never. What may have been sent has a day to be found, and is looked for a last time."""
        if surely_unsent and self._now_late(row.first_claimed_at or row.created_at):
            return Ended(OutboxState.DEAD, reason)
        pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE)
        return Postponed(self._clock.now() + pause, reason, surely_unsent)

    def _now_late(self, since: datetime) -> bool:
        return self._clock.now() - since > GIVE_UP_AFTER


async def _answer(asked: Awaitable[Answer]) -> Answer:
    """What the platform answers, in time. Raises :class:`~dialogue.errors.Uncertain` if it does not."""
    try:
        async with asyncio.timeout(SEND_TIMEOUT.total_seconds()):
            return await asked
    except TimeoutError as error:
        raise Uncertain(f"no answer within {SEND_TIMEOUT.total_seconds():g} s") from error


def _reason(error: Exception) -> str:
    """A send error's own sentence. Any other may quote what somebody said, so its type and place stand for it."""
    return str(error) if isinstance(error, SendError) else where(error)


def _kept(action: Action, post: Content) -> str:
    """The text that is kept of what was sent: of what all can read. What one person was told is nobody else's."""
    return plain_text(post) if isinstance(action, Post | Edit) else ""


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
        case Reply() | SendDirect():
            return await _tell(chat, action, row, post, now)
        case React() | OpenThread() | GrantRole():
            await _do(chat, action, row.id)
            return None


async def _do(chat: Chat, action: React | OpenThread | GrantRole, key: OutboxId) -> None:
    """What nobody reads. A platform without reactions or threads goes without them; a role that was won is not lost."""
    match action:
        case React() if isinstance(chat, AddsReactions):
            await chat.react(action.space, action.channel, action.message, action.emoji, key, present=action.present)
        case OpenThread() if isinstance(chat, OpensThreads):
            await chat.open_thread(action.space, action.channel, action.message, action.name, key)
        case GrantRole() if isinstance(chat, GrantsRoles):
            await chat.grant_role(action.space, action.to, action.group, key, granted=action.granted)
        case GrantRole():
            raise Rejected("this platform has no roles to give")
        case React() | OpenThread():
            pass


async def _tell(chat: Chat, action: Reply | SendDirect, row: OutboxRow, post: Content, now: datetime) -> SentRef | None:
    """Tell one person, in several messages where one is too short.

    The last of them has the row's own key: once that is found, all were sent.
    """
    *before, last = split(post, chat.limits().text)
    for number, part in enumerate(before, 1):
        key = OutboxId(f"{row.id}-{number}")
        if not await _stands(chat, action, row, key):
            await _tell_part(chat, action, part, key, now)
    return await _tell_part(chat, action, last, row.id, now)


async def _stands(chat: Chat, action: Reply | SendDirect, row: OutboxRow, key: OutboxId) -> bool:
    """Whether an earlier claim got so far."""
    tried = row.attempts or row.first_claimed_at is not None
    if not tried or not isinstance(chat, FindsSent):
        return False
    return await chat.find_sent(action, key, row.created_at) is not None


async def _tell_part(
    chat: Chat, action: Reply | SendDirect, post: Content, key: OutboxId, now: datetime
) -> SentRef | None:
    """Through the interaction's handle while that holds, else as a direct message, never in public."""
    if isinstance(action, Reply) and action.handle.expires_at > now and isinstance(chat, AnswersInteractions):
        try:
            await chat.reply(action.space, action.channel, action.to, action.handle, post, key)
        except Rejected:
            if not isinstance(chat, SendsDirectMessages):
                raise
        else:
            return None
    if not isinstance(chat, SendsDirectMessages):
        raise Rejected("this platform has no direct messages")
    return await chat.send_direct(action.space, action.to, post, key)
