"""The welcome that newcomers get, once, after their first post."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WORDS_LIMIT: Final = 600
"""The most characters that admins may say in it."""


class Welcoming(StrEnum):
    """Whether newcomers are welcomed."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a community chose. ``words``: how it shapes the product, as admins say it; empty for the ready sentence."""

    welcoming: Welcoming = Welcoming.OFF
    words: str = ""
