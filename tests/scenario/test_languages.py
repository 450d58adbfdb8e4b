"""People say the same in several languages, and other things in the same words."""

import pytest

from adapters.language.minilm import MiniLM
from adapters.language.models import load_understanding
from adapters.language.universal import Universal
from dialogue.events import Actor
from knowledge_base.ids import AccountId, PlatformMessageId, message_id
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.messages import Message
from tests.stage import ANNA, BEN, CARA, HELP, PRODUCT, SAM, SPACE, Stage

pytestmark = pytest.mark.skipif(
    not (MiniLM.is_installed() and Universal.is_installed()), reason="the build hook has not written the models here"
)

ENGLISH = "The app crashes every time I open it"
GERMAN = "Die App stürzt jedes Mal ab, wenn ich sie öffne"
SPANISH = "La aplicación se cierra cada vez que la abro"

DORA = Actor(AccountId("dora"), "Dora", Role.CUSTOMER)


@pytest.fixture
def play(play: Stage) -> Stage:
    play.restart(load_understanding())
    return play


async def kept(play: Stage, message: PlatformMessageId) -> Message:
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        found = await uow.messages.get(community, message_id(SPACE, HELP.channel, message))
    assert found is not None
    return found


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
    play.command(ANNA, "privacy erase", HELP)
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


async def test_three_languages_in_one_channel_are_each_understood_and_the_same_wish_in_two_is_one(play: Stage):
    wish = play.say(ANNA, "please add an export of my invoices as PDF")
    crash = play.say(CARA, "la aplicación se cierra cada vez que abro el calendario")
    same = play.say(BEN, "bitte fügt einen Export meiner Rechnungen als PDF hinzu")
    advice = play.say(SAM, "@Cara tienes que borrar la memoria caché en los ajustes")
    thanks = play.say(CARA, "@Sam muchas gracias, ahora el calendario ya funciona")
    likely = play.say(DORA, "bitte baut einen Dunkelmodus in die App ein")
    nearly = play.say(ANNA, "please add a dark mode to the app")
    await play.settle()

    said = [await kept(play, one) for one in (wish, crash, same, advice, thanks, likely, nearly)]
    assert [one.language for one in said] == ["en", "es", "de", "es", "es", "de", "en"]
    assert [one.kind for one in said[:3]] == [Kind.REQUEST, Kind.PROBLEM, Kind.REQUEST]
    assert said[3].conversation == said[4].conversation == said[1].conversation
    first, problem, dark, mode = play.shown(PRODUCT)
    assert said[0].text in first
    assert said[2].text in first
    assert "2 people" in first
    assert said[1].text in problem
    assert said[5].text in dark
    assert said[6].text in mode
    assert "Perhaps the same as Request #3" in mode
    assert "Perhaps" not in first + problem + dark
