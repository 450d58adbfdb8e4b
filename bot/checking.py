"""Whether the database is sound and this program's."""

from collections.abc import Sequence
from dataclasses import dataclass

import migrations
from adapters.storage.address import Address
from adapters.storage.errors import Damaged
from adapters.storage.integrity import damage
from adapters.storage.upgrade import refuse_newer, revision


@dataclass(frozen=True, slots=True)
class DatabaseFound:
    """A database's revision (None: it has no tables, or they can't be read), the one needed, and what is damaged."""

    revision: str | None
    current: str
    problems: Sequence[str]

    @property
    def sound(self) -> bool:
        """Whether it can be used as it is."""
        return self.revision == self.current and not self.problems

    def sentences(self) -> Sequence[str]:
        """What was found, for people."""
        if self.problems:
            return [*(f"Damaged: {problem}" for problem in self.problems), "Restore it from a backup."]
        if self.revision is None:
            return ["The database is empty. Make its tables with: parley db upgrade"]
        if self.revision != self.current:
            stands = f"The database stands at revision {self.revision}, this Parley needs {self.current}."
            return [f"{stands} Bring it up with: parley db upgrade"]
        return [f"The database is sound and stands at revision {self.revision}."]


async def check_database(url: str) -> DatabaseFound:
    """Look at a database without changing it.

    Raises :class:`~dialogue.errors.StorageUnavailable` where there is none, or none that this program may use.
    """
    problems = await damage(url)
    try:
        found = await revision(url)
    except Damaged:
        return DatabaseFound(None, migrations.HEAD, problems or ["its tables can't be read"])
    refuse_newer(found, Address.parse(url).name)
    return DatabaseFound(found, migrations.HEAD, problems)
