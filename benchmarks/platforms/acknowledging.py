"""How soon a command is acknowledged while people talk: ``python -m benchmarks.platforms.acknowledging discord|slack``.

The whole program runs as a company runs it, ``parley run`` with a SQLite file, and does all that it does with 100
messages and 20 commands a second. Prints ``milliseconds`` as JSON.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.platforms.nothing import beside
from benchmarks.platforms.served import served
from benchmarks.platforms.serving import Addresses
from bot import loops

WARM_UP = 2.0
"""Seconds in which the models are loaded."""


async def acknowledged(platform: str, seconds: float) -> Sequence[float]:
    """Milliseconds from each command to its acknowledgement."""
    async with served(platform) as server, _program(platform, server.addresses):
        await server.flow(WARM_UP)
        return await server.flow(seconds)


@asynccontextmanager
async def _program(platform: str, addresses: Addresses) -> AsyncIterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **_settings(platform, addresses), "PYTHONPATH": str(Path.cwd())}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "run"), cwd=folder, env=environment
        )
        try:
            async with beside(_running(process)):
                yield
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


async def _running(process: asyncio.subprocess.Process) -> None:
    """Returns never: a program that ends while it is measured is a failure."""
    raise RuntimeError(f"parley run ended by itself: {await process.wait()}")


def _settings(platform: str, addresses: Addresses) -> Mapping[str, str]:
    log = {"PARLEY_LOG__LEVEL": "error"}
    if platform == "slack":
        tokens = {"PARLEY_SLACK__BOT_TOKEN": addresses.token, "PARLEY_SLACK__APP_TOKEN": addresses.app_token}
        return {**log, **tokens, "PARLEY_SLACK__API_BASE": addresses.whole_api}
    token = {"PARLEY_DISCORD__TOKEN": addresses.token}
    where = {"PARLEY_DISCORD__API_BASE": addresses.whole_api, "PARLEY_DISCORD__GATEWAY": addresses.gateway}
    return {**log, **token, **where}


if __name__ == "__main__":
    print(json.dumps({"milliseconds": loops.run(acknowledged(sys.argv[1], float(sys.argv[2])))}))
