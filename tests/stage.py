"""A stage for little plays: a community on a memory chat, its people, and the whole program on a real SQLite file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.language.hashing import Hashing
from adapters.language.identification import FastTextIdentifier
from adapters.memory.chat import MemoryChat, Sent
from adapters.memory.clock import FakeClock
from adapters.storage.database import Database
from bot.program import Program
from bot.wiring import make_core, make_program
from dialogue.advice.planning import Advice
from dialogue.capturing.thinking import Understanding
from dialogue.events import (
    Actor,
    ButtonPressed,
    CommandInvoked,
    FormSubmitted,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
    ReactionAdded,
    ReactionRemoved,
    ReplyHandle,
)
from dialogue.meanings import Embedders
from dialogue.plain import plain_text
from dialogue.ports import KindClassifier, Sealer, Storage
from dialogue.posts import Buttons
from dialogue.understanding.kinds import LearnedKinds
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role

SPACE = SpaceId("stage")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

ANNA = Actor(AccountId("anna"), "Anna", Role.CUSTOMER)
BEN = Actor(AccountId("ben"), "Ben", Role.CUSTOMER)
CARA = Actor(AccountId("cara"), "Cara", Role.CUSTOMER)
SAM = Actor(AccountId("sam"), "Sam", Role.STAFF)
ADA = Actor(AccountId("ada"), "Ada", Role.ADMIN)

HELP = Place(SPACE, ChannelId("help"), "help", Audience.PUBLIC)
PRIVATE = Place(SPACE, ChannelId("vip"), "vip", Audience.PRIVATE)
STAFF = Place(SPACE, ChannelId("staff"), "staff", Audience.INTERNAL)
PRODUCT = Place(SPACE, ChannelId("product"), "product", Audience.INTERNAL)

UNDERSTANDING = Understanding(FastTextIdentifier(), LearnedKinds(), Embedders(Hashing()))


class Stage:
    """People act; :meth:`settle` lets the program do all it can; what the bot did is read off the chat."""

    def __init__(self, storage: Storage, chat: MemoryChat, clock: FakeClock) -> None:
        self.storage = storage
        self.chat = chat
        self.clock = clock
        self.understanding = UNDERSTANDING
        self.advice: Advice | None = None
        self.program = self.restart()
        self._count = 0

    def restart(self, understanding: Understanding | None = None) -> Program:
        """A new program over the same database and chat, as after a kill; by these models from now on."""
        self.understanding = understanding or self.understanding
        core = make_core(self.storage, self.clock, understanding=self.understanding)
        self.program = make_program(replace(core, advice=self.advice), [self.chat])
        return self.program

    def with_model(self, advice: Advice, classifier: KindClassifier) -> None:
        """From now on a language model is asked where this classifier doubts."""
        self.advice, self.understanding = advice, replace(UNDERSTANDING, classifier=classifier)
        self.restart()

    async def settle(self) -> None:
        """Everything delivered, decided and sent."""
        await self.chat.deliver(self.program.sink)
        await self.program.ticker.run_once()
        await self.program.drain()

    async def advised(self) -> int:
        """The model is asked once, and what it said is decided and sent; how many messages were decided."""
        self._now()
        decided = await self.program.adviser.run_once()
        await self.settle()
        return decided

    def say(
        self, who: Actor, text: str, place: Place = HELP, reply_to: PlatformMessageId | None = None
    ) -> PlatformMessageId:
        """Somebody says something; returns the message's id."""
        message = PlatformMessageId(self._fresh("m"))
        link = f"https://chat.example/{place.channel}/{message}"
        self.chat.happen(MessagePosted(place, who, message, text, self._now(), reply_to, link))
        return message

    def edit(self, who: Actor, message: PlatformMessageId, text: str, place: Place = HELP) -> None:
        """Somebody changes what they said."""
        self.chat.happen(MessageEdited(place, who, message, text, self._fresh("v"), self._now()))

    def delete(self, message: PlatformMessageId, place: Place = HELP) -> None:
        """A message goes."""
        self.chat.happen(MessageDeleted(place, message, self._now()))

    def react(self, who: Actor, message: PlatformMessageId, emoji: str, place: Place = HELP) -> None:
        """Somebody reacts."""
        self.chat.happen(ReactionAdded(place, who, message, emoji, self._fresh("r"), self._now()))

    def unreact(self, who: Actor, message: PlatformMessageId, emoji: str, place: Place = HELP) -> None:
        """Somebody takes a reaction back."""
        self.chat.happen(ReactionRemoved(place, who, message, emoji, self._fresh("r"), self._now()))

    def command(
        self, who: Actor, line: str, place: Place = HELP, message: PlatformMessageId | None = None, **options: str
    ) -> None:
        """Somebody gives a command: noun and verb, and options by name."""
        noun, verb = line.split()
        name, handle = self._interaction("c")
        self.chat.happen(CommandInvoked(place, who, name, noun, verb, options, handle, self._now(), message))

    def press(self, who: Actor, card: Sent, label: str, place: Place = PRODUCT) -> None:
        """Somebody presses a card's button."""
        name, handle = self._interaction("p")
        self.chat.happen(ButtonPressed(place, who, name, button(card, label), card.ref.message, handle, self._now()))

    def submit(self, who: Actor, custom_id: str, place: Place = PRODUCT, **values: str) -> None:
        """Somebody sends a form."""
        name, handle = self._interaction("f")
        self.chat.happen(FormSubmitted(place, who, name, custom_id, values, handle, self._now()))

    def shown(self, place: Place) -> list[str]:
        """What the bot's posts in a channel show everybody now."""
        return [plain_text(sent.post) for sent in self.chat.sent if sent.ref.channel == place.channel and not sent.to]

    def cards(self, place: Place = PRODUCT) -> list[Sent]:
        """The posts with buttons in a team's channel."""
        return [sent for sent in self.chat.sent if sent.ref.channel == place.channel and not sent.to]

    def told(self, who: Actor) -> list[str]:
        """What the bot told one person alone."""
        return [plain_text(sent.post) for sent in self.chat.sent if sent.to == who.account]

    async def set_up(self) -> None:
        """An admin makes the product team and sends it everything."""
        self.say(SAM, "good morning", PRODUCT)
        self.command(ADA, "team add", name="product", channel="product")
        self.command(ADA, "route add", team="product")
        await self.settle()

    def _interaction(self, prefix: str) -> tuple[str, ReplyHandle]:
        name = self._fresh(prefix)
        return name, ReplyHandle(f"token-{name}", self._now() + timedelta(minutes=15))

    def _now(self) -> datetime:
        self.clock.advance(timedelta(seconds=10))
        return self.clock.now()

    def _fresh(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"


def button(card: Sent, label: str) -> str:
    """The custom id behind a card's button."""
    buttons = [b for block in card.post.blocks if isinstance(block, Buttons) for b in block.buttons]
    return next(b.custom_id for b in buttons if b.label == label)


@asynccontextmanager
async def stage(url: str, sealer: Sealer) -> AsyncIterator[Stage]:
    """A fresh stage."""
    database = await Database.open(url, sealer)
    try:
        yield Stage(database, MemoryChat(SPACE), FakeClock(MONDAY))
    finally:
        await database.close()
