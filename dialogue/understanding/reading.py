"""A text as read once: its tokens, and the cues that stand in it."""

from collections.abc import Mapping
from typing import NamedTuple

from dialogue.understanding.cues import Cue, Found, cues
from dialogue.understanding.tokens import MARKS, tokens
from dialogue.understanding.values import Sign
from knowledge_base.speech import READ, parted, readable


class Reading(NamedTuple):
    """What one walk over a text gives. Everything else that is judged of a text alone starts from here.

    ``shown`` is what people say of it, without code, links, quotes and the ``names`` that it speaks to. ``words`` are
    the tokens that are words. ``cues``: how often each group of phrases occurs, with the first one that does. ``cut``:
    code, links or quotes were left out.
    """

    shown: str
    tokens: list[str]
    words: list[str]
    cues: Mapping[Cue, tuple[int, Found[Cue | Sign]]]
    signs: frozenset[Sign]
    cut: bool
    names: list[str]


def read(text: str) -> Reading:
    """Read a text. Never raises on any text; takes time bounded by ``READ`` characters."""
    whole = readable(text)
    shown, names = parted(whole)
    return read_shown(shown, names, cut=len(whole) != len(text[:READ]))


def read_shown(shown: str, names: list[str], *, cut: bool) -> Reading:
    """Read what people say of a text beside those names, as :func:`~knowledge_base.speech.parted` gives both."""
    said = tokens(shown)
    found: dict[Cue, tuple[int, Found[Cue | Sign]]] = {}
    signs = set()
    for one in cues().found(said):
        meaning = one.meaning
        if isinstance(meaning, Cue):
            count, first = found.get(meaning, (0, one))
            found[meaning] = (count + 1, first)
        else:
            signs.add(meaning)
    words = [token for token in said if token not in MARKS]
    return Reading(shown, said, words, found, frozenset(signs), cut, names)
