"""What was given up and lies in the inbox and the outbox, for an operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.exc import SQLAlchemyError

from adapters.storage import engines
from adapters.storage.address import Address
from adapters.storage.columns import Moment
from adapters.storage.database_file import must_exist
from adapters.storage.tables import inbox, outbox
from adapters.storage.troubles import explain
from dialogue.rows import OutboxState


@dataclass(frozen=True, slots=True)
class Dead:
    """Dead rows of one box that have one error: how many, and when the oldest of them came (UTC)."""

    box: str
    error: str
    count: int
    oldest: datetime


def _dead(
    box: str, dead: ColumnElement[bool], error: ColumnElement[str | None], came: ColumnElement[datetime]
) -> Select[str, str | None, int, datetime]:
    oldest = func.min(came, type_=Moment)
    return select(literal(box), error, func.count(), oldest).where(dead).group_by(error).order_by(oldest)


_QUERIES: Final = (
    _dead("inbox", inbox.c.state == "dead", inbox.c.error, inbox.c.received_at),
    _dead("outbox", outbox.c.state == OutboxState.DEAD, outbox.c.reason, outbox.c.created_at),
)


async def dead_rows(url: str) -> Sequence[Dead]:
    """What is dead, by box and error, in each box the oldest first. Changes nothing.

    Its tables must be this program's. Raises :class:`~dialogue.errors.StorageUnavailable`.
    """
    address = Address.parse(url)
    if address.path:
        must_exist(address.path)
    engine = engines.reading(address)
    try:
        async with engine.connect() as connection:
            found = [row for query in _QUERIES for row in await connection.execute(query)]
            return [Dead(box, error or "unknown", count, oldest) for box, error, count, oldest in found]
    except (SQLAlchemyError, OSError) as error:
        raise explain(error, address.name) or error from error
    finally:
        await engine.dispose()
