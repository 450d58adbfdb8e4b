"""A lane's memory is loaded once, and let go once it is not talked in."""

import pytest

from dialogue.events import Lane
from dialogue.understanding import states as states_module
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.states import EMPTY, Point, States
from knowledge_base.ids import MessageId
from tests.unit.understanding.talk import Said, rows

M0 = MessageId("m0")
HELP, CHAT, NEWS = Lane("space/help"), Lane("space/chat"), Lane("space/news")


class Loads:
    def __init__(self) -> None:
        self.states = States()
        self.loaded: list[Lane] = []

    async def get(self, lane: Lane) -> ChannelState:
        async def load() -> ChannelState:
            self.loaded.append(lane)
            return ChannelState()

        return await self.states.get(lane, load)

    async def judge(self, lane: Lane, times: int = 1) -> None:
        for _ in range(times):
            self.states.put(lane, await self.get(lane))


@pytest.fixture
def loads() -> Loads:
    return Loads()


async def test_a_lane_is_loaded_once_and_again_once_it_is_forgotten(loads: Loads) -> None:
    await loads.judge(HELP, 3)
    assert loads.loaded == [HELP]
    loads.states.forget(HELP)
    loads.states.forget(CHAT)
    assert loads.states.known(HELP) is None
    await loads.judge(HELP)
    assert loads.loaded == [HELP, HELP]


async def test_what_was_put_is_what_is_known(loads: Loads) -> None:
    state = ChannelState()
    loads.states.put(HELP, state)
    assert loads.states.known(HELP) is state
    assert await loads.get(HELP) is state


async def test_a_lane_is_let_go_when_much_was_judged_elsewhere_since(
    loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states_module, "IDLE", 10)
    await loads.judge(HELP)
    await loads.judge(CHAT)
    await loads.judge(NEWS, 9)
    assert loads.states.known(HELP) is not None
    await loads.judge(NEWS)
    assert [loads.states.known(lane) is not None for lane in (HELP, CHAT, NEWS)] == [False, True, True]
    await loads.judge(CHAT)
    await loads.judge(NEWS, 10)
    assert loads.states.known(CHAT) is not None, "it was talked in meanwhile"


async def test_of_more_lanes_than_are_kept_the_one_used_longest_ago_is_let_go(
    loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states_module, "MOST_LANES", 2)
    await loads.judge(HELP)
    await loads.judge(CHAT)
    await loads.get(HELP)
    await loads.judge(NEWS)
    assert [loads.states.known(lane) is not None for lane in (HELP, CHAT, NEWS)] == [True, False, True]


async def test_of_one_mind_with_others_is_a_lane_that_nobody_spoke_in_or_that_was_judged_as_they_did(
    loads: Loads,
) -> None:
    states, spoken = loads.states, ChannelState.of(rows(Said("anna", "it crashed")))
    assert states.point(HELP) is None, "it may remember anything"
    await loads.get(HELP)
    assert states.point(HELP) == EMPTY
    states.put(HELP, spoken, EMPTY.after(M0))
    await loads.get(HELP)
    assert states.point(HELP) == Point(0, M0)
    states.put(HELP, spoken)
    assert states.point(HELP) is None
    states.meet(HELP, Point(7, None))
    assert (states.point(HELP), states.known(HELP)) == (Point(7, None), spoken)
    states.forget(HELP)
    assert states.point(HELP) is None
