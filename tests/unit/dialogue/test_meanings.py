"""Each text is asked of the models that can tell, and of nothing but what people say in it."""

from collections.abc import Sequence

import numpy as np
import pytest

from dialogue.meanings import REMEMBERED, Embedders
from dialogue.ports import Embedder
from knowledge_base.merging import Meaning, Thresholds


class Counting(Embedder):
    """Notes what it is asked."""

    size = 4
    thresholds = Thresholds(0.9, 0.9, 0.9, 0.8, 0.7, 0.6, 0.5)

    def __init__(self, name: str, languages: Sequence[str] | None = None) -> None:
        self.name = name
        self.languages = None if languages is None else frozenset(languages)
        self.asked: list[str] = []

    def embed(self, text: str) -> np.ndarray:
        self.asked.append(text)
        return np.eye(4, dtype=np.float32)[len(text) % 4]


@pytest.fixture
def both() -> Embedders:
    return Embedders(Counting("fine", ["en"]), Counting("broad", ["de", "en"]))


def models(meaning: Meaning) -> list[str]:
    return [embedding.model for embedding in meaning.embeddings]


def test_english_and_what_may_be_it_is_asked_of_both_models_other_languages_of_the_one_across(both: Embedders) -> None:
    assert models(both.meaning("it hangs", "en")) == ["fine", "broad"]
    assert models(both.meaning("404?", "und")) == ["broad", "fine"][::-1]
    assert models(both.meaning("es hängt", "de")) == ["broad"]
    assert models(both.nothing("de")) == ["broad"]
    assert both.main.asked == ["it hangs"]


def test_without_the_other_model_the_main_one_is_asked_about_everything() -> None:
    alone = Embedders(Counting("fine", ["en"]))
    assert models(alone.meaning("es hängt", "de")) == ["fine"]


def test_a_main_model_for_any_language_is_asked_about_everything() -> None:
    fallback = Embedders(Counting("rough"), Counting("broad", ["de"]))
    assert models(fallback.meaning("es hängt", "de")) == ["rough", "broad"]


def test_a_meaning_names_all_models_whichever_of_them_were_asked(both: Embedders) -> None:
    assert both.meaning("es hängt", "de").by == both.meaning("it hangs", "en").by == both.name
    assert both.name == "fine + broad, without names"


@pytest.mark.parametrize(
    "text", ["", "  ", "\0", "🎉🎉", "https://example.com/t/1", "```\nx = 1\n```", "404 ?!", "> quoted"]
)
def test_what_holds_no_word_of_the_speaker_means_nothing_and_is_not_asked(both: Embedders, text: str) -> None:
    meaning = both.meaning(text, "und")
    assert not any(embedding.vector.any() for embedding in meaning.embeddings)
    assert both.main.asked == []


def test_code_links_and_quotes_are_not_what_people_say(both: Embedders) -> None:
    both.meaning("> does it?\nit hangs ```while True: pass``` see https://example.com", "en")
    (asked,) = both.main.asked
    assert asked.split() == ["it", "hangs", "see"]


def test_whoever_it_is_said_to_it_means_the_same(both: Embedders) -> None:
    said = both.meaning("it hangs", "en")
    for spoken_to in (
        "sineva: it hangs",
        "sineva, it hangs",
        "@bob it hangs",
        "it hangs <@U123>",
        "> sure?\nbob: it hangs",
    ):
        assert np.array_equal(both.meaning(spoken_to, "en").embeddings[0].vector, said.embeddings[0].vector)
    both.example("sineva: it hangs", "en")
    both.meaning("Windows: it hangs", "en")
    assert {asked.strip() for asked in both.main.asked} == {"it hangs", "Windows: it hangs"}


def test_what_is_said_again_is_not_asked_again_and_memory_is_bounded(both: Embedders) -> None:
    for _ in range(1000):
        again = both.meaning("it hangs", "en")
    assert both.main.asked == ["it hangs"]
    assert again.embeddings[0].vector.any()
    for number in range(REMEMBERED):
        both.meaning(f"it hangs for {number}", "en")
    both.meaning("it hangs", "en")
    assert len(both.main.asked) == REMEMBERED + 2


def test_each_models_thresholds_are_its_own(both: Embedders) -> None:
    both.across.thresholds = Thresholds(0.5, 0.5, 0.5, 0.4, 0.3, 0.2, 0.2)
    assert both.thresholds("fine").merge == 0.9
    assert both.thresholds("broad").merge == 0.5


def test_a_cosine_of_another_model_is_as_far_from_where_it_merges(both: Embedders) -> None:
    assert both.as_main(0.65, enough=0.7) == 0.85
    assert both.as_main(0.65, enough=both.main.thresholds.merge) == 0.65


def test_the_model_asked_first_and_the_one_asked_about_every_text(both: Embedders) -> None:
    assert (both.finest("en").name, both.finest("de").name, both.of_every_text.name) == ("fine", "broad", "broad")
    alone = Embedders(Counting("fine", ["en"]))
    assert alone.finest("de") is alone.of_every_text is alone.main
