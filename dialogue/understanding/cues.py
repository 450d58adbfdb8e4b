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
_STEM = 3
_INNERMOST_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """A group of phrases that speak for one kind, each by ``weight``. There is one object a group."""

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
        """Where a token leads."""
        if token in self.words:
            yield self.words[token]
        for stem, node in self.stems.items():
            if token.startswith(stem):
                yield node


_Places = tuple[tuple[_Node[Meaning], int], ...]


class _State(Generic[Meaning]):
    """All places at once to which the tokens so far may lead; a place behind a gap with how many more may be left out.

    ``meanings``: what is meant if a phrase ends here. States are made when a text first leads to them and kept, so most
    tokens cost one look-up: an automaton made on demand (Thompson, "Regular expression search algorithm", 1968).
    Whatever way leads to the same places leads to one state, in ``known``: there are only so many.
    """

    __slots__ = ("_known", "_next", "_places", "meanings")

    def __init__(self, places: "_Places[Meaning]", known: "dict[_Places[Meaning], _State[Meaning]]") -> None:
        self._places = places
        self._known = known
        self._next: dict[str, _State[Meaning] | None] = {}
        self.meanings = tuple(meaning for node, _ in places for meaning in node.meanings)
        known[places] = self

    def after(self, token: str) -> "_State[Meaning] | None":
        """The state after a token; None where no phrase goes on. One state a token, so only known ones may be given."""
        try:
            return self._next[token]
        except KeyError:
            places: list[tuple[_Node[Meaning], int]] = []
            for node, left_out in self._places:
                for after in node.after(token):
                    _reach(after, 0, places)
                if left_out:
                    _reach(node, left_out - 1, places)
            key = tuple(places)
            state = (self._known.get(key) or _State(key, self._known)) if places else None
            return self._next.setdefault(token, state)


def _reach(node: _Node[Meaning], left_out: int, places: list[tuple[_Node[Meaning], int]]) -> None:
    places.append((node, left_out))
    if node.gap is not None:
        _reach(node.gap, _LONGEST_GAP, places)


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
        root: _Node[Meaning] = _Node()
        self._words, stems = set[str](), set[str]()
        for written, meaning in entries:
            for wording in _wordings(written):
                node = root
                for word in wording:
                    node = node.grow(word)
                    self._words.add(word)
                    stems.update([word[:-1]] if word.endswith("*") else [])
                if meaning not in node.meanings:
                    node.meanings.append(meaning)
        self._states: dict[_Places[Meaning], _State[Meaning]] = {}
        self._start = _State(((root, 0),), self._states)
        # Most tokens are in no phrase: a look-up by first letters spares trying every stem.
        self._stems: dict[str, list[str]] = {}
        for stem in sorted(stems, key=len, reverse=True):
            self._stems.setdefault(stem[:_STEM], []).append(stem)

    def __len__(self) -> int:
        """How many states texts have led to so far."""
        return len(self._states)

    def found(self, tokens: Sequence[str]) -> list[Found[Meaning]]:
        """Every phrase that occurs, by where it begins, then by where it ends. Every message passes this loop."""
        found: list[Found[Meaning]] = []
        words, stems, first, length = self._words, self._stems, self._start.after, len(tokens)
        known = [
            token if token in words else self._stemmed(token) if token[:_STEM] in stems else "" for token in tokens
        ]
        for start, token in enumerate(known):
            state = first(token) if token else None
            at = start + 1
            while state is not None:
                if state.meanings:
                    found += [Found(meaning, start, at) for meaning in state.meanings]
                if at == length:
                    break
                state = state.after(known[at])
                at += 1
        return found

    def _stemmed(self, token: str) -> str:
        """What stands for every token that begins so: the longest stem, with an end that no token has."""
        return next((f"{stem}*" for stem in self._stems[token[:_STEM]] if token.startswith(stem)), "")


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
    groups = (
        (Cue(group["name"], Kind(group["kind"]), group["weight"]), group["phrases"]) for group in _catalogue()["kind"]
    )
    kinds = ((phrase, cue) for cue, phrases in groups for phrase in phrases)
    signs = ((phrase, Sign(name)) for name, phrases in _catalogue()["sign"].items() for phrase in phrases)
    return Phrasebook[Cue | Sign](chain(kinds, signs))


@cache
def word_list(name: str) -> frozenset[str]:
    """A list of plain words."""
    return frozenset(_catalogue()["words"][name])


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("cues.toml").read_text("utf-8"))
