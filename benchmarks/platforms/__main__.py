"""One client, measured: ``python -m benchmarks.platforms discord|slack adapter|library|sockets``.

Prints :class:`~benchmarks.platforms.measuring.Speeds` as JSON. In a process of its own, since discord.py's addresses
hold for a whole process, and so that none is measured in another's memory.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

from benchmarks.platforms import on_discord, on_slack
from benchmarks.platforms.measuring import Client, Speeds, measure
from bot import loops

CLIENTS: Mapping[tuple[str, str], Callable[[], Client]] = {
    ("discord", "adapter"): on_discord.Adapter,
    ("discord", "library"): on_discord.Library,
    ("discord", "sockets"): on_discord.Sockets,
    ("slack", "adapter"): on_slack.Adapter,
    ("slack", "library"): on_slack.Library,
    ("slack", "sockets"): on_slack.Sockets,
}


async def run(platform: str, client: str, messages: int, sends: int, runs: int) -> Speeds:
    """Hear so many messages and send so many, in each of the runs."""
    made = CLIENTS[platform, client]()
    speeds = await measure(made, platform, messages, sends, runs)
    if isinstance(made, on_slack.Library):
        speeds.dispatches = await made.dispatching(runs, messages)
    return speeds


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("platform", choices=("discord", "slack"))
    arguments.add_argument("client", choices=("adapter", "library", "sockets"))
    arguments.add_argument("--messages", type=int, default=8_000)
    arguments.add_argument("--sends", type=int, default=2_000)
    arguments.add_argument("--runs", type=int, default=3)
    chosen = arguments.parse_args()
    speeds = loops.run(run(chosen.platform, chosen.client, chosen.messages, chosen.sends, chosen.runs))
    print(json.dumps(asdict(speeds)))


if __name__ == "__main__":
    main()
