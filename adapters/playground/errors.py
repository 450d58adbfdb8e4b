"""What can go wrong in the playground.

- :class:`dialogue.errors.StorageUnavailable`
    - :class:`BrokenJournal`: the file of what happened can't be read
- :class:`dialogue.errors.Refused`: what a person tries can't be done; the sentences they read are here
"""

from pathlib import Path
from typing import Final

from dialogue.errors import StorageUnavailable


class BrokenJournal(StorageUnavailable):
    """The file of what happened can't be read; the message names the file, the line and the remedy."""

    def __init__(self, file: Path, line: int, why: str) -> None:
        super().__init__(
            f"{file}, line {line}: {why}. Start over with --fresh, or repair or remove that line and start again."
        )


GONE: Final = "That message is gone."
NOT_YOURS: Final = "Only who wrote it can change it."
NOT_YOURS_TO_DELETE: Final = "Only who wrote it, or an admin, can delete it."
NOBODY: Final = "There is nobody here of that name."
NOWHERE: Final = "There is no such channel."
STAFF_ONLY: Final = "Only staff can write there."
NOT_YOUR_TALK: Final = "That is somebody else's direct message."
EMPTY: Final = "There is nothing to send yet."
TOO_LONG: Final = "That is longer than 40,000 characters; please shorten it."
NAME_NEEDED: Final = "Give a name of 1 to 60 characters."
NO_COMMAND: Final = "There is no such command. Type / to see what there is."
NO_BUTTON: Final = "That button is no longer there."
NO_MENU: Final = "That menu is no longer there."
NO_CHOICE: Final = "That is not among what can be chosen there."
TOO_MANY: Final = "There you can choose at most {most}."
NO_EMOJI: Final = "Name the emoji in 1 to 40 characters."
NOT_KEPT: Final = "This could not be written to disk ({why}). Free some space or check the folder, then try again."
TOO_SLOW: Final = "Parley took too long to answer. Please try again."
BAD_FRAME: Final = "The page sent something that is not understood: {why}"
