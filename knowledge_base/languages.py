"""What languages are called here: by their ISO 639-1 codes."""

from typing import Final

UNDETERMINED: Final = "und"
"""No language could be told."""


def differ(one: str, other: str) -> bool:
    """Whether these are surely two languages."""
    return one != other and UNDETERMINED not in (one, other)
