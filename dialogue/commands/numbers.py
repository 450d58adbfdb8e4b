"""Options that are numbers."""

from typing import Final

from dialogue.commands.invocation import Invocation
from dialogue.errors import Refused

LONGEST: Final = 3650
"""The most days that may be asked for."""


def number(asked: Invocation, option: str, otherwise: int, least: int, most: int) -> int:
    """The number given, or ``otherwise`` where it was left out. Raises :class:`Refused` for any that is not between."""
    typed = asked.given(option)
    if typed is None:
        return otherwise
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= len(str(most)) and least <= int(typed) <= most):
        raise Refused(asked.say("refused.number_between", {"option": option, "least": least, "most": most}))
    return int(typed)
