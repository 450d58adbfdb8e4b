"""The database's tables, step by step: one chain for SQLite and PostgreSQL, forward only.

Run by :mod:`adapters.storage.upgrade`, never by Alembic's own command line.
"""

from typing import Final

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0016")
"""Every revision, oldest first; a test holds it equal to the files in ``versions/``."""

HEAD: Final = REVISIONS[-1]
"""The revision this program works with."""
