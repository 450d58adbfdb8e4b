import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.extracts import tells
from knowledge_base.ids import MemberId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.titles import LONGEST, WORDLESS, Statement, best_title, summary, title_of

BREAKS = tells(Kind.PROBLEM)


def said(number: int, text: str) -> Statement:
    return Statement(MessageId(f"m{number}"), MemberId(f"p{number}"), text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The export drops my tags.", "The export drops my tags."),
        ("Hi all! The export drops my tags. Please help.", "The export drops my tags."),
        ("Hello everyone, the export drops my tags. Any ideas?", "the export drops my tags."),
        (
            "I am on Windows 11. The export drops my tags since the update.",
            "The export drops my tags since the update.",
        ),
        ("The export crashes on large files. Is anybody else seeing this here?", "The export crashes on large files."),
        (
            "Look at https://x.example/y for it. The export crashes on large files.",
            "The export crashes on large files.",
        ),
        ("broken", "broken"),
        ("", WORDLESS),
        ("```\nTraceback (most recent call last)\n```\nthe import fails on start", "the import fails on start"),
        ("> what others said about it\nthe dark mode is broken too", "the dark mode is broken too"),
        ("Same here! Is anyone else seeing this as well?", "Same here! Is anyone else seeing this as well?"),
        ("エクスポートするとタグが消えます。困った。", "エクスポートするとタグが消えます。"),
        ("a " * 80, ("a " * 50).strip()[:99] + WORDLESS),
    ],
)
def test_a_title_is_the_shortest_sentence_that_tells_what_is_broken(text: str, title: str) -> None:
    assert title_of(text, BREAKS) == title


@pytest.mark.parametrize(
    ("kind", "text", "title"),
    [
        (Kind.REQUEST, "We love it here. Please add a dark mode to the app.", "Please add a dark mode to the app."),
        (Kind.QUESTION, "I use the free plan. How do I export my data?", "How do I export my data?"),
    ],
)
def test_what_is_wanted_goes_before_what_is_told_beside_it(kind: Kind, text: str, title: str) -> None:
    assert title_of(text, tells(kind)) == title


@given(st.text(max_size=500))
def test_a_title_is_short_an_extract_and_never_empty(text: str) -> None:
    title = title_of(text, BREAKS)

    assert 0 < len(title) <= LONGEST
    assert title.removesuffix(WORDLESS).rstrip() in " ".join(text.split())


def test_a_title_gives_way_only_to_one_that_is_clearly_better() -> None:
    long = said(1, "The export to a spreadsheet file drops all of my tags every single time")
    little = said(2, "The spreadsheet export drops all of my tags every time I try")
    much = said(3, "The export drops my tags")
    assert best_title([long, little], MessageId("m1"), BREAKS).message == "m1"
    assert best_title([long, little, much], MessageId("m1"), BREAKS).message == "m3"
    assert best_title([said(1, "what is this"), little], MessageId("m1"), BREAKS).message == "m2"
    assert best_title([long, much], MessageId("gone"), BREAKS).message == "m3"


def test_a_summary_has_short_sentences_of_different_people_that_add_something() -> None:
    voices = [
        said(1, "The export drops my tags"),
        said(2, "The export drops all my tags"),
        said(3, "It fails for spreadsheets over ten megabytes. I am in a hurry."),
        said(4, "Since Monday every nightly backup crashes with it. It fails for spreadsheets over ten megabytes."),
        said(5, "same here, same here, same here"),
    ]
    told = summary(voices, ["The export drops my tags"], frozenset({MemberId("p1")}), BREAKS)
    assert [extract.text for extract in told] == ["It fails for spreadsheets over ten megabytes."]
    again = [*voices, said(3, "Android phones freeze when sharing the archive")]
    told = summary(again, ["The export drops my tags"], frozenset({MemberId("p1")}), BREAKS)
    assert len({extract.member for extract in told}) == len(told) <= 3


@given(st.lists(st.text(max_size=200), max_size=12))
def test_a_summary_is_made_of_extracts_and_at_most_three(texts: list[str]) -> None:
    voices = [said(number, text) for number, text in enumerate(texts)]
    told = summary(voices, [], frozenset(), BREAKS)
    assert len(told) <= 3
    for extract in told:
        source = next(voice.text for voice in voices if voice.message == extract.message)
        assert extract.text in " ".join(source.split())
        assert 8 <= len(extract.text) <= LONGEST
