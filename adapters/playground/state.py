"""What follows from the facts: who is here, what was said and how it looks now, what the bot has still to hear."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from adapters.playground.cast import BOT, PEOPLE, Person
from adapters.playground.facts import (
    Block,
    Changed,
    Chosen,
    ClockMoved,
    Commanded,
    Delivered,
    Fact,
    Joined,
    Marked,
    MenuBlock,
    Posted,
    Pressed,
    Reacted,
    Removed,
    Reshown,
    Said,
    Submitted,
    TourStepped,
)
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId


@dataclass(slots=True)
class Message:
    """A message as it looks now. People's have ``text``, the bot's ``blocks``. ``number``: the fact that made it.

    ``to``: who alone sees it. ``reactions``: by emoji, in the order in which they were first given.
    """

    id: PlatformMessageId
    number: int
    channel: ChannelId
    author: AccountId
    at: datetime
    text: str = ""
    blocks: tuple[Block, ...] = ()
    thread: PlatformMessageId | None = None
    reply_to: PlatformMessageId | None = None
    to: AccountId | None = None
    version: str = ""
    changed_at: datetime | None = None
    deleted_at: datetime | None = None
    reactions: dict[str, list[AccountId]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """An interaction that can be answered until ``expires_at``."""

    by: AccountId
    channel: ChannelId
    thread: PlatformMessageId | None
    expires_at: datetime


class State:
    """All facts so far, looked at from the present. Facts are numbered from 1."""

    def __init__(self) -> None:
        self.number = 0
        self.delivered = 0
        self.ahead = timedelta()
        self.tour = TourStepped(0, {})
        self.people: dict[AccountId, Person] = {person.account: person for person in PEOPLE}
        self.messages: dict[PlatformMessageId, Message] = {}
        self.sent: dict[str, SentRef] = {}
        self.asked: dict[str, Asked] = {}
        self.undelivered: list[tuple[int, Fact]] = []

    def apply(self, fact: Fact) -> None:
        """The next fact."""
        self.number += 1
        match fact:
            case Joined():
                self.people[fact.account] = Person(fact.account, fact.name, fact.role, "new here")
            case Delivered():
                self.delivered = fact.upto
                self.undelivered = [(number, kept) for number, kept in self.undelivered if number > fact.upto]
            case ClockMoved():
                self.ahead = timedelta(seconds=fact.seconds)
            case TourStepped():
                self.tour = fact
            case Posted() | Reshown() | Marked():
                self._bot_did(fact)
            case Commanded() | Pressed() | Chosen() | Submitted():
                self.undelivered.append((self.number, fact))
                self._asked(fact)
            case Said() | Changed() | Removed() | Reacted():
                self.undelivered.append((self.number, fact))
                self._person_did(fact)
            case _:
                assert_never(fact)

    def _person_did(self, fact: Said | Changed | Removed | Reacted) -> None:
        match fact:
            case Said():
                self.messages[fact.id] = Message(
                    fact.id,
                    self.number,
                    fact.channel,
                    fact.author,
                    fact.at,
                    fact.text,
                    thread=fact.thread,
                    reply_to=fact.reply_to,
                )
            case Changed():
                message = self.messages[fact.message]
                message.text, message.version, message.changed_at = fact.text, fact.version, fact.at
            case Removed():
                message = self.messages[fact.message]
                message.text, message.blocks, message.deleted_at = "", (), fact.at
                message.reactions.clear()
            case Reacted():
                self._react(fact.message, fact.by, fact.emoji, fact.present)

    def _bot_did(self, fact: Posted | Reshown | Marked) -> None:
        match fact:
            case Posted():
                self.messages[fact.id] = Message(
                    fact.id,
                    self.number,
                    fact.channel,
                    BOT,
                    fact.at,
                    blocks=fact.blocks,
                    thread=fact.thread,
                    to=fact.to,
                )
                self.sent[fact.key] = SentRef(fact.channel, fact.id)
            case Reshown():
                message = self.messages[fact.message]
                message.blocks, message.changed_at = fact.blocks, fact.at
                self.sent[fact.key] = SentRef(message.channel, fact.message)
            case Marked():
                self._react(fact.message, BOT, fact.emoji, fact.present)
                self.sent[fact.key] = SentRef(self.messages[fact.message].channel, fact.message)

    def _asked(self, fact: Commanded | Pressed | Chosen | Submitted) -> None:
        if isinstance(fact, Pressed | Chosen):
            message = self.messages[fact.message]
            channel, thread = message.channel, message.thread
        else:
            channel, thread = fact.channel, None
        self.asked[fact.handle.token] = Asked(fact.by, channel, thread, fact.handle.expires_at)
        if isinstance(fact, Chosen):
            self._choose(fact)

    def _choose(self, fact: Chosen) -> None:
        """The menu goes on showing what was chosen."""
        message = self.messages[fact.message]
        message.blocks = tuple(
            replace(block, selected=fact.selected)
            if isinstance(block, MenuBlock) and block.custom_id == fact.custom_id
            else block
            for block in message.blocks
        )

    def _react(self, message: PlatformMessageId, by: AccountId, emoji: str, present: bool) -> None:  # noqa: FBT001
        reactions = self.messages[message].reactions
        who = reactions.setdefault(emoji, [])
        if present and by not in who:
            who.append(by)
        elif not present and by in who:
            who.remove(by)
        if not who:
            del reactions[emoji]
