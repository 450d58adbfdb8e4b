"""What somebody says about whether a solution worked: read clause by clause, because the last word counts.

"It did not help at first, but now it works" and "it worked, but it is back" hold the same cues.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from dialogue.understanding.cues import Phrasebook, cues
from dialogue.understanding.tokens import START, tokens
from dialogue.understanding.values import Sign
from knowledge_base.speech import readable

KEPT = 2_000
"""Texts whose reading is kept: a conversation is read again whenever something in it may have been settled."""


class Verdict(StrEnum):
    """What a message says of the solution before it."""

    WORKED = "worked"
    FAILED = "failed"
    THANKED = "thanked"
    NONE = "none"


class Meaning(StrEnum):
    """What a phrase of ``outcomes.toml`` means; the values are the names of its lists."""

    WORKED = "worked"
    FAILED = "failed"
    THANKED = "thanked"
    AHEAD = "ahead"
    IRONIC = "ironic"
    TRYING = "trying"
    UNREAL = "unreal"
    FOUND = "found"
    ANOTHER = "another"
    STALLING = "stalling"
    ADVISES = "advises"


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as read for what it says of a solution.

    ``found``: they found it out. ``told``: how many words it has beyond such phrases. ``asks``: some clause asks.
    ``another``: a new matter begins. ``stalls``: it puts off or takes part, but helps nobody yet. ``advises``: it says
    what to do. ``refuses``: it begins with a no. ``personal``: they speak of themselves.
    """

    verdict: Verdict
    found: bool
    told: int
    asks: bool
    another: bool
    stalls: bool
    advises: bool
    refuses: bool
    personal: bool


_TOO_LITTLE = frozenset({"nope", "perfect", "makes sense", "ah ok", "ah that", "have it working"})
"""Phrases of the signs of ``cues.toml`` that are too little to say that something worked or failed."""

_TELLING = frozenset({Sign.THANKS, Sign.CONFIRMS, Sign.DENIES})
_SIGNS = {Sign.CONFIRMS: Meaning.WORKED, Sign.DENIES: Meaning.FAILED}
_CRY = 3
"""Words."""


@lru_cache(maxsize=KEPT)
def read_verdict(text: str, signs: frozenset[Sign] = frozenset(Sign)) -> Reading:
    """What a text says of the solution before it. A question says nothing of it, nor does a hope or a memory.

    ``signs``: those that the text may have, which saves looking for others.
    """
    telling = bool(signs & _TELLING)
    said = tokens(readable(text))
    clauses = [_read(clause, telling=telling) for clause in _clauses(said)]
    meanings = frozenset().union(*(clause.meanings for clause in clauses)) if clauses else frozenset()
    return Reading(
        verdict=_last(clauses),
        found=Meaning.FOUND in meanings,
        told=sum(clause.told for clause in clauses),
        asks=any(clause.asks for clause in clauses),
        another=Meaning.ANOTHER in meanings,
        stalls=Meaning.STALLING in meanings,
        advises=Meaning.ADVISES in meanings,
        personal=not _words("self").isdisjoint(said),
        refuses=len(said) > 1 and said[1] in _words("no"),
    )


@dataclass(frozen=True, slots=True)
class _Clause:
    verdict: Verdict
    meanings: frozenset[Meaning]
    told: int
    asks: bool


def _last(clauses: Sequence[_Clause]) -> Verdict:
    """The last that says whether it worked; without one, whether there was thanks that stand for it."""
    decisive = [clause.verdict for clause in clauses if clause.verdict in (Verdict.WORKED, Verdict.FAILED)]
    if decisive:
        return decisive[-1]
    waits = any(clause.meanings & {Meaning.TRYING, Meaning.IRONIC} for clause in clauses)
    thanked = any(clause.verdict is Verdict.THANKED for clause in clauses)
    return Verdict.THANKED if thanked and not waits else Verdict.NONE


def _signs(clause: Sequence[str]) -> Iterator[tuple[Sign, str]]:
    for found in cues().found(clause):
        if isinstance(found.meaning, Sign):
            yield found.meaning, found.said(clause)


def _read(clause: Sequence[str], *, telling: bool) -> _Clause:
    meanings, covered, thanks = set[Meaning](), set[str](), False
    for found in _book().found(clause):
        meanings.add(found.meaning)
        if found.meaning is not Meaning.ADVISES:
            covered.update(found.said(clause).split())
    for sign, phrase in _signs(clause) if telling else ():
        if sign in _SIGNS and phrase not in _TOO_LITTLE:
            meanings.add(_SIGNS[sign])
        thanks = thanks or sign is Sign.THANKS
        if sign in (Sign.THANKS, Sign.CONFIRMS):
            covered.update(phrase.split())
    if _is_imperative(clause):
        meanings.add(Meaning.ADVISES)
    asks = "?" in clause
    words = [word for word in clause if word not in (START, "?", "!")]
    pleased = bool(words) and words[0] in _words("pleased") and len(words) <= _CRY
    verdict = Verdict.NONE if asks else _verdict(meanings, thanks=thanks or pleased or Meaning.THANKED in meanings)
    return _Clause(verdict, frozenset(meanings), sum(word not in covered for word in words), asks)


def _is_imperative(clause: Sequence[str]) -> bool:
    """Whether a sentence begins as an order does: "wash the plate", "log out and in"."""
    words = [word for word in clause[1:4] if word not in _words("softeners")]
    return (
        len(words) > 1
        and words[1] in _words("objects")
        and words[0] not in _words("no_orders")
        and not words[0].endswith(("ed", "ing"))
    )


def _verdict(meanings: set[Meaning], *, thanks: bool) -> Verdict:
    if Meaning.FAILED in meanings:
        return Verdict.FAILED
    if Meaning.IRONIC in meanings:
        return Verdict.NONE
    if Meaning.WORKED in meanings and Meaning.UNREAL not in meanings:
        return Verdict.WORKED
    return Verdict.THANKED if thanks and Meaning.AHEAD not in meanings else Verdict.NONE


def _clauses(said: Sequence[str]) -> Iterator[list[str]]:
    """The sentences of a text, parted also where a word turns what was said; each between two ``START``."""
    clause = [START]
    for token in said:
        if token in _words("turns") or token == START:
            if len(clause) > 1:
                yield [*clause, START]
            clause = [START]
        else:
            clause.append(token)
    if len(clause) > 1:
        yield [*clause, START]


@cache
def _book() -> Phrasebook[Meaning]:
    return Phrasebook(
        (phrase, Meaning(name)) for name, phrases in _catalogue()["meaning"].items() for phrase in phrases
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_catalogue()["words"][name])


@cache
def _catalogue() -> Mapping[str, Mapping[str, Sequence[str]]]:
    catalogue: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
        files(__package__).joinpath("outcomes.toml").read_text("utf-8")
    )
    return catalogue
