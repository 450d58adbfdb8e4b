"""Each answer is asked for once, and never kept after something said that it changed."""

import asyncio
from datetime import UTC, datetime

import pytest

from adapters.memory.clock import FakeClock
from adapters.slack import keeping
from adapters.slack.keeping import Kept


class Slow:
    """Answers how often it was asked, once it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.may = asyncio.Event()
        self.begun = asyncio.Event()
        self.fails: list[Exception] = []

    async def __call__(self, name: str) -> str:
        self.asked += 1
        answer = f"{name} {self.asked}"
        self.begun.set()
        await self.may.wait()
        if self.fails:
            raise self.fails.pop()
        return answer


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def kept(slow: Slow) -> Kept[str]:
    return Kept(FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), slow)


async def test_however_many_want_it_at_one_time_it_is_asked_for_once(slow: Slow, kept: Kept[str]) -> None:
    wanting = [asyncio.ensure_future(kept.get("a")) for _ in range(5)]
    await slow.begun.wait()
    slow.may.set()
    assert await asyncio.gather(*wanting) == ["a 1"] * 5
    assert await kept.get("a") == "a 1"


async def test_what_is_forgotten_while_it_is_asked_for_is_asked_for_again(slow: Slow, kept: Kept[str]) -> None:
    before = asyncio.ensure_future(kept.get("a"))
    await slow.begun.wait()
    kept.forget("a")
    after = asyncio.ensure_future(kept.get("a"))
    slow.may.set()
    assert (await before, await after, await kept.get("a")) == ("a 1", "a 2", "a 2")


async def test_where_the_first_who_asked_fails_or_gives_up_the_next_one_asks(slow: Slow, kept: Kept[str]) -> None:
    slow.fails = [ValueError("no")]
    first = asyncio.ensure_future(kept.get("a"))
    await slow.begun.wait()
    second, third = asyncio.ensure_future(kept.get("a")), asyncio.ensure_future(kept.get("a"))
    slow.may.set()
    with pytest.raises(ValueError, match="no"):
        await first
    assert [await second, await third] == ["a 2", "a 2"]
    slow.may.clear()
    slow.begun.clear()
    given_up = asyncio.ensure_future(kept.get("b"))
    await slow.begun.wait()
    other = asyncio.ensure_future(kept.get("b"))
    given_up.cancel()
    slow.may.set()
    assert await other == "b 4"


async def test_no_more_is_kept_than_fits(slow: Slow, kept: Kept[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 2)
    slow.may.set()
    for name in ("a", "b", "c", "c", "b"):
        await kept.get(name)
    assert slow.asked == 3
    await kept.get("a")
    assert slow.asked == 4
