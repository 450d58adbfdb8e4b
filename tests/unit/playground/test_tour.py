import asyncio
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.playground.cast import PEOPLE, SPACE
from adapters.playground.clock import MovableClock
from adapters.playground.frames import TourControl
from adapters.playground.gateway import Playground
from adapters.playground.platform import Platform
from adapters.playground.pushes import TourState
from adapters.playground.tour import Step, Tour, load_tour
from dialogue.actions import OutboxId
from dialogue.posts import Button, Buttons, Paragraph, Post
from knowledge_base.ids import ChannelId

STEPS = (
    Step(after=1, who="anna", where="community", say="first", name="one", caption="Anna speaks."),
    Step(after=1, who="ben", where="community", say="second", reply_to="one"),
    Step(after=1, who="sam", react="bug", on="one", caption="Sam tags."),
)


class Waiting:
    """Time that passes only when told: each wait lasts until the next :meth:`pass_by`."""

    def __init__(self) -> None:
        self._gates: list[asyncio.Event] = []

    async def __call__(self, seconds: float) -> None:
        gate = asyncio.Event()
        self._gates.append(gate)
        await gate.wait()

    async def pass_by(self, times: int = 1) -> None:
        for _ in range(times):
            await settled()
            for gate in self._gates:
                gate.set()
            self._gates.clear()
            await settled()


async def settled() -> None:
    """Until everybody who could go on has done so."""
    for _ in range(20):
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_result, None)
        await future


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = Platform(tmp_path, MovableClock())
    yield platform
    platform.close()


@asynccontextmanager
async def playing(platform: Platform, steps: Sequence[Step], waiting: Waiting):
    tour = Tour(platform, steps, lambda: None, waiting)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(tour.run())
        try:
            yield tour
        finally:
            task.cancel()


def texts(platform: Platform) -> list[str]:
    return [message.text for message in platform.state.messages.values()]


async def test_it_waits_until_somebody_looks_and_then_plays_to_its_end(platform: Platform) -> None:
    waiting = Waiting()
    async with playing(platform, STEPS, waiting) as tour:
        await waiting.pass_by(3)
        assert (texts(platform), tour.state) == ([], TourState.WAITING)
        tour.looked_at()
        await waiting.pass_by(1)
        assert (texts(platform), tour.shown().caption) == (["first"], "Anna speaks.")
        await waiting.pass_by(3)
        assert tour.state is TourState.FINISHED
    first, second = platform.state.messages.values()
    assert second.reply_to == first.id
    assert first.reactions == {"bug": ["sam"]}


async def test_paused_it_does_nothing_until_it_may_go_on(platform: Platform) -> None:
    waiting = Waiting()
    async with playing(platform, STEPS, waiting) as tour:
        tour.looked_at()
        await waiting.pass_by()
        tour.control(TourControl.PAUSE)
        await waiting.pass_by(3)
        assert texts(platform) == ["first"]
        tour.control(TourControl.PLAY)
        await waiting.pass_by()
        assert texts(platform) == ["first", "second"]


async def test_after_a_restart_it_goes_on_where_it_was(platform: Platform, tmp_path: Path) -> None:
    waiting = Waiting()
    async with playing(platform, STEPS, waiting) as tour:
        tour.looked_at()
        await waiting.pass_by()
    again = Platform(tmp_path, MovableClock())
    async with playing(again, STEPS, waiting) as tour:
        tour.looked_at()
        await waiting.pass_by()
    assert texts(again) == ["first", "second"]
    assert next(iter(again.state.messages.values())).id == list(again.state.messages.values())[1].reply_to


async def test_started_over_it_plays_from_its_beginning(platform: Platform) -> None:
    waiting = Waiting()
    async with playing(platform, STEPS, waiting) as tour:
        tour.looked_at()
        await waiting.pass_by(4)
        tour.control(TourControl.RESTART)
        await waiting.pass_by()
    assert texts(platform) == ["first", "second", "first"]


async def test_started_over_it_does_not_wait_for_the_step_it_was_at(platform: Platform) -> None:
    begun: list[float] = []

    async def forever(seconds: float) -> None:
        begun.append(seconds)
        if len(begun) == 2:
            await asyncio.Event().wait()

    async with playing(platform, STEPS, forever) as tour:
        tour.looked_at()
        await settled()
        assert texts(platform) == ["first"]
        tour.control(TourControl.RESTART)
        await settled()
        await settled()
    assert texts(platform) == ["first", "first", "second"]


async def test_a_step_about_something_deleted_is_left_out(platform: Platform) -> None:
    waiting = Waiting()
    async with playing(platform, STEPS, waiting) as tour:
        tour.looked_at()
        await waiting.pass_by(1)
        first = next(iter(platform.state.messages))
        platform.remove("anna", first)
        await waiting.pass_by(3)
        assert tour.state is TourState.FINISHED


async def test_it_presses_the_card_that_quotes_the_step_as_soon_as_it_is_there(platform: Platform) -> None:
    waiting = Waiting()
    steps = (STEPS[0], Step(after=1, who="petra", press="plan", on="one"))
    async with playing(platform, steps, waiting) as tour:
        tour.looked_at()
        await waiting.pass_by(3)
        button = Button("Plan", "plan:i1:0")
        for number, text in enumerate(("about first things", "another")):
            post = Post((Paragraph(text), Buttons((button,))))
            await Playground(platform).send(SPACE, ChannelId("product-team"), None, post, OutboxId(f"k{number}"))
        await waiting.pass_by(2)
        assert tour.state is TourState.FINISHED
    pressed = [fact for _, fact in platform.state.undelivered if fact.type == "pressed"]
    (card,) = [m for m in platform.state.messages.values() if m.blocks and "first" in m.blocks[0].text]
    assert [(fact.by, fact.message) for fact in pressed] == [("petra", card.id)]


async def test_a_card_that_somebody_has_decided_already_is_not_waited_for(platform: Platform) -> None:
    waiting = Waiting()
    steps = (
        STEPS[0],
        Step(after=1, who="petra", press="plan", on="one"),
        Step(after=1, who="sam", react="bug", on="one"),
    )
    async with playing(platform, steps, waiting) as tour:
        tour.looked_at()
        await waiting.pass_by()
        decided = Post((Paragraph("about first things"), Buttons((Button("Ship", "ship:i1:1"),))))
        await Playground(platform).send(SPACE, ChannelId("product-team"), None, decided, OutboxId("k"))
        await waiting.pass_by(2)
        assert tour.state is TourState.FINISHED
    assert [fact.type for _, fact in platform.state.undelivered] == ["said", "reacted"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"after": 1, "who": "anna"},
        {"after": 1, "who": "anna", "say": "where?"},
        {"after": 1, "who": "anna", "react": "bug"},
        {"after": 1, "who": "anna", "where": "community", "say": "hi", "react": "bug"},
        {"after": 1, "who": "anna", "where": "community", "say": "hi", "typo": 1},
    ],
)
def test_a_step_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Step.model_validate(wrong)


def test_the_shipped_tour_names_only_who_and_what_is_there_and_ends_within_half_a_minute() -> None:
    steps = load_tour()
    people = {person.account for person in PEOPLE}
    named: set[str] = set()
    for step in steps:
        assert step.who in people
        assert {name for name in (step.on, step.thread, step.reply_to) if name} <= named
        named |= {step.name} if step.name else set()
    assert sum(step.after for step in steps) < 28
    assert len({step.who for step in steps if step.where in ("community", "support-forum")}) >= 5
