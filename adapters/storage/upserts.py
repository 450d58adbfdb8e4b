"""Inserts that meet a row which is there already: the one statement that each database's dialect spells itself."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


@cache
def insert_if_new(table: Table, key: tuple[str, ...], dialect: str) -> Insert:
    """Insert, or do nothing where ``key`` is there already."""
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=key)
    return sqlite.insert(table).on_conflict_do_nothing(index_elements=key)


@cache
def insert_or_replace(table: Table, dialect: str) -> Insert:
    """Insert, or where the primary key is there already set every other column."""
    key = [column.name for column in table.primary_key]
    others: Sequence[str] = [column.name for column in table.columns if column.name not in key]
    if dialect == "postgresql":
        on_postgresql = postgresql.insert(table)
        return on_postgresql.on_conflict_do_update(
            index_elements=key, set_={name: on_postgresql.excluded[name] for name in others}
        )
    on_sqlite = sqlite.insert(table)
    return on_sqlite.on_conflict_do_update(index_elements=key, set_={name: on_sqlite.excluded[name] for name in others})
