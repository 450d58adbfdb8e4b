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
    return Deed("C1", lambda around: (_ for _ in ()).throw(AssertionError))


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
    async with asyncio.timeout(30):
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


async def test_many_are_read_at_one_time_and_handed_on_in_their_order() -> None:
    began: list[str] = []
    all_began = asyncio.Event()

    async def slowly(what: Payload) -> Sequence[Event]:
        assert isinstance(what, dict)
        began.append(str(what["name"]))
        if len(began) == 20:
            all_began.set()
        await all_began.wait()
        return await reading(what)

    intake, sink = Intake(T1, slowly, no_wait), Sink()
    for number in range(20):
        last = intake.put({"name": f"{number}"})
    assert last is not None
    await work(intake, sink, lambda: last)
    assert sink.heard == [f"{number}" for number in range(20)]


async def test_what_is_read_is_handed_on_while_what_came_after_it_is_still_being_read() -> None:
    may = asyncio.Event()

    async def slowly(what: Payload) -> Sequence[Event]:
        assert isinstance(what, dict)
        if what["name"] == "b":
            await may.wait()
        return await reading(what)

    intake, sink = Intake(T1, slowly, no_wait), Sink()
    first, _, last = (intake.put({"name": name}) for name in "abc")
    assert first is not None
    assert last is not None

    async def until() -> None:
        await first
        assert sink.heard == ["a"]
        may.set()
        await last

    await work(intake, sink, until)
    assert sink.heard == ["a", "b", "c"]


async def test_while_the_platform_cannot_be_asked_nothing_is_read() -> None:
    tries: list[str] = []
    resting, may = asyncio.Event(), asyncio.Event()

    async def wait(seconds: float) -> None:
        resting.set()
        await may.wait()

    async def limited(what: Payload) -> Sequence[Event]:
        assert isinstance(what, dict)
        tries.append(str(what["name"]))
        if not resting.is_set():
            raise RateLimited(timedelta(seconds=30))
        return await reading(what)

    intake, sink = Intake(T1, limited, wait), Sink()
    intake.put({"name": "a"})

    async def until() -> None:
        await resting.wait()
        last = intake.put({"name": "b"})
        assert last is not None
        await asyncio.wait({last}, timeout=0)
        assert "b" not in tries
        may.set()
        await last

    await work(intake, sink, until)
    assert sink.heard == ["a", "b"]


async def test_what_went_wrong_long_before_its_turn_delays_nothing() -> None:
    began, waits = asyncio.Event(), list[float]()

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async def limited(what: Payload) -> Sequence[Event]:
        if not began.is_set():
            began.set()
            raise RateLimited(timedelta(seconds=30))
        return await reading(what)

    intake, sink = Intake(T1, limited, wait), Sink()
    last = intake.put({"name": "a"})
    assert last is not None
    await began.wait()
    await work(intake, sink, lambda: last)
    assert (sink.heard, waits) == (["a"], [])


async def test_what_is_being_read_goes_on_where_only_the_storage_is_in_trouble() -> None:
    began: list[str] = []
    may = asyncio.Event()

    async def slowly(what: Payload) -> Sequence[Event]:
        assert isinstance(what, dict)
        began.append(str(what["name"]))
        if what["name"] == "b":
            await may.wait()
        return await reading(what)

    async def wait(seconds: float) -> None:
        may.set()

    intake, sink = Intake(T1, slowly, wait), Sink(StorageUnavailable("full"))
    intake.put({"name": "a"})
    last = intake.put({"name": "b"})
    assert last is not None
    await work(intake, sink, lambda: last)
    assert (began, sink.heard) == (["a", "b"], ["a", "b"])


async def test_what_was_read_is_not_read_again_where_it_could_not_be_kept() -> None:
    read: list[str] = []

    async def noting(what: Payload) -> Sequence[Event]:
        assert isinstance(what, dict)
        read.append(str(what["name"]))
        return await reading(what)

    intake, sink = Intake(T1, noting, no_wait), Sink(StorageUnavailable("full"), StorageUnavailable("full"))
    last = intake.put({"name": "a"})
    assert last is not None
    await work(intake, sink, lambda: last)
    assert (read, sink.heard) == (["a"], ["a"])
