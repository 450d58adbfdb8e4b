"""A platform in a process of its own: ``python -m benchmarks.platforms.serving discord|slack``.

It prints its :class:`Addresses` as one line of JSON, then does what it reads, a line each:

- ``say 500``: people say so many things, sent as fast as they can be; it prints when the first one was;
- ``flow 5``: for so many seconds 100 messages and 20 commands come in each second; it prints after how many
  milliseconds each command was acknowledged.
"""

import asyncio
import gc
import itertools
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass

from benchmarks.platforms import front
from bot import loops
from tests.servers.discord.server import DiscordServer
from tests.servers.slack.server import SlackServer

HOST = "127.0.0.1"
PEOPLE = 50
ROOMS = 20
"""Channels in which people talk."""
QUIET = 200
"""Channels into which only the bot posts; over 256, discord.py looks through them all before each request."""
MESSAGES_A_SECOND, COMMANDS_A_SECOND = 100, 20
EVER = 3600.0
"""Seconds after which a delivery counts as lost: nothing is sent twice while a speed is measured."""
LINES = (
    "The export drops my tags since the last update, can somebody have a look?",
    "Good morning! Does anyone know where the settings of the calendar went?",
    "Thanks, that worked.",
    "I'd love a dark mode, the white page hurts my eyes at night.",
    "When I upload a photo from my phone the app crashes with error 500, three times today already.",
)
_POST_ON_DISCORD = re.compile(rb"POST /api/v10/channels/(\d+)/messages ")
_LIMITS = (
    b"X-RateLimit-Bucket: messages\r\nX-RateLimit-Limit: 5\r\nX-RateLimit-Remaining: 4\r\n"
    b"X-RateLimit-Reset-After: 1.000\r\n"
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a client is given.

    ``api`` answers every post alike, at once; ``whole_api`` is the server itself. ``rooms``: channels into which the
    client may post. ``gateway`` is Discord's, ``app_token`` Slack's.
    """

    api: str
    whole_api: str
    gateway: str
    token: str
    app_token: str
    rooms: Sequence[str]


@dataclass(frozen=True, slots=True)
class Platform:
    """What people do. ``ask`` returns once their command was acknowledged; ``listening`` once a client is there."""

    addresses: Addresses
    say: Callable[[], object]
    ask: Callable[[], Awaitable[object]]
    listening: Callable[[], Awaitable[None]]


@asynccontextmanager
async def discord() -> AsyncIterator[Platform]:
    """A Discord with one server on it."""
    async with DiscordServer().running() as server:
        world = server.world
        guild = world.guild("Acme")
        boss = world.role(guild, "Boss", 1 << 5)
        people = [str(1001 + number) for number in range(PEOPLE)]
        for person in people:
            world.user(person, f"Person {person}")
            world.join(guild, person, (boss,) if person == people[0] else ())
        rooms = [world.channel(guild, f"room-{number}") for number in range(ROOMS)]
        quiet = [world.channel(guild, f"quiet-{number}") for number in range(QUIET)]
        port = await front.serve(_post_on_discord(), HOST, int(server.api_base.split(":")[2].split("/")[0]))
        words, spoken = itertools.cycle(LINES), itertools.count()

        def say() -> None:
            number = next(spoken)
            world.say(people[number % PEOPLE], rooms[number % ROOMS], next(words))

        async def ask() -> None:
            asked = world.command(people[0], rooms[0], "team", "list")
            await server.until(lambda: asked.acknowledged, EVER)

        api = f"http://{HOST}:{port}/api/v10"
        whole = server.api_base
        told = Addresses(api, whole, server.gateway_address, world.token, "", quiet)
        yield Platform(told, say, ask, server.listening)


def _post_on_discord() -> front.AtOnce:
    numbers = itertools.count(10**18)

    def post(line: bytes) -> front.Answer | None:
        found = _POST_ON_DISCORD.match(line)
        if found is None:
            return None
        return front.Answer(b'{"id": "%d", "channel_id": "%b", "type": 0}' % (next(numbers), found[1]), _LIMITS)

    return post


@asynccontextmanager
async def slack() -> AsyncIterator[Platform]:
    """A Slack with one workspace."""
    async with SlackServer(timeout=EVER).serving() as server:
        space = server.space
        people = [f"U{number}" for number in range(1, PEOPLE + 1)]
        for person in people:
            space.person(person, f"Person {person}", is_admin=person == people[0])
        rooms = [space.channel(f"CR{number}", f"room-{number}").id for number in range(ROOMS)]
        quiet = [space.channel(f"CQ{number}", f"quiet-{number}").id for number in range(QUIET)]
        port = await front.serve(_post_on_slack(), HOST, int(server.base.split(":")[2]))
        words, spoken = itertools.cycle(LINES), itertools.count()

        def say() -> None:
            number = next(spoken)
            space.say(people[number % PEOPLE], rooms[number % ROOMS], next(words))

        async def ask() -> None:
            await server.command(people[0], rooms[0], "team list")

        async def listening() -> None:
            while not server.deliveries.sockets:  # noqa: ASYNC110 - nobody tells when one opens
                await asyncio.sleep(0.01)  # noqa: TID251

        api = f"http://{HOST}:{port}/api/"
        told = Addresses(api, server.api_base, "", server.bot_token, server.app_token, quiet)
        yield Platform(told, say, ask, listening)


def _post_on_slack() -> front.AtOnce:
    numbers = itertools.count()

    def post(line: bytes) -> front.Answer | None:
        if not line.startswith(b"POST /api/chat.postMessage "):
            return None
        return front.Answer(b'{"ok": true, "channel": "C1", "ts": "1790000000.%06d"}' % next(numbers))

    return post


PLATFORMS: Mapping[str, Callable[[], AbstractAsyncContextManager[Platform]]] = {"discord": discord, "slack": slack}


async def flow(platform: Platform, seconds: float) -> Sequence[float]:
    """Let messages and commands come in evenly; milliseconds from each command to its acknowledgement."""
    loop = asyncio.get_running_loop()
    began, asked = loop.time(), list[asyncio.Task[float]]()
    for number in range(int(seconds * MESSAGES_A_SECOND)):
        await asyncio.sleep(began + number / MESSAGES_A_SECOND - loop.time())  # noqa: TID251 - the pace is the measure
        platform.say()
        if number % (MESSAGES_A_SECOND // COMMANDS_A_SECOND) == 0:
            asked.append(loop.create_task(_timed(platform)))
    return await asyncio.gather(*asked)


async def _timed(platform: Platform) -> float:
    began = time.perf_counter()
    await platform.ask()
    return (time.perf_counter() - began) * 1000


async def obey(platform: Platform) -> None:
    """Do what is read, until nothing more comes."""
    print(json.dumps(asdict(platform.addresses)), flush=True)
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        order, number = line.split()
        await platform.listening()
        if order == "say":
            for _ in range(int(number)):
                platform.say()
            # all of it goes out from here on: until now nothing was awaited
            print(time.perf_counter(), flush=True)
        else:
            print(json.dumps(await flow(platform, float(number))), flush=True)


async def main() -> None:
    """Serve one platform."""
    # what was said is kept, and looking through it again and again would slow the sending down
    gc.disable()
    async with PLATFORMS[sys.argv[1]]() as platform:
        await obey(platform)


if __name__ == "__main__":
    loops.run(main())
