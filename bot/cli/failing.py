"""How a command fails: a sentence on standard error and exit code 2. Only a mistake of ours shows a traceback."""

import errno
import sys
from typing import Final

BAD_INPUT: Final = 2


class BadInput(Exception):
    """What was given can't be used. The message says what, where, and what to do."""


def sentence_of(error: Exception) -> str | None:
    """The error's message if it is written for people, else None."""
    from adapters.files.errors import FilesError
    from dialogue.errors import DialogueError

    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "the disk is full; free some space and run it again"
    kinds: list[type[Exception]] = [BadInput, FilesError, DialogueError]
    # Where a module was never imported its errors can't have been raised.
    for module, name in (("bot.settings", "SettingsError"), ("bot.playing", "PlayError")):
        if module in sys.modules:
            kinds.append(getattr(sys.modules[module], name))
    return str(error) if isinstance(error, tuple(kinds)) else None
