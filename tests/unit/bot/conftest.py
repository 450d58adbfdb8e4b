"""An office whose chat is in a good mood, unless a test gives it another."""

import pytest

from adapters.storage.database import Database
from tests.unit.bot.office import Moody, Office


@pytest.fixture
async def office(database: Database) -> Office:
    return await Office(database, Moody()).found()
