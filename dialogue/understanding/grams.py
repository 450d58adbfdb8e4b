"""What the first stage looks at in a text: names of facts, hashed to rows of its table.

Facts come in two sorts. *Plain* facts are few and count fully: cues, signs, length, marks. *Grams* are many and share
their say: words, pairs of words, and pieces of words, which see through endings and typing errors. Weinberger et al.,
"Feature hashing for large scale multitask learning", 2009; Bojanowski et al., "Enriching word vectors with subword
information", 2017.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple
from zlib import crc32

from dialogue.understanding.reading import Reading
from dialogue.understanding.tokens import MARKS, START

ROWS = 1 << 16
"""How many rows the table has; facts that meet in one are told apart by nothing."""

_MOST = 240
"""Tokens looked at; what makes a text a problem stands in its first paragraphs."""

_LENGTHS = (0, 1, 2, 3, 5, 8, 12, 18, 30, 60)
_PIECES = (3, 4, 5)
_MOST_PIECES = 40
_IDEOGRAMS = "\u2e80"


class Facts(NamedTuple):
    """Rows of a text: those that count fully, and the grams, of which ``phrases`` of words come first."""

    plain: list[int]
    grams: list[int]
    phrases: list[str]


def facts(reading: Reading) -> Facts:
    """The rows of a text; equal for equal texts in every process."""
    # who leans on a key ("no no no no") says it once
    said = [token for before, token in pairwise(chain(("",), reading.tokens[:_MOST])) if token != before]
    words = [token for token in said if token not in MARKS]
    pairs = [f"{before} {after}" for before, after in pairwise(said)]
    phrases = words + pairs
    grams = [_row(phrase) for phrase in phrases]
    for word in words:
        grams += _pieces(word)
    return Facts([_row(name) for name in _plain(reading)], grams, phrases)


def cue_row(name: str) -> int:
    """The row that tells of a cue."""
    return _row(f"=cue {name}")


def _plain(reading: Reading) -> Iterator[str]:
    for cue, (count, _) in reading.cues.items():
        yield f"=cue {cue.name}"
        if count > 1:
            yield f"=cues {cue.name}"
    for sign in sorted(reading.signs):
        yield f"=sign {sign}"
    length = sum(reading.words > most for most in _LENGTHS)
    yield f"=length {length}"
    sentences = min(reading.tokens.count(START), 5)
    yield f"=sentences {sentences}"
    if reading.cut:
        yield "=cut"
    for mark in ("?", "!"):
        if mark in reading.tokens:
            yield f"=mark {mark}"
    if not reading.cues:
        yield f"=without cue {length}"


@lru_cache(maxsize=1 << 15)
def _row(fact: str) -> int:
    return crc32(fact.encode("utf-8", "replace")) % ROWS


@lru_cache(maxsize=1 << 14)
def _pieces(word: str) -> tuple[int, ...]:
    """Pieces of a word with its borders marked; of writing without spaces, single characters and pairs."""
    if word[0] >= _IDEOGRAMS or word[-1] >= _IDEOGRAMS:
        return tuple(_row(f"~{word[at : at + size]}") for size in (1, 2, 3) for at in range(len(word) - size + 1))[
            : 3 * _MOST_PIECES
        ]
    if len(word) < _PIECES[0]:
        return ()
    marked = f"<{word[:24]}>"
    found = (f"~{marked[at : at + size]}" for size in _PIECES for at in range(len(marked) - size + 1))
    return tuple(map(_row, found))[:_MOST_PIECES]
