import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.custom_ids import CustomId, custom_id, parse

part = st.text(st.characters(exclude_characters=":"), max_size=30)


@given(part, part, part)
def test_what_was_put_in_comes_back(verb: str, subject: str, version: str) -> None:
    assert parse(custom_id(verb, subject, version)) == CustomId(verb, subject, version)


@given(st.text())
def test_nothing_a_platform_sends_breaks_it(text: str) -> None:
    parse(text)


@pytest.mark.parametrize("parts", [("plan", "a:b", "0"), ("plan", "x" * 100, "0")])
def test_what_could_not_come_back_is_refused(parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="not a custom id"):
        custom_id(*parts)
