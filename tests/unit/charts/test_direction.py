"""What is read from the right is drawn from the left so that it is read the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.charts.direction import from_left


@pytest.mark.parametrize(
    ("read", "drawn"),
    [
        ("Export, 2", "Export, 2"),
        ("אבג", "גבא"),
        ("אב גד", "דג בא"),
        ("אב 12", "12 בא"),
        ("אב (גד)", "(דג) בא"),
        ("אב (CSV) ג", "ג (CSV) בא"),
        ("אב (CSV) 2", "2 (CSV) בא"),
        ("CSV (אב) PDF", "CSV (בא) PDF"),
        ("אב, 2 CSV (PDF)", "CSV (PDF) 2 ,בא"),
        ("CSV אב", "CSV בא"),
        ("CSV אב 12 גד", "CSV דג 12 בא"),
        ("CSV אב, PDF", "CSV בא, PDF"),
    ],
)
def test_names_are_turned_where_they_are_read_from_the_right(read: str, drawn: str) -> None:
    assert from_left(read) == drawn


def test_arabic_letters_are_joined() -> None:
    assert from_left("بحث") == "\ufe9a\ufea4\ufe91"


@given(st.text("abאבג12 (),"))
def test_no_letter_is_lost(text: str) -> None:
    swapped = str.maketrans("()", "((")
    assert sorted(from_left(text).translate(swapped)) == sorted(text.translate(swapped))
