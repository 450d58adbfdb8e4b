"""The database's tables, step by step: one chain for SQLite and PostgreSQL, forward only.

Run by :mod:`adapters.storage.upgrade`, never by Alembic's own command line.
"""

from typing import Final

REVISIONS: Final = tuple(f"{number:04}" for number in range(1, 30))
"""Every revision, oldest first; a test holds it equal to the files in ``versions/``."""

HEAD: Final = REVISIONS[-1]
"""The revision this program works with."""
