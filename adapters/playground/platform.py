"""The chat platform: what people can do, what the bot has to be told, and who watches."""

import asyncio
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from adapters.playground import errors
from adapters.playground.cast import DIRECT, ROOMS, Person, person_of
from adapters.playground.clock import MovableClock, next_monday
from adapters.playground.errors import BrokenJournal
from adapters.playground.facts import (
    Block,
    ButtonsBlock,
    Changed,
    Chosen,
    ClockMoved,
    Commanded,
    Delivered,
    Fact,
    Handle,
    Joined,
    MenuBlock,
    Pressed,
    Reacted,
    Removed,
    Said,
    Submitted,
)
from adapters.playground.journal import Journal
from adapters.playground.parse import events_of
from adapters.playground.render import storable
from adapters.playground.state import Message, State
from dialogue.errors import Refused
from dialogue.events import Event
from dialogue.posts import Choices
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId
from knowledge_base.members import Role

LONGEST_TEXT: Final = 40_000
LONGEST_NAME: Final = 60
LONGEST_EMOJI: Final = 40
ANSWERABLE: Final = timedelta(minutes=15)
"""How long an interaction can be answered."""

Watcher = Callable[[Fact | None], None]
"""Told of each fact once it is kept, and with None when delivering has run into trouble."""


