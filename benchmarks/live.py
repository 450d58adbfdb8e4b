"""How long one message takes in the live path: ``python -m benchmarks.live [--before 2000] [--measured 2000]``.

Made-up chat in twenty channels goes through the whole program on a SQLite file, everything durable. The last messages
come one at a time. *Understood*: what a text says and means, and whom it answers, without the database. *Decided*: from
the platform's event to the commit of all that follows from it, the cards to be sent among them.
"""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import structlog

from adapters.files.feeding import Feed
from adapters.files.history import open_history
from adapters.language.models import load_understanding
from benchmarks.analyse import history
from bot.replaying import HistoryClock, Replay
from bot.wiring import make_replay, open_storage, throwaway_sealer
from dialogue.capturing.thinking import think
from dialogue.events import Event, MessagePosted
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState

CHANNELS = 20


def understood(events: Sequence[Event], states: dict[str, ChannelState]) -> Sequence[float]:
    """Milliseconds that each message takes to be understood; ``states``: of each lane, which are moved on."""
    models = load_understanding()
    taken: list[float] = []
    for event in events:
        assert isinstance(event, MessagePosted)
        lane = event.place.lane
        began = time.perf_counter()
        thought = think(event, models)
        assert thought
        states[lane], _ = judge(states.get(lane, ChannelState()), thought.prepared, None)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def decided(events: Sequence[Event], before: int, folder: Path) -> Sequence[float]:
    """Milliseconds from each event's arrival to the commit of what was decided, for those after ``before``."""
    async with open_storage(f"sqlite:///{folder}/live.db", throwaway_sealer()) as storage:
        clock = HistoryClock(events[0].at)
        taken: list[float] = []
        parts = make_replay(storage, clock, folder / "sent.jsonl", batch=64)
        run = Replay(parts, clock)
        await run.start()
        await run.feed(events[:before])
        for event in events[before:]:
            clock.see(event.at)
            began = time.perf_counter()
            await parts.program.sink.accept([event])
            while await parts.program.worker.run_once():
                pass
            taken.append((time.perf_counter() - began) * 1000)
            while await parts.program.relay.run_once():
                pass
        await run.finish()
        await run.stop()
    return taken


def told(what: str, taken: Sequence[float]) -> None:
    """Print it."""
    middle, late = np.percentile(taken, [50, 99])
    print(f"{what}: p50 {middle:.1f} ms, p99 {late:.1f} ms, worst of {len(taken)} {max(taken):.1f} ms")


def main() -> None:
    """Measure."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--before", type=int, default=2_000)
    arguments.add_argument("--measured", type=int, default=2_000)
    chosen = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        file, feed = Path(folder) / "history.jsonl", Feed()
        rows = history(chosen.before + chosen.measured, CHANNELS)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        events = [
            event
            for event in chain.from_iterable(map(feed.events_of, chain.from_iterable(open_history(str(file)).chunks())))
            if isinstance(event, MessagePosted)
        ]
        states: dict[str, ChannelState] = {}
        understood(events[: chosen.before], states)
        told("understood", understood(events[chosen.before :], states))
        told("decided", asyncio.run(decided(events, chosen.before, Path(folder))))


if __name__ == "__main__":
    main()
