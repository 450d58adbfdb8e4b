"""Whether somebody speaks of another one's matter: who helps says what is wrong there, and does not suffer from it."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dialogue.understanding.memory import ChannelState
from dialogue.understanding.values import Judged, Persons, Prepared, Sign
from knowledge_base.languages import UNDETERMINED

_ENGLISH = "en"
_OWN = frozenset({Sign.JOINS, Sign.WISHES})
"""Whoever does so speaks for themself, whatever words they choose."""


@dataclass(frozen=True, slots=True)
class _Words:
    author: frozenset[str]
    other: frozenset[str]


def persons(words: Collection[str], language: str) -> Persons:
    """Of whom a text speaks; ``words`` in lower case, without apostrophes. Nobody can tell in some languages."""
    known = _known().get(_ENGLISH if language == UNDETERMINED else language)
    if known is None:
        return Persons.UNKNOWN
    if not known.author.isdisjoint(words):
        return Persons.AUTHOR
    return Persons.NOBODY if known.other.isdisjoint(words) else Persons.OTHER


def helps(state: ChannelState, prepared: Prepared, parent: Judged | None) -> bool:
    """Whether a message tells another customer, in what somebody else began, of their matter and not of its author's.

    It does so where it speaks to them, by name or as "you", and not of its author. What staff are told, the firm is.
    """
    if parent is None or parent.author == prepared.heard.author or not parent.prepared.heard.role.is_customer:
        return False
    to_them = prepared.persons is Persons.OTHER or (prepared.persons is Persons.NOBODY and bool(prepared.addressees))
    if not to_them or not _OWN.isdisjoint(prepared.signs):
        return False
    began = next((one.author for one in state.recent if one.conversation == parent.conversation), None)
    return began is not None and began != prepared.heard.author


@cache
def _known() -> dict[str, _Words]:
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {
        language: _Words(frozenset(words["author"].split()), frozenset(words["other"].split()))
        for language, words in lists.items()
    }
