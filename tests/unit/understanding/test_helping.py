"""Who helps says what is wrong with another one's matter; whose it is, or who has the same, states it."""

import pytest

from dialogue.understanding.helping import is_own
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.tokens import MARKS, tokens
from dialogue.understanding.values import WINDOW, Anchor, Judgement, Tie
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.members import Role
from tests.unit.understanding.talk import Said, heard, ready

LOST = Said("anna", "the export loses all the tags of my notes since the update")
CRASHES = "the export crashes on every big file"


@pytest.mark.parametrize(
    ("text", "language", "own"),
    [
        ("I'm sure you can't export on your phone", "en", True),
        ("exactly, it crashes on big files", "en", True),
        ("you can't export on the phone", "en", False),
        ("you can't export on the phone", "und", False),
        ("bei mir stürzt es ab", "de", True),
        ("dein Export ist kaputt", "de", False),
        ("chez moi l'export ne marche pas", "fr", True),
        ("tu n'as pas la bonne version", "fr", False),
        ("je hebt de verkeerde versie", "nl", False),
        ("no funciona en el teléfono", "es", True),
    ],
)
def test_whether_a_text_may_speak_of_its_author(text: str, language: str, own: bool) -> None:
    assert is_own([token for token in tokens(text) if token not in MARKS], language) is own


def last(*lines: Said, to: int = 0) -> Judgement:
    """The last line as the platform's reply to an earlier one; the others go on from each other."""
    state, judgements = ChannelState(), []
    for number, message in enumerate(heard(lines)):
        answered = MessageId(f"m{to if number == len(lines) - 1 else number - 1}")
        anchor = Anchor(answered, ConversationId("c:m0"), Tie.PLATFORM) if number else None
        state, judgement = judge(state, ready(message), anchor)
        judgements.append(judgement)
    return judgements[-1]


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        (CRASHES, True),
        (f"anna: {CRASHES}", False),
        (f"dora: {CRASHES}", True),
        (f"anna: I have the same, {CRASHES}", True),
        (f"anna: {CRASHES} here too", True),
        (f"anna: {CRASHES} for everyone", True),
        (f"same here, anna: {CRASHES}", True),
        ("your app keeps crashing on every big file", True),
        ("please fix your export, it crashes on every big file", True),
        ("anna: my export crashes on every big file", True),
    ],
)
def test_what_is_said_of_anothers_matter_is_no_voice(text: str, voices: bool) -> None:
    found = last(LOST, Said("bob", text))
    assert found.voices is voices
    assert ("somebody else's matter" in found.reasons[0].name) is not voices


def test_a_complaint_is_an_opinion_whomever_it_is_told() -> None:
    assert last(LOST, Said("bob", "anna: the export is terrible, slow and useless, what a waste of money")).voices


def test_whoever_began_states_their_own_whomever_they_speak_to() -> None:
    asks = Said("bob", "which version is that?")
    assert last(LOST, asks, Said("anna", f"bob: {CRASHES}"), to=1).voices
    assert not last(LOST, asks, Said("bob", f"anna: {CRASHES}"), to=0).voices


def test_where_nobody_remembers_who_began_nobody_is_taken_for_a_helper() -> None:
    between = [Said(f"p{n}", "hm") for n in range(WINDOW)]
    near = last(LOST, *between[:9], Said("bob", f"p1: {CRASHES}"), to=2)
    assert not near.voices
    assert last(LOST, *between, Said("bob", f"p9: {CRASHES}"), to=WINDOW - 1).voices


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMIN])
def test_what_staff_are_told_the_firm_is_told(role: Role) -> None:
    told = Said("bob", f"sam: {CRASHES}")
    assert last(LOST, Said("sam", "we are looking into it", role=role), told, to=1).voices
    assert not last(LOST, Said("sam", "we are looking into it"), told, to=1).voices
