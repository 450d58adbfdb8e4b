"""``python -m tests.servers.slack``: serves until interrupted, and prints what to put into the configuration."""

import asyncio
import sys

from tests.servers.slack.server import SlackServer


async def main(port: int) -> None:
    server = SlackServer()
    server.space.person("U1", "Anna Kowalska")
    async with server.serving(port):
        print(f"api_base = {server.api_base}\nbot token = {server.bot_token}\napp token = {server.app_token}")  # noqa: T201
        print(f"signing secret = {server.secret}\nLines typed here are said by Anna in #help.", flush=True)  # noqa: T201
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            server.space.say("U1", "C1", line.rstrip("\n"))
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
