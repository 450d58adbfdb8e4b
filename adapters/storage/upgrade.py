"""Brings a database's tables up to this program's, and refuses one that a newer program made."""

from pathlib import Path
from typing import Final

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

import migrations
from adapters.storage import engines
from adapters.storage.address import Address
from adapters.storage.database_file import DatabaseFile, must_exist
from adapters.storage.errors import NotOurs, SchemaTooNew, SchemaTooOld
from adapters.storage.tables import metadata
from adapters.storage.troubles import explained

_VERSION_TABLE: Final = "alembic_version"
_VERSION: Final = text("SELECT version_num FROM alembic_version")
_UPGRADE_LOCK: Final = 7_307_216_640
"""Any number, the same in every process: only one upgrades a PostgreSQL database at a time."""


async def upgrade(url: str) -> str:
    """Bring the database's tables up to this program's; returns their revision.

    Each step is one transaction: if it fails, the database stands where it stood before that step. Raises
    :class:`~adapters.storage.errors.SchemaTooNew` and the other errors of that module.
    """
    address = Address.parse(url)
    file = DatabaseFile.claim(address.path) if address.path else None
    try:
        await bring_up(address)
    finally:
        if file:
            file.release()
    return migrations.HEAD


async def revision(url: str) -> str | None:
    """The revision of the database's tables; None if it holds none. Changes nothing."""
    address = Address.parse(url)
    if address.path:
        must_exist(address.path)
    return await _revision_of(address)


def refuse_newer(found: str | None, name: str) -> None:
    """Raise :class:`SchemaTooNew` for a revision that this program doesn't know, of the database called ``name``."""
    if found is not None and found not in migrations.REVISIONS:
        raise SchemaTooNew(
            f"{name}: made by a newer Parley (revision {found}, this one knows {migrations.HEAD}); "
            "install that version or restore a backup"
        )


async def bring_up(address: Address) -> None:
    """As :func:`upgrade` of a file that this process has claimed."""
    # read first: to write is to set a SQLite file's journal mode, which another program's must keep
    found = await _revision_of(address)
    if found == migrations.HEAD:
        return
    refuse_newer(found, address.name)
    engine = engines.writing(address)
    try:
        with explained(address.name):
            async with engine.connect() as connection:
                await _one_at_a_time(connection)
                await connection.run_sync(_migrate)
    finally:
        await engine.dispose()


async def must_be_current(address: Address) -> None:
    """Raise unless the database's tables are this program's."""
    found = await _revision_of(address)
    if found == migrations.HEAD:
        return
    refuse_newer(found, address.name)
    raise SchemaTooOld(f"{address.name}: made by an older Parley; run: parley db upgrade")


async def _revision_of(address: Address) -> str | None:
    engine = engines.reading(address)
    try:
        with explained(address.name):
            async with engine.connect() as connection:
                found = await connection.run_sync(_read_revision)
                await connection.rollback()
    finally:
        await engine.dispose()
    if found is _SOMETHING_ELSE:
        raise NotOurs(f"{address.name}: holds tables of another program; give Parley a database of its own")
    return found


_SOMETHING_ELSE: Final = "something else"


def _read_revision(connection: Connection) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if tables <= {_VERSION_TABLE}:  # what a first step that failed leaves
        return None
    if _VERSION_TABLE not in tables or not tables & set(metadata.tables):
        return _SOMETHING_ELSE
    version: str | None = connection.execute(_VERSION).scalar_one_or_none()
    return version


async def _one_at_a_time(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":
        # held by the session, over the transactions of all steps, until the connection is closed
        await connection.execute(text("select pg_advisory_lock(:key)"), {"key": _UPGRADE_LOCK})
        await connection.commit()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
