"""What every way of running shares: the parts over an open database, and the processes made of them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from adapters.charts.drawing import PillowCharts
from adapters.language.masking import PatternMasker
from adapters.language.models import load_understanding
from adapters.language.openai_compatible.client import OpenAICompatible
from adapters.storage.database import Access, Database
from adapters.storage.sealing import FernetSealer
from bot.advising import Adviser
from bot.backfilling import Backfill
from bot.loops import LONGEST_PAUSE, Bell
from bot.model_settings import ModelSettings
from bot.moments import RandomIds
from bot.program import Bells, Program
from bot.relay import Relay
from bot.renewing import Renewal
from bot.sending import ChatOf, Depart, Sender
from bot.settings import KeptTexts, SecuritySettings
from bot.sink import Sink
from bot.thinking import Think, in_threads
from bot.ticker import Ticker
from bot.worker import MakeContext, Worker
from dialogue.advice.planning import Advice
from dialogue.buttons import BUTTONS
from dialogue.capturing.thinking import Understanding, think
from dialogue.commands.catalogue import COMMANDS
from dialogue.departing import Departure, Desk, depart
from dialogue.fence import Fence
from dialogue.interactions import Interactions
from dialogue.ports import Chat, Clock, Identity, Ids, Masker, Sealer, Storage, UnitOfWork
from dialogue.router import Context, Dispatcher, Thought
from dialogue.routers import routers
from dialogue.rows import OutboxRow
from dialogue.texts.catalogue import Texts
from dialogue.understanding.states import States
from knowledge_base.ids import CommunityId, SpaceId

BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class Core:
    """What every way of running shares. ``zone``: of weekly digests (IANA); ``batch``: events a transaction."""

    storage: Storage
    clock: Clock
    ids: Ids
    texts: Texts
    understanding: Understanding
    masker: Masker
    fence: Fence
    think: Think
    zone: str = "UTC"
    batch: int = BATCH
    advice: Advice | None = None
    kept: KeptTexts = KeptTexts.AS_SAID
    states: States = field(default_factory=States)
    """Of all lanes, shared by all who judge."""

    def interactions(self) -> Interactions:
        """What adapters ask while a person waits."""
        return Interactions(self.storage, self.texts, COMMANDS, self.fence)


def make_core(
    storage: Storage, clock: Clock, zone: str = "UTC", batch: int = BATCH, understanding: Understanding | None = None
) -> Core:
    """The shared parts over an open database."""
    texts, masker = Texts.load(), PatternMasker()
    understanding = understanding or load_understanding()
    return Core(
        storage=storage,
        clock=clock,
        ids=RandomIds(),
        texts=texts,
        understanding=understanding,
        masker=masker,
        fence=Fence(masker, texts),
        think=in_threads(partial(think, understanding=understanding)),
        zone=zone,
        batch=batch,
    )


@asynccontextmanager
async def open_storage(
    url: str, sealer: Sealer, access: Access = Access.WRITE, *, in_loop: bool = False
) -> AsyncIterator[Database]:
    """The database for as long as the block runs; see :meth:`~adapters.storage.database.Database.open`."""
    database = await Database.open(url, sealer, access, in_loop=in_loop)
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


def throwaway_sealer() -> Sealer:
    """What seals with a key that nobody keeps: for a chat in which nothing sealed has to outlive the process."""
    return FernetSealer.throwaway()


def make_program(core: Core, chats: Sequence[Chat]) -> Program:
    """The processes over these platforms. Raises :class:`~dialogue.router.RoutingError` where handlers do not fit."""
    bells = Bells(Bell(), Bell(), Bell())

    def chat_of(space: SpaceId) -> Chat | None:
        return next((chat for chat in chats if space in chat.spaces), None)

    context = _contexts(core, chat_of)
    sender = Sender(core.storage, core.clock, _departing(core), chat_of)
    masker = core.masker if core.kept is KeptTexts.MASKED else None
    sink = Sink(core.storage, core.clock, core.ids, bells.worker.ring, masker)
    return Program(
        sink=sink,
        worker=_worker(core, context),
        relay=Relay(core.storage, core.clock, sender),
        ticker=Ticker(core.storage, core.clock, LONGEST_PAUSE),
        backfill=Backfill(core.storage, core.clock, sink, chats),
        renewal=Renewal(core.storage, core.clock, core.understanding.embedders),
        chats=chats,
        bells=bells,
        adviser=_adviser(core, context),
    )


def _departing(core: Core) -> Depart:
    desk = Desk(core.fence, core.texts, PillowCharts())

    async def leave(uow: UnitOfWork, row: OutboxRow) -> Departure:
        return await depart(uow, row, desk, core.clock.now())

    return leave


def _contexts(core: Core, chat_of: ChatOf) -> MakeContext:
    """What handlers are given."""

    def identity(space: SpaceId) -> Identity | None:
        chat = chat_of(space)
        return chat.identity() if chat else None

    def context(uow: UnitOfWork, community: CommunityId, space: SpaceId, thought: Thought | None) -> Context:
        here = identity(space)
        return Context(
            uow=uow,
            community=community,
            now=core.clock.now(),
            ids=core.ids,
            texts=core.texts.with_commands(here.commands) if here else core.texts,
            embedders=core.understanding.embedders,
            masker=core.masker,
            states=core.states,
            identity=identity,
            thought=thought,
        )

    return context


def _adviser(core: Core, context: MakeContext) -> Adviser | None:
    advice, parts = core.advice, (core.storage, core.clock, core.ids)
    return Adviser(*parts, advice, core.masker, core.understanding, context) if advice else None


def _worker(core: Core, context: MakeContext) -> Worker:
    all_of_them = routers(core.understanding, core.zone, core.advice)
    dispatcher = Dispatcher(all_of_them, COMMANDS, [button.verb for button in BUTTONS])
    return Worker(
        storage=core.storage,
        clock=core.clock,
        ids=core.ids,
        dispatcher=dispatcher,
        think=core.think,
        context=context,
        states=core.states,
        batch=core.batch,
    )


def advice_of(settings: ModelSettings) -> Advice | None:
    """The model that is asked, and when; None where none is set."""
    return Advice(OpenAICompatible(settings.endpoint()), settings.policy()) if settings.is_on else None
