"""What is surely coming is thought about before anybody asks."""

import asyncio
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any

import pytest

from bot.foresight import PART, Foresight
from bot.thinking import Thinking, ThinkingEnded
from dialogue.events import CommandInvoked, Event, MessagePosted, ReplyHandle, TimerFired
from dialogue.understanding.foreseeing import Beginning
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.states import EMPTY, Point, States
from knowledge_base.ids import ChannelId, MessageId, PlatformMessageId
from tests.stage import ANNA, HELP, MONDAY, SPACE
from tests.unit.understanding.talk import Said, rows

OTHER = replace(HELP, channel=ChannelId("other"))
TIMER = TimerFired(SPACE, "still:c1", "monday", MONDAY)


class Desk(Executor):
    """Jobs wait in a row until they are done; what is thought of an event is its message's id.

    ``begun``: which lanes are judged from where on, each with how many jobs there were before.
    """

    def __init__(self) -> None:
        self.jobs: list[tuple[Future[Sequence[str]], Sequence[Event]]] = []
        self.begun: list[tuple[int, Beginning]] = []
        self.beginnings: list[Future[None]] = []

    def submit(self, work: Callable[..., Any], /, *given: Any, **_: Any) -> "Future[Any]":
        if isinstance(given[-1][0], Beginning):
            self.begun.extend((len(self.jobs), one) for one in given[-1])
            self.beginnings.append(Future())
            return self.beginnings[-1]
        future: Future[Sequence[str]] = Future()
        self.jobs.append((future, given[-1]))
        return future

    def work(self) -> None:
        """Do all that waits."""
        for future, events in self.jobs:
            if not future.done():
                future.set_result([event.message for event in events if isinstance(event, MessagePosted)])


def said(number: int) -> MessagePosted:
    return MessagePosted(HELP, ANNA, PlatformMessageId(f"m{number}"), "it drops my tags", MONDAY)


def ids(first: int, last: int) -> list[str]:
    return [f"m{number}" for number in range(first, last)]


async def asked(desk: Desk, foresight: Foresight, events: Sequence[Event]) -> Sequence[object]:
    """What it says of these events, all that waits being done only after it was asked."""

    async def work() -> None:
        desk.work()

    thoughts, _ = await asyncio.gather(foresight.events(events), work())
    return thoughts


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def states() -> States:
    return States()


@pytest.fixture
def foresight(desk: Desk, states: States) -> Foresight:
    return Foresight(Thinking(desk, lambda: pytest.fail("nobody here reads models")), states)


async def test_what_is_expected_is_begun_at_once_in_parts_and_asked_for_only_once(
    desk: Desk, foresight: Foresight
) -> None:
    events = [said(number) for number in range(PART + 10)]
    foresight.expect(events)
    assert [len(part) for _, part in desk.jobs] == [PART, 10]
    desk.work()
    assert await foresight.events(events[: PART - 3]) == ids(0, PART - 3)
    assert await foresight.events(events[PART - 3 :]) == ids(PART - 3, PART + 10)
    assert len(desk.jobs) == 2


async def test_whoever_asks_before_it_is_thought_waits_for_that(desk: Desk, foresight: Foresight) -> None:
    foresight.expect([said(1)])
    assert await asked(desk, foresight, [said(1)]) == ["m1"]
    assert len(desk.jobs) == 1


async def test_what_was_not_expected_is_thought_about_when_asked_and_what_has_no_text_never(
    desk: Desk, foresight: Foresight
) -> None:
    foresight.expect([said(1), said(2)])
    desk.work()
    assert await asked(desk, foresight, [said(2), TIMER, said(7), said(1)]) == ["m2", None, "m7", "m1"]
    assert [events for _, events in desk.jobs[1:]] == [[said(7)]]
    assert await foresight.events([TIMER]) == [None]


async def test_what_is_asked_for_again_is_thought_about_again(desk: Desk, foresight: Foresight) -> None:
    foresight.expect([said(1)])
    desk.work()
    await foresight.events([said(1)])
    assert await asked(desk, foresight, [said(1)]) == ["m1"]
    assert len(desk.jobs) == 2


