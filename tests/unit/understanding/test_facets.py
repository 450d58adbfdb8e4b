from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.understanding.facets import facets_of
from knowledge_base.facets import Facets, Tone, Urgency
from knowledge_base.ids import CommunityId
from knowledge_base.kinds import Kind
from knowledge_base.topics import Topic, TopicKind

HERE = CommunityId("here")
TOPICS = [
    Topic(HERE, TopicKind.COMPETITOR, "Acme", ("acme cloud",)),
    Topic(HERE, TopicKind.AREA, "billing", ("invoice", "credit card")),
    Topic(HERE, TopicKind.AREA, "login", ("password",)),
]


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("this is wonderful, thank you", Tone.POSITIVE),
        ("this is terrible", Tone.NEGATIVE),
        ("this is not good", Tone.NEGATIVE),
        ("the door is on the left", Tone.NEUTRAL),
        ("das ist furchtbar", Tone.NEGATIVE),
        ("me encanta", Tone.POSITIVE),
    ],
)
def test_the_tone_is_read_from_words_and_what_turns_them(text: str, tone: Tone) -> None:
    assert facets_of(text, Kind.INFORMATION).facets.tone is tone


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("our site is down, customers are waiting", Urgency.NOW),
        ("urgent: nobody here can log in", Urgency.NOW),
        ("the export fails and the deadline is friday", Urgency.SOON),
        ("the export fails", Urgency.NONE),
        ("der shop ist offline", Urgency.NOW),
    ],
)
def test_what_cannot_wait_is_told_with_its_reason(text: str, urgency: Urgency) -> None:
    told = facets_of(text, Kind.PROBLEM)
    assert told.facets.urgency is urgency
    assert any(reason.startswith("urgent") for reason in told.reasons) is (urgency is not Urgency.NONE)


def test_who_gives_advice_is_in_no_hurry() -> None:
    assert facets_of("do it right now", Kind.SOLUTION).facets.urgency is Urgency.NONE


def test_competitors_and_areas_are_those_that_the_community_named() -> None:
    told = facets_of("at ACME cloud I get two invoices by credit card, no password", Kind.COMPLAINT, TOPICS)
    assert told.facets.competitors == ("Acme",)
    assert told.facets.area == "billing"
    assert "names Acme" in told.reasons
    assert facets_of("acmecloud", Kind.COMPLAINT, TOPICS).facets.competitors == ()


def test_without_words_there_are_no_facets() -> None:
    assert facets_of("", Kind.CHATTER, TOPICS).facets == Facets()


@given(st.text(max_size=300))
def test_any_text_has_facets(text: str) -> None:
    assert facets_of(text, Kind.PROBLEM, TOPICS) == facets_of(text, Kind.PROBLEM, TOPICS)


@pytest.mark.parametrize("piece", ["\x00", "not good ", "deadline ", "```", "everything is "])
def test_long_texts_take_bounded_time(piece: str) -> None:
    started = perf_counter()
    facets_of((piece * 40_000)[:40_000], Kind.PROBLEM, TOPICS)
    assert perf_counter() - started < 2
