"""A playground with a small pretended bot behind it, so that the page can be tried without the engine."""

import asyncio
import contextlib
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from queue import Queue
from typing import Any

import uvicorn

from adapters.playground.cast import SPACE
from adapters.playground.clock import MovableClock
from adapters.playground.gateway import Playground
from adapters.playground.platform import Platform
from adapters.playground.server import Server
from adapters.playground.tour import Step
from dialogue.actions import OutboxId
from dialogue.buttons import BUTTONS
from dialogue.commands.catalogue import COMMANDS
from dialogue.errors import StorageUnavailable
from dialogue.events import (
    Actor,
    ButtonPressed,
    CommandInvoked,
    Event,
    FormSubmitted,
    MessagePosted,
    OptionsSelected,
)
from dialogue.explaining.messages import Bounds, Explanation
from dialogue.explaining.nearness import Near, Nearness
from dialogue.interactions import Choice
from dialogue.ports import EventSink
from dialogue.posts import (
    Alternative,
    Button,
    Buttons,
    Emphasis,
    Fact,
    Facts,
    Field,
    FieldType,
    Form,
    Heading,
    Post,
    Quote,
    Words,
    plain,
)
from dialogue.rows import SentRef
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import (
    ChannelId,
    CommunityId,
    ConversationId,
    MemberId,
    PlatformMessageId,
    SpaceId,
    message_id,
)
from knowledge_base.kinds import Kind

TEAM = ChannelId("product-team")
TOKEN = "a-token-for-tests"


