"""Learn who answers whom: ``python -m training.reply_links THREADS/train DIALOGS.jsonl``.

What is learned from stands in ``streams.py``. Two rounds: the first hears everything as the annotators linked it; the
second mostly as the first would have, so that it learns to go on from mistakes. ``--seeds``: one network each, which
then decide together.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np

from dialogue.understanding.features import COLUMNS
from dialogue.understanding.links import FILE, Ranker
from training.choices import Choices, collected
from training.networks import learn, together
from training.streams import Line, Said, Stream, Telling, interleaved, log_lines, read_dialogs, retold

_SEED: Final = 11
_OUT: Final = Path(__file__).parents[1] / "dialogue" / "understanding" / FILE
_PROCESSES: Final = 2
_AS_IT_IS: Final = 2.0
"""How much a choice of a log as it is counts; of a channel made from it 1."""
_FIRST_EPOCHS, _EPOCHS = 4, 8
_DIALOGS_A_CHANNEL: Final = 100
HELD_OUT: Final = 200
"""Dialogs that nothing is learned from: the last ones."""


def streams(logs: Sequence[tuple[str, list[Line]]], dialogs: Sequence[Sequence[Said]]) -> Iterator[Stream]:
    """Everything that is learned from, the same every time."""
    for number, (name, log) in enumerate(logs):
        chance = random.Random(_SEED + number)
        yield Stream(name, log, _AS_IT_IS)
        if number % 4 == 0:
            yield Stream(f"{name} without names", retold(log, Telling(1.0, 0.1, 0.3, 0.1, 1.0), chance), 0.5)
        slow = Telling(0.35, 0.0, 0.3, 0.35, chance.choice([2, 10, 40]))
        yield Stream(f"{name}, slow", retold(log, slow, chance), 1.0)
        quiet = Telling(0.1, 0.0, 0.25, 0.4, chance.choice([5, 30, 100, 400]))
        yield Stream(f"{name}, quiet", retold(log, quiet, chance), 1.0)
    for times in range(8):
        chance = random.Random(_SEED * 100 + times)
        mixed = list(dialogs)
        chance.shuffle(mixed)
        for first in range(0, len(mixed), _DIALOGS_A_CHANNEL):
            slower = chance.choice([1, 1, 1, 4, 20, 100])
            apart = timedelta(minutes=chance.choice([4, 10, 25, 60, 150, 300]) * slower)
            telling = Telling(1.0, 0.5 if times % 4 == 0 else 0.0, 0.25, 0.25, slower)
            lines = interleaved(mixed[first : first + _DIALOGS_A_CHANNEL], apart, telling, chance)
            yield Stream(f"dialogs {times} from {first}", lines, 1.0)


def choices(every: Sequence[Stream], ranker: Ranker | None) -> Choices:
    """The choices of all streams, in their order."""
    with ProcessPoolExecutor(_PROCESSES) as processes:
        found = processes.map(_of_one, every, [ranker] * len(every), range(len(every)), chunksize=8)
        return Choices.together(one for one in found if one is not None)


def _of_one(stream: Stream, ranker: Ranker | None, number: int) -> Choices | None:
    return collected(stream, ranker, random.Random(_SEED + number))


def packed(ranker: Ranker) -> bytes:
    """The ranker as a file that :func:`dialogue.understanding.links.unpacked` reads."""
    arrays = {"columns": np.array(COLUMNS), "networks": np.array(len(ranker.networks))}
    arrays |= {"mean": ranker.mean, "least": ranker.least, "most": ranker.most}
    for n, network in enumerate(ranker.networks):
        arrays["layers"] = np.array(len(network.weights))
        for layer, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
            arrays |= {f"{n}.weight{layer}": weight, f"{n}.bias{layer}": bias}
    file = BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def main() -> None:
    """Learn, and write the file that ships."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path)
    parser.add_argument("dialogs", type=Path)
    parser.add_argument("--out", type=Path, default=_OUT)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    chosen = parser.parse_args()
    logs = [(path.name, list(log_lines(path))) for path in sorted(chosen.logs.glob("*.ascii.txt"))]
    every = list(streams(logs, read_dialogs(chosen.dialogs)[:-HELD_OUT]))
    first = choices([stream for stream in every if stream.importance == _AS_IT_IS], None)
    print(f"{len(first.sizes)} choices as they were made, {len(first.seen)} options", flush=True)
    ranker = learn(first, _SEED, _FIRST_EPOCHS)
    second = choices(every, ranker)
    print(f"{len(second.sizes)} choices as they would be met, {len(second.seen)} options", flush=True)
    networks = []
    for seed in chosen.seeds:
        networks.append(learn(second, seed, _EPOCHS))
        chosen.out.write_bytes(packed(together(networks)))


if __name__ == "__main__":
    main()
