import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from adapters.playground.clock import MovableClock
from adapters.playground.gateway import PATIENCE, Playground
from adapters.playground.platform import Platform
from dialogue.errors import StorageUnavailable
from dialogue.events import Event
from dialogue.ports import EventSink
from knowledge_base.ids import AccountId, ChannelId


class Full(EventSink):
    """Refuses a number of times, then accepts."""

    def __init__(self, refuse: int) -> None:
        self.left = refuse
        self.accepted = asyncio.Event()

    async def accept(self, events: Sequence[Event]) -> None:
        if self.left:
            self.left -= 1
            raise StorageUnavailable("the disk is full")
        self.accepted.set()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = Platform(tmp_path, MovableClock())
    yield platform
    platform.close()


async def test_what_cannot_be_kept_is_tried_again_more_patiently_and_people_are_told(platform: Platform) -> None:
    waits: list[float] = []
    troubles: list[str | None] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        troubles.append(platform.trouble)

    platform.say(AccountId("anna"), ChannelId("community"), "keep me")
    sink = Full(refuse=len(PATIENCE) + 2)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(Playground(platform, wait).run(sink))
        await sink.accepted.wait()
        task.cancel()
    assert waits == [*PATIENCE, PATIENCE[-1], PATIENCE[-1]]
    assert set(troubles) == {"the disk is full"}
    assert platform.trouble is None
    assert platform.state.undelivered == []
