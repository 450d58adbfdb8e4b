import pytest

from dialogue.understanding.kinds import KeywordKinds
from knowledge_base.kinds import Kind

KINDS = KeywordKinds()

CLEAR = [
    ("The invoice page crashes as soon as I scroll down", Kind.PROBLEM),
    ("my parcels don't show up in the list anymore", Kind.PROBLEM),
    ("It has been terribly slow since the last update", Kind.PROBLEM),
    ("the thermostat won't connect to wifi", Kind.PROBLEM),
    ("It would be great if the calendar could show week numbers", Kind.REQUEST),
    ("Please add a dark theme", Kind.REQUEST),
    ("I wish there was a way to sort by price", Kind.REQUEST),
    ("how do I change my delivery address?", Kind.QUESTION),
    ("Does anyone know where the settings are", Kind.QUESTION),
    ("Try clearing the cache and log in again", Kind.SOLUTION),
    ("you can reset it under Settings > Security", Kind.SOLUTION),
    ("I love this planner, best purchase of the year", Kind.PRAISE),
    ("no problems at all so far, works perfectly", Kind.PRAISE),
    ("This is the worst support I have ever had", Kind.COMPLAINT),
    ("way too expensive for what it offers", Kind.COMPLAINT),
    ("good morning", Kind.CHATTER),
    ("we moved the servers to another data centre in March", Kind.INFORMATION),
    ("Die App stürzt beim Öffnen ab", Kind.PROBLEM),
    ("Wäre schön, wenn man die Liste sortieren könnte", Kind.REQUEST),
    ("L'application ne fonctionne plus depuis hier", Kind.PROBLEM),
    ("Il serait bien de pouvoir trier la liste", Kind.REQUEST),
    ("La aplicación no funciona", Kind.PROBLEM),
    ("¿Cómo puedo cambiar mi contraseña?", Kind.QUESTION),
]


@pytest.mark.parametrize(("text", "kind"), CLEAR)
def test_clear_words_are_recognised(text: str, kind: Kind) -> None:
    assert KINDS.classify(text).kind is kind


def test_the_guess_names_the_words_it_stands_on() -> None:
    assert '"crashes"' in KINDS.classify("the app crashes").rule


def test_more_cues_make_a_guess_surer() -> None:
    one = KINDS.classify("it crashes when I open it")
    more = KINDS.classify("it crashes with an error, then freezes")
    assert more.kind is one.kind is Kind.PROBLEM
    assert more.confidence > one.confidence


def test_a_text_that_says_two_things_is_less_sure() -> None:
    assert KINDS.classify("great, but it crashes").confidence < KINDS.classify("it crashes").confidence


def test_typographic_apostrophes_are_the_same_as_plain_ones() -> None:
    assert KINDS.classify("it doesn’t work") == KINDS.classify("it doesn't work")


def test_code_links_and_quotes_say_nothing_about_the_kind() -> None:
    assert KINDS.classify("```error: crash\nfailed```").kind is Kind.CHATTER
    assert KINDS.classify("https://example.org/crash/error").kind is Kind.CHATTER
    assert KINDS.classify("> it crashes with an error\nso far away").kind is Kind.CHATTER


def test_nothing_said_is_chatter() -> None:
    assert KINDS.classify("").kind is Kind.CHATTER
    assert KINDS.classify("👍 🎉").kind is Kind.CHATTER
