"""The catalogue of texts: a folder a language beside this file, a file a noun in it.

Every file holds tables of key = "text with {places}". Nobody's words are ever interpreted.
"""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

DEFAULT_LANGUAGE: Final = "en"
_SLASH: Final = re.compile(r"(?<!\S)/(?=[a-z])")
"""The beginning of a command in a text."""


class Texts:
    """Texts by dotted key (``card.plan``). A language without the text falls back to English.

    ``commands``: how a command begins where it is read, in place of the slash with which the catalogues write it.
    ``language``: in which everything is said.
    """

    def __init__(
        self, catalogues: Mapping[str, Mapping[str, str]], commands: str = "/", language: str = DEFAULT_LANGUAGE
    ) -> None:
        self._catalogues = catalogues
        self._commands = commands
        self._language = language

    @classmethod
    def load(cls) -> "Texts":
        """Every catalogue that ships. Raises ``ValueError`` for a key that two files of a language give."""
        folders = [entry for entry in files(__package__).iterdir() if entry.is_dir()]
        return cls({folder.name: texts for folder in folders if (texts := gathered(folder))})

    def with_commands(self, commands: str) -> "Texts":
        """The same texts for a place where commands begin otherwise."""
        return Texts(self._catalogues, commands, self._language)

    def speaking(self, language: str) -> "Texts":
        """The same texts in another language."""
        return Texts(self._catalogues, self._commands, language)

    @property
    def languages(self) -> frozenset[str]:
        """Those that have a catalogue of their own, whole or in part."""
        return frozenset(self._catalogues)

    def command(self, typed: str) -> str:
        """A command as it is typed there."""
        return f"{self._commands}{typed}"

    def say(self, key: str, places: Mapping[str, str | int] | None = None) -> str:
        """The text under ``key`` with its places filled. Raises ``KeyError`` for a key or place that isn't there."""
        texts = self._catalogues.get(self._language, {})
        text = texts.get(key) or self._catalogues[DEFAULT_LANGUAGE][key]
        return string.Formatter().vformat(_SLASH.sub(self._commands, text), (), places or {})

    def keys(self, language: str = DEFAULT_LANGUAGE) -> frozenset[str]:
        """Every key of a language."""
        return frozenset(self._catalogues[language])


def gathered(folder: Traversable) -> dict[str, str]:
    """The texts of all files of a folder. Raises ``ValueError`` for a key that two of them give."""
    texts: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        for key, text in _flat(tomllib.loads(entry.read_text("utf-8"))) if entry.name.endswith(".toml") else ():
            if key in texts:
                raise ValueError(f"{folder.name}/{entry.name}: {key} is given by another file too")
            texts[key] = text
    return texts


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
