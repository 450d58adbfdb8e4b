"""Whether somebody speaks of another one's matter: who helps says what is wrong there, and does not suffer from it."""

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Final

from dialogue.understanding.memory import ChannelState
from dialogue.understanding.values import Judged, Prepared, Sign, beginning_of
from knowledge_base.kinds import Kind
from knowledge_base.languages import UNDETERMINED

HELPED: Final = frozenset({Kind.PROBLEM, Kind.REQUEST})
"""What somebody who helps seems to state. A complaint is an opinion, whomever it is told."""
_ENGLISH: Final = "en"
_OWN: Final = frozenset({Sign.JOINS, Sign.WISHES})
"""Whoever does so speaks for themself, whatever words they choose."""


def is_own(words: Collection[str], language: str) -> bool:
    """Whether a text may speak of its author; ``words`` in lower case, without apostrophes.

    So it may in every language of which nobody here can tell.
    """
    known = _known().get(_ENGLISH if language == UNDETERMINED else language)
    return known is None or not known.isdisjoint(words)


def helps(state: ChannelState, prepared: Prepared, parent: Judged | None) -> bool:
    """Whether a message tells whom it answers, another customer, by name, of their matter and not of its author's.

    It does not where its author began the conversation, or nobody remembers who did. What staff are told is told to the
    firm.
    """
    if parent is None or parent.author == prepared.heard.author or not parent.prepared.heard.role.is_customer:
        return False
    if prepared.own or not _OWN.isdisjoint(prepared.signs) or prepared.addressees.isdisjoint(parent.prepared.names):
        return False
    began = beginning_of(parent.conversation)
    return any(one.prepared.heard.id == began and one.author != prepared.heard.author for one in state.recent)


@cache
def _known() -> dict[str, frozenset[str]]:
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {language: frozenset(words.split()) for language, words in lists.items()}
