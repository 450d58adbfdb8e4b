"""On which database a contract's tests run: each contract class is inherited once per class here."""

from collections.abc import AsyncIterator

import pytest

from adapters.storage.database import Database
from tests.conftest import ReversingSealer


class OnSqlite:
    @pytest.fixture
    def url(self, sqlite_url: str) -> str:
        return sqlite_url

    @pytest.fixture(params=[False, True], ids=["in a thread", "in the loop"])
    def in_loop(self, request: pytest.FixtureRequest) -> bool:
        return bool(request.param)

    @pytest.fixture
    async def storage(self, url: str, in_loop: bool) -> AsyncIterator[Database]:
        opened = await Database.open(url, ReversingSealer(), in_loop=in_loop)
        yield opened
        await opened.close()


class OnPostgresql(OnSqlite):
    @pytest.fixture
    def url(self, postgresql_url: str) -> str:
        return postgresql_url

    @pytest.fixture
    def in_loop(self) -> bool:
        return False
