"""What every table is made with: one collection, its names for keys and indexes, and the community in front."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, MetaData, Table
from sqlalchemy.schema import SchemaItem

from adapters.storage.columns import ShownText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Sequence = BigInteger().with_variant(Integer, "sqlite")
"""Counts up by itself; SQLite does that only for a column of exactly this type."""


def table(name: str, *parts: SchemaItem, sqlite_autoincrement: bool = False) -> Table:
    """A table that leads with its community."""
    community = Column("community_id", ShownText, nullable=False)
    return Table(name, metadata, community, *parts, sqlite_autoincrement=sqlite_autoincrement)


def refers(columns: list[str], to: list[str]) -> ForeignKeyConstraint:
    """Checked at once, unless a unit of work moves a whole community: then at its end."""
    return ForeignKeyConstraint(columns, to, deferrable=True)
