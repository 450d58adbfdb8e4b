"""Which statements say nothing in particular: that somebody wants to be heard, or that something is wrong.

"Can anybody help?" and "it doesn't work" are as near to one another as can be, whoever says them when and wherever, and
whatever about: what they are about stands in other messages, so words tell which statements are of that sort.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from knowledge_base.contrasts import traits
from knowledge_base.words import stem

_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


class Saying(StrEnum):
    """How much a statement says by itself."""

    CALL = "calls for somebody, and says nothing of what for"
    TROUBLE = "says that something is wrong, and nothing of what"
    SOMETHING = "says something in particular"


@dataclass(frozen=True, slots=True)
class _Lists:
    calls: frozenset[str]
    troubles: frozenset[str]
    unspaced_calls: re.Pattern[str]
    unspaced: re.Pattern[str]


@cache
def _lists() -> _Lists:
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    unspaced = lists["unspaced"]
    return _Lists(
        calls=frozenset(map(stem, lists["calls"].split())),
        troubles=frozenset(map(stem, lists["troubles"].split())),
        unspaced_calls=_any(unspaced["calls"]),
        unspaced=_any([*unspaced["calls"], *unspaced["troubles"]]),
    )


def saying(text: str) -> Saying:
    """What a text, without the names of those it speaks to, says by itself; bounded time, however long it is.

    Code, links and numbers are something in particular.
    """
    said, lists = traits(text), _lists()
    if not _made_of(said.words, lists.calls | lists.troubles, lists.unspaced):
        return Saying.SOMETHING
    return Saying.CALL if _made_of(said.words, lists.calls, lists.unspaced_calls) else Saying.TROUBLE


def _made_of(words: Iterable[str], listed: frozenset[str], unspaced: re.Pattern[str]) -> bool:
    return all(word in listed or (_UNSPACED.search(word) and not unspaced.sub("", word)) for word in words)


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of them, the longest that fits first."""
    return re.compile("|".join(map(re.escape, sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))))
