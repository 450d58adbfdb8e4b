import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.language.hashing import Hashing
from adapters.language.minilm import MiniLM
from adapters.language.models import load_embedders
from adapters.language.universal import Universal
from dialogue.ports import Embedder

TEXTS = [
    "",
    "   ",
    "\0\n",
    "\ud800",
    "😀",
    "how do i export my data?",
    "你好",
    "word " * 8000,
    "x" * 40_000,
]
needs_model = pytest.mark.skipif(not MiniLM.is_installed(), reason="the build hook has not written the model here")


needs_universal = pytest.mark.skipif(not Universal.is_installed(), reason="the build hook has not written it here")
EMBEDDERS = [
    pytest.param(MiniLM, marks=needs_model),
    pytest.param(Universal, marks=needs_universal),
    pytest.param(Hashing),
]


@pytest.fixture(scope="module", params=EMBEDDERS)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return request.param()


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_has_a_unit_vector(embedder: Embedder, text: str) -> None:
    vector = embedder.embed(text)
    assert vector.shape == (embedder.size,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_threads_see_the_same_vectors_as_one_caller(embedder: Embedder) -> None:
    texts = [f"question {i} about the export of data" for i in range(20)]
    alone = [embedder.embed(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(embedder.embed, texts))
    np.testing.assert_array_equal(alone, together)


@needs_model
@needs_universal
def test_nobody_is_told_what_model_runs_here(tmp_path: Path) -> None:
    """The library notes it, to be sent to its maker, in the user's cache."""
    code = "from adapters.language.models import load_embedders as load; [one.embed('hello') for one in load().models]"
    left_out = ("ORT_", "XDG_", "CI")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    subprocess.run([sys.executable, "-c", code], check=True, env={**environment, "HOME": str(tmp_path)})
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nearer_means_more_alike(embedder: Embedder) -> None:
    asked, same, other = map(
        embedder.embed,
        ["how do I export my data?", "exporting data: how does it work?", "the colours look nice today"],
    )
    assert asked @ same > asked @ other + 0.2


def test_thresholds_are_in_order(embedder: Embedder) -> None:
    limits = embedder.thresholds
    assert 1 > limits.merge > limits.suggest > 0
    assert 1 > limits.answer > limits.offer > 0


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=[])))
def test_hashing_takes_any_text(text: str) -> None:
    assert np.linalg.norm(Hashing().embed(text)) == pytest.approx(1, abs=1e-5)


def test_hashing_is_the_same_on_every_machine() -> None:
    vector = Hashing().embed("export")
    assert [int(i) for i in np.flatnonzero(vector)] == [25, 251, 303, 402, 660, 729]


def test_hashing_sees_through_case_and_typing_errors() -> None:
    embed = Hashing().embed
    np.testing.assert_array_equal(embed("Export FAILED"), embed("export failed!"))
    assert embed("the exports failed") @ embed("the export faild") > 0.2


@needs_model
def test_minilm_knows_synonyms() -> None:
    embed = MiniLM().embed
    assert embed("I can't log in") @ embed("sign-in does not work") > 0.5


@needs_universal
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the export drops my tags", "Beim Export gehen meine Schlagwörter verloren"),
        ("the app crashes when I open it", "la aplicación se cierra cuando la abro"),
        ("please add a dark mode", "ダークモードを追加してください"),
        ("I can't log in", "je n'arrive pas à me connecter"),
        ("the battery is empty after two hours", "аккумулятор садится через два часа"),
    ],
)
def test_universal_knows_the_same_in_another_language(one: str, other: str) -> None:
    embed = Universal().embed
    assert embed(one) @ embed(other) > embed(one) @ embed("wo finde ich meine Rechnungen?") + 0.3


@needs_universal
def test_what_universal_makes_of_a_text_stays_the_same_from_build_to_build() -> None:
    """Its largest numbers: they survive another processor's last bits."""
    vector = Universal().embed("the export drops my tags")
    for place, sign in ((4, -1), (103, 1), (171, -1), (225, 1), (338, -1), (355, -1), (367, -1), (438, -1)):
        assert vector[place] * sign > 0.08


@needs_model
@needs_universal
def test_the_models_are_used_where_they_are() -> None:
    loaded = load_embedders()
    assert loaded.name == "all-MiniLM-L6-v2-int8 + universal-multilingual-int8, without names"


def test_without_the_models_the_fallback_is_used_and_named(tmp_path: Path) -> None:
    assert load_embedders(tmp_path).name == "hashing, without names"
