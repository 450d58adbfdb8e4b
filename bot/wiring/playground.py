"""The program behind the playground's page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.founding import community_with_team
from bot.program import Program
from bot.wiring.core import Core, make_core, make_program
from dialogue.buttons import BUTTONS
from dialogue.capturing.thinking import Understanding
from dialogue.commands.catalogue import COMMANDS
from dialogue.explaining.messages import Explanation, Lens, explain, let_out
from dialogue.fence import Private
from dialogue.ports import Storage
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId, message_id
from knowledge_base.members import Role

if TYPE_CHECKING:
    from starlette.types import ASGIApp

WARMING: Final = "good morning everyone"
"""A line that is read only to load the models."""


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
