"""Whether the database is sound and this program's."""

from collections.abc import Sequence
from dataclasses import dataclass

import migrations
from adapters.storage.integrity import damage
from adapters.storage.upgrade import revision


@dataclass(frozen=True, slots=True)
class DatabaseFound:
    """A database's revision (None: it has no tables), the one this program needs, and what is damaged."""

    revision: str | None
    current: str
    problems: Sequence[str]

    @property
    def sound(self) -> bool:
        """Whether it can be used as it is."""
        return self.revision == self.current and not self.problems

    def sentences(self) -> Sequence[str]:
        """What was found, for people."""
        found = [f"Damaged: {problem}" for problem in self.problems]
        if found:
            found.append("Restore it from a backup.")
        if self.revision is None:
            found.append("The database is empty. Make its tables with: parley db upgrade")
        elif self.revision != self.current:
            found.append(
                f"The database stands at revision {self.revision}, this Parley needs {self.current}. "
                "An older one is brought up by: parley db upgrade. For a newer one, install the newer Parley."
            )
        return found or [f"The database is sound and stands at revision {self.revision}."]


async def check_database(url: str) -> DatabaseFound:
    """Look at a database without changing it. Raises :class:`~dialogue.errors.StorageUnavailable`."""
    return DatabaseFound(await revision(url), migrations.HEAD, await damage(url))
