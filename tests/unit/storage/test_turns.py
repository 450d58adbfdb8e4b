"""Who may write next: in order, whom people wait for first, and no turn is lost."""

import asyncio
from contextlib import suppress

import pytest

from adapters.storage.turns import Turns


class Queue:
    """Writers that note when their turn came, and keep it until they are let go."""

    def __init__(self, most: int = 1) -> None:
        self.turns = Turns(most)
        self.came: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def join(self, name: str, *, urgent: bool = False) -> None:
        self.gates[name] = asyncio.Event()
        self.tasks[name] = asyncio.get_running_loop().create_task(self._write(name, urgent=urgent))
        await asyncio.sleep(0)  # noqa: TID251 - lets it stand in line

    async def _write(self, name: str, *, urgent: bool) -> None:
        async with self.turns.taken(urgent=urgent):
            self.came.append(name)
            await self.gates[name].wait()

    async def leave(self, name: str) -> None:
        self.gates[name].set()
        await self.tasks[name]
        await asyncio.sleep(0)  # noqa: TID251 - the next one begins

    async def give_up(self, name: str) -> None:
        self.tasks[name].cancel()
        with suppress(asyncio.CancelledError):
            await self.tasks[name]


async def test_they_come_in_order_and_urgent_ones_before_others() -> None:
    queue = Queue()
    for name in ("a", "b", "c"):
        await queue.join(name)
    assert queue.turns.wanted
    for name in ("first", "second"):
        await queue.join(name, urgent=True)
    assert queue.came == ["a"]
    for name in ("a", "first", "second", "b", "c"):
        await queue.leave(name)
    assert queue.came == ["a", "first", "second", "b", "c"]
    assert not queue.turns.wanted


async def test_as_many_as_may_write_at_once() -> None:
    queue = Queue(2)
    for name in "abc":
        await queue.join(name)
    assert queue.came == ["a", "b"]
    await queue.leave("b")
    assert queue.came == ["a", "b", "c"]
    for name in "ac":
        await queue.leave(name)


@pytest.mark.parametrize("urgent", [True, False])
async def test_who_gives_up_waiting_takes_no_turn_along(urgent: bool) -> None:
    queue = Queue()
    for name in "abc":
        await queue.join(name, urgent=urgent)
    await queue.give_up("b")
    await queue.leave("a")
    assert queue.came == ["a", "c"]
    await queue.leave("c")
    await queue.join("d")
    assert queue.came[-1] == "d"
    await queue.leave("d")


async def test_a_turn_that_came_as_it_was_given_up_goes_to_the_next() -> None:
    queue = Queue()
    async with queue.turns.taken(urgent=False):
        for name in "bc":
            await queue.join(name)
    # nothing has run since the block ended: b's turn has come, and b does not know yet
    await queue.give_up("b")
    await asyncio.sleep(0)  # noqa: TID251 - the next one begins
    assert queue.came == ["c"]
    await queue.leave("c")


async def test_who_raises_gives_the_turn_back() -> None:
    turns = Turns(1)
    with pytest.raises(ValueError, match="broken"):
        async with turns.taken(urgent=False):
            raise ValueError("broken")
    async with turns.taken(urgent=False):
        assert not turns.wanted
