"""The other end of :mod:`benchmarks.platforms.serving`: the platform's process, as those who measure see it."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.platforms.serving import Addresses

LONGEST_LINE = 2**20


@dataclass(frozen=True, slots=True)
class Served:
    """A platform in another process."""

    addresses: Addresses
    _process: asyncio.subprocess.Process

    async def say(self, count: int) -> float:
        """People say so many things, as soon as a client listens; the moment at which the first one was sent.

        Moments are those of ``time.perf_counter``, which all processes of a machine share.
        """
        return float(await self._told(f"say {count}"))

    async def flow(self, seconds: float) -> Sequence[float]:
        """Milliseconds until each command was acknowledged, see :func:`benchmarks.platforms.serving.flow`."""
        told: list[float] = json.loads(await self._told(f"flow {seconds}"))
        return told

    async def _told(self, order: str) -> bytes:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(order.encode() + b"\n")
        return await self._process.stdout.readline()


@asynccontextmanager
async def served(platform: str) -> AsyncIterator[Served]:
    """``discord`` or ``slack``, for as long as the block runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.platforms.serving", platform), stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE
    )
    try:
        assert process.stdout
        yield Served(Addresses(**json.loads(await process.stdout.readline())), process)
    finally:
        process.terminate()
        await process.wait()
