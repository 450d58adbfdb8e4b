"""A small theatre: people speak, press and command; the real engine on a real file does the rest."""

from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from adapters.language.hashing import Hashing
from adapters.language.identification import FastTextIdentifier
from adapters.language.masking.masker import PatternMasker
from adapters.memory.chat import MemoryChat, Sent
from adapters.memory.clock import FakeClock
from adapters.memory.ids import CountingIds
from adapters.storage.database import Database
from bot.relay import Relay
from bot.sending import Sender
from bot.sink import Sink
from bot.thinking import in_threads
from bot.worker import Worker
from dialogue.buttons import BUTTONS
from dialogue.capturing.thinking import Understanding, think
from dialogue.capturing.thinking_ahead import think_ahead
from dialogue.commands.catalogue import COMMANDS
from dialogue.departing import Desk, depart
from dialogue.events import (
    Actor,
    ButtonPressed,
    ChannelChanged,
    CommandInvoked,
    Event,
    FormSubmitted,
    Interaction,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    OptionsSelected,
    Place,
    ReactionAdded,
    ReactionRemoved,
    ReplyHandle,
    Selected,
)
from dialogue.fence import Fence
from dialogue.interactions import Interactions
from dialogue.meanings import Embedders
from dialogue.plain import plain_text
from dialogue.ports import Embedder, KindClassifier, Sealer, UnitOfWork
from dialogue.posts import Button, Buttons
from dialogue.router import Context, Dispatcher
from dialogue.routers import routers
from dialogue.texts.catalogue import Texts
from dialogue.understanding.foreseeing import Foreseer
from dialogue.understanding.kinds import LearnedKinds
from dialogue.understanding.states import States
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.ids import AccountId, ChannelId, CommunityId, MessageId, PlatformMessageId, SpaceId, message_id
from knowledge_base.insights import Insight
from knowledge_base.members import Role
from knowledge_base.messages import Message

SPACE = SpaceId("space")
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXTS = Texts.load()


class Plain(Sealer):
    def seal(self, secret: str) -> bytes:
        return secret.encode()

    def unseal(self, sealed: bytes) -> str:
        return sealed.decode()

    def digest(self, secret: str) -> str:
        return secret


def person(name: str, role: Role = Role.CUSTOMER) -> Actor:
    return Actor(AccountId(name), name.capitalize(), role)


ANNA, BEN, CARA = person("anna"), person("ben"), person("cara")
SAM, TESS = person("sam", Role.STAFF), person("tess", Role.STAFF)
ADA = person("ada", Role.ADMIN)
GENERAL = Place(SPACE, ChannelId("general"), "general", Audience.PUBLIC)
SECLUDED = Place(SPACE, ChannelId("secluded"), "secluded", Audience.PRIVATE)
PRODUCT = Place(SPACE, ChannelId("product"), "product", Audience.INTERNAL)


