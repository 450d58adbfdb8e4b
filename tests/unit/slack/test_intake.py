"""The one queue in: its order, its bounds and its patience."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from adapters.slack.intake import MOST_WAITING, Intake, Interruption, Payload
from adapters.slack.reading import Deed
from dialogue.errors import RateLimited, StorageUnavailable
from dialogue.events import Event, TimerFired
from dialogue.ports import EventSink
from knowledge_base.ids import SpaceId

T1 = SpaceId("T1")


def fired(name: str) -> Event:
    return TimerFired(T1, name, "w", datetime(2026, 1, 1, tzinfo=UTC))


async def reading(what: Payload) -> Sequence[Event]:
    assert isinstance(what, dict)
    return [fired(str(what["name"]))]


def deed() -> Deed:
    return Deed("U1", "C1", lambda around: (_ for _ in ()).throw(AssertionError))


class Sink(EventSink):
    """Fails with each of these in turn, then keeps what comes."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.heard: list[str] = []

    async def accept(self, events: Sequence[Event]) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.heard += [event.schedule for event in events if isinstance(event, TimerFired)]

    async def interrupted(self, space: SpaceId) -> None:
        self.heard.append("interrupted")


async def work(intake: Intake, sink: EventSink, until: Callable[[], Awaitable[object]]) -> None:
    task = asyncio.get_running_loop().create_task(intake.run(sink))
    async with asyncio.timeout(5):
        await until()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def no_wait(seconds: float) -> None:
    return None


async def test_an_interruption_keeps_its_place_among_what_came_before_and_after() -> None:
    intake, sink = Intake(T1, reading, no_wait), Sink()
    for what in ({"name": "a"}, {"name": "b"}, Interruption(), {"name": "c"}):
        last = intake.put(what)
    assert last is not None
    await work(intake, sink, lambda: last)
    assert sink.heard == ["a", "b", "interrupted", "c"]


async def test_what_is_not_accepted_is_tried_again_ever_more_slowly_and_in_its_order() -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    full = [StorageUnavailable("full") for _ in range(6)]
    intake, sink = Intake(T1, reading, wait), Sink(*full, RateLimited(timedelta(seconds=42)))
    intake.put({"name": "a"})
    last = intake.put({"name": "b"})
    assert last is not None
    await work(intake, sink, lambda: last)
    assert sink.heard == ["a", "b"]
    assert waits == [0.5, 1.0, 2.0, 5.0, 10.0, 10.0, 42.0]


async def test_a_full_queue_leaves_events_to_slack_and_takes_interactions() -> None:
    intake = Intake(T1, reading, no_wait)
    for _ in range(MOST_WAITING):
        intake.put({"name": "a"})
    assert intake.put({"name": "one too many"}) is None
    assert intake.put(deed()) is not None
    assert intake.put(Interruption()) is not None


async def test_what_waits_when_it_closes_is_left_to_slack() -> None:
    intake = Intake(T1, reading, no_wait)
    waiting = intake.put({"name": "a"})
    intake.close()
    assert waiting is not None
    assert await waiting is False
    assert intake.put({"name": "b"}) is None
