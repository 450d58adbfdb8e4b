import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.discord.intake import MOST_AT_ONCE, PATIENCE, Intake
from dialogue.errors import StorageUnavailable
from dialogue.events import Event, MessageDeleted, Place
from dialogue.ports import EventSink
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId


class Log(EventSink):
    """What it was told, in order; refuses as often as it is told to."""

    def __init__(self, refuse: int = 0) -> None:
        self.told: list[object] = []
        self.refuse = refuse
        self.arrived = asyncio.Event()

    async def accept(self, events: Sequence[Event]) -> None:
        self._refuse()
        self.told.append([event.message for event in events if isinstance(event, MessageDeleted)])

    async def interrupted(self, space: SpaceId) -> None:
        self._refuse()
        self.told.append(space)

    def _refuse(self) -> None:
        self.arrived.set()
        if self.refuse:
            self.refuse -= 1
            raise StorageUnavailable("the disk is full")


def event(number: int) -> Event:
    place = Place(SpaceId("s"), ChannelId("c"), "general", Audience.PUBLIC)
    return MessageDeleted(place, PlatformMessageId(str(number)), datetime(2026, 1, 1, tzinfo=UTC))


async def fed(intake: Intake, sink: Log, told: int) -> None:
    """Feed until the sink was told so many times."""
    feeding = asyncio.get_running_loop().create_task(intake.feed(sink))
    async with asyncio.timeout(30):
        while len(sink.told) < told:
            sink.arrived.clear()
            await sink.arrived.wait()
    feeding.cancel()
    await asyncio.wait({feeding})


async def test_an_interruption_stands_between_what_came_before_and_after_it() -> None:
    async def never(seconds: float) -> None:
        raise AssertionError("nothing to wait for")

    intake, sink = Intake(never), Log()
    intake.put(event(1))
    intake.put(event(2))
    intake.interrupt(SpaceId("s"))
    intake.put(event(3))
    await fed(intake, sink, 3)
    assert sink.told == [["1", "2"], "s", ["3"]]


async def test_pauses_grow_while_nothing_can_be_kept_and_all_is_handed_over_then() -> None:
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    intake, sink = Intake(note), Log(refuse=7)
    intake.interrupt(SpaceId("s"))
    arrival = intake.put(event(1))
    await fed(intake, sink, 2)
    assert pauses == [*PATIENCE, PATIENCE[-1], PATIENCE[-1]]
    assert sink.told == ["s", ["1"]]
    assert arrival.kept.is_set()


async def test_a_long_queue_is_handed_over_in_parts() -> None:
    async def never(seconds: float) -> None:
        raise AssertionError("nothing to wait for")

    intake, sink = Intake(never), Log()
    for number in range(2 * MOST_AT_ONCE + 1):
        intake.put(event(number))
    await fed(intake, sink, 3)
    assert [len(part) for part in sink.told] == [500, 500, 1]  # type: ignore[arg-type]
    assert [message for part in sink.told for message in part] == [*map(str, range(1001))]  # type: ignore[attr-defined]
