"""What can go wrong with the database, as a tree. Every message names the database and says what to do.

- :class:`~dialogue.errors.StorageUnavailable`
    - :class:`UnknownDatabase`: the address means nothing to us
    - :class:`NotOurs`: there is something else in that file or database
    - :class:`Damaged`: the file is not as SQLite wrote it
    - :class:`InUse`: another process writes to it
    - :class:`SchemaTooNew`, :class:`SchemaTooOld`: another version of the program made it
    - :class:`UnusableKey`: what seals secrets can't be had
- :class:`UnitEnded`, :class:`OnlyReads`, :class:`UnknownSpace`: the caller's mistakes
"""

from dialogue.errors import DialogueError, StorageUnavailable


class UnknownDatabase(StorageUnavailable):
    """The address names no kind of database that we know."""


class NotOurs(StorageUnavailable):
    """The file is no database, or the database holds something else."""


class Damaged(StorageUnavailable):
    """The file is not as SQLite wrote it."""


class InUse(StorageUnavailable):
    """Another process writes to this file already."""


class SchemaTooNew(StorageUnavailable):
    """A newer version of the program made this database."""


class SchemaTooOld(StorageUnavailable):
    """An older version of the program made this database, and it was opened for reading only."""


class UnusableKey(StorageUnavailable):
    """The key that seals secrets is none, or can't be read or kept."""


class UnitEnded(DialogueError):
    """A unit of work was used after its commit."""


class OnlyReads(DialogueError):
    """A unit of work that only reads was asked to write or commit."""


class UnknownSpace(DialogueError):
    """Something was to be stored for a space that belongs to no community yet."""
