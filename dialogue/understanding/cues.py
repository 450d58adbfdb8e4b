"""The catalogue of cues: phrases that give away what a text means, found without reading it more than once.

Phrases stand in ``cues.toml``, which also says how they are written. They are looked up by their first word, so that
the time depends on the text and hardly on the size of the catalogue.
"""

import re
from dataclasses import dataclass

from knowledge_base.kinds import Kind

_GAP = "..."
_LONGEST_GAP = 3
_STEM = 4
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Cue:
    """A group of phrases that speak for one kind, by ``weight``."""

    name: str
    kind: Kind
    weight: float


@dataclass(frozen=True, slots=True)
class Found[Meaning]:
    """A phrase that occurs in a text, and what it means."""

    meaning: Meaning
    phrase: str


