"""Learns the kinds of messages from our own examples, and tells how well it does on what it has not seen.

    python -m training.kinds            # learns, writes the weights that ship, prints the held-out figures
    python -m training.kinds --dry-run  # prints the figures only

Both stages are softmax regressions, learned by Adam on all examples at once: no chance is involved but in how examples
are said again, and that has fixed seeds. Held out are whole product domains (for other languages and everyday phrases,
lines, with what says the same in another language) and whole templates. The second stage learns from what the first one
says of domains that *it* had not seen, and from the vectors of the embedder across languages.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adapters.language.universal import Universal
from dialogue.capturing.thinking import LOOKED_AT
from dialogue.ports import Embedder
from dialogue.understanding.grams import ROWS, facts
from dialogue.understanding.kinds import KINDS, OPINION_COUNTS, VECTOR_COUNTS, WEIGHTS, Floats, cued, gram_share
from dialogue.understanding.prepare import STATED_COLUMNS
from dialogue.understanding.reading import read
from knowledge_base.speech import readable, without_names
from training.kinds_examples import ANY_DOMAIN, FOLDS, LANGUAGES, Example, apart, filled, said_again, written

_OUT = Path(__file__).parents[1] / "dialogue" / "understanding" / WEIGHTS
_EPOCHS, _STEP, _DECAY = 60, 0.1, 2e-2
_HEAD_EPOCHS, _HEAD_STEP, _HEAD_DECAY = 300, 0.05, 3e-3

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]


class Sparse:
    """Texts as rows of facts with values: fact ``ids[n]`` of text ``texts[n]`` counts ``values[n]``, in text order."""

    def __init__(self, ids: Whole, texts: Whole, values: Floats, size: int) -> None:
        self.ids, self.texts, self.values, self.size = ids, texts, values, size

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Sparse":
        """What the first stage sees of these examples."""
        ids: list[int] = []
        texts: list[int] = []
        values: list[float] = []
        for number, example in enumerate(examples):
            seen = facts(read(example.text))
            ids += seen.plain + seen.grams
            texts += [number] * (len(seen.plain) + len(seen.grams))
            values += [1.0] * len(seen.plain) + [gram_share(seen)] * len(seen.grams)
        return cls(np.array(ids), np.array(texts), np.array(values, np.float32), len(examples))

    def only(self, chosen: Mask) -> "Sparse":
        """Some of the texts."""
        kept = chosen[self.texts]
        return Sparse(self.ids[kept], (np.cumsum(chosen) - 1)[self.texts[kept]], self.values[kept], int(chosen.sum()))

    def times(self, table: Floats) -> Floats:
        """The sums of each text, [texts, kinds]."""
        starts = np.searchsorted(self.texts, np.arange(self.size))
        sums: Floats = np.add.reduceat(table[self.ids] * self.values[:, None], starts, axis=0)
        return sums


def shares(sums: Floats) -> Floats:
    """Softmax over kinds."""
    odds = np.exp(sums - sums.max(axis=1, keepdims=True))
    made: Floats = odds / odds.sum(axis=1, keepdims=True)
    return made


def climb(weights: Floats, slope: Callable[[Floats], Floats], epochs: int, step: float) -> Floats:
    """Adam on the whole data, its step falling to nothing."""
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for epoch in range(1, epochs + 1):
        gradient = slope(weights)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        rate = step * (1 - epoch / (epochs + 1)) * np.sqrt(1 - 0.99**epoch) / (1 - 0.9**epoch)
        weights = weights - (rate * mean / (np.sqrt(square) + 1e-9)).astype(np.float32)
    return weights


def learn_table(data: Sparse, kinds: Whole, counts: Floats) -> Floats:
    """The first stage: a weight per fact and kind, [ROWS, kinds]."""
    used, places = np.unique(data.ids, return_inverse=True)
    small = Sparse(places, data.texts, data.values, data.size)
    order = np.argsort(places, kind="stable")
    starts = np.searchsorted(places[order], np.arange(len(used)))
    texts, values = data.texts[order], data.values[order][:, None]
    wanted = np.eye(len(KINDS), dtype=np.float32)[kinds]
    importance = (counts / counts.sum())[:, None].astype(np.float32)
    decay = np.float32(_DECAY * 100 / data.size)

    def slope(table: Floats) -> Floats:
        wrong = (shares(small.times(table)) - wanted) * importance
        made: Floats = np.add.reduceat(wrong[texts] * values, starts, axis=0) + decay * table
        return made

    table = np.zeros((ROWS, len(KINDS)), np.float32)
    table[used] = climb(table[used], slope, _EPOCHS, _STEP)
    return table


def learn_head(seen: Floats, kinds: Whole, counts: Floats) -> Floats:
    """The second stage: a weight per opinion, number of the vector, and one more, for each kind."""
    wanted = np.eye(len(KINDS), dtype=np.float32)[kinds]
    importance = (counts / counts.sum())[:, None].astype(np.float32)

    def slope(head: Floats) -> Floats:
        made: Floats = seen.T @ ((shares(seen @ head) - wanted) * importance) + np.float32(_HEAD_DECAY) * head
        return made

    return climb(np.zeros((seen.shape[1], len(KINDS)), np.float32), slope, _HEAD_EPOCHS, _HEAD_STEP)


def opinions(sums: Floats, vectors: Floats) -> Floats:
    """What the second stage sees."""
    odds = np.log(shares(sums) + 1e-12) * np.float32(OPINION_COUNTS)
    return np.hstack([odds, vectors * np.float32(VECTOR_COUNTS), np.ones((len(sums), 1), np.float32)])


def warmth(sums: Floats, kinds: Whole) -> float:
    """The temperature under which the right kinds are likeliest (Guo et al., 2017)."""
    if not len(kinds):
        return 1.0

    def surprise(by: float) -> float:
        return -float(np.log(shares(sums / np.float32(by))[np.arange(len(kinds)), kinds] + 1e-12).mean())

    return float(min(np.arange(0.3, 3.0, 0.02), key=surprise))


def calibration_error(made: Floats, kinds: Whole, bins: int = 15) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, over bins of equal width."""
    surely, right = made.max(axis=1), made.argmax(axis=1) == kinds
    into = np.minimum((surely * bins).astype(int), bins - 1)
    apart = [abs(surely[into == n].sum() - right[into == n].sum()) for n in range(bins)]
    return float(sum(apart) / len(kinds))


