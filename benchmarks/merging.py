"""How well voices are merged: over insights said in many words and languages, and things that only look alike.

    python -m benchmarks.merging [--seeds 5]

The texts are our own (``benchmarks/insights/``). Each file is a community; within it, texts of a kind come in a random
order, and each is placed by the code that places voices: with the voice it surely says the same as, or by itself. A
merge is right where both texts say the same. Recall counts texts that could have been merged with an earlier one.
B-cubed F1 weighs both for every text. Thresholds are chosen on one half of the families and measured on the other.
"""

import argparse
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from adapters.language.hashing import Hashing
from adapters.language.identification import FastTextIdentifier
from adapters.language.models import load_embedders
from dialogue.meanings import Embedders
from knowledge_base import merging
from knowledge_base.circles import Circle
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.merging import Candidate, Meaning, Thresholds, Wording
from knowledge_base.speech import readable

FOLDER = Path(__file__).parent / "insights"
GRID = (0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90)


@dataclass(frozen=True)
class Text:
    """One way to say an insight. ``half``: its family's, so that what is chosen on one half is new to the other."""

    community: str
    insight: str
    kind: Kind
    half: int
    text: str
    language: str
    meaning: Meaning


def texts(embedders: Embedders) -> list[Text]:
    """All of them, with what they mean to these models."""
    kinds = {name: Kind(kind) for kind, names in _read("kinds").items() for name in names}
    identifier, found = FastTextIdentifier(), []
    for file in sorted(FOLDER.glob("*.toml")):
        for number, (family, insights) in enumerate(_read(file.stem).items() if file.stem != "kinds" else ()):
            for name, says in insights.items():
                for said in says:
                    language, text = (said[:2], said[4:]) if said[2:4] == ": " else ("en", said)
                    meaning = embedders.meaning(text, identifier.identify(readable(text)))
                    kind = kinds.get(f"{family}.{name}", Kind.PROBLEM)
                    insight = f"{file.stem}/{family}/{name}"
                    found.append(Text(file.stem, insight, kind, number % 2, text, language, meaning))
    return found


