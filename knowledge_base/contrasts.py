"""Why two texts that are near in meaning may still say different things: what a model's cosine is blind to.

"The left earbud is dead" and "the right earbud is dead" are nearer to each other than most ways of saying one of them.
So before two statements are taken for the same, their words are compared: numbers and codes that differ; one in a
statement that the other denies; opposites; and one frame with another word in it, as in "is Windows supported" and "is
Linux supported". People who say the same thing seldom choose the same frame and then another word for its point; that
longer texts each have several words of their own tells nothing.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Final

from knowledge_base.speech import without_names
from knowledge_base.words import stem

READ: Final = 1000
"""How many characters of a text are looked at."""
FRAME: Final = 0.3
"""From this share of common words on, two texts are one frame."""
PASTED: Final = 3
"""So many words that say something has a line of a log at least: a greeting, thanks or a fence has fewer."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|\b(?=\w*\d)(?=\w*[^\W\d])\w+\b")


@dataclass(frozen=True, slots=True)
class _Words:
    empty: frozenset[str]
    denials: frozenset[str]
    failures: frozenset[str]
    failing: frozenset[str]
    generic: frozenset[str]
    turns: frozenset[str]
    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]
    opposed: frozenset[str]


@cache
def _words() -> _Words:
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    sides = [pair.split("/") for pair in lists["opposites"]]
    opposites = tuple((_stems(one), _stems(other)) for one, other in sides)
    return _Words(
        empty=frozenset(lists["empty"].split()),
        denials=frozenset(lists["denials"].split()),
        failures=frozenset(lists["failures"].split()),
        failing=_stems(lists["failures"]),
        generic=frozenset(lists["generic"].split()),
        turns=frozenset(lists["turns"].split()),
        opposites=opposites,
        opposed=frozenset().union(*chain.from_iterable(opposites)),
    )


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


class Contrast(StrEnum):
    """What speaks against two texts saying the same."""

    SILENT = "one of them has no words"
    NUMBERS = "their numbers or codes differ"
    DENIAL = "one denies what the other says"
    OPPOSITES = "they say opposite things"
    FRAME = "they say the same about different things"
    ORDER = "they say the same words the other way round"


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a text is compared: the words that say something, numbers and codes, and whether it denies anything; not
    the names that it speaks to.

    ``order``: those words as they come, where one of them stands for another's place ("A instead of B"), else none.
    ``lines``: of a text of several lines, each with its words.
    """

    words: frozenset[str]
    order: tuple[str, ...]
    lines: Mapping[str, frozenset[str]]
    numbers: frozenset[str]
    denies: bool


def traits(text: str) -> Traits:
    """Read once, in time and memory that are bounded however long the text is."""
    return _traits(text[:READ], is_cut=len(text) > READ)


@lru_cache(1024)
def _traits(text: str, *, is_cut: bool) -> Traits:
    plain = unicodedata.normalize("NFKC", without_names(text)).casefold()
    words = _words_in(plain)
    said = _saying(words)
    order = () if _words().turns.isdisjoint(words) else tuple(said)
    return Traits(frozenset(said), order, _lines(plain, is_cut=is_cut), _numbers(plain), _denies(words))


def _lines(plain: str, *, is_cut: bool) -> Mapping[str, frozenset[str]]:
    """None of a text of one line; the last one of a text that was cut is left out, as its end is missing."""
    lines = [line.strip() for line in plain.splitlines()] if "\n" in plain else []
    return {line: frozenset(_saying(_words_in(line))) for line in (lines[:-1] if is_cut else lines) if line}


def _numbers(plain: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(plain))


def _words_in(plain: str) -> list[str]:
    return [word.replace("'", "").replace("’", "") for word in _WORD.findall(plain)]


def _saying(words: list[str]) -> list[str]:
    known = _words()
    return [stem(word) for word in words if word not in known.empty and word not in known.denials]


def contrast(one: Traits, other: Traits) -> Contrast | None:
    """What speaks against the two saying the same, or None."""
    if not one.words or not other.words:
        return Contrast.SILENT
    if not (one.numbers <= other.numbers or other.numbers <= one.numbers):
        return Contrast.NUMBERS
    own, its, common = one.words - other.words, other.words - one.words, one.words & other.words
    if _opposite(own, its):
        return Contrast.OPPOSITES
    frame = len(common) >= FRAME * len(one.words | other.words)
    if (frame and len(_particular(own)) == len(_particular(its)) == 1) or _over_the_same_lines(one, other):
        return Contrast.FRAME
    if frame and one.denies != other.denies:
        return Contrast.DENIAL
    turned = one.order and other.order and one.words == other.words and one.order != other.order
    return Contrast.ORDER if turned else None


def _particular(words: frozenset[str]) -> frozenset[str]:
    """Without what is said of anything, and that something fails."""
    return words - _words().generic - _words().failing


def _over_the_same_lines(one: Traits, other: Traits) -> bool:
    """Whether both paste the same lines, as of a log, and what each says over them has no word in common.

    There are at least as many words in the lines as both say besides.
    """
    same = one.lines.keys() & other.lines.keys()
    if not same:
        return False
    pasted = _words_of(one, (line for line in same if len(_particular(one.lines[line])) >= PASTED))
    own, its = (_words_of(traits, traits.lines.keys() - same) for traits in (one, other))
    return bool(own and its) and own.isdisjoint(its) and len(pasted) >= len(own) + len(its)


def _words_of(traits: Traits, lines: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(traits.lines[line] for line in lines))


def shared(one: Traits, other: Traits) -> int:
    """How many words two texts have in common, but for those that are said of anything, and that something fails."""
    return len(_particular(one.words & other.words))


def _denies(words: list[str]) -> bool:
    """Whether something is not, or fails; "no longer crashes" is neither."""
    known = _words()
    failing = [at for at, word in enumerate(words) if word in known.failures]
    if failing:
        return any(known.denials.isdisjoint(words[max(0, at - 2) : at]) for at in failing)
    return not known.denials.isdisjoint(words)


def _opposite(own: frozenset[str], its: frozenset[str]) -> bool:
    known = _words()
    if known.opposed.isdisjoint(own) or known.opposed.isdisjoint(its):
        return False
    return any((own & a and its & b) or (own & b and its & a) for a, b in known.opposites)