@dataclass
class PretendedBot(EventSink):
    """Makes a card of what sounds like a problem, and answers whatever it is asked."""

    chat: Playground
    heard: list[Event] = field(default_factory=list)
    refuses: bool = False
    cards: dict[str, SentRef] = field(default_factory=dict)
    said: dict[PlatformMessageId, MessagePosted] = field(default_factory=dict)

    async def accept(self, events: Sequence[Event]) -> None:
        if self.refuses:
            raise StorageUnavailable("the disk is full")
        self.heard.extend(events)
        for event in events:
            await self._hear(event)

    async def _hear(self, event: Event) -> None:
        if isinstance(event, MessagePosted) and event.place.audience is Audience.PUBLIC:
            self.said[event.message] = event
            if kind_of(event.text) in (Kind.PROBLEM, Kind.REQUEST):
                ref = await self.chat.send(SPACE, TEAM, None, card(event, "new"), fresh())
                self.cards[event.message] = ref
                await self.chat.react(SPACE, event.place.channel, event.message, "memo", fresh(), present=True)
        elif isinstance(event, ButtonPressed | FormSubmitted):
            verb, about, _ = event.custom_id.split(":")
            said = self.said[PlatformMessageId(about)]
            status = {"plan": "planned", "decline": "declined"}.get(verb, "acknowledged")
            await self.chat.edit(SPACE, self.cards[about], card(said, status), fresh())
        elif isinstance(event, CommandInvoked):
            answer = plain(f"/{event.noun} {event.verb} {event.options}")
            await self.chat.reply(SPACE, event.place.channel, event.actor.account, event.handle, answer, fresh())
        elif isinstance(event, OptionsSelected):
            answer = plain(f"{event.custom_id} {', '.join(one.id for one in event.selected)}")
            await self.chat.reply(SPACE, event.place.channel, event.actor.account, event.handle, answer, fresh())

    async def explain(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> Explanation | None:
        said = self.said.get(message)
        if not said:
            return None
        kind = kind_of(said.text)
        return Explanation(
            kind=kind,
            confidence=0.87,
            language="en",
            conversation=ConversationId(f"c-{channel}"),
            messages=2 if said.reply_to else 1,
            reply_to=message_id(space, channel, said.reply_to) if said.reply_to else None,
            answers=None,
            rules=('it breaks: "drops"',),
            parent=("the same words (+1.20)", "soon after (+0.64)"),
            reasons=("nobody surely said the same before", "route 1: sent to product"),
            staff=("kept by Sam by hand",),
            insight=1 if kind is Kind.PROBLEM else None,
            title=said.text[:60] if kind is Kind.PROBLEM else "",
            near=(
                Near(7, Kind.PROBLEM, "Tags are gone after the export", 0.87, Nearness.SUGGESTED),
                Near(
                    4,
                    Kind.REQUEST,
                    "Please let the export keep the tags of every note that I ever wrote",
                    0.42,
                    Nearness.OTHER_KIND,
                ),
            ),
            bounds=Bounds(0.9, 0.85, 0.8, 0.75, 0.5, learned=False),
            routes=(1,) if kind is Kind.PROBLEM else (),
            silent="Nobody addressed me, and in this channel I speak when addressed.",
        )


class PretendedInteractions:
    """Two forms, a few completions."""

    async def complete(
        self, space: SpaceId, actor: Actor, noun: str, verb: str, option: str, typed: str
    ) -> Sequence[Choice]:
        return [Choice(one, one) for one in ("bug", "billing", "idea") if one.startswith(typed)]

    async def open_form(self, space: SpaceId, actor: Actor, custom_id: str) -> Form:
        if custom_id.startswith("ask:"):
            people = tuple(Alternative(name.casefold(), name) for name in ("Anna", "Ben", "Cara"))
            whom = Field("whom", "Whom shall I ask?", FieldType.CHOICE, value="ben", alternatives=people, most=3)
            return Form(custom_id, "Ask them", (Field("reason", "What?", FieldType.PARAGRAPH), whom), "Ask")
        return Form(custom_id, "Decline Problem #1", (Field("reason", "Why?", FieldType.PARAGRAPH),), "Decline")

    async def validate(
        self, space: SpaceId, actor: Actor, custom_id: str, values: Mapping[str, str]
    ) -> Mapping[str, str]:
        return {} if values.get("reason", "").strip() else {"reason": "Please say why."}


def fresh() -> OutboxId:
    return OutboxId(secrets.token_hex(11))


def kind_of(text: str) -> Kind:
    marks = {"drops": Kind.PROBLEM, "empty": Kind.PROBLEM, "great to have": Kind.REQUEST, "hanks": Kind.PRAISE}
    marks |= {"choose": Kind.SOLUTION, "?": Kind.QUESTION}
    return next((kind for mark, kind in marks.items() if mark in text), Kind.CHATTER)


def card(event: MessagePosted, status: str) -> Post:
    origin = Origin(CommunityId("c"), event.place.space, event.place.channel, event.place.audience)
    words = Words(event.text, origin, MemberId(event.actor.account))
    name = Words(event.actor.name, origin, MemberId(event.actor.account))
    buttons = [("Acknowledge", "acknowledge", Emphasis.PRIMARY), ("Plan", "plan", Emphasis.PLAIN)]
    buttons += [("Ship", "ship", Emphasis.PLAIN), ("Decline", "decline", Emphasis.PLAIN)]
    buttons += [("Not an insight", "dismiss", Emphasis.DANGER), ("Ask", "ask", Emphasis.PLAIN)]
    facts = (Fact("Problem #1", "1 person"), Fact("Status", status), Fact("Heard", "2026-03-02"))
    row = tuple(Button(label, f"{verb}:{event.message}:0", emphasis) for label, verb, emphasis in buttons)
    return Post(
        (
            Heading(Words(event.text[:60], origin, MemberId("m"))),
            Facts(facts),
            Quote(words, name, event.link),
            Buttons(row),
        )
    )


@dataclass
class Stage:
    """A running playground: where its page is, and what stands behind it."""

    address: str
    port: int
    platform: Platform
    bot: PretendedBot
    moves: list[timedelta]
    loop: asyncio.AbstractEventLoop

    def do(self, deed: Callable[..., Any], *args: object) -> Any:
        """Do something where the server lives: in its thread, in its loop."""

        async def done() -> Any:
            return deed(*args)

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(10)


def build(platform: Platform, tour: Sequence[Step] = ()) -> tuple[Server, PretendedBot, list[timedelta]]:
    """The page's server with the pretended bot behind it; the list grows each time the clock is moved."""
    bot = PretendedBot(Playground(platform))
    moves: list[timedelta] = []
    server = Server(
        platform,
        PretendedInteractions(),  # type: ignore[arg-type]
        bot.explain,
        COMMANDS,
        BUTTONS,
        Texts.load(),
        lambda: moves.append(platform.clock.ahead),
        tour,
    )
    return server, bot, moves


@contextlib.contextmanager
def staged(folder: Path, tour: Sequence[Step] = ()) -> Iterator[Stage]:
    """Run the playground on a port of its own, in a loop of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    ready: Queue[tuple[Stage, uvicorn.Server]] = Queue()

    async def play() -> None:
        platform = Platform(folder, MovableClock())
        server, bot, moves = build(platform, tour)
        web = uvicorn.Server(uvicorn.Config(server.app(TOKEN, port), log_level="warning", ws="websockets-sansio"))
        ready.put(
            (
                Stage(
                    f"http://127.0.0.1:{port}/?token={TOKEN}", port, platform, bot, moves, asyncio.get_running_loop()
                ),
                web,
            )
        )
        async with asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(bot.chat.run(bot))
            await web.serve([listening])
            hearing.cancel()
        platform.close()

    thread = threading.Thread(target=lambda: asyncio.run(play()))
    thread.start()
    stage, web = ready.get(timeout=30)
    try:
        yield stage
    finally:
        web.should_exit = True
        thread.join(10)
