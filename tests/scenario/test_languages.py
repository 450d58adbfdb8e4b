"""People say the same in several languages, and other things in the same words."""

import pytest

from adapters.language.minilm import MiniLM
from adapters.language.models import load_understanding
from adapters.language.universal import Universal
from tests.stage import ANNA, BEN, CARA, HELP, PRODUCT, Stage

pytestmark = pytest.mark.skipif(
    not (MiniLM.is_installed() and Universal.is_installed()), reason="the build hook has not written the models here"
)

ENGLISH = "The app crashes every time I open it"
GERMAN = "Die App stürzt jedes Mal ab, wenn ich sie öffne"
SPANISH = "La aplicación se cierra cada vez que la abro"


@pytest.fixture
def play(play: Stage) -> Stage:
    play.restart(load_understanding())
    return play


async def vectors(play: Stage) -> list[str]:
    """Which models' vectors are stored."""
    async with play.storage._transaction(play.storage._readers, writes=False) as transaction:
        from sqlalchemy import text

        return [row.model for row in await transaction.rows(text("SELECT model FROM vectors ORDER BY number, model"))]


async def test_the_same_problem_in_three_languages_is_one_card(play: Stage):
    play.say(ANNA, ENGLISH)
    play.say(BEN, GERMAN)
    play.say(CARA, SPANISH)
    await play.settle()
    (card,) = play.shown(PRODUCT)
    assert all(said in card for said in (ENGLISH, GERMAN, SPANISH))


async def test_english_has_a_vector_by_both_models_and_other_languages_by_the_one_for_all(play: Stage):
    play.say(ANNA, ENGLISH)
    play.say(BEN, GERMAN)
    await play.settle()
    assert await vectors(play) == [MiniLM.name, Universal.name, Universal.name]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("please add a dark mode to the app", "please remove the dark mode from the app"),
        ("the login page is broken", "the settings page is broken"),
        ("I get error E1042 when I upload a file", "I get error E2077 when I upload a file"),
        ("please support login with Google", "please support login with Apple"),
        ("die Zahlung mit PayPal funktioniert nicht", "die Zahlung mit Klarna funktioniert nicht"),
    ],
)
async def test_the_same_words_about_something_else_are_another_card(play: Stage, one: str, other: str):
    play.say(ANNA, one)
    play.say(BEN, other)
    await play.settle()
    assert len(play.shown(PRODUCT)) == 2


async def test_pasted_code_is_not_what_people_say(play: Stage):
    code = "```\nfor (let i = 0; i <= items.length; i++) {\n  render(items[i]);\n}\n```"
    play.say(ANNA, f"the preview crashes on startup {code}")
    play.say(BEN, f"invoices are printed in the wrong currency, it is broken {code}")
    await play.settle()
    assert len(play.shown(PRODUCT)) == 2


async def test_who_deletes_everything_leaves_no_vector_by_any_model(play: Stage):
    play.say(ANNA, ENGLISH)
    await play.settle()
    assert len(await vectors(play)) == 2
    play.command(ANNA, "privacy delete", HELP)
    await play.settle()
    assert await vectors(play) == []


async def test_what_is_said_differently_is_found_by_its_new_words_alone(play: Stage):
    said = play.say(ANNA, "I can't log in, the password is rejected")
    await play.settle()
    play.edit(ANNA, said, ENGLISH)
    play.say(BEN, GERMAN)
    play.say(CARA, "Ich kann mich nicht anmelden, das Passwort wird abgelehnt")
    await play.settle()
    assert len(play.shown(PRODUCT)) == 2


async def test_after_an_upgrade_the_old_voices_are_found_once_their_vectors_are_made_again(play: Stage):
    from tests.stage import UNDERSTANDING

    play.restart(UNDERSTANDING)  # which has the fallback alone
    play.say(ANNA, ENGLISH)
    await play.settle()
    program = play.restart(load_understanding())
    play.say(BEN, GERMAN)
    await play.settle()
    assert len(play.shown(PRODUCT)) == 2
    while await program.renewal.run_once():
        pass
    play.say(CARA, "the app crashes whenever I open it")
    await play.settle()
    cards = play.shown(PRODUCT)
    assert len(cards) == 2
    assert "the app crashes whenever I open it" in next(card for card in cards if ENGLISH in card)
