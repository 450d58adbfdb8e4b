"""Whether a database is sound, as far as the database itself can tell."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from adapters.storage import engines
from adapters.storage.address import Address
from adapters.storage.database_file import must_exist
from adapters.storage.errors import Damaged
from adapters.storage.troubles import explain

_SOUND: Final = "ok"


async def damage(url: str) -> Sequence[str]:
    """What SQLite finds wrong in its file, a line each, at most a hundred; nothing where it is sound.

    PostgreSQL checks its own pages as it reads them: there it is only asked to answer. Changes nothing. Raises
    :class:`~dialogue.errors.StorageUnavailable`.
    """
    address = Address.parse(url)
    if address.path:
        must_exist(address.path)
    engine = engines.reading(address)
    try:
        async with engine.connect() as connection:
            found = await connection.execute(text("PRAGMA integrity_check" if address.path else "SELECT 'ok'"))
            return [str(line) for (line,) in found if line != _SOUND]
    except (SQLAlchemyError, OSError) as error:
        sentence = explain(error, address.name) or error
        if isinstance(sentence, Damaged):
            return [str(error.orig) if isinstance(error, DBAPIError) else str(sentence)]
        raise sentence from error
    finally:
        await engine.dispose()
