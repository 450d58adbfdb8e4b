"""What is near in meaning and yet not the same."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.circles import Circle
from knowledge_base.contrasts import Contrast, contrast, traits
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.merging import SETTLED, Candidate, Thresholds, Vector, Wording, belongs, choices

LIMITS = Thresholds(merge=0.7, sharing=0.7, across=0.7, suggest=0.5, answer=0.6, offer=0.5, like=0.5)
LOG = "2026-03-02 10:14:55 ERROR worker-{n} write failed: No space left on device (/var/lib/app/data) {more}\n"
PASTED = "\n".join(f"worker {name} could not open the socket of its neighbour" for name in ("alpha", "beta", "gamma"))


def between(one: str, other: str) -> Contrast | None:
    found = contrast(traits(one), traits(other))
    assert contrast(traits(other), traits(one)) is found
    return found


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("please add dark mode", "please remove dark mode", Contrast.OPPOSITES),
        ("the left earbud is dead", "no sound from the right side", Contrast.OPPOSITES),
        ("the upload works", "the upload does not work", Contrast.DENIAL),
        ("the game crashes on startup", "the game no longer crashes on startup", Contrast.DENIAL),
        ("the login page is broken", "the settings page is broken", Contrast.FRAME),
        ("does it run on windows?", "does it run on linux?", Contrast.FRAME),
        ("Windows: the export hangs", "Linux: the export hangs", Contrast.FRAME),
        ("bitte PayPal anbieten", "bitte Klarna anbieten", Contrast.FRAME),
        (
            "the export fails with: undefined is not a function",
            "search breaks: undefined is not a function",
            Contrast.FRAME,
        ),
        (f"the login fails\n\n{PASTED}", f"invoices are printed twice\n\n{PASTED}", Contrast.FRAME),
        ("upload fails with E1042", "upload fails with E2077", Contrast.NUMBERS),
        ("since 3.2 my plugin is broken", "my plugin is broken since 4.0", Contrast.NUMBERS),
        ("E7 on level 82 with my s4", "E9 on level 82 with my s4", Contrast.NUMBERS),
        ("use kilograms instead of pounds", "use pounds instead of kilograms", Contrast.ORDER),
        ("😡😡😡", "🎉🎉", Contrast.SILENT),
        ("", "the export hangs", Contrast.SILENT),
        (LOG.format(n=3, more=""), LOG.format(n=3, more="").replace("55", "56"), Contrast.NUMBERS),
    ],
)
def test_what_speaks_against_the_same(one: str, other: str, why: Contrast) -> None:
    assert between(one, other) is why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the export drops my tags", "The export drops my tags!!"),
        ("search takes forever", "searching is painfully slow"),
        ("printing does not work", "printing is broken"),
        ("the battery is empty after two hours", "der Akku ist nach zwei Stunden leer"),
        ("I can't log in, it says wrong password", "it keeps telling me my pasword is wrong"),
        ("csv export please", "please add a csv export option"),
        ("how can I set the root password?", "guys, how do i set a root passwd the first time i install it"),
        ("it freezes on level 82", "each time I use the rocket on level 82 it freezes, on my s4 too"),
        ("sineva: the export hangs", "@bob the export hangs"),
        ("the export drops my tags", "the tags are gone in the export"),
        (f"the login fails\n\n{PASTED}", f"my login does not work:\n{PASTED}"),
        ("the login fails\n\nThanks!", "I can't sign in\n\nThanks!"),
        ("Hi\nthe export crashes on big files", "Hi\nsaving large documents kills the app"),
        ("```\nthe export crashes\n```", "```\nsaving kills the app\n```"),
    ],
)
def test_other_words_for_the_same_thing_are_no_contrast(one: str, other: str) -> None:
    assert between(one, other) is None


def candidate(insight: str, cosine: float, text: str, kind: Kind = Kind.PROBLEM, language: str = "en") -> Candidate:
    wording = Wording(MessageId(f"m{cosine}"), text, language)
    return Candidate(InsightId(insight), kind, cosine, Circle("public"), lambda: wording)


def chosen(text: str, candidates: Sequence[Candidate], kind: Kind = Kind.PROBLEM) -> list[Candidate]:
    return list(choices(kind, text, "en", candidates, LIMITS).values())


def test_the_nearest_that_does_not_contrast_is_chosen() -> None:
    linux = candidate("linux", 0.95, "it does not start on linux")
    windows = candidate("windows", 0.8, "on windows nothing happens at all")
    said = "it does not start on windows"
    assert chosen(said, [linux, windows]) == [windows]
    assert chosen(said, [linux, windows], Kind.REQUEST) == []
    assert chosen(said, [linux]) == []


def test_an_insight_with_a_nearer_voice_that_contrasts_is_left_alone() -> None:
    near = candidate("i", 0.95, "please add dark mode")
    farther = candidate("i", 0.8, "night theme when?")
    assert chosen("please remove dark mode", [near, farther]) == []


def test_once_an_insight_is_chosen_its_farther_voices_are_not_read() -> None:
    farther = replace(candidate("i", 0.9, "it hangs"), read=lambda: pytest.fail("it is read"))
    assert chosen("it hangs", [farther, candidate("i", 0.95, "it hangs")])[0].cosine == 0.95


def test_what_is_not_near_enough_is_not_chosen() -> None:
    assert chosen("it hangs", [candidate("i", 0.69, "it hangs")]) == []


def test_what_shares_two_words_that_say_something_is_chosen_from_a_lower_cosine_on() -> None:
    eased = replace(LIMITS, sharing=0.6)
    said, shares = "the export drops all my tags", "when I export to csv all tags are gone"
    assert list(choices(Kind.PROBLEM, said, "en", [candidate("i", 0.6, shares)], eased)) == ["i"]
    assert list(choices(Kind.PROBLEM, said, "en", [candidate("i", 0.59, shares)], eased)) == []
    for text in ("each label is lost when I export", "anyone know of a problem? the export drops out"):
        assert list(choices(Kind.PROBLEM, said, "en", [candidate("i", 0.6, text)], eased)) == []
        assert list(choices(Kind.PROBLEM, said, "en", [candidate("i", 0.7, text)], eased)) == ["i"]


def test_between_two_languages_another_cosine_decides() -> None:
    limits = replace(LIMITS, across=0.6)
    german = candidate("i", 0.6, "beim Exportieren fehlen danach die Tags", language="de")
    assert list(choices(Kind.PROBLEM, "the export drops my tags", "en", [german], limits)) == ["i"]
    for same in ("de", "und"):
        assert list(choices(Kind.PROBLEM, "im Export sind keine Tags mehr", same, [german], limits)) == []


def test_of_equally_near_insights_the_first_comes_first() -> None:
    both = [candidate("j", 0.9, "it hangs"), candidate("i", 0.9, "it hangs")]
    assert chosen("it hangs", both) == both


def towards(angle: float) -> Vector:
    return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))], np.float32)


def test_what_is_near_to_the_last_voice_and_not_to_the_first_ones_does_not_belong() -> None:
    core = [towards(0), towards(40), towards(80), towards(80)]
    assert belongs(towards(40), core, LIMITS.merge)
    assert belongs(towards(80), core, LIMITS.merge)
    assert not belongs(towards(100), core, LIMITS.merge)
    assert belongs(towards(100), core[2:], LIMITS.merge)
    assert belongs(towards(0), [], LIMITS.merge), "staff said what it is about"


def test_while_the_first_voices_are_few_a_little_less_will_do() -> None:
    nearly = towards(47)  # cosine .68
    assert belongs(nearly, [towards(0)] * (SETTLED - 1), LIMITS.merge)
    assert not belongs(nearly, [towards(0)] * SETTLED, LIMITS.merge)
    assert not belongs(towards(50), [towards(0)], LIMITS.merge)  # cosine .64


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_can_be_read_and_does_not_contrast_with_itself(text: str) -> None:
    assert contrast(traits(text), traits(text)) in (None, Contrast.SILENT)


def test_a_long_text_is_read_no_further_than_needed() -> None:
    words = " ".join(f"word{n}" for n in range(8000))
    assert len(traits(words).words) < 200
