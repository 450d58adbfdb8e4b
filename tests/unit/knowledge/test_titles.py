import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.titles import LONGEST, WORDLESS, title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The export drops my tags.", "The export drops my tags."),
        ("Hi all! The export drops my tags. Please help.", "The export drops my tags."),
        ("I have been using it for years now and like it. It drops my tags.", "It drops my tags."),
        ("broken", "broken"),
        ("", WORDLESS),
        ("```\nTraceback (most recent call last)\n```\nthe import fails on start", "the import fails on start"),
        ("> what others said about it\nI want dark mode too", "I want dark mode too"),
        ("エクスポートするとタグが消えます。困った。", "エクスポートするとタグが消えます。"),
        ("a " * 80, ("a " * 45).strip()[:89] + WORDLESS),
    ],
)
def test_a_title_is_the_shortest_sentence_that_stands_alone(text: str, title: str) -> None:
    assert title_of(text) == title


@given(st.text(max_size=500))
def test_a_title_is_short_an_extract_and_never_empty(text: str) -> None:
    title = title_of(text)

    assert 0 < len(title) <= LONGEST
    assert title.removesuffix(WORDLESS).rstrip() in " ".join(text.split())
