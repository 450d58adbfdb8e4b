"""How well conversations are kept apart in channels of several paces, beside the rule "a new one after half an hour".

    python -m benchmarks.conversations

Dialogs that nothing was learned from, interleaved as one channel: what belongs together is known for certain. They
stand beside the checkout, and so does the scorer.
"""

import random
import sys
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Final

from benchmarks import real_chat
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from training.reply_links import HELD_OUT
from training.streams import Line, Telling, interleaved, read_dialogs

HALF_AN_HOUR: Final = 1_800
CHANNEL: Final = 100
PACES: Final = {
    "busy, a new talk every 5 minutes": (5, 1),
    "a new talk every 20 minutes": (20, 1),
    "a new talk every 80 minutes": (80, 1),
    "a new talk every 5 hours": (300, 1),
    "slow, hours between turns, a talk every 2 days": (3_000, 20),
}
"""Minutes from one talk's beginning to the next one's, and by what pauses within them are stretched."""

Talks = dict[str, list[frozenset[int]]]


def scorer() -> ModuleType:
    """The scorer of the labelled chat."""
    found = spec_from_file_location("score", real_chat.DATA / "threads" / "score.py")
    if found is None or found.loader is None:
        sys.exit("The labelled chat is not beside the checkout.")
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


def understood(lines: Sequence[Line]) -> list[str]:
    """The conversation of each line, by the program."""
    state, found = ChannelState(), []
    for line in lines:
        state, judgement = judge(state, line.message, None)
        found.append(str(judgement.conversation))
    return found


def by_half_hours(lines: Sequence[Line]) -> list[str]:
    """The conversation of each line where a silence of half an hour begins a new one."""
    found, before = [], 0.0
    for line in lines:
        seconds = line.message.seconds
        found.append(found[-1] if found and seconds - before <= HALF_AN_HOUR else str(line.number))
        before = seconds
    return found


def truly(lines: Sequence[Line]) -> list[str]:
    """The dialog of each line."""
    found: list[str] = []
    for line in lines:
        found.append(found[min(line.parents)] if line.parents else str(line.number))
    return found


def apart(names: Sequence[str]) -> list[frozenset[int]]:
    """The line numbers of each conversation."""
    talks: dict[str, set[int]] = {}
    for number, name in enumerate(names):
        talks.setdefault(name, set()).add(number)
    return [frozenset(talk) for talk in talks.values()]


def main() -> None:
    """Print a table."""
    score = scorer()
    dialogs = read_dialogs(real_chat.DATA / "feature_requests" / "dialogs.jsonl")[-HELD_OUT:]
    print(f"{'':48} {'1-1':>6} {'exact':>6}   half an hour: 1-1, exact")
    for pace, (minutes, slower) in PACES.items():
        chance = random.Random(7)
        told = Telling(share=1.0, kept=0.0, mentioned=0.25, split=0.25, slower=slower)
        channels = [
            interleaved(dialogs[first : first + CHANNEL], timedelta(minutes=minutes), told, chance)
            for first in range(0, HELD_OUT, CHANNEL)
        ]
        truth: Talks = {str(n): apart(truly(lines)) for n, lines in enumerate(channels)}
        figures = []
        for way in (understood, by_half_hours):
            got = score.cluster_scores(truth, {str(n): apart(way(lines)) for n, lines in enumerate(channels)})
            figures += [got["one_to_one"], got["exact"][2]]
        print(f"{pace:48} {figures[0]:6.1f} {figures[1]:6.1f}   {figures[2]:.1f}, {figures[3]:.1f}", flush=True)


if __name__ == "__main__":
    main()
