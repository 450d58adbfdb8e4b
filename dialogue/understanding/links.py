"""Which earlier message a message answers or continues, or that it starts a conversation.

Small neural networks score options by what is seen of them (``features.py``): the first every one, the others its best,
and together they decide. One message at a time, in order, never revised. They were learned by
``training/reply_links.py`` from the reply links of the Ubuntu IRC disentanglement data (Kummerfeld et al., "A
Large-Scale Corpus for Conversation Disentanglement", ACL 2019; CC-BY 4.0) and from the raw dialogs of FRMiner (Shi et
al., ASE 2020; MIT).
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import numpy as np

from dialogue.understanding.features import COLUMNS, Options, options
from dialogue.understanding.lines import Floats, Lines
from dialogue.understanding.telling import reasons
from dialogue.understanding.values import Judged, Prepared, Reason, Sign

FILE: Final = "link_weights.npz"

_JOINING_WORDS = 4
_BEST: Final = 16
"""How many options the networks after the first see."""

FARTHEST: Final = 4.0
"""Standard deviations from the mean beyond which a number says no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A ranker with two hidden layers. ``mean`` and ``scale``: float32[len(COLUMNS)] of what it learned from."""

    mean: Floats
    scale: Floats
    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]

    def scores(self, seen: Floats) -> Floats:
        """How much speaks for each row of what is seen: float32[n]; only differences mean something."""
        layer = np.clip((seen - self.mean) * self.scale, -FARTHEST, FARTHEST)
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            layer = np.maximum(layer @ weight + bias, 0.0)
        scored: Floats = (layer @ self.weights[-1])[:, 0]
        return scored


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """A cascade: the first network sees every option, the others only those that it finds best."""

    networks: tuple[Network, ...]

    def chances(self, seen: Floats) -> Floats:
        """How likely each option is, among all of these: float32[n], together 1. The last one is never left out."""
        first, *others = self.networks
        scored = _logarithms(first.scores(seen))
        if not others:
            return np.exp(scored)
        some = np.sort(np.append(np.argsort(-scored[:-1], kind="stable")[:_BEST], len(seen) - 1))
        narrowed = seen[some]
        together = _logarithms(scored[some])
        for network in others:
            together = together + _logarithms(network.scores(narrowed))
        chances = np.zeros_like(scored)
        chances[some] = np.exp(_logarithms(together / np.float32(len(self.networks))))
        return chances


def _logarithms(scores: Floats) -> Floats:
    """Of the probabilities that these scores mean."""
    below = scores - scores.max()
    logarithms: Floats = below - np.log(np.exp(below).sum())
    return logarithms


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """The parent (None: a new conversation), how sure (0 to 1), and what was seen of it: float32[len(COLUMNS)]."""

    parent: Judged | None
    confidence: float
    seen: Floats
    ranker: Ranker

    def reasons(self) -> tuple[Reason, ...]:
        """What spoke most for it, strongest first."""
        first = self.ranker.networks[0]
        return reasons(self.seen, first.mean, first.scores)


@cache
def learned() -> Ranker:
    """The ranker that ships with the program."""
    return unpacked(files(__package__).joinpath(FILE).read_bytes())


def unpacked(data: bytes) -> Ranker:
    """A ranker from a file as ``training/reply_links.py`` writes it. Raises ValueError where columns don't agree."""
    with np.load(BytesIO(data)) as arrays:
        if tuple(arrays["columns"].tolist()) != COLUMNS:
            raise ValueError("the weights were learned from other columns than features.py gives")
        count, layers = int(arrays["networks"]), range(int(arrays["layers"]))
        return Ranker(
            tuple(
                Network(
                    arrays[f"{n}.mean"],
                    arrays[f"{n}.scale"],
                    tuple(arrays[f"{n}.weight{layer}"] for layer in layers),
                    tuple(arrays[f"{n}.bias{layer}"] for layer in layers),
                )
                for n in range(count)
            )
        )


def link(lines: Lines, message: Prepared, ranker: Ranker | None = None) -> Link:
    """The likeliest parent in the likeliest conversation; of equals the latest."""
    known = learned() if ranker is None else ranker
    choices = options(lines, message)
    chances = known.chances(choices.seen)
    if _only_joins(message) and choices.parents:
        chances[-1] = 0.0  # "same here" needs something before it
    best = _choice(choices, chances)
    parent = choices.parents[best] if best < len(choices.parents) else None
    return Link(parent, float(chances[best]), choices.seen[best], known)


def _choice(choices: Options, chances: Floats) -> int:
    """A conversation is as likely as all of its messages together."""
    together: dict[str, float] = {}
    for parent, chance in zip(choices.parents, chances.tolist(), strict=False):
        together[parent.conversation] = together.get(parent.conversation, 0.0) + chance
    likeliest = max(together, key=together.__getitem__, default="")
    start = len(choices.parents)
    if not together or chances[start] >= together[likeliest]:
        return start
    inside = [n for n, parent in enumerate(choices.parents) if parent.conversation == likeliest]
    return max(inside, key=chances.__getitem__)


def _only_joins(message: Prepared) -> bool:
    return Sign.JOINS in message.signs and message.length <= _JOINING_WORDS
