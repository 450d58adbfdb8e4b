"""What the buttons are called that staff press about insights that may be the same, or were merged."""

from typing import Final

MERGE: Final = "merge"
DIFFER: Final = "differ"
UNDO: Final = "undo"
