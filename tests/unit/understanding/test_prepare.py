from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.understanding.tokens import addressees
from dialogue.understanding.values import Heard, Sign
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.speech import READ
from tests.unit.understanding.talk import Said, heard, ready


def message(text: str, role: Role = Role.CUSTOMER) -> Heard:
    return heard([Said("anna", text, role=role)])[0]


AWKWARD = st.text(st.sampled_from("a e\x00\u202e\u05d0👍🏽`>@<|:!*_~#[](){}'\"?.\n\ud83d"), max_size=400)


@given(st.one_of(st.text(max_size=400), AWKWARD))
def test_any_text_is_prepared(text: str) -> None:
    prepared = ready(message(text))
    assert 0 <= prepared.guess.confidence <= 1
    assert ready(message(text)) == prepared


@pytest.mark.parametrize(
    "piece", ["a", "`", "```", ">", "@", "<@", "<@1|", "|", "add support ", "not even ", "could be ", "\x00"]
)
def test_long_texts_take_bounded_time(piece: str) -> None:
    text = (piece * 40_000)[:40_000]
    started = perf_counter()
    ready(message(text))
    assert perf_counter() - started < 2


def test_what_stands_far_down_in_a_pasted_log_changes_nothing() -> None:
    head = "here is my log\n" * 300
    assert len(head) > READ
    short, long = ready(message(head)), ready(message(head + "it crashes " * 3_000))
    assert replace(long, heard=short.heard) == short


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("anna: try again", {"anna"}),
        ("Anna, try again", {"anna"}),
        ("ask @Bob about it", {"bob"}),
        ("<@U123> and <@!456> look", {"u123", "456"}),
        ("!docs | carl", {"carl"}),
        ("yes, that is it", set()),
        ("note: only on Mondays", set()),
        ("mail me at a@b.example", set()),
        ("nobody at all", set()),
    ],
)
def test_names_are_found_in_every_convention(text: str, names: set[str]) -> None:
    assert addressees(text) == names


def test_plural_and_singular_are_one_word() -> None:
    assert ready(message("invoices")).words == ready(message("invoice")).words


def test_words_are_the_same_in_every_process() -> None:
    assert ready(message("invoice")).words == (2_422_544_196,)


@pytest.mark.parametrize("name", ["sinope[crashed]: ", "hacked_, ", "@error_404 "])
def test_nothing_is_read_into_the_names_of_those_spoken_to(name: str) -> None:
    spoken_to, plain = ready(message(f"{name}see you at the lake")), ready(message("see you at the lake"))
    assert (spoken_to.guess, spoken_to.signs) == (plain.guess, plain.signs)
    assert spoken_to.guess.odds == plain.guess.odds


def test_whom_they_speak_to_is_something_that_two_have_in_common() -> None:
    spoken_to, plain = ready(message("sineva: the pump")), ready(message("the pump"))
    assert (set(spoken_to.words) - set(plain.words), spoken_to.length) == (set(ready(message("sineva")).words), 3)


@pytest.mark.parametrize("role", [Role.BOT, Role.SYSTEM])
def test_nothing_is_read_into_what_machines_say(role: Role) -> None:
    prepared = ready(message("anna: it crashes", role))
    assert prepared.guess.kind is Kind.CHATTER
    assert not prepared.words
    assert not prepared.signs


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("that did it, thanks", Sign.CONFIRMS),
        ("thank you so much", Sign.THANKS),
        ("still doesn't open", Sign.DENIES),
        ("same here", Sign.JOINS),
        ("try another cable", Sign.INSTRUCTS),
        ("is there a way to print two pages", Sign.PROBES),
    ],
)
def test_signs_are_read(text: str, sign: Sign) -> None:
    assert sign in ready(message(text)).signs
