"""How well and how fast texts are masked: ``python -m benchmarks.masking [--misses]``.

``masking.toml`` holds 200 texts in which what must go is marked, and 200 that only look like it. *Recall*: of the
former, those of which nothing marked is left, not even six characters in a row. *False positives*: of the latter, those
that were changed. *Texts/s*: all of them over and over, in processor time. ``--misses`` prints what was wrong.
"""

import argparse
import json
import re
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.language.masking import PatternMasker

CASES: Final = Path(__file__).with_name("masking.toml")
MARKED: Final = re.compile("«(.*?)»", re.DOTALL)
PIECE: Final = 6
"""So many characters in a row of what must go tell something."""
SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Case:
    """A text, and what must go of it."""

    sort: str
    text: str
    goes: Sequence[str]


def cases() -> tuple[Sequence[Case], Sequence[str]]:
    """What must go, and what must stay."""
    read = tomllib.loads(CASES.read_text("utf-8"))
    masked = [
        Case(group["name"], MARKED.sub(r"\1", text), MARKED.findall(text))
        for group in read["masked"]
        for text in map(_whole, group["texts"])
    ]
    return masked, [_whole(text) for text in read["kept"]["texts"]]


def is_left(masked: str, goes: str) -> bool:
    """Whether a piece of it is still there."""
    size = min(PIECE, len(goes))
    return any(goes[first : first + size] in masked for first in range(len(goes) - size + 1))


def missed(masker: PatternMasker, masked: Sequence[Case]) -> Sequence[Case]:
    """Those of which something is left."""
    return [case for case in masked if any(is_left(masker.mask(case.text), one) for one in case.goes)]


def spoiled(masker: PatternMasker, kept: Sequence[str]) -> Sequence[str]:
    """Those that were changed."""
    return [text for text in kept if masker.mask(text) != text]


def speed(masker: PatternMasker, texts: Sequence[str]) -> float:
    """Texts a second of processor time."""
    began, count = time.process_time(), 0
    while time.process_time() - began < SECONDS:
        for text in texts:
            masker.mask(text)
        count += len(texts)
    return count / (time.process_time() - began)


def measured() -> Mapping[str, float]:
    """Recall and false positives in percent, and texts a second."""
    masker, (masked, kept) = PatternMasker(), cases()
    return {
        "cases": len(masked),
        "recall": round(100 * (1 - len(missed(masker, masked)) / len(masked)), 1),
        "look-alikes": len(kept),
        "false positives": round(100 * len(spoiled(masker, kept)) / len(kept), 1),
        "texts/s": round(speed(masker, [case.text for case in masked] + list(kept))),
    }


def _whole(text: str) -> str:
    return text.replace("~", "")


def main() -> None:
    """Measure; a line of JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--misses", action="store_true")
    print(json.dumps(measured()))
    if arguments.parse_args().misses:
        masker, (masked, kept) = PatternMasker(), cases()
        for case in missed(masker, masked):
            print(f"left: {case.text!r} -> {masker.mask(case.text)!r}")
        for text in spoiled(masker, kept):
            print(f"changed: {text!r} -> {masker.mask(text)!r}")


if __name__ == "__main__":
    main()
