"""A chat on a test server: its configuration, what the dialogue answers at once, and time that passes when told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

from adapters.memory.clock import FakeClock
from adapters.slack.api import Me
from adapters.slack.config import SlackConfig, Transport
from adapters.slack.gateway import SlackChat
from dialogue.acts import offered_to
from dialogue.buttons import BUTTONS
from dialogue.commands.catalogue import COMMANDS
from dialogue.commands.declarations import Command
from dialogue.errors import Refused
from dialogue.events import Actor
from dialogue.interactions import Choice, Interactions
from dialogue.ports import Clock
from dialogue.posts import Field, FieldType, Form, Post, plain
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import SpaceId
from knowledge_base.members import Role
from tests.servers.slack.server import SlackServer


class Told(Interactions):
    """Answers at once what a test put here, and notes who asked.

    ``staff``: the ids of those who were chosen as staff. ``troubled``: set once something went wrong.
    ``silent``: answers nothing, ever. ``delay``: seconds until it answers.
    """

    def __init__(self) -> None:
        self.choices: Sequence[Choice] = ()
        self.staff: set[str] = set()
        self.page = plain("your own page")
        self.refusal: str | None = None
        self.trouble: Exception | None = None
        self.troubled = asyncio.Event()
        self.silent = False
        self.delay = 0.0
        self.wrong: Mapping[str, str] = {}
        self.asked: list[tuple[Actor, str]] = []

    async def complete(
        self, space: SpaceId, actor: Actor, noun: str, verb: str, option: str, typed: str
    ) -> Sequence[Choice]:
        self.asked.append((actor, f"{noun} {verb} {option}:{typed}"))
        await self._trouble()
        return self.choices

    async def offered(self, space: SpaceId, actor: Actor) -> Sequence[Command]:
        await self._trouble()
        return offered_to(Role.STAFF if self.staff & {*actor.groups} else actor.role, COMMANDS)

    async def home(self, space: SpaceId, actor: Actor, texts: Texts) -> Post:
        self.asked.append((actor, "home"))
        await self._trouble()
        if self.refusal:
            raise Refused(self.refusal)
        return self.page

    async def open_form(self, space: SpaceId, actor: Actor, custom_id: str) -> Form:
        self.asked.append((actor, custom_id))
        await self._trouble()
        if self.refusal:
            raise Refused(self.refusal)
        why = Field("reason", "Why? The reason stands on the card.", FieldType.PARAGRAPH, limit=300)
        return Form(custom_id, "Decline Problem #12345 for good", (why,), "Decline")

    async def validate(
        self, space: SpaceId, actor: Actor, custom_id: str, values: Mapping[str, str]
    ) -> Mapping[str, str]:
        await self._trouble()
        if self.refusal:
            raise Refused(self.refusal)
        return self.wrong

    async def _trouble(self) -> None:
        if self.delay:
            await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=self.delay)
        if self.silent:
            await asyncio.Event().wait()
        if self.trouble:
            self.troubled.set()
            raise self.trouble


async def at_once(seconds: float) -> None:
    """No time passes."""


def config_of(server: SlackServer, transport: Transport = Transport.SOCKET, port: int = 0) -> SlackConfig:
    """What connects with a server."""
    return SlackConfig(
        bot_token=server.bot_token,
        app_token=server.app_token,
        signing_secret=server.secret,
        transport=transport,
        port=port,
        api_base=server.api_base,
        ping_interval=0.1,
    )


def chat_on(
    config: SlackConfig,
    me: Me,
    *,
    told: Interactions | None = None,
    clock: Clock | None = None,
    wait: Callable[[float], Awaitable[None]] = at_once,
    deadline: float = 2.0,
) -> SlackChat:
    """A chat as the program makes it."""
    return SlackChat(
        config,
        me,
        interactions=told or Told(),
        commands=COMMANDS,
        buttons=BUTTONS,
        texts=Texts.load(),
        clock=clock or FakeClock(datetime.now(UTC)),  # noqa: TID251 - beside a server that has the machine's time
        wait=wait,
        deadline=deadline,
    )
