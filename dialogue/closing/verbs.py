"""What is told, and what the buttons for it are called."""

from typing import Final

SEND: Final = "tell_send"
EDIT: Final = "tell_edit"
NOT_NOW: Final = "tell_not_now"
MUTE: Final = "mute"
TELL: Final = "tell"
TIMER: Final = "telling"
"""The schedule by which those are looked after whom a post did not reach."""
