"""Which statements say nothing in particular: that somebody wants to be heard, or that something is wrong.

"Can anybody help?" and "it doesn't work" are as near to one another as can be, whoever says them when and wherever, and
whatever about: what they are about stands in other messages, so words tell which statements are of that sort.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from knowledge_base.contrasts import traits
from knowledge_base.speech import READ, readable, without_names
from knowledge_base.words import is_known, stem, words_in

_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SLIPS_FROM: Final = 5
"""How long a word is in which one slip of the finger leaves no other word."""


class Saying(StrEnum):
    """How much a statement says by itself."""

    CALL = "calls for somebody, and says nothing of what for"
    TROUBLE = "says that something is wrong, and nothing of what"
    SOMETHING = "says something in particular"


@dataclass(frozen=True, slots=True)
class _Lists:
    calls: frozenset[str]
    either: frozenset[str]
    talk: re.Pattern[str]
    unspaced_calls: re.Pattern[str]
    unspaced: re.Pattern[str]


@cache
def _lists() -> _Lists:
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    unspaced, calls = lists["unspaced"], frozenset(map(stem, lists["calls"].split()))
    return _Lists(
        calls=calls,
        either=calls.union(map(stem, lists["troubles"].split())),
        talk=re.compile(rf"\b(?:{'|'.join(lists['talk'])})\b"),
        unspaced_calls=_any(unspaced["calls"]),
        unspaced=_any([*unspaced["calls"], *unspaced["troubles"]]),
    )


def saying(text: str) -> Saying:
    """What a text, without the names of those it speaks to, says by itself; bounded time, however long it is.

    Numbers are something in particular. Of what is pasted, linked or quoted nobody can tell what it says, so a call for
    help with that is no mere call.
    """
    shown, lists = readable(text), _lists()
    said = traits(shown).words
    if not _made_of(said, lists.either, lists.unspaced):
        return Saying.CALL if _speaks_of_the_talk(shown) else Saying.SOMETHING
    if len(shown) != len(text[:READ]):
        return Saying.TROUBLE
    return Saying.CALL if _made_of(said, lists.calls, lists.unspaced_calls) else Saying.TROUBLE


def _speaks_of_the_talk(shown: str) -> bool:
    """Whether this says where or when to talk, and nothing else ("wrong channel, ask in the other one", "hang on")."""
    lists = _lists()
    plain = " ".join(words_in(without_names(shown)))
    rest = lists.talk.sub(" ", plain)
    return rest != plain and _made_of(traits(rest).words, lists.calls, lists.unspaced_calls)


def _made_of(words: Iterable[str], listed: frozenset[str], unspaced: re.Pattern[str]) -> bool:
    others = [word for word in words if word not in listed]
    return all(_is_made_of(word, unspaced) if _UNSPACED.search(word) else _is_slip(word, listed) for word in others)


def _is_made_of(word: str, unspaced: re.Pattern[str]) -> bool:
    return not unspaced.sub("", word)


@lru_cache(1024)
def _is_slip(word: str, listed: frozenset[str]) -> bool:
    """Whether a word that is none is written like one of these, but for a letter too few, too many, wrong or swapped.

    The first letter is seldom wrong.
    """
    if len(word) < _SLIPS_FROM or not word.isalpha() or is_known(word):
        return False
    alike = (one for one in listed if one[0] == word[0] and abs(len(one) - len(word)) <= 1 and len(one) >= _SLIPS_FROM)
    return any(_one_slip_apart(one, word) for one in alike)


def _one_slip_apart(one: str, other: str) -> bool:
    """Whether two different words are (Damerau, "A technique for computer detection of spelling errors", 1964)."""
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    own, its = one[start:], other[start:]
    if len(own) == len(its):
        return own[1:] == its[1:] or (own[1::-1] == its[:2] and own[2:] == its[2:])
    return own[1:] == its or own == its[1:]


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of them, the longest that fits first."""
    return re.compile("|".join(map(re.escape, sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))))
