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
from typing import Any, Generic, TypeVar

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

    def after(self, token: str) -> "Iterator[_Node[Meaning]]":
        """The nodes after this token."""
        if token in self.words:
            yield self.words[token]
        for stem, node in self.stems.items():
            if token.startswith(stem):
                yield node


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

    def found(self, tokens: Sequence[str]) -> Iterator[tuple[Meaning, str]]:
        """Every phrase that occurs, in the text's order, as (meaning, the words as said)."""
        for start, token in enumerate(tokens):
            nodes = [node for stem, node in self._first_stems.get(token[:_STEM], ()) if token.startswith(stem)]
            if token in self._root.words:
                nodes.append(self._root.words[token])
            for node in nodes:
                for meaning, end in _endings(node, tokens, start + 1):
                    yield meaning, " ".join(tokens[start:end]).lstrip("^ ")


def _endings(node: _Node[Meaning], tokens: Sequence[str], at: int) -> Iterator[tuple[Meaning, int]]:
    """Every meaning reached from here, with the place where its phrase ends."""
    for meaning in node.meanings:
        yield meaning, at
    if at < len(tokens):
        for following in node.after(tokens[at]):
            yield from _endings(following, tokens, at + 1)
    if node.gap is not None:
        for start in range(at, min(at + _LONGEST_GAP, len(tokens)) + 1):
            yield from _endings(node.gap, tokens, start)


def _wordings(written: str) -> Iterator[list[str]]:
    """Every wording of a phrase with choices: "not (yet|) done" is "not yet done" and "not done"."""
    choice = _INNERMOST_CHOICE.search(written)
    if choice is None:
        yield written.split()
        return
    for option in choice[1].split("|"):
        yield from _wordings(written[: choice.start()] + option + written[choice.end() :])


@cache
def kind_cues() -> Phrasebook[Cue]:
    """The phrases that speak for a kind."""
    return Phrasebook(
        (phrase, Cue(group["name"], Kind(group["kind"]), group["weight"]))
        for group in _catalogue()["kind"]
        for phrase in group["phrases"]
    )


@cache
def sign_cues() -> Phrasebook[Sign]:
    """The phrases that are signs."""
    return Phrasebook((phrase, Sign(name)) for name, phrases in _catalogue()["sign"].items() for phrase in phrases)


@cache
def word_list(name: str) -> frozenset[str]:
    """A list of plain words."""
    return frozenset(_catalogue()["words"][name])


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("cues.toml").read_text("utf-8"))
