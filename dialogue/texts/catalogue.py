"""The catalogue of texts: ``<language>.toml`` beside this file, tables of key = "text with {places}"."""

import string
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

DEFAULT_LANGUAGE: Final = "en"


class Texts:
    """Texts by dotted key (``card.plan``). A language without the text falls back to English."""

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]]) -> None:
        self._catalogues = catalogues

    @classmethod
    def load(cls) -> "Texts":
        """Every catalogue that ships."""
        folder = files(__package__)
        found = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
        return cls(
            {entry.name.removesuffix(".toml"): _flat(tomllib.loads(entry.read_text("utf-8"))) for entry in found}
        )

    def say(self, key: str, places: Mapping[str, str | int] | None = None, language: str = DEFAULT_LANGUAGE) -> str:
        """The text under ``key`` with its places filled. Raises ``KeyError`` for a key or place that isn't there."""
        texts = self._catalogues.get(language, {})
        text = texts.get(key) or self._catalogues[DEFAULT_LANGUAGE][key]
        return string.Formatter().vformat(text, (), places or {})

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
