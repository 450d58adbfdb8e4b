"""How long a text takes to embed, by each model: one text a call, on one thread.

    python -m benchmarks.embedding [--texts 300]

Texts are different each time, of 3, 12 and 60 words, and one of 40,000 characters. Processor time, best of five
rounds: the machine may have other work.
"""

import argparse
import random
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from adapters.language.hashing import Hashing
from adapters.language.models import load_embedders
from dialogue.ports import Embedder

ROUNDS = 5


def sayings(words: int, count: int, seed: int = 1) -> list[str]:
    """Texts of so many words, put together from what the made-up members say."""
    chat = tomllib.loads(Path(__file__).with_name("chat.toml").read_text("utf-8"))
    said = [word for kind in chat.values() if "says" in kind for text in kind["says"] for word in text.split()]
    chance = random.Random(seed)
    return [" ".join(chance.choices(said, k=words)) for _ in range(count)]


def best(embedder: Embedder, texts: Sequence[str]) -> float:
    """Milliseconds a text, in the best round."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for text in texts:
            embedder.embed(text)
        rounds.append(time.process_time() - started)
    return min(rounds) / len(texts) * 1000


def main() -> None:
    """Measure each model."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--texts", type=int, default=300)
    count = arguments.parse_args().texts
    for embedder in (*load_embedders().models, Hashing()):
        embedder.embed("the first one loads the model")
        for words in (3, 12, 60):
            took = best(embedder, sayings(words, count))
            print(f"{embedder.name}: {words} words, {took:.2f} ms, {1000 / took:.0f} texts/s", flush=True)
        long = " ".join(sayings(10_000, 1))[:40_000]
        print(f"{embedder.name}: 40,000 characters, {best(embedder, [long]):.1f} ms", flush=True)


if __name__ == "__main__":
    main()
