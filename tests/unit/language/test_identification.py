import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.language.identification import FastTextIdentifier

identifier = FastTextIdentifier()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("can i get my data as csv", "en"),
        ("how do i reset my password?", "en"),
        ("the app crashes when i open settings", "en"),
        ("WHY IS THIS BROKEN", "en"),
        ("i dont get it", "en"),
        ("just download it from here", "en"),
        ("jeg vil gerne have det sendt til mig i dag", "da"),
        ("to nie jest my i on do a", "pl"),
        ("is het of is het niet", "nl"),
        ("wie setze ich mein passwort zurück?", "de"),
        ("ça marche pas", "fr"),
        ("no funciona la exportación", "es"),
        ("não funciona", "pt"),
        ("come faccio a cambiare la lingua?", "it"),
        ("hoe kan ik mijn wachtwoord wijzigen", "nl"),
        ("привет, не работает", "ru"),
        ("エクスポートできません", "ja"),
        ("你好", "zh"),
    ],
)
def test_tells_the_language_of_chat_lines(text: str, language: str) -> None:
    assert identifier.identify(text) == language


@pytest.mark.parametrize(
    "text", ["", "  \n", "+1", "1.2.3", "😀😀", "\0", "ok", "\ud800", "https://example.com/de/hilfe"]
)
def test_says_und_where_nobody_could_tell(text: str) -> None:
    assert identifier.identify(text) == "und"


@given(st.text(st.characters(exclude_categories=[])))
def test_never_raises_and_gives_a_short_code(text: str) -> None:
    assert len(identifier.identify(text)) in (2, 3)
    assert identifier.identify(text) == identifier.identify(text)


@pytest.mark.parametrize(
    "text", ["where is it?\n" * 4000, "😀x" * 20_000, "`" * 40_000, "<@" * 20_000, "https://" * 5000]
)
def test_takes_the_longest_message(text: str) -> None:
    assert len(identifier.identify(text)) in (2, 3)


def test_works_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("no network")

    monkeypatch.setattr(socket, "socket", refuse)
    assert FastTextIdentifier().identify("is there a dark mode?") == "en"
