"""How everything is put together: the only place that names concrete classes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from adapters.language.masking import PatternMasker
from adapters.language.models import load_understanding
from adapters.language.openai_compatible.client import OpenAICompatible
from adapters.storage.database import Access, Database
from adapters.storage.sealing import FernetSealer
from bot.advising import Adviser
from bot.backfilling import Backfill
from bot.founding import community_with_team
from bot.loops import LONGEST_PAUSE, Bell
from bot.model_settings import ModelSettings
from bot.moments import RandomIds, SystemClock
from bot.program import Bells, Program
from bot.relay import Relay
from bot.renewing import Renewal
from bot.sending import ChatOf, Depart, Sender
from bot.settings import DiscordSettings, SecuritySettings, Settings, SlackWorkspaceSettings
from bot.sink import Sink
from bot.thinking import Think, in_threads
from bot.ticker import Ticker
from bot.worker import MakeContext, Worker
from dialogue.advice.planning import Advice
from dialogue.capturing.thinking import Understanding, think
from dialogue.commands.catalogue import COMMANDS
from dialogue.deciding import BUTTONS
from dialogue.departing import Departure, depart
from dialogue.errors import DialogueError
from dialogue.explaining.messages import Explanation, Lens, explain, let_out
from dialogue.fence import Fence, Private
from dialogue.interactions import Interactions
from dialogue.ports import Chat, Clock, Greeting, Identity, Ids, Masker, Sealer, Storage, UnitOfWork
from dialogue.router import Context, Dispatcher, Thought
from dialogue.routers import routers
from dialogue.rows import OutboxRow
from dialogue.texts.catalogue import Texts
from dialogue.understanding.states import States
from knowledge_base.ids import ChannelId, CommunityId, PlatformMessageId, SpaceId, message_id
from knowledge_base.members import Role

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from adapters.discord.config import DiscordConfig
    from adapters.slack.config import SlackConfig

BATCH: Final = 64
WARMING: Final = "good morning everyone"
"""A line that is read only to load the models."""


class NotConnected(DialogueError):
    """A platform can't be connected. The message names the section of the settings, why, and what to do."""


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
async def open_storage(url: str, sealer: Sealer, access: Access = Access.WRITE) -> AsyncIterator[Database]:
    """The database for as long as the block runs. Raises :class:`~dialogue.errors.StorageUnavailable`."""
    database = await Database.open(url, sealer, access)
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

    states = States()
    context = _contexts(core, chat_of, states)
    sender = Sender(core.storage, core.clock, _departing(core), chat_of)
    sink = Sink(core.storage, core.clock, core.ids, bells.worker.ring)
    return Program(
        sink=sink,
        worker=_worker(core, context, states),
        relay=Relay(core.storage, core.clock, sender),
        ticker=Ticker(core.storage, core.clock, LONGEST_PAUSE),
        backfill=Backfill(core.storage, core.clock, sink, chats),
        renewal=Renewal(core.storage, core.clock, core.understanding.embedders),
        chats=chats,
        bells=bells,
        adviser=_adviser(core, context),
    )


def _departing(core: Core) -> Depart:
    async def leave(uow: UnitOfWork, row: OutboxRow) -> Departure:
        return await depart(uow, row, core.fence, core.texts, core.clock.now())

    return leave


def _contexts(core: Core, chat_of: ChatOf, states: States) -> MakeContext:
    """What handlers are given. ``states``: shared by all who judge."""

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
            states=states,
            identity=identity,
            thought=thought,
        )

    return context


def _adviser(core: Core, context: MakeContext) -> Adviser | None:
    advice, parts = core.advice, (core.storage, core.clock, core.ids)
    return Adviser(*parts, advice, core.masker, core.understanding, context) if advice else None


def _worker(core: Core, context: MakeContext, states: States) -> Worker:
    all_of_them = routers(core.understanding, core.zone, core.advice)
    dispatcher = Dispatcher(all_of_them, COMMANDS, [button.verb for button in BUTTONS])
    return Worker(
        storage=core.storage,
        clock=core.clock,
        ids=core.ids,
        dispatcher=dispatcher,
        think=core.think,
        context=context,
        states=states,
        batch=core.batch,
    )


async def make_bot(settings: Settings, storage: Storage) -> Program:
    """The program over an open database, logged in wherever the settings hold a token.

    Raises :class:`~dialogue.errors.DialogueError`, whose sentence names the section, where that can't be done.
    """
    core = make_core(storage, SystemClock(), settings.community.zone, settings.worker.batch)
    core = replace(core, advice=advice_of(settings.model))
    chats: list[Chat] = []
    for name, workspace in settings.slack.connected().items():
        with _named(name):
            chats.append(await _slack(workspace, core))
    if settings.discord.token.get_secret_value():
        with _named("discord"):
            chats.append(await _discord(settings.discord, core))
    return make_program(core, chats)


def advice_of(settings: ModelSettings) -> Advice | None:
    """The model that is asked, and when; None where none is set."""
    return Advice(OpenAICompatible(settings.endpoint()), settings.policy()) if settings.is_on else None


@contextmanager
def _named(section: str) -> Iterator[None]:
    try:
        yield
    except DialogueError as error:
        raise NotConnected(f"[{section}] can't be connected: {error}; run parley doctor for what to do") from error


async def greet_slack(workspace: SlackWorkspaceSettings) -> Greeting:
    """Who the bot is in a workspace, and what is wrong. Raises :class:`~dialogue.errors.DialogueError`."""
    from adapters.slack.checking import greet

    return await greet(_slack_config(workspace))


