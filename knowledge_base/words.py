"""Words that are known to be words: of our own examples and lists, in many languages (``words.txt``).

So a name in front of a statement ("sineva: no sound") is told from a word in front ("Windows: no sound"), and a slip of
the finger from another word. The file is written by ``training/words.py``.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_suffix(".txt")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDINGS: Final = ("ing", "ed", "es", "s")


def words_in(text: str) -> list[str]:
    """The runs of letters of a text, in lower case and without apostrophes."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [word.replace("'", "").replace("’", "") for word in _LETTERS.findall(plain)]


def is_known(word: str) -> bool:
    """Whether this is a word, in any of its forms; ``word`` as in :func:`words_in`, with or without its ending."""
    return stem(word) in _known()


def stem(word: str) -> str:
    """Without an English ending, roughly: enough to see that two words are forms of one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word.removesuffix(ending)
    return word


@cache
def _known() -> frozenset[str]:
    return frozenset(map(stem, FILE.read_text("utf-8").split()))
