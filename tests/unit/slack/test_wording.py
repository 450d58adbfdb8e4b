"""Slack's way of writing, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.wording import escaped, link_to, linked, readable

NAMES = {"U1": "Anna"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U1> and <@U2|ben> and <@U3>", "@Anna and @ben and @U3"),
        ("<#C1|help> <#C2>", "#help #C2"),
        ("<!channel> <!subteam^S1|@support> <!subteam^S2>", "@channel @support @S2"),
        ("<!date^1700000000^{date}|yesterday>", "yesterday"),
        ("<https://a.example|a.example> <https://a.example>", "https://a.example https://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<https://a.example/?a=1&amp;b=2|here>", "here (https://a.example/?a=1&b=2)"),
        ("&amp;lt; &lt;@U1&gt;", "&lt; <@U1>"),
    ],
)
def test_text_is_read_as_people_see_it(written: str, read: str) -> None:
    assert readable(written, NAMES) == read


@given(st.text())
def test_whatever_is_escaped_is_read_as_it_was(text: str) -> None:
    assert readable(escaped(text), NAMES) == text
    assert not {"<", ">"} & set(escaped(text))


def test_a_link_names_the_message_it_was_made_of() -> None:
    link = link_to("https://test.slack.com/", "C1", "1700000000.000100", "1600000000.000001")
    assert linked(f"look at {link}") == ("C1", "1700000000.000100")
    assert linked("https://test.slack.com/archives/C1") is None
