"""What of a text its author says: not what was pasted, linked or quoted, nor the names of those it speaks to.

Who is spoken to says nothing of the matter: all that is said to one helper would seem alike. A name is told by the text
alone, so that the same text always says the same. ``@name`` is one. In front of a colon or comma a name is what is no
word: "sineva: no sound", but "Windows: no sound", "note: no sound", "TypeError: no sound".
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from knowledge_base.words import is_known, words_in

READ: Final = 3_000
"""How many characters of a text are looked at."""
MENTION: Final = re.compile(r"<@!?([^>|\s]{1,64})[^>]{0,64}>|(?<![\w.])@([\w.\-|\[\]`^{}\\]{1,64}+)(?!/)")

_CODE: Final = re.compile(r"```[^`]*(?:```|$)|`[^`\n]*`")
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")
_QUOTED: Final = re.compile(r"^\s*>.*$", re.MULTILINE)
_FRONT: Final = re.compile(r"\s*(@?)([\w\-\[\]\\`^{}|]{1,40}) ?[:,](?:\s|$)")
_DECORATION: Final = re.compile(r"[\[\]\\`^{}|]")
_DECORATED: Final = ("_", "`", "^", "|", "\\")
"""How only names of chat end."""
_INNER_CAPITAL: Final = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_SHORT: Final = 2
"""Runs of letters so short are no sign of a name: "v2", "iOS"."""
_MOST: Final = 3
"""How many in front are looked at."""


def readable(text: str) -> str:
    """The part of a text that people say: cut to ``READ``, without code, links and quoted lines."""
    said = text[:READ]
    if "`" in said:
        said = _CODE.sub(" ", said)
    if ">" in said:
        said = _QUOTED.sub(" ", said)
    return _LINK.sub(" ", said) if "://" in said or "www." in said else said


def without_names(text: str) -> str:
    """What a text says without the names that it speaks to: ``@name``, and ``name:`` or ``name,`` in front."""
    return parted(text)[0]


def parted(text: str) -> tuple[str, list[str]]:
    """The same, and those names."""
    said, names = text[:READ], list[str]()
    for front in _in_front(said):
        names.append(front[2])
        said = text[front.end() : READ]
    if "@" not in said:
        return said, names
    return MENTION.sub(" ", said), [*names, *(by_id or by_name for by_id, by_name in MENTION.findall(said))]


def _in_front(said: str) -> Iterator[re.Match[str]]:
    start = 0
    for _ in range(_MOST):
        front = _FRONT.match(said, start)
        if front is None or not (front[1] or _is_name(front[2])):
            return
        yield front
        start = front.end()


@lru_cache(1024)
def _is_name(word: str) -> bool:
    """Whether a word in front is somebody's name: it is none that is known, nor ends in one; no code, no shouting."""
    if word.endswith(_DECORATED):
        return True
    own = _DECORATION.split(word, maxsplit=1)[0] or word
    if own.isupper() or own.lower() == own.upper():
        return False
    parts = words_in(_INNER_CAPITAL.sub(" ", own).replace("_", " "))
    telling = [part for part in parts if len(part) > _SHORT]
    # what somebody calls a thing ends in what it is: "TypeError", "build-server"
    return bool(telling) and not is_known(telling[-1]) and not is_known("".join(parts))
