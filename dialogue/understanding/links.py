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
from operator import itemgetter
from typing import Final

import numpy as np

from dialogue.understanding.features import COLUMNS, EACH, Options, options
from dialogue.understanding.lines import Floats, Lines
from dialogue.understanding.telling import reasons
from dialogue.understanding.values import Judged, Prepared, Reason, Sign

FILE: Final = "link_weights.npz"

_JOINING_WORDS = 4
_BEST: Final = 16
"""How many options the networks after the first see."""

_EACH, _HERE = slice(len(EACH)), slice(len(EACH), None)
_NOTHING: Final = np.float32(0)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network with two hidden layers. ``weights``: float32[columns, columns of the next layer]."""

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]

    def scores(self, each: Floats, here: Floats) -> Floats:
        """How much speaks for each option: float32[n]; only differences mean something.

        ``each``: float32[len(EACH), n]. ``here``: float32[len(HERE), 1] for all options, or float32[len(HERE), n].
        """
        first, split = self.weights[0], len(EACH)
        layer = each.T @ first[:split]
        # what is the same for all options is weighed once
        layer += here.T @ first[split:] + self.biases[0]
        for weight, bias in zip(self.weights[1:], self.biases[1:], strict=True):
            layer = np.maximum(layer, _NOTHING, out=layer) @ weight
            layer += bias
        scored: Floats = layer[:, 0]
        return scored


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """A cascade: the first network sees every option, the others only those that it finds best.

    ``mean``, ``least``, ``most``: float32[len(COLUMNS), 1] of what was learned from. A number below the least or above
    the most says no more than these.
    """

    mean: Floats
    least: Floats
    most: Floats
    networks: tuple[Network, ...]

    def chances(self, choices: Options) -> Floats:
        """How likely each option is, among all of these: float32[n], together 1. The last one is never left out."""
        each, here = self._bounded(choices.each, _EACH), self._bounded(choices.here, _HERE)
        first, *others = self.networks
        scored = first.scores(each, here)
        if not others:
            return _chances(scored)
        start = len(scored) - 1
        some = [*np.negative(scored[:start]).argsort(kind="stable")[:_BEST].tolist(), start]
        narrowed, together = each[:, some], scored[some]
        for network in others:
            together += network.scores(narrowed, here)
        chances = np.zeros_like(scored)
        chances[some] = _chances(together / np.float32(len(self.networks)))
        return chances

    def scores(self, seen: Floats) -> Floats:
        """What the first network says of rows with all columns: float32[n]."""
        return self.networks[0].scores(self._bounded(seen.T[_EACH], _EACH), self._bounded(seen.T[_HERE], _HERE))

    def _bounded(self, seen: Floats, columns: slice) -> Floats:
        bounded: Floats = np.maximum(seen, self.least[columns])
        return np.minimum(bounded, self.most[columns], out=bounded)


def _chances(scores: Floats) -> Floats:
    """The probabilities that these scores mean."""
    odds = np.exp(scores - scores.max())
    chances: Floats = odds / odds.sum()
    return chances


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """The parent (None: a new conversation), how sure (0 to 1), and among which options it was taken."""

    parent: Judged | None
    confidence: float
    choices: Options
    taken: int
    ranker: Ranker

    def reasons(self) -> tuple[Reason, ...]:
        """What spoke most for it, strongest first."""
        chosen = np.concatenate((self.choices.each[:, self.taken], self.choices.here[:, 0]))
        return reasons(chosen, self.ranker.mean[:, 0], self.ranker.scores)


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
        networks = [
            Network(
                tuple(arrays[f"{n}.weight{layer}"] for layer in layers),
                tuple(arrays[f"{n}.bias{layer}"] for layer in layers),
            )
            for n in range(count)
        ]
        return Ranker(arrays["mean"], arrays["least"], arrays["most"], tuple(networks))


def link(lines: Lines, message: Prepared, ranker: Ranker | None = None) -> Link:
    """The likeliest parent in the likeliest conversation; of equals the latest."""
    known = learned() if ranker is None else ranker
    choices = options(lines, message)
    chances = known.chances(choices)
    if _only_joins(message) and choices.parents:
        chances[-1] = 0.0  # "same here" needs something before it
    best = _choice(choices, chances)
    parent = choices.parents[best] if best < len(choices.parents) else None
    return Link(parent, float(chances[best]), choices, best, known)


def _choice(choices: Options, chances: Floats) -> int:
    """A conversation is as likely as all of its messages together."""
    start, parents = len(choices.parents), choices.parents
    possible = [(n, float(chances[n])) for n in chances[:start].nonzero()[0].tolist()]
    together: dict[str, float] = {}
    for n, chance in possible:
        conversation = parents[n].conversation
        together[conversation] = together.get(conversation, 0.0) + chance
    likeliest = max(together, key=together.__getitem__, default="")
    if not together or chances[start] >= together[likeliest]:
        return start
    inside = [(n, chance) for n, chance in possible if parents[n].conversation == likeliest]
    return max(inside, key=itemgetter(1))[0]


def _only_joins(message: Prepared) -> bool:
    return Sign.JOINS in message.signs and message.length <= _JOINING_WORDS
