import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.markdown import escaped, fitted


def read(shown: str) -> str:
    """What people read: a backslash before a mark is not seen."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", shown)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("**bold** _it_ ~~gone~~", r"\*\*bold\*\* \_it\_ \~\~gone\~\~"),
        ("`code` ||spoiler||", r"\`code\` \|\|spoiler\|\|"),
        ("[a](http://evil.example)", r"\[a\](http://evil.example)"),
        ("<@1001> <#1> <t:0>", r"\<@1001\> \<#1\> \<t:0\>"),
        (
            "# big\n## less\n-# small\n- one\n+ two\n> said",
            "\\# big\n\\## less\n\\-# small\n\\- one\n\\+ two\n\\> said",
        ),
        ("1. one\n2) two", "1\\. one\n2\\) two"),
        ("a - b # c + d 1. e", "a - b # c + d 1. e"),
        ("see https://a.b/c_d_e?x=*y", r"see https://a.b/c_d_e?x=\*y"),
        ("https://a.b/c_d\n# big", "https://a.b/c_d\n\\# big"),
        ("C:\\temp", r"C:\\temp"),
    ],
)
def test_marks_have_no_effect_and_links_stay_links(said: str, shown: str) -> None:
    assert escaped(said) == shown


@given(st.text())
def test_any_text_is_read_as_it_was_said(said: str) -> None:
    assert read(escaped(said)) == said


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_what_is_cut_fits_and_says_that_it_was_cut(said: str, limit: int) -> None:
    shown = fitted(said, limit)
    assert len(shown) <= limit
    assert shown == escaped(said) or shown.endswith("…")


def test_a_cut_comes_after_a_sentence() -> None:
    assert fitted("The first one. The second one is longer.", 25) == "The first one.…"
