"""What is said, without the names of those who are spoken to: told by the text alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.speech import READ, parted, readable, without_names

SPOKEN_TO = (
    ("sineva: the export fails", "the export fails"),
    ("sineva, the export fails", "the export fails"),
    ("Sineva : the export fails", "the export fails"),
    ("@sineva: the export fails", "the export fails"),
    ("@bob: the export fails", "the export fails"),
    ("bob: sineva: the export fails", "the export fails"),
    ("bob2, the export fails", "the export fails"),
    ("tux_: the export fails", "the export fails"),
    ("light_: the export fails", "the export fails"),
    ("sinope[crashed]: no", "no"),
    ("LinuxParsnip: no", "no"),
    ("Саша: не работает", "не работает"),
)
NOT_SPOKEN_TO = (
    "Windows: the export fails",
    "iPhone 12: crash on start",
    "iphone: crash on start",
    "login: the button is gone",
    "note: only on Mondays",
    "Question: how do I export",
    "Frage: wie geht das",
    "Вопрос: как",
    "質問: どうすれば",
    "TypeError: x is undefined",
    "NullPointerException: at Main",
    "ENOENT: no such file",
    "build-server: no space left",
    "E1042: what is that",
    "v2: nothing",
    "404: not found",
    "config.py: line 3",
    "yes, it fails",
    "usually, it fails",
    "leider, ja",
    "l'export : vide",
    "the export fails: nothing happens",
    "npm can't find @angular/core",
    "mail me at a@b.example",
)


@pytest.mark.parametrize(("text", "said"), SPOKEN_TO)
def test_names_in_front_are_left_out(text: str, said: str) -> None:
    assert without_names(text) == said


@pytest.mark.parametrize("text", NOT_SPOKEN_TO)
def test_a_word_in_front_is_no_name(text: str) -> None:
    assert without_names(text) == text


def test_who_is_mentioned_is_left_out_wherever() -> None:
    said, names = parted("sineva: ask @Bob or <@U123>, they know")
    assert said.split() == ["ask", "or", ",", "they", "know"]
    assert names == ["sineva", "Bob", "U123"]


def test_what_is_quoted_linked_or_pasted_is_not_said() -> None:
    assert readable("> sure?\nno, see https://example.com/a `x = 1`").split() == ["no,", "see"]


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=[])))
def test_the_rest_is_said_as_it_stands(text: str) -> None:
    said = without_names(text)
    assert len(said) <= READ
    assert all(word in text for word in said.split())
