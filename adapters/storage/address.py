"""Where a database is: ``sqlite:///file.db`` or ``postgresql://user:password@host/name``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

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
        except (ArgumentError, ValueError) as error:
            raise UnknownDatabase(f"not a database address; write {_EXAMPLES}") from error
        kind = given.drivername.split("+")[0]
        if kind not in _DRIVERS:
            raise UnknownDatabase(f"{kind} is not a database we know; write {_EXAMPLES}")
        full = given.set(drivername=_DRIVERS[kind])
        if kind == "postgresql":
            return cls(_server(full), given.render_as_string(hide_password=True), None)
        path = _file(given, url)
        return cls(full, str(path), path)


def _server(url: URL) -> URL:
    """The address as the driver takes it: most write sslmode for what it calls ssl."""
    unknown = sorted(set(url.query) - _OPTIONS)
    if unknown:
        raise UnknownDatabase(f"the address has an option {unknown[0]} that we don't know; leave it out")
    sslmode = url.query.get("sslmode")
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": sslmode}) if sslmode else url


def _file(given: URL, url: str) -> Path:
    if given.host is not None:
        raise UnknownDatabase("sqlite takes three slashes before a file's path, four before a full one, sqlite:////a/b")
    if not given.database or given.database.startswith((":memory:", "file:")) or "\0" in given.database:
        raise UnknownDatabase(f"sqlite: the address names no file; write {_EXAMPLES}")
    if "?" in url:
        raise UnknownDatabase("sqlite takes no options; end the address with the file's name")
    return Path(given.database)


_OPTIONS: Final = frozenset({"host", "port", "ssl", "sslmode"})
_EXAMPLES: Final = "sqlite:///parley.db or postgresql://user:password@host/name"
