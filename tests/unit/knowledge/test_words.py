"""Words that are known to be words, in any of their forms."""

import pytest

from knowledge_base.words import FILE, is_known, words_in
from training.words import words


@pytest.mark.parametrize("word", ["windows", "exports", "exported", "typeerror", "fehlermeldung", "проблема", "dont"])
def test_known(word: str) -> None:
    assert is_known(word)


@pytest.mark.parametrize("word", ["sineva", "bob", "anna", "porblem"])
def test_names_and_slips_are_none(word: str) -> None:
    assert not is_known(word)


def test_words_are_runs_of_letters() -> None:
    assert words_in("I don’t see v2_Export") == ["i", "dont", "see", "v", "export"]


def test_the_file_is_what_the_script_writes() -> None:
    assert FILE.read_text("utf-8") == words()
