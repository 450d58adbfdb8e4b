"""How fast the adapters for Discord and Slack are, beside the bare libraries: ``python -m benchmarks.adapters``.

Each platform is a local server in a process of its own, over real sockets. The adapter feeds a sink that only counts;
the library is discord.py or bolt as it comes, with a listener that counts; aiohttp, which both sit on, reads and posts
without understanding anything, so it is as fast as sockets and server allow. Medians of 3 runs; posts are on their way
64 at a time, to 200 channels. Acknowledgements are those of the whole program, with 100 messages a second and a SQLite
file.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PLATFORMS: Mapping[str, str] = {"discord": "discord.py", "slack": "bolt"}
"""The bare library of each."""
GOAL = 5000
"""Messages a second, each way."""
SOON = 100
"""Milliseconds in which 99 of 100 commands are to be acknowledged."""
SECONDS = 8
"""For which commands come in."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Messages a second in each run, and in each second of the client's own processor time."""

    runs: Sequence[float]
    alone: Sequence[float]

    @property
    def median(self) -> float:
        """The run in the middle."""
        return statistics.median(self.runs)

    @property
    def median_alone(self) -> float:
        """The same of the client's own time, in which other work on the machine hardly shows."""
        return statistics.median(self.alone)

    def __str__(self) -> str:
        return f"{self.median:,.0f}/s ({self.median_alone:,.0f} in a second of processor time)"


def main() -> None:
    """Measure and print everything."""
    for platform, library in PLATFORMS.items():
        clients = {"adapter": "adapter", library: "library", "aiohttp": "sockets"}
        speeds = {name: told("benchmarks.platforms", platform, client) for name, client in clients.items()}
        show(
            f"{platform}, socket to accept",
            {name: Measured(s["hears"], s["hears_alone"]) for name, s in speeds.items()},
        )
        dispatches = speeds[library]["dispatches"]
        if dispatches:
            print(f"    {library}, async_dispatch without a socket: {statistics.median(dispatches):,.0f}/s")
        show(f"{platform}, post to wire", {name: Measured(s["sends"], s["sends_alone"]) for name, s in speeds.items()})
        waited = told("benchmarks.platforms.acknowledging", platform, str(SECONDS))["milliseconds"]
        acknowledgements(f"{platform}, command to acknowledgement", waited)


def told(module: str, *arguments: str) -> Mapping[str, Sequence[float]]:
    """What a measurement in a process of its own prints last."""
    command = [sys.executable, "-m", module, *arguments]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: Mapping[str, Sequence[float]] = json.loads(run.stdout.splitlines()[-1])
    return figures


def show(what: str, clients: Mapping[str, Measured]) -> None:
    """Print how fast each is, the adapter first, and how it compares with the others."""
    ours = next(iter(clients.values()))
    reached = "" if ours.median >= GOAL else f"; the goal is {GOAL:,}"
    print(f"{what}: {ours}, {min(ours.runs):,.0f} to {max(ours.runs):,.0f} in {len(ours.runs)} runs{reached}")
    for name, theirs in list(clients.items())[1:]:
        times = theirs.median_alone / ours.median_alone
        print(f"    {name}: {theirs}; ours takes {times:.2f} times its processor time", flush=True)


def acknowledgements(what: str, waited: Sequence[float]) -> None:
    """Print how long people waited, in milliseconds."""
    in_order = sorted(waited)
    half, nearly_all = (in_order[int(share * (len(in_order) - 1))] for share in (0.5, 0.99))
    reached = "" if nearly_all < SOON else f"; the goal for p99 is {SOON}"
    told_of = f"p50 {half:.0f} ms, p99 {nearly_all:.0f} ms, worst {in_order[-1]:.0f} ms, of {len(in_order)}"
    print(f"{what}: {told_of}{reached}", flush=True)


if __name__ == "__main__":
    main()
