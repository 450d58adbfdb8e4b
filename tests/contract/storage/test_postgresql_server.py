"""What may be wrong with a PostgreSQL server is said in a sentence, without its password."""

import asyncpg
import pytest

from adapters.storage.database import Access, Database
from dialogue.errors import StorageUnavailable
from tests.conftest import ReversingSealer
from tests.contract.storage.samples import found, lane


async def opened(url: str, access: Access = Access.WRITE) -> Database:
    return await Database.open(url, ReversingSealer(), access)


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StorageUnavailable, match="the server can't be reached") as error:
        await opened("postgresql://parley:s3cret@127.0.0.1:1/parley")
    assert "127.0.0.1:1" in str(error.value)
    assert "s3cret" not in str(error.value)


async def test_a_database_that_is_not_there_is_named(postgresql_server: str) -> None:
    with pytest.raises(StorageUnavailable, match="there is no database of that name; create it"):
        await opened(postgresql_server.format("nowhere"))


async def test_a_stranger_is_told_to_check_the_name(postgresql_server: str) -> None:
    with pytest.raises(StorageUnavailable, match="the server refuses this user; check name and password"):
        await opened(postgresql_server.format("template").replace("postgres:@", "stranger:@"))


async def test_a_connection_that_is_cut_keeps_nothing_and_the_next_one_works(postgresql_url: str) -> None:
    database = await opened(postgresql_url)
    await found(database)
    async with database.begin() as uow:
        await uow.lock_lanes([lane()])
        other = await asyncpg.connect(postgresql_url)
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'fresh'"
        )
        await other.close()
        with pytest.raises(StorageUnavailable, match=r"start it again|connection"):
            await uow.lock_lanes([lane("other")])
    async with database.begin() as uow:
        await uow.lock_lanes([lane()])
        await uow.commit()
    await database.close()


async def test_an_empty_database_must_be_upgraded_before_it_is_read(postgresql_server: str) -> None:
    with pytest.raises(StorageUnavailable, match="run: parley db upgrade"):
        await opened(postgresql_server.format("postgres"), Access.READ)
