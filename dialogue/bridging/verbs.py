"""What the bridge's buttons, forms and timers are called, and how long it waits."""

from datetime import timedelta
from typing import Final

from dialogue.card_buttons import ASK

__all__ = ["ANSWER", "ASK", "LOOKED_AFTER", "REACHING", "STILL", "STILLNESS", "TEXT", "TEXT_LIMIT"]

ANSWER: Final = "bridge_answer"
"""Answer a customer who answered."""
REACHING: Final = "asked"
"""The schedule by which those are written to directly whose thread could not be written in."""
STILLNESS: Final = "bridge"
"""The schedule by which a question is closed of which nothing was heard."""
LOOKED_AFTER: Final = timedelta(minutes=10)
STILL: Final = timedelta(days=7)
"""After so much time without a word a question is closed."""

TEXT: Final = "text"
"""The field of both forms in which staff write."""
TEXT_LIMIT: Final = 500
"""Characters."""
