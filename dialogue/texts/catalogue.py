"""The catalogue of texts: ``<language>.toml`` beside this file, tables of key = "text with {places}"."""

import re
import string
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

DEFAULT_LANGUAGE: Final = "en"
_SLASH: Final = re.compile(r"(?<!\S)/(?=[a-z])")
"""The beginning of a command in a text."""


class Texts:
    """Texts by dotted key (``card.plan``). A language without the text falls back to English.

    ``commands``: how a command begins where it is read, in place of the slash with which the catalogues write it.
    """

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]], commands: str = "/") -> None:
        self._catalogues = catalogues
        self._commands = commands

    @classmethod
    def load(cls) -> "Texts":
        """Every catalogue that ships."""
        folder = files(__package__)
        found = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
        return cls(
            {entry.name.removesuffix(".toml"): _flat(tomllib.loads(entry.read_text("utf-8"))) for entry in found}
        )

    def with_commands(self, commands: str) -> "Texts":
        """The same texts for a place where commands begin otherwise."""
        return Texts(self._catalogues, commands)

    def command(self, typed: str) -> str:
        """A command as it is typed there."""
        return f"{self._commands}{typed}"

    def say(self, key: str, places: Mapping[str, str | int] | None = None, language: str = DEFAULT_LANGUAGE) -> str:
        """The text under ``key`` with its places filled. Raises ``KeyError`` for a key or place that isn't there."""
        texts = self._catalogues.get(language, {})
        text = texts.get(key) or self._catalogues[DEFAULT_LANGUAGE][key]
        return string.Formatter().vformat(_SLASH.sub(self._commands, text), (), places or {})

    def keys(self, language: str = DEFAULT_LANGUAGE) -> frozenset[str]:
        """Every key of a language."""
        return frozenset(self._catalogues[language])


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            texts |= _flat(value, f"{prefix}{name}.")
        else:
            texts[f"{prefix}{name}"] = str(value)
    return texts
