"""Which earlier message a message answers or continues, or that it starts a conversation.

A log-linear model: every option's facts have weights, the heaviest option wins. One message at a time, in order, never
revised. The weights were learned from the reply links of the Ubuntu IRC disentanglement data (Kummerfeld et al., "A
Large-Scale Corpus for Conversation Disentanglement", ACL 2019; CC-BY 4.0) by ``training/reply_links.py``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import exp, fsum

from dialogue.understanding.features import Facts, Option, options
from dialogue.understanding.values import Judged, Prepared, Reason, Sign

_JOINING_WORDS = 4
_TOLD = 3
"""How many reasons are told."""


class Weights:
    """How much each fact says; one that was never learned says nothing."""

    def __init__(self, by_fact: Mapping[str, float]) -> None:
        self._by_fact = by_fact
        self.together = lru_cache(maxsize=1 << 13)(self._together)

    def of(self, fact: str) -> float:
        """How much one fact says."""
        return self._by_fact.get(fact, 0.0)

    def _together(self, facts: Facts) -> float:
        """How much a group of facts says; most groups come again and again."""
        return sum(map(self.of, facts))


@dataclass(frozen=True, slots=True)
class Link:
    """The parent (None: a new conversation), how sure (0 to 1), and the facts that spoke most for it."""

    parent: Judged | None
    confidence: float
    reasons: tuple[Reason, ...]


@cache
def learned_weights() -> Weights:
    """The weights that ship with the program."""
    text = files(__package__).joinpath("link_weights.json").read_text("utf-8")
    weights: dict[str, float] = json.loads(text)["weights"]
    return Weights(weights)


def link(recent: Sequence[Judged], message: Prepared, weights: Weights | None = None) -> Link:
    """The heaviest option; of equals the latest message."""
    known = learned_weights() if weights is None else weights
    choices = options(recent, message)
    if _only_joins(message) and len(choices) > 1:
        choices.pop()  # "same here" needs something before it
    scores = [sum(map(known.together, option.groups)) for option in choices]
    best = max(range(len(choices)), key=scores.__getitem__)
    confidence = 1.0 / fsum(exp(other - scores[best]) for other in scores)
    return Link(choices[best].parent, confidence, _reasons(choices[best], known))


def _only_joins(message: Prepared) -> bool:
    return Sign.JOINS in message.signs and message.length <= _JOINING_WORDS


def _reasons(option: Option, weights: Weights) -> tuple[Reason, ...]:
    told = sorted((Reason(fact, round(weights.of(fact), 2)) for fact in option.facts), key=lambda r: -r.weight)
    return tuple(told[:_TOLD])
