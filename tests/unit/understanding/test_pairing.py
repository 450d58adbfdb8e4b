"""Pairs: which messages solve which question, by whom, and whether it worked."""

import time

import pytest

from adapters.language.models import load_understanding
from dialogue.understanding.pairing import MOST_TURNS, Pair, pairs
from dialogue.understanding.turns import Mark, turn_of
from dialogue.understanding.verdicts import Verdict, read_verdict
from knowledge_base.ids import MessageId
from knowledge_base.members import Role
from knowledge_base.outcomes import Outcome, Proof
from tests.pairing.dialogs import FILES, read, score
from tests.unit.understanding.talk import START, Said, rows

QUESTION = Said("anna", "how do I export my tags as csv?")
ADVICE = Said("ben", "you can use the menu, File and then Export")


def found(*lines: Said, marks: tuple[Mark, ...] = ()) -> list[Pair]:
    return list(pairs([turn_of(row) for row in rows(*lines)], marks))


@pytest.mark.parametrize("untangled", [True, False])
def test_what_is_paired_in_our_dialogs_is_right_and_most_of_it_is_found(untangled: bool) -> None:
    """The figures are in ``docs/understanding.md``; this holds what must never be lost of them."""
    dialogs = [dialog for file in FILES for dialog in read(file)]
    assert len(dialogs) >= 80
    reached = score(dialogs, load_understanding().classifier, untangled=untangled)
    assert reached.paired / reached.found >= 0.93, reached.wrong
    assert reached.paired / reached.expected >= 0.75, reached.wrong
    assert reached.confirmed_right / reached.confirmed_found >= 0.93, reached.wrong


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("thanks, that did it", Verdict.WORKED),
        ("it didn't help at first, but now it works", Verdict.WORKED),
        ("that worked, but it is back", Verdict.FAILED),
        ("thanks but it still doesn't open", Verdict.FAILED),
        ("thanks!", Verdict.THANKED),
        ("thanks in advance", Verdict.NONE),
        ("thanks for nothing", Verdict.NONE),
        ("thanks, I'll try that tonight", Verdict.NONE),
        ("does that work on a mac?", Verdict.NONE),
        ("it worked yesterday", Verdict.NONE),
        ("hope that works", Verdict.NONE),
        ("jetzt geht es, danke", Verdict.WORKED),
        ("immer noch das gleiche", Verdict.FAILED),
        ("ça marche, merci", Verdict.WORKED),
        ("sigue igual", Verdict.FAILED),
        ("", Verdict.NONE),
        ("🎉", Verdict.NONE),
    ],
)
def test_the_last_word_says_whether_it_worked(text: str, verdict: Verdict) -> None:
    assert read_verdict(text).verdict is verdict


def test_a_pair_tells_what_says_so() -> None:
    (pair,) = found(QUESTION, ADVICE, Said("anna", "thanks ben, that worked"))
    assert pair == Pair("m0", "anna", ("m1",), "ben", Outcome.CONFIRMED, Proof.SAID_SO, "m2", ("m1",))


def test_nobodys_silence_and_no_helpers_word_confirms() -> None:
    (pair,) = found(QUESTION, ADVICE, Said("ben", "that worked for me"), Said("ben", "glad it helped"))
    assert (pair.outcome, pair.proof, pair.proven_by) == (Outcome.OPEN, None, None)


def test_for_somebody_else_it_worked_unless_the_asker_says_no() -> None:
    seconded = (QUESTION, ADVICE, Said("cara", "worked for me too"))
    (pair,) = found(*seconded)
    assert (pair.outcome, pair.proof) == (Outcome.CONFIRMED, Proof.OTHERS)
    (pair,) = found(*seconded, Said("anna", "no luck here, same error"))
    assert pair.outcome is Outcome.DENIED


@pytest.mark.parametrize(
    ("who", "role", "counts"), [("anna", Role.CUSTOMER, True), ("sam", Role.STAFF, True), ("eve", Role.TRUSTED, False)]
)
def test_a_check_mark_counts_by_the_asker_and_by_staff(who: str, role: Role, counts: bool) -> None:
    mark = Mark(MessageId("m1"), who, role, START)
    (pair,) = found(QUESTION, ADVICE, marks=(mark,))
    assert (pair.proof is Proof.CHECK_MARK) is counts


def test_what_bots_say_solves_and_confirms_nothing() -> None:
    bot = Said("helper", "you can use the menu", role=Role.BOT)
    assert found(QUESTION, bot, Said("helper", "that worked", role=Role.BOT)) == []


def test_only_emoji_only_links_and_nothing_make_no_pair() -> None:
    assert found() == []
    assert found(Said("anna", "🎉"), Said("ben", "https://example.org"), Said("anna", "👍")) == []


def test_a_flood_is_read_in_time_that_grows_with_it_and_no_further_than_a_bound() -> None:
    flood = [QUESTION, *(ADVICE for _ in range(5_000)), Said("anna", "thanks, that worked")]
    turns = [turn_of(row) for row in rows(*flood[: MOST_TURNS * 2])]
    began = time.process_time()
    pairs(turns * 20)
    assert time.process_time() - began < 1.0