def test_of_what_did_not_come_nothing_more_is_thought(desk: Desk, foresight: Foresight) -> None:
    foresight.expect([said(number) for number in range(2 * PART)])
    (begun, _), (waiting, _) = desk.jobs
    begun.set_running_or_notify_cancel()
    foresight.expect([said(500)])
    assert not waiting.cancelled(), "it may be decided now"
    foresight.expect([said(501)])
    assert not begun.cancelled()
    assert waiting.cancelled()
    assert not desk.jobs[-1][0].cancelled()


async def test_who_waits_for_what_was_expected_gets_it_though_something_else_is_expected_meanwhile(
    desk: Desk, foresight: Foresight
) -> None:
    foresight.expect([said(1)])

    async def go_on() -> None:
        foresight.expect([said(2)])
        desk.work()

    thoughts, _ = await asyncio.gather(foresight.events([said(1)]), go_on())
    assert thoughts == ["m1"]


async def test_what_has_no_text_is_not_expected(desk: Desk, foresight: Foresight) -> None:
    foresight.expect([TIMER, said(1)])
    assert [events for _, events in desk.jobs] == [[said(1)]]


async def test_that_the_process_was_ended_is_said(desk: Desk, foresight: Foresight) -> None:
    foresight.expect([said(1)])
    desk.jobs[0][0].set_exception(BrokenProcessPool())
    with pytest.raises(ThinkingEnded):
        await foresight.events([said(1)])


async def test_lanes_in_which_other_things_happened_than_were_foreseen_are_begun_anew_before_what_comes_next(
    desk: Desk, foresight: Foresight, states: States
) -> None:
    remembered = rows(Said("anna", "it crashed"), Said("ben", "same here"))
    foresight.expect([said(1)])
    assert desk.begun == [], "nobody remembers anything of it yet"
    states.put(HELP.lane, ChannelState.of(remembered[:1]), EMPTY.after(MessageId("m0")))
    states.put(OTHER.lane, ChannelState.of(remembered))
    foresight.expect([said(2)])
    assert desk.begun == [], "one is as foreseen, in the other nothing comes"
    assert foresight.is_of_one_mind([said(3), TIMER])
    states.put(HELP.lane, ChannelState.of(remembered))
    assert not foresight.is_of_one_mind([said(3)])
    foresight.expect([said(3), replace(said(4), place=OTHER)])
    assert [(jobs, begun.lane, begun.recent) for jobs, begun in desk.begun] == [
        (2, HELP.lane, remembered),
        (2, OTHER.lane, remembered),
    ]
    points = [begun.point for _, begun in desk.begun]
    assert [states.point(HELP.lane), states.point(OTHER.lane)] == points == [Point(1, None), Point(2, None)]
    foresight.expect([said(5)])
    assert len(desk.begun) == 2


def test_what_a_lane_remembers_can_be_sent_whatever_found_the_rules_of_its_kinds(
    desk: Desk, foresight: Foresight, states: States
) -> None:
    (judged,) = rows(Said("anna", "it crashed"))
    asked = replace(judged.prepared.guess, because=lambda: "it says so")
    states.put(HELP.lane, ChannelState.of([replace(judged, prepared=replace(judged.prepared, guess=asked))]))
    foresight.expect([said(1)])
    ((_, begun),) = desk.begun
    assert pickle.loads(pickle.dumps(begun.recent)) == [judged]


def test_why_a_lane_could_not_be_begun_is_told_with_what_is_expected_next(
    desk: Desk, foresight: Foresight, states: States
) -> None:
    states.put(HELP.lane, ChannelState.of(rows(Said("anna", "it crashed"))))
    foresight.expect([said(1)])
    foresight.expect([said(2)])
    (begun,) = desk.beginnings
    begun.set_exception(ValueError("it broke"))
    with pytest.raises(ValueError, match="it broke"):
        foresight.expect([said(3)])


async def test_what_has_no_text_need_not_be_hashable(desk: Desk, foresight: Foresight) -> None:
    handle = ReplyHandle("token", MONDAY)
    command = CommandInvoked(HELP, ANNA, "i1", "tag", "list", {"page": "2"}, handle, MONDAY)
    foresight.expect([command, said(1)])
    desk.work()
    assert await foresight.events([command, said(1)]) == [None, "m1"]
