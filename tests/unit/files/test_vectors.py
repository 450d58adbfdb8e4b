"""A vector that was made once is read from disk, as it was."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np
import pytest

from adapters.files.vectors import Recalling
from dialogue.ports import Embedder
from knowledge_base.merging import Thresholds, Vector
from tests.disk import files_may_not_grow_beyond


class Noting(Embedder):
    """Notes what it is asked."""

    name, size, languages = "noting", 384, frozenset({"en"})
    thresholds = Thresholds(0.9, 0.9, 0.9, 0.8, 0.7, 0.6, 0.5)

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, text: str) -> Vector:
        self.asked.append(text)
        return np.random.default_rng(Random(repr(text)).randrange(2**32)).standard_normal(self.size).astype(np.float32)


@pytest.fixture
def noting() -> Noting:
    return Noting()


def is_as_made(vector: Vector, text: str) -> bool:
    return vector.dtype == np.float32 and np.array_equal(vector, Noting().embed(text))


def test_a_text_is_asked_once_however_many_were_asked_since(noting: Noting) -> None:
    recalling, texts = Recalling(noting), [f"it hangs for {number} days" for number in range(3_000)]
    for _ in range(3):
        assert all(is_as_made(recalling.embed(text), text) for text in texts)
    assert noting.asked == texts


def test_any_text_is_told_from_every_other(noting: Noting) -> None:
    recalling = Recalling(noting)
    texts = ["", "\0", "a", "a\0", "a?", "a\ud800", "a\ufffd", "A", "İ", "i̇", "a" * 40_000, "a" * 40_001]
    for text in (*texts, *texts):
        assert is_as_made(recalling.embed(text), text)
    assert noting.asked == texts


def test_what_is_kept_is_bounded(noting: Noting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.files.vectors.MOST", 3)
    recalling = Recalling(noting)
    for text in "abcd" * 2:
        assert is_as_made(recalling.embed(text), text)
    assert noting.asked == [*"abcd", "d"]


def test_it_may_be_asked_from_another_thread_then(noting: Noting) -> None:
    recalling = Recalling(noting)
    recalling.embed("a")
    with ThreadPoolExecutor(1) as other:
        assert is_as_made(other.submit(recalling.embed, "a").result(), "a")
    assert noting.asked == ["a"]


def test_it_is_known_as_the_model_it_asks(noting: Noting) -> None:
    recalling = Recalling(noting)
    for told in ("name", "size", "languages", "thresholds"):
        assert getattr(recalling, told) == getattr(noting, told)


def test_where_the_disk_is_full_vectors_are_made_again(noting: Noting) -> None:
    recalling, texts = Recalling(noting), [f"it hangs for {number} days" for number in range(3_000)]
    with files_may_not_grow_beyond(1 << 20):
        assert all(is_as_made(recalling.embed(text), text) for text in (*texts, *texts))
    assert len(texts) < len(noting.asked) <= 2 * len(texts)
    del noting.asked[:]
    for _ in range(2):
        assert is_as_made(recalling.embed("it hangs"), "it hangs")
    assert noting.asked == ["it hangs", "it hangs"]
