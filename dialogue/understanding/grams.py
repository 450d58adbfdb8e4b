"""What the first stage looks at in a text: names of facts, hashed to rows of its table.

Facts come in two sorts. *Plain* facts are few and count fully: cues, signs, length, marks. *Grams* are many and share
their say: words, pairs of words, and pieces of words, which see through endings and typing errors. Weinberger et al.,
"Feature hashing for large scale multitask learning", 2009; Bojanowski et al., "Enriching word vectors with subword
information", 2017.
"""

from bisect import bisect_left
from itertools import chain, pairwise
from operator import eq
from typing import NamedTuple
from zlib import crc32

from dialogue.understanding.reading import Reading
from dialogue.understanding.tokens import MARKS, START
from dialogue.understanding.values import Sign

ROWS = 1 << 16
"""How many rows the table has; facts that meet in one are told apart by nothing."""

_MOST = 240
"""Tokens looked at; what makes a text a problem stands in its first paragraphs."""

_LENGTHS = (0, 1, 2, 3, 5, 8, 12, 18, 30, 60)
_PIECES = (3, 4, 5)
_MOST_PIECES = 40
_IDEOGRAMS = "\u2e80"

_CUE = "=cue "
_SIGNS = {sign: f"=sign {sign}" for sign in Sign}
_LONG = [f"=length {length}" for length in range(len(_LENGTHS) + 1)]
_WITHOUT_CUE = [f"=without cue {length}" for length in range(len(_LENGTHS) + 1)]
_SENTENCES = [f"=sentences {count}" for count in range(6)]


class Facts(NamedTuple):
    """Rows of a text: those that count fully, and the grams, of which ``phrases`` of words come first."""

    plain: list[int]
    grams: list[int]
    phrases: list[str]


class Phrases(NamedTuple):
    """Words and pairs of words (marks count as words in them), in the order said; repeats in a row stand once."""

    words: list[str]
    pairs: list[str]


def facts(reading: Reading) -> Facts:
    """The rows of a text; equal for equal texts in every process."""
    words, pairs = phrases(reading)
    grams = [row(phrase) for phrase in (*words, *pairs)]
    for word in words:
        grams += piece_rows(word)
    return Facts([row(name) for name in plain(reading)], grams, words + pairs)


def phrases(reading: Reading) -> Phrases:
    """The phrases of a text's first tokens."""
    said = reading.tokens[:_MOST]
    if any(map(eq, said, said[1:])):
        # who leans on a key ("no no no no") says it once
        said = [token for before, token in pairwise(chain(("",), said)) if token != before]
    return Phrases(
        [token for token in said if token not in MARKS], [f"{before} {after}" for before, after in pairwise(said)]
    )


def cue_row(name: str) -> int:
    """The row that tells of a cue."""
    return row(_CUE + name)


def plain(reading: Reading) -> list[str]:
    """The names of the facts that count fully."""
    names = []
    for cue, (count, _) in reading.cues.items():
        names.append(_CUE + cue.name)
        if count > 1:
            names.append("=cues " + cue.name)
    names += [_SIGNS[sign] for sign in sorted(reading.signs)]
    length = bisect_left(_LENGTHS, len(reading.words))
    said = reading.tokens
    names += (_LONG[length], _SENTENCES[min(said.count(START), len(_SENTENCES) - 1)])
    if reading.cut:
        names.append("=cut")
    names += [f"=mark {mark}" for mark in ("?", "!") if mark in said]
    if not reading.cues:
        names.append(_WITHOUT_CUE[length])
    return names


def row(fact: str) -> int:
    """The row of a fact."""
    return crc32(fact.encode("utf-8", "replace")) % ROWS


def piece_rows(word: str) -> list[int]:
    """Pieces of a word with its borders marked; of writing without spaces, single characters and pairs."""
    if word[0] >= _IDEOGRAMS or word[-1] >= _IDEOGRAMS:
        pieces = [word[at : at + size] for size in (1, 2, 3) for at in range(len(word) - size + 1)]
        return [row(f"~{piece}") for piece in pieces[: 3 * _MOST_PIECES]]
    if len(word) < _PIECES[0]:
        return []
    marked = f"<{word[:24]}>"
    pieces = [marked[at : at + size] for size in _PIECES for at in range(len(marked) - size + 1)]
    return [row(f"~{piece}") for piece in pieces[:_MOST_PIECES]]
