"""Where a database is: ``sqlite:///file.db`` or ``postgresql://user:password@host/name``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters.storage.errors import UnknownDatabase

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


@dataclass(frozen=True, slots=True)
class Address:
    """A checked address. ``name`` is how to speak of it, without its password; ``path`` is set for SQLite only."""

    url: URL
    name: str
    path: Path | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an address. Raises :class:`UnknownDatabase` with a sentence."""
        try:
            given = make_url(url)
        except ArgumentError as error:
            raise UnknownDatabase(f"not a database address; write {_EXAMPLES}") from error
        kind = given.drivername.split("+")[0]
        if kind not in _DRIVERS:
            raise UnknownDatabase(f"{kind} is not a database we know; write {_EXAMPLES}")
        full = given.set(drivername=_DRIVERS[kind])
        if kind == "postgresql":
            return cls(full, given.render_as_string(hide_password=True), None)
        if not given.database or given.database.startswith((":memory:", "file:")):
            raise UnknownDatabase(f"{url} names no file; write {_EXAMPLES}")
        return cls(full, given.database, Path(given.database))


_EXAMPLES = "sqlite:///parley.db or postgresql://user:password@host/name"
