from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.ids import MemberId
from knowledge_base.taggings import TAG_NAME, Given, Tagging, taggings

made = st.builds(
    Tagging,
    st.from_regex(TAG_NAME, fullmatch=True) | st.just(""),
    st.sampled_from(Given),
    st.from_regex("[0-9A-Za-z]{1,22}", fullmatch=True).map(MemberId),
)


@given(st.lists(made), st.lists(st.text()))
def test_taggings_are_found_again_among_other_reasons(expected: list[Tagging], others: list[str]) -> None:
    others = [other for other in others if not other.startswith("tagged: ")]
    reasons = [*others, *(tagging.as_reason() for tagging in expected), *others]

    assert list(taggings(reasons)) == expected


def test_what_a_text_says_is_never_taken_for_a_tagging() -> None:
    assert taggings(['text: problem: "tagged: x · reaction · m1"']) == ()
