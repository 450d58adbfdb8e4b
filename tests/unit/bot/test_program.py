"""Gaps are open before anything live comes in; stopping goes from the outside in."""

import asyncio
from datetime import timedelta

import pytest

from adapters.memory.chat import MemoryChat
from bot.loops import Bell
from bot.program import Bells, Program
from dialogue.ports import EventSink
from tests.stage import SPACE

PARTS = ("worker", "relay", "ticker", "backfill", "renewal")


class Play:
    """A program of parts that only write down what happens, in order."""

    def __init__(self, error: Exception | None = None) -> None:
        self.lines: list[str] = []
        self.gone = asyncio.Event()
        self.parts = [Part(name, self) for name in PARTS]
        bells = Bells(Loud(self), Loud(self), Loud(self))
        self.program = Program(None, *self.parts, [Gateway(self, error)], bells)


class Loud(Bell):
    """Rings when its process is told to stop."""

    def __init__(self, play: Play) -> None:
        super().__init__()
        self.play = play

    def ring(self) -> None:
        self.play.lines.append("told to stop")
        super().ring()


class Part:
    """Stands for a process. Its round lasts until the gateway is gone."""

    def __init__(self, name: str, play: Play) -> None:
        self.name = name
        self.play = play
        self.working = asyncio.Event()

    async def open(self) -> None:
        self.play.lines.append(f"{self.name} opened")

    async def run_once(self) -> int:
        self.working.set()
        await self.play.gone.wait()
        await asyncio.to_thread(str)  # what was begun takes a while
        self.play.lines.append(f"{self.name} finished")
        return 0

    async def pause(self) -> timedelta:
        return timedelta()

    async def finish(self) -> None:
        self.play.lines.append("last sends written")


class Gateway(MemoryChat):
    def __init__(self, play: Play, error: Exception | None) -> None:
        super().__init__(SPACE)
        self.play = play
        self.error = error

    async def run(self, sink: EventSink) -> None:
        self.play.lines.append("gateway runs")
        try:
            if self.error:
                raise self.error
            await asyncio.Event().wait()
        finally:
            await asyncio.to_thread(str)  # reading takes a while to stop
            self.play.lines.append("gateway stopped")
            self.play.gone.set()

    async def close(self) -> None:
        self.play.lines.append("gateway closed")


async def test_gaps_are_open_before_live_events_and_the_end_goes_from_the_outside_in():
    play = Play()
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(play.program.run())
        for part in play.parts:
            await part.working.wait()
        play.program.stop()
    assert play.lines[:3] == ["backfill opened", "gateway runs", "gateway stopped"]
    assert play.lines[3:6] == ["told to stop"] * 3
    assert set(play.lines[6:-2]) == {f"{name} finished" for name in PARTS}
    assert play.lines[-2:] == ["last sends written", "gateway closed"]


async def test_a_gateway_that_fails_ends_the_program_in_order_and_is_told():
    play = Play(ConnectionError("no"))
    async with asyncio.timeout(30):
        with pytest.raises(ConnectionError):
            await play.program.run()
    assert play.lines[-2:] == ["last sends written", "gateway closed"]
