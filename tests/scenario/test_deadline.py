"""Who waits for a completion or a form is answered in time, also where the database is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.language.masking import PatternMasker
from dialogue import interactions
from dialogue.commands.catalogue import COMMANDS
from dialogue.errors import Refused
from dialogue.fence import Fence
from dialogue.interactions import Interactions
from dialogue.ports import Storage, UnitOfWork
from dialogue.texts.catalogue import Texts
from tests.stage import SAM, SPACE

TEXTS = Texts.load()


class Stuck(Storage):
    """Never gives a unit of work."""

    wanted = False

    async def scrub(self) -> None:
        raise AssertionError("the path that can't wait erases nothing")

    @asynccontextmanager
    async def begin(self, *, urgent: bool = False) -> AsyncIterator[UnitOfWork]:
        raise AssertionError("the path that can't wait writes nothing")
        yield

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        await asyncio.Event().wait()
        yield


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Interactions:
    assert interactions.DEADLINE == 1.5
    monkeypatch.setattr(interactions, "DEADLINE", 0.01)
    return Interactions(Stuck(), TEXTS, COMMANDS, Fence(PatternMasker(), TEXTS))


async def test_what_cannot_be_completed_in_time_is_completed_by_nothing(asked: Interactions):
    async with asyncio.timeout(5):
        assert await asked.complete(SPACE, SAM, "insight", "show", "insight", "") == ()


async def test_a_form_that_cannot_be_opened_or_checked_in_time_is_refused_with_a_sentence(asked: Interactions):
    async with asyncio.timeout(5):
        with pytest.raises(Refused, match="too long"):
            await asked.open_form(SPACE, SAM, "decline:i:0")
        with pytest.raises(Refused, match="too long"):
            await asked.validate(SPACE, SAM, "decline:i:0", {})
