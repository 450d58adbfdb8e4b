"""The whole program in the playground, without its page: one person plays them all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.playground.cast import PEOPLE, SPACE, TEAM_ROOM
from adapters.playground.clock import MovableClock
from adapters.playground.facts import ButtonsBlock
from adapters.playground.gateway import Playground
from adapters.playground.platform import Platform
from adapters.playground.state import Message
from adapters.storage.database import Database
from bot.founding import community_with_team
from bot.program import Program
from bot.wiring import Core, make_core, make_program
from knowledge_base.ids import AccountId, ChannelId
from tests.conftest import ReversingSealer
from tests.stage import UNDERSTANDING

COMMUNITY, FORUM = ChannelId("community"), ChannelId("support-forum")
PETRA, ADA = AccountId("petra"), AccountId("ada")
CUSTOMERS = [person.account for person in PEOPLE[:5]]


class Scene:
    """People act by ``platform``; :meth:`settle` lets the program do all it can."""

    def __init__(self, platform: Platform, core: Core, program: Program) -> None:
        self.platform = platform
        self.core = core
        self.program = program

    async def settle(self) -> None:
        """What people did is delivered, decided and sent."""
        upto, events = await self.platform.undelivered()
        await self.program.sink.accept(events)
        self.platform.delivered(upto)
        await self.program.drain()

    async def next_monday(self) -> None:
        """It is Monday morning, and what fell due is done."""
        self.platform.move_clock()
        await self.due()

    async def due(self) -> None:
        """What is due is done."""
        await self.program.ticker.run_once()
        await self.program.drain()

    def shown(self, text: str) -> list[Message]:
        """The bot's messages that say so and stand."""
        standing = [one for one in self.platform.state.messages.values() if one.deleted_at is None]
        return [one for one in standing if text in str(one.blocks)]

    async def ask(self, who: AccountId, line: str, **options: str) -> str:
        """Somebody gives a command; what they alone read."""
        noun, verb = line.split()
        self.platform.command(who, COMMUNITY, noun, verb, options)
        await self.settle()
        return str([one for one in self.platform.state.messages.values() if one.to == who][-1].blocks)


def button(message: Message, label: str) -> str:
    """What a button of a message carries."""
    return next(
        one.custom_id
        for block in message.blocks
        if isinstance(block, ButtonsBlock)
        for one in block.buttons
        if one.label == label
    )


@asynccontextmanager
async def playing(folder: Path, url: str) -> AsyncIterator[Scene]:
    """The playground with its product team, over a fresh database."""
    clock = MovableClock()
    platform = Platform(folder, clock)
    database = await Database.open(url, ReversingSealer())
    core = make_core(database, clock, understanding=UNDERSTANDING)
    async with database.begin() as uow:
        await community_with_team(uow, core.ids, SPACE, "product", TEAM_ROOM, core.zone, clock.now(), {}.items())
        await uow.commit()
    try:
        yield Scene(platform, core, make_program(core, [Playground(platform)]))
    finally:
        platform.close()
        await database.close()
