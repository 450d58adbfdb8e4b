"""The file of facts: written whole and fsynced before anybody sees them, so that no end of the process loses one."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from adapters.playground.errors import BrokenJournal
from adapters.playground.facts import FACTS, Fact

NAME: Final = "play.chat.jsonl"


class Journal:
    """Appends facts to ``play.chat.jsonl``, which only its owner may read.

    Writing blocks its caller, a few milliseconds for what one person clicks; in return nothing can come in between.
    """

    def __init__(self, folder: Path) -> None:
        """Raises ``OSError`` where the folder or the file can't be used."""
        folder.mkdir(parents=True, exist_ok=True)
        self.file: Final = folder / NAME
        self._descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.fchmod(self._descriptor, 0o600)
        self._size = 0

    def read(self) -> list[Fact]:
        """All facts in order. A last line without its end was never shown to anybody: it is cut off.

        Raises :class:`BrokenJournal` for any other line that can't be read.
        """
        content = self.file.read_bytes()
        self._size = content.rfind(b"\n") + 1
        os.ftruncate(self._descriptor, self._size)
        facts: list[Fact] = []
        for number, line in enumerate(content[: self._size].split(b"\n")[:-1], 1):
            try:
                facts.append(FACTS.validate_json(line))
            except ValidationError as error:
                raise BrokenJournal(self.file, number, error.errors()[0]["msg"]) from error
        return facts

    def append(self, facts: Sequence[Fact]) -> None:
        """Write and fsync. Raises ``OSError``; then none of the facts is kept."""
        data = b"".join(FACTS.dump_json(fact) + b"\n" for fact in facts)
        try:
            written = 0
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
            os.fsync(self._descriptor)
        except OSError:
            os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)
