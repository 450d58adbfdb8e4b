"""How near to a route's example is like it: ``python -m benchmarks.likeness``.

Twenty examples as admins may give them, each with five statements that mean it, three of them English, and two that lie
near but don't (``likeness.toml``); the statements of the others are other matters, too. Printed are, for thresholds on
the even topics and then on the odd ones, how many of what is like an example are found and how many of what is found
are: by each model over the languages it is for, and by both as routes ask them. Then the same where the example is an
insight of one, two or three of the statements, each choice of them, and the others are compared with it.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np

from adapters.language.identification import FastTextIdentifier
from adapters.language.minilm import MiniLM
from adapters.language.universal import Universal
from dialogue.meanings import Embedders
from knowledge_base.merging import Meaning, Vector

TOPICS: Final = Path(__file__).with_suffix(".toml")
STEPS: Final = tuple(round(0.25 + 0.025 * step, 3) for step in range(19))


@dataclass(frozen=True, slots=True)
class Pair:
    """An example and a statement: whether it means that, and the cosine by each model that knows both."""

    topic: int
    meant: bool
    cosines: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Topic:
    """An example, what means it, and what lies near."""

    example: str
    like: Sequence[str]
    near: Sequence[str]

    @property
    def texts(self) -> Sequence[str]:
        """All of it."""
        return [self.example, *self.like, *self.near]


def main() -> None:
    """Compare, print."""
    embedders, identifier = Embedders(MiniLM(), Universal()), FastTextIdentifier()
    topics = [Topic(**topic) for topic in tomllib.loads(TOPICS.read_text(encoding="utf-8"))["topic"]]
    texts = (text for topic in topics for text in topic.texts)
    said = {text: embedders.meaning(text, identifier.identify(text)) for text in texts}
    pairs = list(_pairs(topics, said))
    for title, first in (("even", 0), ("odd", 1)):
        half = [pair for pair in pairs if pair.topic % 2 == first]
        for model in embedders.models:
            known = [pair for pair in half if model.name in pair.cosines]
            for least in STEPS:
                _show(f"{title} {model.name} {least}", known, [pair.cosines[model.name] >= least for pair in known])
        _show(f"{title} as routes ask them", half, [_like(embedders, pair) for pair in half])
        for voices in (1, 2, 3):
            half = [pair for pair in _pairs_of_insights(topics, said, voices) if pair.topic % 2 == first]
            _show(f"{title} an insight of {voices} as example", half, [_like(embedders, pair) for pair in half])


def _pairs(topics: Sequence[Topic], said: Mapping[str, Meaning]) -> Iterator[Pair]:
    for number, topic in enumerate(topics):
        for other in topics:
            for text in (*other.like, *other.near):
                meant = other is topic and text in other.like
                yield Pair(number, meant, _cosines(_centre([said[topic.example]]), _centre([said[text]])))


def _pairs_of_insights(topics: Sequence[Topic], said: Mapping[str, Meaning], voices: int) -> Iterator[Pair]:
    for number, topic in enumerate(topics):
        for chosen in combinations(topic.like, voices):
            centre = _centre([said[text] for text in chosen])
            for other in topics:
                for text in (*other.like, *other.near):
                    if text not in chosen:
                        meant = other is topic and text in other.like
                        yield Pair(number, meant, _cosines(centre, _centre([said[text]])))


def _centre(voices: Sequence[Meaning]) -> Mapping[str, Vector]:
    """What voices mean on average to each model, as routes compare it."""
    vectors: dict[str, list[Vector]] = {}
    for voice in voices:
        for one in voice.embeddings:
            vectors.setdefault(one.model, []).append(one.vector)
    return {model: np.mean(those, axis=0, dtype=np.float32) for model, those in vectors.items()}


def _cosines(one: Mapping[str, Vector], other: Mapping[str, Vector]) -> Mapping[str, float]:
    return {model: float(np.dot(one[model], other[model])) for model in one.keys() & other.keys()}


def _like(embedders: Embedders, pair: Pair) -> bool:
    return any(cosine >= embedders.thresholds(model).like for model, cosine in pair.cosines.items())


def _show(title: str, pairs: Sequence[Pair], found: Sequence[bool]) -> None:
    right = sum(pair.meant for pair, hit in zip(pairs, found, strict=True) if hit)
    precision, recall = right / max(1, sum(found)), right / sum(pair.meant for pair in pairs)
    print(f"{title}: {recall:.0%} found, {precision:.0%} right, of {len(pairs)} pairs")


if __name__ == "__main__":
    main()
