"""What was judged ahead is taken over where nothing else happened in the lane, and made anew where something did."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.language.hashing import Hashing
from dialogue.capturing.thinking import Understanding
from dialogue.capturing.thinking_ahead import think_ahead
from dialogue.events import MessageEdited
from dialogue.meanings import Embedders
from dialogue.understanding.foreseeing import Beginning, Foreseer
from dialogue.understanding.kinds import LearnedKinds
from dialogue.understanding.states import EMPTY, Point
from knowledge_base.ids import PlatformMessageId
from knowledge_base.kinds import Kind
from knowledge_base.merging import Vector
from tests.unit.dialogue.conftest import set_up
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, SAM, START, Stage, person
from tests.unit.understanding.talk import English

LANE = GENERAL.lane
PROBLEM = "the export of my invoices loses all tags, it is broken"
WISH = "please add a dark mode, the white page hurts my eyes"


@pytest.fixture
async def ahead(tmp_path: Path, empty_database: Path) -> AsyncIterator[Stage]:
    async with set_up(shutil.copy(empty_database, tmp_path / "ahead.db"), ahead=True) as made:
        yield made


def agree(stage: Stage, beginning: int) -> None:
    """Let the channel be judged ahead from what is remembered now."""
    state = stage.states.known(LANE)
    assert state is not None
    stage.foreseer.begin(Beginning(LANE, Point(beginning, None), state.recent))
    stage.states.meet(LANE, Point(beginning, None))


async def test_a_talk_is_judged_as_foreseen_and_the_same_as_without(
    ahead: Stage, stage: Stage, taken_over: list[bool]
) -> None:
    for each in (ahead, stage):
        first = await each.say(ANNA, PROBLEM)
        await each.say(BEN, "same here", reply_to=first)
        await each.say(CARA, WISH)
        await each.say(SAM, "clear the cache, that helps", reply_to=first)
    assert taken_over == [True] * 4
    assert ahead.states.point(LANE) == Point(0, ahead.name("m4"))
    known = [each.states.known(LANE) for each in (ahead, stage)]
    assert known[0] == known[1]


async def test_after_an_edit_that_moves_a_message_nothing_is_taken_over_until_both_agree_again(
    ahead: Stage, taken_over: list[bool]
) -> None:
    said = await ahead.say(ANNA, PROBLEM)
    await ahead.edit(ANNA, said, WISH)
    await ahead.say(BEN, "same here")
    assert (await ahead.insight_of(PlatformMessageId("m3"))).kind is Kind.REQUEST
    assert taken_over == [True, False]
    agree(ahead, 1)
    await ahead.say(CARA, "me too")
    assert taken_over == [True, False, True]


async def moved_by_a_reply(stage: Stage, *, tag: bool) -> None:
    """Cara joins in with Ben, who spoke last; that Anna replies to her shows that she meant Anna."""
    await stage.say(ANNA, PROBLEM)
    await stage.say(BEN, WISH)
    joined = await stage.say(CARA, "same here")
    assert (await stage.message(joined)).kind is Kind.REQUEST
    if tag:
        await stage.command(ADA, "tag new", {"name": "export", "reaction": ":package:"})
        await stage.react(SAM, joined, "package")
        await stage.say(person("emil"), "good morning")
        agree(stage, 1)
    await stage.say(ANNA, "ok so it is not just me", reply_to=joined)
    await stage.say(person("dora"), "good morning")


async def test_what_a_reply_moves_was_moved_ahead_too(ahead: Stage, taken_over: list[bool]) -> None:
    await moved_by_a_reply(ahead, tag=False)
    assert (await ahead.message(PlatformMessageId("m3"))).kind is Kind.PROBLEM
    assert taken_over == [True] * 5


async def test_where_staff_keep_a_moved_message_as_it_is_the_next_ones_are_judged_here(
    ahead: Stage, taken_over: list[bool]
) -> None:
    await moved_by_a_reply(ahead, tag=True)
    kept = await ahead.message(PlatformMessageId("m3"))
    assert (kept.kind, kept.conversation) == (Kind.REQUEST, (await ahead.message(PlatformMessageId("m1"))).conversation)
    assert taken_over == [True, True, True, False, False, False]


@dataclass
class Counting(Hashing):
    """Keeps what it is asked."""

    asked: list[str] = field(default_factory=list)

    def embed(self, text: str) -> Vector:
        self.asked.append(text)
        return super().embed(text)


def test_ahead_only_what_becomes_a_voice_is_asked_for_its_meaning(ahead: Stage) -> None:
    counting = Counting()
    mind = Understanding(English(), LearnedKinds(), Embedders(counting))
    foreseer = Foreseer(mind.prepare)
    texts = [PROBLEM, "same here", "how do I switch dark mode off?", "and where is the new menu?", "good morning"]
    thoughts = [think_ahead(ahead.posted(ANNA if text is PROBLEM else BEN, text), mind, foreseer) for text in texts]
    voices = [
        text
        for text, thought in zip(texts, thoughts, strict=True)
        if thought and thought.foreseen and thought.foreseen.judgement.voices
    ]
    assert PROBLEM in voices
    assert counting.asked == [text for text in voices if text != "same here"]
    assert [thought and thought.meaning is not None for thought in thoughts] == [
        text in counting.asked for text in texts
    ]


def test_ahead_edits_are_read_and_what_was_deleted_stands_alone(ahead: Stage) -> None:
    mind = ahead.understanding
    foreseer = Foreseer(mind.prepare)
    edit = MessageEdited(GENERAL, ANNA, PlatformMessageId("m1"), PROBLEM, "v1", START)
    edited = think_ahead(edit, mind, foreseer)
    assert edited is not None
    assert (edited.foreseen, edited.meaning is None) == (None, False)
    gone = think_ahead(ahead.posted(ANNA, "", deleted=True), mind, foreseer)
    assert gone is not None
    assert (gone.foreseen, gone.meaning) == (None, None)
    said = think_ahead(ahead.posted(ANNA, PROBLEM), mind, foreseer)
    assert said is not None
    assert said.foreseen is not None
    assert said.foreseen.point == EMPTY
