from dataclasses import replace

import pytest

from bot.fingerprint import Fingerprint, Understood

MESSAGES = (
    Understood("m1", "problem", "c1", "i1"),
    Understood("m2", "solution", "c1", None),
    Understood("m3", "problem", "c2", "i1"),
    Understood("m4", "chatter", "c3", None),
)
CARDS = ("one card", "another card")


def test_names_and_order_do_not_count() -> None:
    renamed = [replace(m, conversation=f"x{m.conversation}", insight=m.insight and "other") for m in MESSAGES]
    assert Fingerprint.of(MESSAGES, CARDS) == Fingerprint.of(reversed(renamed), reversed(CARDS))


@pytest.mark.parametrize(
    "changed",
    [
        (replace(MESSAGES[0], kind="request"), *MESSAGES[1:]),
        (replace(MESSAGES[0], conversation="c2"), *MESSAGES[1:]),
        (replace(MESSAGES[0], insight="i2"), *MESSAGES[1:]),
        (replace(MESSAGES[0], insight=None), *MESSAGES[1:]),
        MESSAGES[1:],
    ],
)
def test_anything_understood_otherwise_counts(changed: tuple[Understood, ...]) -> None:
    assert Fingerprint.of(changed, CARDS) != Fingerprint.of(MESSAGES, CARDS)


def test_a_cards_text_counts() -> None:
    assert Fingerprint.of(MESSAGES, ("one card", "another text")) != Fingerprint.of(MESSAGES, CARDS)