class Course:
    """All examples, and what is held out of what."""

    def __init__(self, across: Embedder) -> None:
        self._across = across
        by_hand = written()
        by_hand = apart(by_hand, np.array([across.embed(example.text) for example in by_hand]))
        self.examples = [*by_hand, *filled(), *said_again(by_hand)]
        self.kinds = np.array([KINDS.index(example.kind) for example in self.examples])
        self.counts = np.array([example.counts for example in self.examples], np.float32)
        self.folds = np.array([example.fold for example in self.examples])
        self.templates = np.array([-1 if e.template is None else e.template for e in self.examples])
        self.by_hand = np.arange(len(self.examples)) < len(by_hand)
        domains = [example.domain for example in self.examples]
        self.english = np.array([domain not in LANGUAGES for domain in domains])
        self.everyday = np.array([domain == ANY_DOMAIN for domain in domains])
        self.data = Sparse.of(self.examples)
        self.cued = np.array([cued(read(example.text)) for example in self.examples], np.float32)

    def meanings(self) -> Floats:
        """The vectors of all examples, of what is read of them live."""
        return np.array([self._across.embed(without_names(readable(example.text))) for example in self.examples])

    def learners(self, fold: int) -> Mask:
        """What may be learned from while a fold is held out."""
        chosen: Mask = (self.folds != fold) & (self.templates != fold)
        return chosen

    def held_out_sums(self) -> Floats:
        """What the first stage says of each example, having learned without its fold."""
        sums = np.zeros((len(self.examples), len(KINDS)), np.float32)
        for fold in range(FOLDS):
            learners, held = self.learners(fold), self.folds == fold
            table = learn_table(self.data.only(learners), self.kinds[learners], self.counts[learners])
            sums[held] = self.data.only(held).times(table)
        return sums + self.cued

    def held_out_head(self, seen: Floats) -> Floats:
        """The same for the second stage."""
        sums = np.zeros((len(self.examples), len(KINDS)), np.float32)
        for fold in range(FOLDS):
            learners, held = self.learners(fold), self.folds == fold
            sums[held] = seen[held] @ learn_head(seen[learners], self.kinds[learners], self.counts[learners])
        return sums + self.cued

    def looked_at(self, sums: Floats) -> Mask:
        """Those at which the second stage looks live, by what the first one says."""
        may: Mask = (shares(sums)[:, STATED_COLUMNS] >= LOOKED_AT).any(axis=1)
        return may

    def tell(self, name: str, sums: Floats) -> Floats:
        """Print the figures over what was written by hand; returns the temperatures without cues and with.

        The error of calibration is that of each fold under the temperatures of the others.
        """
        for group, chosen in (
            ("domains", self.by_hand & self.english & ~self.everyday),
            ("everyday", self.by_hand & self.everyday),
            ("languages", self.by_hand & ~self.english),
        ):
            made = np.zeros((len(sums), len(KINDS)), np.float32)
            for fold in range(FOLDS):
                others, here = chosen & (self.folds != fold), chosen & (self.folds == fold)
                made[here] = shares(sums[here] / self._by(self._warmths(sums, others), here))
            print(f"{name:12} {group:10} {_figures(made[chosen], self.kinds[chosen])}", flush=True)
        return self._warmths(sums, self.by_hand)

    def _warmths(self, sums: Floats, chosen: Mask) -> Floats:
        cued = self.cued.any(axis=1)
        return np.array([warmth(sums[group], self.kinds[group]) for group in (chosen & ~cued, chosen & cued)])

    def _by(self, warmths: Floats, chosen: Mask) -> Floats:
        by: Floats = warmths[self.cued[chosen].any(axis=1).astype(int)][:, None]
        return by


