"""``python -m tests.servers.discord``: a Discord with one server, for trying things by hand.

Type a line, and Anna says it in #general; what the bot does is printed.
"""

import asyncio
import sys

from tests.servers.discord.server import DiscordServer


def show(*lines: str) -> None:
    """Print."""
    sys.stdout.write("\n".join(lines) + "\n")


async def main() -> None:
    """Serve until the input ends."""
    server = DiscordServer()
    world = server.world
    world.user("1001", "Anna Kowalska")
    guild = world.guild("Acme")
    world.join(guild, "1001")
    channel = world.channel(guild, "general")
    async with server.running(8899):
        show(f'token = "{world.token}"', f'api_base = "{server.api_base}"', f'gateway = "{server.gateway_address}"')
        reading = asyncio.get_running_loop()
        shown: set[str] = set()
        while line := await reading.run_in_executor(None, sys.stdin.readline):
            world.say("1001", channel, line.strip())
            for message in world.messages[channel].values():
                if message["author"]["id"] == world.bot and message["id"] not in shown:
                    shown.add(message["id"])
                    show(f"bot: {message['content'] or message['components']}")


asyncio.run(main())