async def greet_discord(settings: DiscordSettings) -> Greeting:
    """Who the bot is on Discord, and what is wrong. Raises :class:`~dialogue.errors.DialogueError`."""
    from adapters.discord.checking import greet

    return await greet(_discord_config(settings))


def _slack_config(workspace: SlackWorkspaceSettings) -> "SlackConfig":
    from adapters.slack.config import SlackConfig, Transport

    return SlackConfig(
        bot_token=workspace.bot_token.get_secret_value(),
        app_token=workspace.app_token.get_secret_value(),
        signing_secret=workspace.signing_secret.get_secret_value(),
        transport=Transport(workspace.transport),
        host=workspace.host,
        port=workspace.port,
        api_base=workspace.api_base,
    )


def _discord_config(settings: DiscordSettings) -> "DiscordConfig":
    from adapters.discord.config import DiscordConfig

    return DiscordConfig(
        token=settings.token,
        api_base=settings.api_base,
        gateway=settings.gateway,
        message_content=settings.message_content,
        members=settings.members,
        shards=() if settings.shards == "auto" else settings.shards,
        shard_count=settings.shard_count,
    )


async def _slack(workspace: SlackWorkspaceSettings, core: Core) -> Chat:
    from adapters.slack.gateway import SlackChat, who_am_i

    config = _slack_config(workspace)
    return SlackChat(
        config,
        await who_am_i(config),
        interactions=core.interactions(),
        commands=COMMANDS,
        buttons=BUTTONS,
        texts=core.texts,
        clock=core.clock,
    )


async def _discord(settings: DiscordSettings, core: Core) -> Chat:
    from adapters.discord.gateway import DiscordChat

    chat = DiscordChat(
        _discord_config(settings),
        interactions=core.interactions(),
        commands=COMMANDS,
        buttons=BUTTONS,
        texts=core.texts,
        clock=core.clock,
        ids=core.ids,
    )
    try:
        await chat.prepare()
    except BaseException:
        await chat.close()
        raise
    return chat


@dataclass(frozen=True, slots=True)
class PlaygroundParts:
    """The web chat that runs the real program: ``app`` makes its page for a token and a port.

    ``warm_up``, called in a thread, loads the models, so that the first message need not wait for them.
    """

    program: Program
    app: "Callable[[str, int], ASGIApp]"
    warm_up: Callable[[], None]
    close: Callable[[], None]


async def make_playground(storage: Storage, folder: Path) -> PlaygroundParts:
    """The playground over its own open database, with one team that gets everything. ``folder`` keeps the chat.

    It lives in UTC, as the clock on its page does. Raises :class:`~dialogue.errors.DialogueError` where the chat's file
    is broken, ``OSError`` where it can't be used.
    """
    from adapters.playground.cast import SPACE, TAGS, TEAM_ROOM
    from adapters.playground.clock import MovableClock
    from adapters.playground.gateway import Playground
    from adapters.playground.platform import Platform
    from adapters.playground.server import Server
    from adapters.playground.tour import load_tour

    clock = MovableClock()
    platform = Platform(folder, clock)
    core = make_core(storage, clock)
    async with storage.begin() as uow:
        now, tags = clock.now(), TAGS.items()
        await community_with_team(uow, core.ids, SPACE, "product", TEAM_ROOM, core.zone, now, tags)
        await uow.commit()
    program = make_program(core, [Playground(platform)])
    explained, moved = _explaining(core), program.bells.ticker.ring
    server = Server(platform, core.interactions(), explained, COMMANDS, BUTTONS, core.texts, moved, load_tour())
    return PlaygroundParts(program, server.app, lambda: _warm_up(core.understanding), platform.close)


def _warm_up(understanding: Understanding) -> None:
    understanding.identifier.identify(WARMING)
    understanding.embedders.meaning(WARMING, "en")


def _explaining(core: Core) -> Callable[[SpaceId, ChannelId, PlatformMessageId], Awaitable[Explanation | None]]:
    lens = Lens(core.texts, core.understanding.embedders)

    async def explained(space: SpaceId, channel: ChannelId, message: PlatformMessageId) -> Explanation | None:
        async with core.storage.read() as uow:
            community = await uow.communities.of_space(space)
            found = community and await uow.messages.get(community, message_id(space, channel, message))
            if not found or found.deleted:
                return None
            reader = Private(found.community, None, Role.STAFF)
            return let_out(await explain(uow, found, lens), core.fence, reader)

    return explained


@dataclass(frozen=True, slots=True)
class ReplayParts:
    """The real program against a chat that only records. ``hear`` makes it hold a space from now on."""

    program: Program
    core: Core
    hear: Callable[[SpaceId], None]


def make_replay(storage: Storage, clock: Clock, sent: Path, batch: int, thinking: Think | None = None) -> ReplayParts:
    """The program over an open database, each send appended to the file ``sent``; it thinks in threads, or as told.

    Raises :class:`~adapters.files.errors.FilesError` where that file can't be read.
    """
    from adapters.files.recording import RecordingChat

    chat = RecordingChat(sent, frozenset())

    def hear(space: SpaceId) -> None:
        chat.spaces |= {space}

    core = make_core(storage, clock, batch=batch)
    core = replace(core, think=thinking or core.think)
    return ReplayParts(make_program(core, [chat]), core, hear)