class Platform:
    """Everything people do passes here. What can't be done is a :class:`Refused` with the sentence they read.

    Whatever a method returns from has been kept: it survives any end of the process.
    """

    def __init__(self, folder: Path, clock: MovableClock) -> None:
        """Raises :class:`~adapters.playground.errors.BrokenJournal`, or ``OSError`` for a folder that can't be used."""
        self.clock = clock
        self.state = State()
        self.trouble: str | None = None
        self.watchers: list[Watcher] = []
        self._journal = Journal(folder)
        self._arrived = asyncio.Event()
        for line, fact in enumerate(self._journal.read(), 1):
            try:
                self.state.apply(fact)
            except KeyError as error:
                raise BrokenJournal(self._journal.file, line, f"it speaks of {error}, which is not there") from error
        clock.ahead = self.state.ahead

    # ---- what is kept ------------------------------------------------------------------------------------------

    def keep(self, *facts: Fact) -> None:
        """Keep facts, all or none, then tell everybody. Raises :class:`Refused` where the disk says no."""
        try:
            self._journal.append(facts)
        except OSError as error:
            raise Refused(errors.NOT_KEPT.format(why=error.strerror or error)) from error
        for fact in facts:
            self.state.apply(fact)
            self.clock.ahead = self.state.ahead
            for watcher in tuple(self.watchers):
                watcher(fact)
        if self.state.undelivered:
            self._arrived.set()

    def fresh_id(self) -> PlatformMessageId:
        """The next message's id: counts up, so that ids are in the order of time."""
        return PlatformMessageId(f"m{self.state.number + 1}")

    def close(self) -> None:
        """Let go of the file."""
        self._journal.close()

    # ---- what the bot has to be told ---------------------------------------------------------------------------

    async def undelivered(self) -> tuple[int, Sequence[Event]]:
        """Wait for something to deliver; everything there is, and the number of the last fact of it."""
        while not self.state.undelivered:
            self._arrived.clear()
            await self._arrived.wait()
        told = [event for _, fact in self.state.undelivered for event in events_of(fact, self.state)]
        return self.state.undelivered[-1][0], told

    def delivered(self, upto: int) -> None:
        """The bot has accepted everything up to this fact. Raises :class:`Refused` where that can't be noted."""
        self.trouble = None
        self.keep(Delivered(upto))

    def in_trouble(self, why: str) -> None:
        """The bot could not accept what is undelivered; it stays so."""
        self.trouble = why
        for watcher in tuple(self.watchers):
            watcher(None)

    # ---- what people do ----------------------------------------------------------------------------------------

    def say(
        self,
        by: AccountId,
        channel: ChannelId,
        text: str,
        thread: PlatformMessageId | None = None,
        reply_to: PlatformMessageId | None = None,
    ) -> PlatformMessageId:
        """Post a message, in a thread of the channel or as a reply, if so given."""
        self._may_be_in(by, channel)
        kept = _text(text)
        for other in (thread, reply_to):
            if other and self.message(other).channel != channel:
                raise Refused(errors.GONE)
        said = Said(self.fresh_id(), channel, by, kept, self.clock.now(), thread, reply_to)
        self.keep(said)
        return said.id

    def change(self, by: AccountId, message: PlatformMessageId, text: str) -> None:
        """Change one's own message."""
        if self.message(message).author != by:
            raise Refused(errors.NOT_YOURS)
        self.keep(Changed(message, _text(text), str(self.state.number + 1), self.clock.now()))

    def remove(self, by: AccountId, message: PlatformMessageId) -> None:
        """Delete one's own message; an admin any."""
        if self.message(message).author != by and self.person(by).role is not Role.ADMIN:
            raise Refused(errors.NOT_YOURS_TO_DELETE)
        self.keep(Removed(message, self.clock.now()))

    def react(self, by: AccountId, message: PlatformMessageId, emoji: str) -> None:
        """Put an emoji (its name) on a message, or take it back if it is there."""
        name = storable(emoji).strip(": ")
        if not 0 < len(name) <= LONGEST_EMOJI:
            raise Refused(errors.NO_EMOJI)
        self.person(by)
        present = by not in self.message(message).reactions.get(name, ())
        self.keep(Reacted(secrets.token_hex(8), message, by, name, present, self.clock.now()))

    def command(
        self,
        by: AccountId,
        channel: ChannelId,
        noun: str,
        verb: str,
        options: dict[str, str],
        message: PlatformMessageId | None = None,
    ) -> None:
        """Give a command, on a message where it came from that message's menu."""
        self._may_be_in(by, channel)
        if message:
            self.message(message)
        kept = {storable(name): storable(value) for name, value in options.items()}
        self.keep(
            Commanded(secrets.token_hex(8), channel, by, noun, verb, kept, self._handle(), self.clock.now(), message)
        )

    def press(self, by: AccountId, message: PlatformMessageId, custom_id: str) -> None:
        """Press a button of a message of the bot."""
        self.button_is_there(by, message, custom_id)
        self.keep(Pressed(secrets.token_hex(8), message, by, custom_id, self._handle(), self.clock.now()))

    def choose(self, by: AccountId, message: PlatformMessageId, custom_id: str, selected: Sequence[ChannelId]) -> None:
        """Choose channels from a menu of a message of the bot: all that shall be chosen now."""
        menu = self._menu(by, message, custom_id)
        chosen = tuple(dict.fromkeys(selected))
        offered = {room.id for room in ROOMS} if menu.choices is Choices.CHANNELS else set()
        if not offered.issuperset(chosen):
            raise Refused(errors.NO_CHOICE)
        if len(chosen) > menu.most:
            raise Refused(errors.TOO_MANY.format(most=menu.most))
        self.keep(Chosen(secrets.token_hex(8), message, by, custom_id, chosen, self._handle(), self.clock.now()))

    def submit(self, by: AccountId, channel: ChannelId, custom_id: str, values: dict[str, str]) -> None:
        """Send a form."""
        self._may_be_in(by, channel)
        kept = {storable(name): storable(value) for name, value in values.items()}
        self.keep(
            Submitted(secrets.token_hex(8), channel, by, storable(custom_id), kept, self._handle(), self.clock.now())
        )

    def join(self, name: str) -> AccountId:
        """A new customer comes in."""
        kept = storable(name).strip()
        if not 0 < len(kept) <= LONGEST_NAME:
            raise Refused(errors.NAME_NEEDED)
        stem = re.sub(r"[^a-z0-9]+", "-", kept.casefold()).strip("-") or "guest"
        account = AccountId(f"{stem}-{self.state.number + 1}")
        self.keep(Joined(account, kept, self.clock.now()))
        return account

    def move_clock(self) -> None:
        """Go forward to the next Monday morning."""
        now = self.clock.now()
        ahead = self.clock.ahead + (next_monday(now) - now)
        self.keep(ClockMoved(ahead.total_seconds()))

    # ---- what is looked up -------------------------------------------------------------------------------------

    def person(self, account: AccountId) -> Person:
        """Who somebody is."""
        if account not in self.state.people:
            raise Refused(errors.NOBODY)
        return self.state.people[account]

    def message(self, message: PlatformMessageId) -> Message:
        """A message that is there."""
        found = self.state.messages.get(message)
        if not found or found.deleted_at:
            raise Refused(errors.GONE)
        return found

    def button_is_there(self, by: AccountId, message: PlatformMessageId, custom_id: str) -> None:
        """Refuses a button that the message doesn't show (any more), or not to this person."""
        shown = self._shown(by, message)
        buttons = [button for block in shown if isinstance(block, ButtonsBlock) for button in block.buttons]
        if custom_id not in [button.custom_id for button in buttons]:
            raise Refused(errors.NO_BUTTON)

    def has_channel(self, channel: ChannelId) -> bool:
        """Whether there is such a channel."""
        owner = person_of(channel)
        return owner in self.state.people if owner else any(room.id == channel for room in ROOMS)

    def _menu(self, by: AccountId, message: PlatformMessageId, custom_id: str) -> MenuBlock:
        for block in self._shown(by, message):
            if isinstance(block, MenuBlock) and block.custom_id == custom_id:
                return block
        raise Refused(errors.NO_MENU)

    def _shown(self, by: AccountId, message: PlatformMessageId) -> Sequence[Block]:
        """What a message shows to somebody: nothing of what is for another alone."""
        found = self.message(message)
        self._may_be_in(by, found.channel)
        return found.blocks if found.to in (None, by) else ()

    def _may_be_in(self, by: AccountId, channel: ChannelId) -> None:
        person = self.person(by)
        if channel.startswith(DIRECT):
            if person_of(channel) != by:
                raise Refused(errors.NOT_YOUR_TALK)
            return
        room = next((room for room in ROOMS if room.id == channel), None)
        if room is None:
            raise Refused(errors.NOWHERE)
        if room.audience is Audience.INTERNAL and not person.role.may(Role.STAFF):
            raise Refused(errors.STAFF_ONLY)

    def _handle(self) -> Handle:
        return Handle(secrets.token_urlsafe(16), self.clock.now() + ANSWERABLE)


def _text(text: str) -> str:
    kept = storable(text)
    if not kept.strip():
        raise Refused(errors.EMPTY)
    if len(kept) > LONGEST_TEXT:
        raise Refused(errors.TOO_LONG)
    return kept
