"""The program over a history, against a chat that only records."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bot.foresight import Foresight
from bot.program import Program
from bot.thinking import Thinking
from bot.wiring.core import Core, make_core, make_program
from dialogue.ports import Clock, Storage
from knowledge_base.ids import SpaceId


@dataclass(frozen=True, slots=True)
class ReplayParts:
    """The real program against a chat that only records.

    ``hear`` makes it hold a space from now on, ``sync`` brings to disk what it recorded. ``foresight`` wants to be told
    what comes next, where it thinks by that.
    """

    program: Program
    core: Core
    hear: Callable[[SpaceId], None]
    sync: Callable[[], Awaitable[None]]
    foresight: Foresight | None


def make_replay(
    storage: Storage, clock: Clock, sent: Path, batch: int, thinking: Thinking | None = None
) -> ReplayParts:
    """The program over an open database, each send appended to the file ``sent``; it thinks in threads, or as told.

    Raises :class:`~adapters.files.errors.FilesError` where that file can't be read.
    """
    from adapters.files.recording import RecordingChat

    chat = RecordingChat(sent, frozenset())

    def hear(space: SpaceId) -> None:
        chat.spaces |= {space}

    core = make_core(storage, clock, batch=batch)
    foresight = Foresight(thinking, core.states) if thinking else None
    core = replace(core, think=foresight.events if foresight else core.think)
    return ReplayParts(make_program(core, [chat]), core, hear, chat.sync, foresight)
