"""Ids that count."""

from dialogue.ports import Ids


class CountingIds(Ids):
    """22 characters: a prefix and a number, so that a test's ids are the same in every run."""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._count = 0

    def fresh(self) -> str:
        """The next one."""
        self._count += 1
        return f"{self._prefix}{self._count:0{22 - len(self._prefix)}d}"
