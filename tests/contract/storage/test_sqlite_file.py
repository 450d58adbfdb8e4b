"""What may be wrong with a SQLite file is said in a sentence, and nothing accepted is lost."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

import migrations
from adapters.storage.address import Address
from adapters.storage.database import Access, Database
from adapters.storage.errors import InUse, NotOurs, UnknownDatabase
from adapters.storage.upgrade import revision, upgrade
from dialogue.actions import OutboxId
from dialogue.errors import StorageUnavailable
from dialogue.ports import UnitOfWork
from tests.conftest import ReversingSealer
from tests.contract.storage.samples import ACME, NOW, found, message, new, posted, say, sent
from tests.disk import files_may_not_grow_beyond


async def opened(path: Path, access: Access = Access.WRITE) -> Database:
    return await Database.open(f"sqlite:///{path}", ReversingSealer(), access)


async def hear(storage: Database, *keys: str) -> None:
    async with storage.begin() as uow:
        await uow.inbox.insert([new(posted(key, text=key * 1000)) for key in keys], NOW)
        await uow.commit()


async def heard(storage: Database) -> list[str]:
    async with storage.read() as uow:
        return [row.event.message for row in await uow.inbox.take(1000, NOW)]


def path_of(database: Database) -> Path:
    return Path(database.name)


def checkpoint(database: Database) -> None:
    """Bring everything from the log into the file."""
    with closing(sqlite3.connect(path_of(database))) as beside:
        assert beside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)


def bytes_of(database: Database) -> str:
    """The file and its log, byte by byte."""
    return "".join(Path(f"{database.name}{end}").read_bytes().decode("latin-1") for end in ("", "-wal"))


# ---- the file


async def test_the_files_are_readable_for_their_owner_alone(tmp_path: Path) -> None:
    database = await opened(tmp_path / "new.db")
    await found(database)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600, "new.db.lock": 0o600}
    await database.close()


async def test_commits_are_on_the_disk_and_readers_do_not_wait_for_writers(database: Database) -> None:
    async with database.begin() as uow:
        assert await pragma(uow, "journal_mode") == "wal"
        assert await pragma(uow, "synchronous") == 2  # FULL
        assert await pragma(uow, "foreign_keys") == 1
        assert await pragma(uow, "secure_delete") == 1


async def test_what_was_erased_can_not_be_read_in_the_file_either(database: Database) -> None:
    await found(database)
    words = "a word that nobody else says"
    async with database.begin() as uow:
        await uow.inbox.insert([new(posted(key, text=words * 40)) for key in "ab"], NOW)
        await uow.messages.add([message("a", text=words), message("b", text=words * 300), message("c", text="stays")])
        await uow.commit()
    checkpoint(database)
    assert words in bytes_of(database)
    async with database.begin() as uow:
        await uow.inbox.done([row.seq for row in await uow.inbox.take(2, NOW)], NOW)
        for key in "ab":
            await uow.messages.erase(ACME, [message(key).id])
        await uow.commit()
    checkpoint(database)
    assert words not in bytes_of(database)
    assert "stays" in bytes_of(database)


async def test_a_second_process_may_not_write_but_read(database: Database) -> None:
    with pytest.raises(InUse, match=r"parley\.db: another Parley writes to this database; stop it"):
        await opened(path_of(database))
    with pytest.raises(InUse):
        await upgrade(f"sqlite:///{path_of(database)}")
    reader = await opened(path_of(database), Access.READ)
    assert await heard(reader) == []
    await reader.close()
    assert await revision(f"sqlite:///{path_of(database)}") == migrations.HEAD


async def test_when_the_first_has_closed_the_next_may_write(database: Database) -> None:
    await database.close()
    again = await opened(path_of(database))
    await again.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://host/name", "mysql is not a database we know"),
        ("parley.db", "not a database address"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_an_address_that_means_nothing_is_refused_with_an_example(url: str, says: str) -> None:
    with pytest.raises(UnknownDatabase, match=says) as error:
        Address.parse(url)
    assert "sqlite:///parley.db" in str(error.value)


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="its folder does not exist; create the folder"):
        await opened(tmp_path / "nowhere" / "parley.db")


async def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="this is a folder"):
        await opened(tmp_path)


async def test_to_read_there_must_be_a_database(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="there is no such database"):
        await opened(tmp_path / "parley.db", Access.READ)
    with pytest.raises(StorageUnavailable, match="there is no such database"):
        await revision(f"sqlite:///{tmp_path}/parley.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("access", list(Access))
async def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, access: Access) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("remember the milk " * 100)
    with pytest.raises(NotOurs, match=r"notes\.txt: the file is not a database"):
        await opened(path, access)
    assert path.read_text() == "remember the milk " * 100


async def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE milk (litres)")
    with pytest.raises(NotOurs, match="holds tables of another program"):
        await opened(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("milk",)]


# ---- trouble while it is open


@pytest.fixture(params=[False, True], ids=["in a thread", "in the loop"])
async def either(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(sqlite_url, ReversingSealer(), in_loop=bool(request.param))
    yield opened
    await opened.close()


async def pragma(uow: UnitOfWork, text: str) -> object:
    def asked(connection: Connection) -> object:
        result = connection.exec_driver_sql(f"PRAGMA {text}")
        return result.scalar() if result.returns_rows else None

    return await uow._transaction._connection.run_sync(asked)


async def test_a_full_disk_keeps_nothing_of_the_unit_and_everything_before(either: Database) -> None:
    await found(either)
    await hear(either, "1", "2")
    async with either.begin() as uow:
        pages = await pragma(uow, "page_count")
        await pragma(uow, f"max_page_count={pages}")
    with pytest.raises(StorageUnavailable, match=r"parley\.db: the disk is full; free some space"):
        await hear(either, *map(str, range(3, 300)))
    async with either.begin() as uow:
        await pragma(uow, "max_page_count=1000000")
    assert await heard(either) == ["1", "2"]
    await hear(either, "3")
    assert await heard(either) == ["1", "2", "3"]


async def test_a_commit_that_the_disk_refuses_keeps_nothing_of_it(either: Database) -> None:
    await found(either)
    await hear(either, "1")
    log = Path(f"{either.name}-wal")
    with files_may_not_grow_beyond(log.stat().st_size + 100):
        with pytest.raises(StorageUnavailable, match=r"parley\.db: the disk"):
            await hear(either, "2", "3")
        with pytest.raises(StorageUnavailable):
            await hear(either, "4")
    assert await heard(either) == ["1"]
    await hear(either, "5")
    assert await heard(either) == ["1", "5"]


async def test_a_file_locked_by_another_program_is_named(database: Database) -> None:
    await found(database)
    async with database.begin() as uow:
        await pragma(uow, "busy_timeout=1")
    with closing(sqlite3.connect(path_of(database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable, match="another program holds it locked"):
            await hear(database, "1")
    await hear(database, "2")
    assert await heard(database) == ["2"]


async def test_a_file_that_can_only_be_read_is_named(database: Database) -> None:
    await found(database)
    async with database.begin() as uow:
        await pragma(uow, "query_only=ON")
    with pytest.raises(StorageUnavailable, match="it can't be written; check the permissions"):
        await hear(database, "1")


async def test_a_file_that_was_deleted_takes_no_more(database: Database) -> None:
    await found(database)
    path_of(database).unlink()
    with pytest.raises(StorageUnavailable, match="the file was moved or deleted"):
        await hear(database, "1")


async def test_a_file_that_was_replaced_takes_no_more(database: Database, sqlite_template: Path) -> None:
    await found(database)
    (path_of(database).parent / "other.db").write_bytes(sqlite_template.read_bytes())
    (path_of(database).parent / "other.db").replace(path_of(database))
    with pytest.raises(StorageUnavailable, match="the file was moved or deleted"):
        await hear(database, "1")


async def test_a_cancelled_statement_costs_no_connection(database: Database) -> None:
    await hear(database, "first")
    made: list[object] = []
    event.listen(database._writers.sync_engine, "connect", lambda connection, _: made.append(connection))

    async def write(key: str) -> None:
        async with database.begin() as uow:
            for part in "abc":
                await uow.inbox.insert([new(posted(f"{key}{part}"))], NOW)
            await uow.commit()

    for turns in range(60):
        task = asyncio.ensure_future(write(str(turns)))
        for _ in range(turns):
            await asyncio.to_thread(lambda: None)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await write("last")
    assert "lastc" in await heard(database)
    assert made == []


async def test_what_a_killed_program_had_claimed_is_claimed_by_the_next_at_once(tmp_path: Path) -> None:
    path, lease = tmp_path / "parley.db", timedelta(seconds=30)
    database = await opened(path)
    await found(database)
    async with database.begin() as uow:
        await uow.outbox.add(ACME, say(), "cause", OutboxId("post"), NOW)
        await uow.commit()
    async with database.begin() as uow:
        (claimed,) = await uow.outbox.claim(NOW, lease, 9)
        await uow.commit()
    assert claimed.first_claimed_at is None
    await database.close()  # as far as the file knows: a kill lets go of its lock too
    again = await opened(path)
    async with again.begin() as uow:
        (row,) = await uow.outbox.claim(NOW, lease, 9)
        assert row.first_claimed_at == NOW
        assert not await sent(uow, claimed.token, None, "", NOW)
        await uow.commit()
    await again.close()
