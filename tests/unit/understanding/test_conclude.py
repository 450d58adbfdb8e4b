from dialogue.understanding.conclude import conclude
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from tests.unit.understanding.talk import Said, rows

PROBLEM = Said("anna", "the export crashes when I open it")
ADVICE = Said("bob", "anna: try the newest version, you can get it under settings")


def test_a_problem_with_a_confirmed_fix_is_solved() -> None:
    done = conclude(rows(PROBLEM, ADVICE, Said("anna", "bob: thanks, that did it")))
    assert done.solutions == ("m1",)
    assert done.solved
    assert Kind.PROBLEM in done.kinds
    assert Kind.SOLUTION in done.kinds


def test_silence_after_advice_proves_nothing() -> None:
    assert not conclude(rows(PROBLEM, ADVICE)).solved


def test_thanks_before_any_advice_prove_nothing() -> None:
    assert not conclude(rows(PROBLEM, Said("anna", "thanks in advance"))).solved


def test_thanks_by_somebody_else_prove_nothing() -> None:
    assert not conclude(rows(PROBLEM, ADVICE, Said("carl", "thanks bob"))).solved


def test_what_did_not_help_in_the_end_is_not_solved() -> None:
    lines = (PROBLEM, ADVICE, Said("anna", "bob: thanks"), Said("anna", "bob: still the same error"))
    assert not conclude(rows(*lines)).solved


def test_talk_without_trouble_has_no_solutions() -> None:
    done = conclude(rows(Said("anna", "we moved the office to the fourth floor"), Said("bob", "try the coffee there")))
    assert done.solutions == ()


def test_a_wish_makes_a_request_of_the_conversation() -> None:
    assert Kind.REQUEST in conclude(rows(Said("anna", "it would be great if it could print two pages"))).kinds


def test_probing_for_an_ability_does_too() -> None:
    assert Kind.REQUEST in conclude(rows(Said("anna", "is there any way to print two pages on a sheet?"))).kinds


def test_a_helpers_own_wish_does_not() -> None:
    lines = (Said("anna", "how do I print?"), Said("bob", "anna: would be nice if they wrote that down"))
    assert Kind.REQUEST not in conclude(rows(*lines)).kinds


def test_small_talk_is_chatter() -> None:
    assert conclude(rows(Said("anna", "good morning"))).kinds == (Kind.CHATTER,)


def test_machines_and_nothing_conclude_nothing() -> None:
    assert conclude([]).kinds == ()
    assert conclude(rows(Said("relay", "it crashes", role=Role.BOT))).kinds == (Kind.CHATTER,)