def _figures(made: Floats, kinds: Whole) -> str:
    said = made.argmax(axis=1)
    each = [
        200 * ((kinds == k) & (said == k)).sum() / max(1, (kinds == k).sum() + (said == k).sum())
        for k in range(len(KINDS))
    ]
    by_kind = " ".join(f"{kind.value} {value:.0f}" for kind, value in zip(KINDS, each, strict=True))
    right = 100 * (said == kinds).mean()
    return (
        f"{len(kinds)} accuracy {right:.1f} macro F1 {np.mean(each):.1f}"
        f" calibration error {calibration_error(made, kinds):.3f}; F1 {by_kind}"
    )


def main() -> None:
    """Learn both stages and write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--out", type=Path, default=_OUT)
    chosen = parser.parse_args()
    across = Universal()
    course = Course(across)
    print(f"{course.by_hand.sum()} lines written by hand, {len(course.examples)} examples in all")
    course.tell("cues alone", course.cued)
    first = course.held_out_sums()
    first_warmth = course.tell("first stage", first)
    seen = opinions(first, course.meanings())
    second = course.held_out_head(seen)
    head_warmth = course.tell("with meaning", second)
    course.tell("the cascade", np.where(course.looked_at(first)[:, None], second, first))
    learned: dict[str, NDArray[np.generic]] = {
        "table": learn_table(course.data, course.kinds, course.counts).astype(np.float16),
        "warmth": first_warmth,
        "model": np.array(across.name),
        "head": learn_head(seen, course.kinds, course.counts),
        "head_warmth": head_warmth,
    }
    if not chosen.dry_run:
        np.savez_compressed(chosen.out, **learned)
        print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
