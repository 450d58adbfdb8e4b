"""Who helps says what is wrong with another one's matter; whose it is, or who has the same, states it."""

import pytest

from dialogue.understanding.helping import persons
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.tokens import MARKS, tokens
from dialogue.understanding.values import Anchor, Persons, Tie
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.members import Role
from tests.unit.understanding.talk import Said, heard, ready

LOST = Said("anna", "the export loses all the tags of my notes since the update")


@pytest.mark.parametrize(
    ("text", "language", "of"),
    [
        ("I'm sure you can't export on your phone", "en", Persons.AUTHOR),
        ("you can't export on the phone", "en", Persons.OTHER),
        ("you can't export on the phone", "und", Persons.OTHER),
        ("the export fails on phones", "en", Persons.NOBODY),
        ("bei mir stürzt es ab", "de", Persons.AUTHOR),
        ("dein Export ist kaputt", "de", Persons.OTHER),
        ("chez moi l'export ne marche pas", "fr", Persons.AUTHOR),
        ("tu n'as pas la bonne version", "fr", Persons.OTHER),
        ("je hebt de verkeerde versie", "nl", Persons.OTHER),
        ("no funciona en el teléfono", "es", Persons.UNKNOWN),
    ],
)
def test_of_whom_a_text_speaks(text: str, language: str, of: Persons) -> None:
    assert persons([token for token in tokens(text) if token not in MARKS], language) is of


def is_a_voice(*lines: Said, to: int = 0) -> bool:
    """Whether the last line is one, as the platform's reply to an earlier one; the others go on from each other."""
    state, voices = ChannelState(), False
    for number, message in enumerate(heard(lines)):
        answered = MessageId(f"m{to if number == len(lines) - 1 else number - 1}")
        anchor = Anchor(answered, ConversationId("c:m0"), Tie.PLATFORM) if number else None
        state, judgement = judge(state, ready(message), anchor)
        voices = judgement.voices
    return voices


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        ("the export crashes on every big file", True),
        ("I have the same, the export crashes on every big file", True),
        ("same here, anna, you are not alone: the export crashes", True),
        ("anna: the export crashes on every big file", False),
        ("your export crashes because the file is broken", False),
        ("anna: my export crashes on every big file", True),
    ],
)
def test_what_is_said_of_anothers_matter_is_no_voice(text: str, voices: bool) -> None:
    assert is_a_voice(LOST, Said("bob", text)) is voices


def test_whoever_began_states_their_own_whomever_they_speak_to() -> None:
    asks = Said("bob", "which version is that?")
    assert is_a_voice(LOST, asks, Said("anna", "bob: the export crashes on every big file"), to=1)
    assert not is_a_voice(LOST, asks, Said("bob", "anna: the export crashes on every big file"), to=0)


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMIN])
def test_what_staff_are_told_the_firm_is_told(role: Role) -> None:
    told = Said("bob", "sam: your export crashes on every big file")
    assert is_a_voice(LOST, Said("sam", "we are looking into it", role=role), told, to=1)
    assert not is_a_voice(LOST, Said("sam", "we are looking into it"), told, to=1)
