"""Small networks that learn to choose one of several options: numpy only, the same result for the same seed."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from dialogue.understanding.links import Network, Ranker
from training.choices import Choices

FARTHEST: Final = np.float32(4)
"""Standard deviations from the mean beyond which a number says no more."""

_HIDDEN: Final = (128, 48)
_AT_ONCE: Final = 384
_STEP: Final = 2e-3
_WARMING: Final = 200
_DECAY: Final = 1e-4
_DROPPED: Final = 0.15

Floats = npt.NDArray[np.float32]


def learn(choices: Choices, seed: int, epochs: int) -> Ranker:
    """One network, whose chances for the right options are as high as possible, together: softmax over each choice.

    Adam (Kingma and Ba, 2015) with dropout; a choice with several right options asks for any of them.
    """
    chance = np.random.default_rng(seed)
    sample = choices.seen[::11].astype(np.float32)
    mean, scale = sample.mean(0), np.float32(1) / (sample.std(0) + np.float32(1e-3))
    shape = (choices.seen.shape[1], *_HIDDEN, 1)
    weights = [
        (chance.standard_normal((rows, columns)) * np.sqrt(2 / rows)).astype(np.float32)
        for rows, columns in pairwise(shape)
    ]
    weights[-1] *= np.float32(0.1)
    biases = [np.zeros(columns, np.float32) for columns in shape[1:]]
    adam = _Adam([*weights, *biases], epochs * -(-len(choices.sizes) // _AT_ONCE))
    starts = np.concatenate([[0], np.cumsum(choices.sizes)[:-1]])
    for epoch in range(epochs):
        loss = 0.0
        order = chance.permutation(len(choices.sizes))
        for first in range(0, len(order), _AT_ONCE):
            some = order[first : first + _AT_ONCE]
            rows = np.concatenate([np.arange(starts[n], starts[n] + choices.sizes[n]) for n in some])
            seen = np.clip((choices.seen[rows].astype(np.float32) - mean) * scale, -FARTHEST, FARTHEST)
            layers, masks = _forward(seen, weights, biases, chance)
            slope, lost = _slope(layers[-1][:, 0], choices.right[rows], choices.sizes[some], choices.importance[some])
            loss += lost
            adam.step([*_gradients(slope[:, None], layers, masks, weights)], decayed=len(weights))
        print(f"seed {seed}, epoch {epoch + 1} of {epochs}: loss {loss / choices.importance.sum():.4f}", flush=True)
    return _ready(mean, scale, weights, biases)


def together(rankers: Sequence[Ranker]) -> Ranker:
    """Rankers that learned from the same choices, as one that asks one after the other."""
    first = rankers[0]
    return Ranker(first.mean, first.least, first.most, tuple(network for one in rankers for network in one.networks))


def _ready(mean: Floats, scale: Floats, weights: list[Floats], biases: list[Floats]) -> Ranker:
    """For numbers as they are seen: what was normalised while learning is part of bounds, weights and biases."""
    mean, scale = mean[:, None], scale[:, None]
    first = weights[0] * scale
    network = Network((first, *weights[1:]), (biases[0] - (mean.T @ first)[0], *biases[1:]))
    return Ranker(mean, mean - FARTHEST / scale, mean + FARTHEST / scale, (network,))


def _forward(
    seen: Floats, weights: list[Floats], biases: list[Floats], chance: np.random.Generator
) -> tuple[list[Floats], list[Floats]]:
    layers, masks = [seen], []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        mask = (chance.random((len(seen), len(bias)), dtype=np.float32) > _DROPPED) / np.float32(1 - _DROPPED)
        layers.append(np.maximum(layers[-1] @ weight + bias, 0) * mask)
        masks.append(mask)
    layers.append(layers[-1] @ weights[-1] + biases[-1])
    return layers, masks


def _slope(
    scores: Floats, right: npt.NDArray[np.bool_], sizes: npt.NDArray[np.int64], importance: Floats
) -> tuple[Floats, float]:
    """The loss's slope for each option's score, and the loss."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
    chances = odds / np.repeat(np.add.reduceat(odds, starts), sizes)
    hit = np.add.reduceat(chances * right, starts)
    wanted = chances * right / np.repeat(hit + np.float32(1e-9), sizes)
    slope = (chances - wanted) * np.repeat(importance / np.float32(len(sizes)), sizes)
    return slope.astype(np.float32), -float((np.log(hit + 1e-9) * importance).sum())


def _gradients(slope: Floats, layers: list[Floats], masks: list[Floats], weights: list[Floats]) -> list[Floats]:
    """Of every weight, then of every bias."""
    by_weight: list[Floats] = []
    by_bias: list[Floats] = []
    for number in range(len(weights) - 1, -1, -1):
        by_weight.insert(0, layers[number].T @ slope)
        by_bias.insert(0, slope.sum(0))
        if number:
            slope = (slope @ weights[number].T) * masks[number - 1] * (layers[number] > 0)
    return [*by_weight, *by_bias]


class _Adam:
    """The optimiser, with a step that warms up and then falls as a cosine; changes the parameters in place."""

    def __init__(self, parameters: list[Floats], steps: int) -> None:
        self._parameters = parameters
        self._steps = steps
        self._taken = 0
        self._mean = [np.zeros_like(one) for one in parameters]
        self._square = [np.zeros_like(one) for one in parameters]

    def step(self, gradients: list[Floats], decayed: int) -> None:
        """One step; the first ``decayed`` parameters are also drawn towards nothing."""
        self._taken += 1
        falling = max(0.02, 0.5 * (1 + np.cos(np.pi * self._taken / self._steps)))
        rate = np.float32(_STEP * min(1.0, self._taken / _WARMING) * falling)
        early, late = np.float32(1 - 0.9**self._taken), np.float32(1 - 0.999**self._taken)
        for n, gradient in enumerate(gradients):
            self._mean[n] += np.float32(0.1) * (gradient - self._mean[n])
            self._square[n] += np.float32(0.001) * (gradient * gradient - self._square[n])
            self._parameters[n] -= rate * (self._mean[n] / early) / (np.sqrt(self._square[n] / late) + np.float32(1e-8))
            if n < decayed:
                self._parameters[n] *= np.float32(1) - rate * np.float32(_DECAY)
