"""The fullest card there can be fits into one message, with every button."""

from dataclasses import replace
from datetime import date

from adapters.discord import render
from dialogue.card_buttons import ASK, INTO, KINDS, NOTE, TAKE_BACK
from dialogue.cards import Lookalike, Sheet, words_of
from dialogue.cards import render as card
from dialogue.posts import Fact
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import InsightId, MemberId
from knowledge_base.insights import Status, StatusChange
from knowledge_base.statuses import allowed
from tests.servers.discord.rules import check_message, every
from tests.unit.dialogue.test_cards import AT, insight, voice

TEXTS = Texts.load()


def fullest() -> Sheet:
    """Three long quotes, summary, notes, a lookalike, everything set, and something to take back."""
    voices = tuple(
        replace(voice(f"m{n}", f"p{n}", minute=n), text="why " * 400, insight=InsightId("i" * 26)) for n in range(5)
    )
    one = replace(
        insight(),
        id=InsightId("i" * 26),
        tags=("one", "two"),
        due_on=date(2026, 4, 30),
        link="https://tracker.example/" + "7" * 200,
        owner=MemberId("p1"),
    )
    taken = (StatusChange(one.id, Status.NEW, MemberId("p1"), AT, link=one.link),)
    other = replace(insight(titled_by="m2"), id=InsightId("j" * 26))
    words = words_of(voices[0], "note " * 60)
    return Sheet(
        insight=one,
        voices=voices,
        history=taken,
        decider="Sam",
        routes=(),
        summary=(words,) * 3,
        lookalike=Lookalike(other, words, 0.7),
        owner="Sam",
        notes=tuple(Fact("Note by Sam, 2026-03-02", words) for _ in range(8)),
    )


def test_the_fullest_card_fits_with_all_its_buttons() -> None:
    shown = render.message_of(card(fullest(), TEXTS), "k1")
    check_message(shown)
    verbs = {part["custom_id"].split(":")[0] for part in every(shown["components"]) if "custom_id" in part}
    assert verbs == {*allowed(Status.NEW), ASK, INTO, KINDS, NOTE, TAKE_BACK, "merge", "differ"}
