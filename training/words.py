"""Writes the words that ship as known (``knowledge_base/words.txt``): names and slips are told by not being one.

    python -m training.words

They are the words of our own examples (``training/examples``), of the lists that ship, and of ``training/words.txt``.
No chance is involved: the same files give the same words.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from knowledge_base.fillers import FILLERS
from knowledge_base.words import FILE, words_in
from training.kinds_examples import FOLDER, written

_PROJECT = Path(__file__).parents[1]
_LISTS = ("knowledge_base/contrasts.toml", "knowledge_base/vagueness.toml", "dialogue/understanding/cues.toml")
_PLACE = re.compile(r"\{\w+\}")
_WIDTH = 118


def words() -> str:
    """The file's text: every word once, in order."""
    templates = tomllib.loads((FOLDER / "templates.toml").read_text("utf-8"))
    names = {word for name in _strings(templates.pop("names")) for word in words_in(name)}
    known = {word for text in _texts(templates) for word in words_in(text)} - names
    return fill(" ".join(sorted(known)), _WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"


def _texts(templates: object) -> Iterator[str]:
    yield from (example.text for example in written())
    yield from (_PLACE.sub(" ", template) for template in _strings(templates))
    yield from FILLERS
    for name in _LISTS:
        yield from _strings(tomllib.loads((_PROJECT / name).read_text("utf-8")))
    own = Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines()
    yield from (line for line in own if not line.startswith("#"))


def _strings(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for own in part.values():
            yield from _strings(own)
    elif isinstance(part, list):
        for own in part:
            yield from _strings(own)


if __name__ == "__main__":
    FILE.write_text(words(), "utf-8")
