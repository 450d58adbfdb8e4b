"""A text as read once: its tokens, and the cues that stand in it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from dialogue.understanding.cues import Cue, Found, cues
from dialogue.understanding.tokens import MARKS, READ, readable, tokens
from dialogue.understanding.values import Sign


@dataclass(frozen=True, slots=True)
class Reading:
    """What one walk over a text gives. Everything else that is judged of a text alone starts from here.

    ``shown`` is what people say of it, without code, links and quotes. ``cues``: how often each group of phrases
    occurs, with the first one that does. ``words`` counts words. ``cut``: code, links or quotes were left out.
    """

    shown: str
    tokens: list[str]
    cues: Mapping[Cue, tuple[int, Found[Cue | Sign]]]
    signs: frozenset[Sign]
    words: int
    cut: bool


def read(text: str) -> Reading:
    """Read a text. Never raises on any text; takes time bounded by ``READ`` characters."""
    shown = readable(text)
    said = tokens(shown)
    counts: Counter[Cue] = Counter()
    first: dict[Cue, Found[Cue | Sign]] = {}
    signs = set()
    for found in cues().found(said):
        if isinstance(found.meaning, Cue):
            counts[found.meaning] += 1
            first.setdefault(found.meaning, found)
        else:
            signs.add(found.meaning)
    return Reading(
        shown=shown,
        tokens=said,
        cues={cue: (counts[cue], found) for cue, found in first.items()},
        signs=frozenset(signs),
        words=sum(token not in MARKS for token in said),
        cut=len(shown) != len(text[:READ]),
    )