@dataclass
class Stage:
    """One community in one space. Everything that happens is worked off before a method returns."""

    storage: Database
    batch: int = 16
    clock: FakeClock = field(default_factory=lambda: FakeClock(START))
    chat: MemoryChat = field(default_factory=lambda: MemoryChat(SPACE))
    states: States = field(default_factory=States)
    count: int = 0
    classifier: KindClassifier = field(default_factory=LearnedKinds)
    across: Embedder | None = None
    ahead: bool = False
    """Whether each message is judged before it comes, as in a replay."""

    def __post_init__(self) -> None:
        ids = CountingIds()
        self.understanding = Understanding(FastTextIdentifier(), self.classifier, Embedders(Hashing(), self.across))
        masker = PatternMasker()
        self.fence = Fence(masker, TEXTS)
        verbs = [button.verb for button in BUTTONS]
        dispatcher = Dispatcher(routers(self.understanding), COMMANDS, verbs)
        self.sink = Sink(self.storage, self.clock, ids, lambda: None)
        self.interactions = Interactions(self.storage, TEXTS, COMMANDS, self.fence)

        def context(uow: UnitOfWork, community: CommunityId, space: SpaceId, thought: object) -> Context:
            return Context(
                uow=uow,
                community=community,
                now=self.clock.now(),
                ids=ids,
                texts=TEXTS,
                embedders=self.understanding.embedders,
                masker=masker,
                states=self.states,
                identity=lambda _: self.chat.identity(),
                thought=thought,
            )

        self.foreseer = Foreseer(self.understanding.prepare)
        one = partial(think_ahead, foreseer=self.foreseer) if self.ahead else think
        thinking = in_threads(partial(one, understanding=self.understanding))
        self.worker = Worker(self.storage, self.clock, ids, dispatcher, thinking, context, self.states, self.batch)
        leaving = lambda uow, row: depart(uow, row, Desk(self.fence, TEXTS), self.clock.now())  # noqa: E731
        self.relay = Relay(self.storage, self.clock, Sender(self.storage, self.clock, leaving, lambda space: self.chat))

    async def happen(self, *events: Event) -> None:
        await self.sink.accept(events)
        while await self.worker.run_once() + await self.relay.run_once():
            pass
        async with self.storage.read() as uow:
            assert [error for _, error in await uow.inbox.dead()] == []

    def posted(self, who: Actor, text: str, place: Place = GENERAL, **more: object) -> MessagePosted:
        self.count += 1
        self.clock.advance(timedelta(minutes=1))
        name = PlatformMessageId(f"m{self.count}")
        link = f"https://chat.example/{place.channel}/{name}"
        return replace(MessagePosted(place, who, name, text, self.clock.now(), link=link), **more)

    async def say(self, who: Actor, text: str, place: Place = GENERAL, **more: object) -> PlatformMessageId:
        event = self.posted(who, text, place, **more)
        await self.happen(event)
        return event.message

    async def edit(self, who: Actor, message: str, text: str, place: Place = GENERAL) -> None:
        self.count += 1
        event = MessageEdited(place, who, PlatformMessageId(message), text, f"v{self.count}", self.clock.now())
        await self.happen(event)

    async def delete(self, message: str, place: Place = GENERAL) -> None:
        await self.happen(MessageDeleted(place, PlatformMessageId(message), self.clock.now()))

    async def react(self, who: Actor, message: str, emoji: str, place: Place = GENERAL, present: bool = True) -> None:
        self.count += 1
        made = ReactionAdded if present else ReactionRemoved
        await self.happen(made(place, who, PlatformMessageId(message), emoji, f"r{self.count}", self.clock.now()))

    async def command(
        self,
        who: Actor,
        line: str,
        options: Mapping[str, str] | None = None,
        place: Place = GENERAL,
        message: str | None = None,
    ) -> str:
        """Give a command; what the asker reads."""
        return await self._answered(self.invoked(who, line, options, place, message))

    def invoked(
        self,
        who: Actor,
        line: str,
        options: Mapping[str, str] | None = None,
        place: Place = GENERAL,
        message: str | None = None,
    ) -> CommandInvoked:
        noun, verb = line.split()
        on = PlatformMessageId(message) if message else None
        return CommandInvoked(
            place, who, self._fresh(), noun, verb, dict(options or {}), self._handle(), self.clock.now(), on
        )

    async def press(self, who: Actor, custom_id: str, place: Place = PRODUCT) -> str:
        return await self._answered(self.pressed(who, custom_id, place))

    def pressed(self, who: Actor, custom_id: str, place: Place = PRODUCT) -> ButtonPressed:
        on = PlatformMessageId("card")
        return ButtonPressed(place, who, self._fresh(), custom_id, on, self._handle(), self.clock.now())

    async def select(self, who: Actor, verb: str, *chosen: Place | Selected, place: Place = GENERAL) -> str:
        """Choose from a menu of ``/setup``; channels are told first, as adapters do."""
        now = self.clock.now()
        channels = [ChannelChanged(one, self._fresh(), now) for one in chosen if isinstance(one, Place)]
        if channels:
            await self.happen(*channels)
        selected = tuple(Selected(one.channel, one.name) if isinstance(one, Place) else one for one in chosen)
        on = PlatformMessageId("menus")
        event = OptionsSelected(place, who, self._fresh(), f"{verb}::", selected, on, self._handle(), now)
        return await self._answered(event)

    async def submit(self, who: Actor, custom_id: str, values: dict[str, str], place: Place = PRODUCT) -> str:
        event = FormSubmitted(place, who, self._fresh(), custom_id, values, self._handle(), self.clock.now())
        return await self._answered(event)

    async def _answered(self, event: Interaction) -> str:
        before = len(self.chat.sent)
        await self.happen(event)
        replies = [sent for sent in self.chat.sent[before:] if sent.to is not None]
        assert all(sent.to == event.actor.account for sent in replies)
        return "\n".join(plain_text(sent.post) for sent in replies)

    def _fresh(self) -> str:
        self.count += 1
        return f"i{self.count}"

    def _handle(self) -> ReplyHandle:
        return ReplyHandle("token", self.clock.now() + timedelta(minutes=15))

    def cards(self) -> list[Sent]:
        return [sent for sent in self.chat.sent if sent.to is None]

    def card(self) -> str:
        (card,) = self.cards()
        return plain_text(card.post)

    def shown(self, card: int) -> str:
        return plain_text(self.cards()[card].post)

    def buttons(self, card: int = 0) -> dict[str, str]:
        blocks = self.cards()[card].post.blocks
        found: list[Button] = [b for block in blocks if isinstance(block, Buttons) for b in block.buttons]
        return {button.custom_id.split(":")[0]: button.custom_id for button in found}

    @asynccontextmanager
    async def look(self):
        async with self.storage.read() as uow:
            community = await uow.communities.of_space(SPACE)
            yield uow, community

    async def message(self, name: str, place: Place = GENERAL) -> Message | None:
        async with self.look() as (uow, community):
            return await uow.messages.get(community, self.name(name, place))

    async def insight_of(self, name: str, place: Place = GENERAL) -> Insight | None:
        async with self.look() as (uow, community):
            return await uow.insights.of_message(community, self.name(name, place))

    async def open_insights(self) -> Sequence[Insight]:
        async with self.look() as (uow, community):
            return await uow.insights.open(community)

    def name(self, name: str, place: Place = GENERAL) -> MessageId:
        return message_id(place.space, place.channel, PlatformMessageId(name))

    async def open_channel(self, place: Place, mode: Mode = Mode.LISTENING, shared: Shared = Shared.NO) -> Channel:
        async with self.storage.begin() as uow:
            community = await uow.communities.of_space(SPACE)
            if community is None:
                community = CommunityId("acme")
                await uow.communities.found(community, SPACE, "acme", self.clock.now())
            await uow.channels.see(community, SPACE, place.channel, place.name, place.audience, shared)
            await uow.channels.choose(SPACE, place.channel, mode=mode)
            channel = await uow.channels.get(SPACE, place.channel)
            await uow.commit()
        return channel

    async def with_team(self, **route: str) -> None:
        """A team in the internal channel, and a route that sends to it."""
        await self.open_channel(PRODUCT, Mode.OFF)
        assert "Product" in await self.command(ADA, "team add", {"name": "Product", "channel": "product"})
        assert "Route 1" in await self.command(ADA, "route add", {"team": "product", **route})