def _read(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@dataclass
class Score:
    """Merges that were right, of all that were made, of all that could be; and B-cubed over every text."""

    right: int = 0
    made: int = 0
    possible: int = 0
    b_precision: float = 0.0
    b_recall: float = 0.0
    count: int = 0

    @property
    def precision(self) -> float:
        """Of merges."""
        return self.right / self.made if self.made else 1.0

    @property
    def recall(self) -> float:
        """Of texts that could be merged."""
        return self.right / self.possible if self.possible else 1.0

    @property
    def b_cubed(self) -> float:
        """F1, in per cent."""
        precision, recall = self.b_precision / self.count, self.b_recall / self.count
        return 200 * precision * recall / (precision + recall)


def measure(
    said: Sequence[Text], limits: Mapping[str, Thresholds], seeds: int, *, words: bool = True, core: bool = True
) -> Score:
    """Place the texts of each community online, in as many orders as there are seeds."""
    score = Score()
    for community in sorted({text.community for text in said}):
        own = [text for text in said if text.community == community]
        for seed in range(seeds):
            order = own.copy()
            random.Random(f"{community} {seed}").shuffle(order)
            _place(order, limits, score, words=words, core=core)
    return score


def _place(order: Sequence[Text], limits: Mapping[str, Thresholds], score: Score, *, words: bool, core: bool) -> None:
    placed: list[str] = []
    for at, text in enumerate(order):
        earlier = list(zip(order[:at], placed, strict=True))
        same = _same(text, earlier, limits, words=words, core=core)
        placed.append(same.insight if same else str(at))
        score.possible += any(other.insight == text.insight for other, _ in earlier)
        score.made += same is not None
        score.right += same is not None and order[int(same.message)].insight == text.insight
    _add_b_cubed([text.insight for text in order], placed, score)


def _same(
    text: Text, earlier: Iterable[tuple[Text, str]], limits: Mapping[str, Thresholds], *, words: bool, core: bool
) -> Candidate | None:
    """As :func:`dialogue.capturing.placing.nearest_to` decides; without ``words``, by cosines alone; without ``core``,
    by the nearest voice alone."""
    known = list(enumerate(earlier))
    for embedding, alone in text.meaning.searches():
        limit = limits[embedding.model]
        lowest = min(limit.merge, limit.sharing, limit.across)
        candidates = [
            Candidate(
                InsightId(placed),
                other.kind,
                cosine,
                Circle("public"),
                partial(Wording, MessageId(str(at)), other.text if words else text.text, other.language),
            )
            for at, (other, placed) in known
            for cosine in [_cosine(embedding, other.meaning)]
            if cosine >= lowest and (not alone or other.meaning.is_of_one_model)
        ]
        nearest = sorted(candidates, key=lambda candidate: -candidate.cosine)[:20]
        merge = limit if words else replace(limit, sharing=limit.merge)
        for insight, same in merging.choices(text.kind, text.text, text.language, nearest, merge).items():
            enough = merging.merged_from(text.text, text.language, same.text, same.language, merge)
            if not core or merging.belongs(embedding.vector, _core(insight, known, embedding.model), enough):
                return same
    return None


def _core(insight: InsightId, known: Sequence[tuple[int, tuple[Text, str]]], model: str) -> Sequence[merging.Vector]:
    voices = (other.meaning.embeddings for _, (other, placed) in known if placed == insight)
    return [one.vector for each in voices for one in each if one.model == model][: merging.CORE]


def _cosine(one: merging.Embedding, meaning: Meaning) -> float:
    other = next((other for other in meaning.embeddings if other.model == one.model), None)
    return -1.0 if other is None else float(np.dot(one.vector, other.vector))


def _add_b_cubed(true: Sequence[str], found: Sequence[str], score: Score) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    insights: dict[str, list[int]] = defaultdict(list)
    for at, (insight, group) in enumerate(zip(true, found, strict=True)):
        groups[group].append(at)
        insights[insight].append(at)
    for insight, group in zip(true, found, strict=True):
        shared = sum(true[at] == insight for at in groups[group])
        score.b_precision += shared / len(groups[group])
        score.b_recall += shared / len(insights[insight])
        score.count += 1


def _all_at(merge: float) -> Thresholds:
    """Merging from one cosine on, whatever is shared; nothing else is asked."""
    return Thresholds(merge, merge, merge, suggest=0, answer=0, offer=0, like=0)


def table(title: str, said: Sequence[Text], model: str, seeds: int) -> None:
    """One model alone, at every threshold: by cosine alone, and with words compared."""
    own = [
        replace(text, meaning=Meaning(model, tuple(e for e in text.meaning.embeddings if e.model == model)))
        for text in said
    ]
    print(f"\n{title}: {len(own)} texts; each half: precision / recall / B-cubed F1")
    print("merge at | cosine alone, both halves | with words, first half | with words, second half")
    for threshold in GRID:
        limits = {model: _all_at(threshold)}
        alone = measure(own, limits, seeds, words=False)
        halves = [measure([text for text in own if text.half == half], limits, seeds) for half in (0, 1)]
        print(f"   {threshold:.2f}  | {shown(alone)} | " + " | ".join(map(shown, halves)))


def shown(score: Score) -> str:
    """As in the tables."""
    return f"{score.precision:6.1%} {score.recall:6.1%} {score.b_cubed:5.1f}"


def suggestions(title: str, said: Sequence[Text], model: str) -> None:
    """How often the nearest other voice says the same, and how many that say the same are among the nearest three."""
    print(f"\n{title}: suggested from | nearest one right | of texts with others, one among the nearest three")
    for threshold in GRID[:5]:
        right, made, found, possible = 0, 0, 0, 0
        for text in said:
            own = next((e for e in text.meaning.embeddings if e.model == model), None)
            others = [o for o in said if o is not text and o.community == text.community and o.kind is text.kind]
            if own is None:
                continue
            near = sorted(((_cosine(own, o.meaning), o.insight) for o in others), reverse=True)[:3]
            near = [pair for pair in near if pair[0] >= threshold]
            made += bool(near)
            right += bool(near) and near[0][1] == text.insight
            possible += any(o.insight == text.insight for o in others)
            found += any(insight == text.insight for _, insight in near)
        print(f"   {threshold:.2f} | {right / max(1, made):6.1%} of {made} | {found / possible:6.1%}")


def main() -> None:
    """Measure each model, then what is in use."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=5)
    seeds = arguments.parse_args().seeds
    embedders, fallback = load_embedders(), Embedders(Hashing())
    said, poor = texts(embedders), texts(fallback)
    english = [text for text in said if text.language == "en"]
    insights = len({text.insight for text in said})
    print(f"{len(said)} texts of {insights} insights in {len({text.language for text in said})} languages")
    main_, across = embedders.main.name, embedders.across
    table(f"{main_}, English", english, main_, seeds)
    suggestions(f"{main_}, English", english, main_)
    if across is not None:
        table(f"{across.name}, English", english, across.name, seeds)
        table(f"{across.name}, all languages", said, across.name, seeds)
        table(f"{across.name}, no English", [text for text in said if text.language != "en"], across.name, seeds)
        suggestions(f"{across.name}, all languages", said, across.name)
    table(f"{Hashing.name}, English", [text for text in poor if text.language == "en"], Hashing.name, seeds)
    suggestions(f"{Hashing.name}, English", [text for text in poor if text.language == "en"], Hashing.name)
    print("\nwhat is in use, all languages: precision / recall / B-cubed F1")
    for name, own, models in (("with the models", said, embedders), ("with the fallback alone", poor, fallback)):
        limits = {model.name: model.thresholds for model in models.models}
        print(f"{name}: {shown(measure(own, limits, seeds))}; by the nearest voice alone", end=" ")
        print(f"{shown(measure(own, limits, seeds, core=False))}; by cosine alone", end=" ")
        print(f"{shown(measure(own, limits, seeds, words=False))}; every text by itself", end=" ")
        print(shown(measure(own, dict.fromkeys(limits, _all_at(2.0)), 1)))


if __name__ == "__main__":
    main()
