"""How everything is put together: the only place that names concrete classes."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from adapters.language.identification import FastTextIdentifier
from adapters.language.masking import PatternMasker
from adapters.language.models import load_embedder
from adapters.storage.database import Database
from adapters.storage.sealing import FernetSealer
from bot.backfilling import Backfill
from bot.founding import community_with_team
from bot.loops import LONGEST_PAUSE, Bell
from bot.moments import RandomIds
from bot.program import Bells, Program
from bot.relay import Relay
from bot.sending import Depart, Sender
from bot.settings import SecuritySettings
from bot.sink import Sink
from bot.ticker import Ticker
from bot.worker import Worker
from dialogue.capturing.thinking import Understanding, think
from dialogue.commands.catalogue import COMMANDS
from dialogue.deciding import BUTTONS
from dialogue.departing import Departure, depart
from dialogue.explaining import Explanation, explain
from dialogue.fence import Fence
from dialogue.interactions import Interactions
from dialogue.ports import Chat, Clock, Identity, Ids, Sealer, Storage, UnitOfWork
from dialogue.router import Context, Dispatcher, Thought
from dialogue.routers import routers
from dialogue.rows import OutboxRow
from dialogue.texts.catalogue import Texts
from dialogue.understanding.kinds import KeywordKinds
from dialogue.understanding.states import States
from knowledge_base.ids import ChannelId, CommunityId, PlatformMessageId, SpaceId, message_id

if TYPE_CHECKING:
    from starlette.types import ASGIApp

BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class Core:
    """What every way of running shares. ``zone``: the IANA zone of weekly digests; ``batch``: events a transaction."""

    storage: Storage
    clock: Clock
    ids: Ids
    texts: Texts
    understanding: Understanding
    fence: Fence
    zone: str = "UTC"
    batch: int = BATCH

    def interactions(self) -> Interactions:
        """What adapters ask while a person waits."""
        return Interactions(self.storage, self.texts, COMMANDS, self.fence)


def load_understanding() -> Understanding:
    """The models by which messages are understood: those that ship, or the fallback that needs none."""
    return Understanding(FastTextIdentifier(), KeywordKinds(), load_embedder())


def make_core(
    storage: Storage, clock: Clock, zone: str = "UTC", batch: int = BATCH, understanding: Understanding | None = None
) -> Core:
    """The shared parts over an open database."""
    texts = Texts.load()
    return Core(
        storage=storage,
        clock=clock,
        ids=RandomIds(),
        texts=texts,
        understanding=understanding or load_understanding(),
        fence=Fence(PatternMasker(), texts),
        zone=zone,
        batch=batch,
    )


@asynccontextmanager
async def open_storage(url: str, sealer: Sealer) -> AsyncIterator[Database]:
    """The database for as long as the block runs. Raises :class:`~dialogue.errors.StorageUnavailable`."""
    database = await Database.open(url, sealer)
    try:
        yield database
    finally:
        await database.close()


def sealer_of(settings: SecuritySettings) -> Sealer:
    """What seals short-lived secrets: with the given key, or with the one kept in a file."""
    key = settings.key.get_secret_value()
    return FernetSealer(key) if key else key_in(Path(settings.key_file))


def key_in(file: Path) -> Sealer:
    """What seals with the key in a file, made there if need be. Raises :class:`~dialogue.errors.StorageUnavailable`."""
    return FernetSealer.from_file(file)


def make_program(core: Core, chats: Sequence[Chat]) -> Program:
    """The processes over these platforms. Raises :class:`~dialogue.router.RoutingError` where handlers do not fit."""
    bells = Bells(Bell(), Bell(), Bell())
    by_space = {space: chat for chat in chats for space in chat.spaces}
    sender = Sender(core.storage, core.clock, _departing(core), by_space)
    sink = Sink(core.storage, core.clock, core.ids, bells.worker.ring)
    return Program(
        sink=sink,
        worker=_worker(core, by_space),
        relay=Relay(core.storage, core.clock, sender.deliver),
        ticker=Ticker(core.storage, core.clock, LONGEST_PAUSE),
        backfill=Backfill(core.storage, core.clock, sink, chats),
        chats=chats,
        bells=bells,
    )


def _departing(core: Core) -> Depart:
    async def leave(uow: UnitOfWork, row: OutboxRow) -> Departure:
        return await depart(uow, row, core.fence, core.texts, core.clock.now())

    return leave


def _worker(core: Core, chats: Mapping[SpaceId, Chat]) -> Worker:
    states = States()
    dispatcher = Dispatcher(routers(core.understanding, core.zone), COMMANDS, [button.verb for button in BUTTONS])

    def identity(space: SpaceId) -> Identity | None:
        chat = chats.get(space)
        return chat.identity() if chat else None

    def context(uow: UnitOfWork, community: CommunityId, thought: Thought | None) -> Context:
        return Context(
            uow=uow,
            community=community,
            now=core.clock.now(),
            ids=core.ids,
            texts=core.texts,
            embedder=core.understanding.embedder,
            states=states,
            identity=identity,
            thought=thought,
        )

    return Worker(
        storage=core.storage,
        clock=core.clock,
        ids=core.ids,
        dispatcher=dispatcher,
        think=lambda event: think(event, core.understanding),
        context=context,
        states=states,
        batch=core.batch,
    )


@dataclass(frozen=True, slots=True)
class PlaygroundParts:
    """The web chat that runs the real program: ``app`` makes its page for a token and a port."""

    program: Program
    app: "Callable[[str, int], ASGIApp]"
    close: Callable[[], None]


async def make_playground(storage: Storage, folder: Path, zone: str) -> PlaygroundParts:
    """The playground over its own open database, with one team that gets everything. ``folder`` keeps the chat.

    Raises :class:`~dialogue.errors.DialogueError` where the chat's file is broken, ``OSError`` where it can't be used.
    """
    from adapters.playground.cast import SPACE, TEAM_ROOM
    from adapters.playground.clock import MovableClock
    from adapters.playground.gateway import Playground
    from adapters.playground.platform import Platform
    from adapters.playground.server import Server
    from adapters.playground.tour import load_tour

    clock = MovableClock()
    platform = Platform(folder, clock)
    core = make_core(storage, clock, zone)
    async with storage.begin() as uow:
        await community_with_team(uow, core.ids, SPACE, "product", TEAM_ROOM, zone, clock.now())
        await uow.commit()
    program = make_program(core, [Playground(platform)])

    async def explained(space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> Explanation | None:
        async with storage.read() as uow:
            community = await uow.communities.of_space(space)
            if community is None:
                return None
            return await explain(uow, community, message_id(space, channel, message), core.texts)

    server = Server(
        platform, core.interactions(), explained, COMMANDS, BUTTONS, core.texts, program.bells.ticker.ring, load_tour()
    )
    return PlaygroundParts(program, server.app, platform.close)
