from collections.abc import AsyncIterator

import pytest

from tests.conftest import ReversingSealer
from tests.scenario.company import Company, company_on
from tests.stage import Stage, stage


@pytest.fixture
async def play(sqlite_url: str) -> AsyncIterator[Stage]:
    """A stage whose product team gets every insight."""
    async with stage(sqlite_url, ReversingSealer()) as fresh:
        await fresh.set_up()
        yield fresh


@pytest.fixture
async def company(sqlite_url: str) -> AsyncIterator[Company]:
    """One community on Discord and Slack."""
    async with company_on(sqlite_url) as company:
        yield company
