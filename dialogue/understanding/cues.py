"""The catalogue of cues: phrases that give away what a text means.

Phrases stand in ``cues.toml``, which also says how they are written. They are kept as a tree of words, so the time
depends on the text and hardly on the size of the catalogue.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeVar

from dialogue.understanding.values import Sign
from knowledge_base.kinds import Kind

Meaning = TypeVar("Meaning")

_GAP = "..."
_LONGEST_GAP = 3
_STEM = 4
_INNERMOST_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Cue:
    """A group of phrases that speak for one kind, each by ``weight``."""

    name: str
    kind: Kind
    weight: float


class _Node(Generic[Meaning]):
    """A place in the tree of phrases: what may come next, and what is meant if the phrase ends here."""

    __slots__ = ("gap", "meanings", "stems", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node[Meaning]] = {}
        self.stems: dict[str, _Node[Meaning]] = {}
        self.gap: _Node[Meaning] | None = None
        self.meanings: list[Meaning] = []

    def grow(self, word: str) -> "_Node[Meaning]":
        """The node after this word, new if need be."""
        if word == _GAP:
            self.gap = self.gap or _Node()
            return self.gap
        if word.endswith("*"):
            return self.stems.setdefault(word[:-1], _Node())
        return self.words.setdefault(word, _Node())


class Found(NamedTuple, Generic[Meaning]):
    """A phrase that occurs: what it means, and the tokens from ``start`` to before ``end`` that say it."""

    meaning: Meaning
    start: int
    end: int

    def said(self, tokens: Sequence[str]) -> str:
        """The words as said."""
        return " ".join(tokens[self.start : self.end]).lstrip("^ ")


class Phrasebook(Generic[Meaning]):
    """Phrases as a tree of words, each with a meaning."""

    def __init__(self, entries: Iterable[tuple[str, Meaning]]) -> None:
        self._root: _Node[Meaning] = _Node()
        for written, meaning in entries:
            for wording in _wordings(written):
                node = self._root
                for word in wording:
                    node = node.grow(word)
                if meaning not in node.meanings:
                    node.meanings.append(meaning)
        # Most tokens begin no phrase: a look-up by first letters spares trying every stem.
        self._first_stems: dict[str, list[tuple[str, _Node[Meaning]]]] = {}
        for stem, node in self._root.stems.items():
            self._first_stems.setdefault(stem[:_STEM], []).append((stem, node))

    def found(self, tokens: Sequence[str]) -> list[Found[Meaning]]:
        """Every phrase that occurs, by where it begins; of those that begin together in no order that matters."""
        found: list[Found[Meaning]] = []
        words, stems = self._root.words, self._first_stems
        for start, token in enumerate(tokens):
            node = words.get(token)
            if node is not None:
                self._follow(node, tokens, start, found)
            for stem, after in stems.get(token[:_STEM], ()):
                if token.startswith(stem):
                    self._follow(after, tokens, start, found)
        return found

    @staticmethod
    def _follow(first: _Node[Meaning], tokens: Sequence[str], start: int, found: list[Found[Meaning]]) -> None:
        """Add every phrase that goes on from here. A plain loop: every message passes it."""
        open_: list[tuple[_Node[Meaning], int]] = [(first, start + 1)]
        length = len(tokens)
        while open_:
            node, at = open_.pop()
            if node.meanings:
                found.extend(Found(meaning, start, at) for meaning in node.meanings)
            if node.gap is not None:
                open_.extend((node.gap, end) for end in range(at, min(at + _LONGEST_GAP, length) + 1))
            if at == length:
                continue
            token = tokens[at]
            if token in node.words:
                open_.append((node.words[token], at + 1))
            for stem, after in node.stems.items():
                if token.startswith(stem):
                    open_.append((after, at + 1))


def _wordings(written: str) -> Iterator[list[str]]:
    """Every wording of a phrase with choices: "not (yet|) done" is "not yet done" and "not done"."""
    choice = _INNERMOST_CHOICE.search(written)
    if choice is None:
        yield written.split()
        return
    for option in choice[1].split("|"):
        yield from _wordings(written[: choice.start()] + option + written[choice.end() :])


@cache
def cues() -> Phrasebook[Cue | Sign]:
    """The phrases that speak for a kind, and those that are signs: one tree, so that a text is walked once."""
    kinds = (
        (phrase, Cue(group["name"], Kind(group["kind"]), group["weight"]))
        for group in _catalogue()["kind"]
        for phrase in group["phrases"]
    )
    signs = ((phrase, Sign(name)) for name, phrases in _catalogue()["sign"].items() for phrase in phrases)
    return Phrasebook[Cue | Sign](chain(kinds, signs))


@cache
def word_list(name: str) -> frozenset[str]:
    """A list of plain words."""
    return frozenset(_catalogue()["words"][name])


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("cues.toml").read_text("utf-8"))
