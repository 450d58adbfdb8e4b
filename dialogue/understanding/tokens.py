"""From a text to tokens: what is looked at, how it is cut, and which names it speaks to.

Everything here takes time linear in the part that is read, and no more than ``READ`` characters are read: a pasted
log says what it is in its first lines, or its author does.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

from dialogue.understanding.cues import word_list

READ = 3_000
"""How many characters of a text are looked at."""

START = "^"
"""The token that stands before each sentence."""

MARKS = frozenset({START, "?", "!"})
"""Tokens that are no words."""

_CODE = re.compile(r"```[^`]*(?:```|$)|`[^`\n]*`")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_APOSTROPHES = str.maketrans({"'": None, "’": None, "‘": None, "\x00": " ", "？": "?", "！": "!", "¿": "?", "؟": "?"})
_PIECE = re.compile(r"[^\W_]+|[?!]+|[.;:\n…。]+")
_MENTION = re.compile(r"<@!?([^>|\s]{1,64})[^>]{0,64}>|(?<![\w.])@([\w.\-|\[\]`^{}\\]{1,64})")
_NICK = re.compile(r"\s*@?([^\s:,<>@]{1,40})[:,](?:\s|$)")
_PIPED = re.compile(r"\|\s*([^\s|]{2,40})\s*$")
_SHORT = 2
"""Words so short tell no two texts apart."""
_EDGE = ".,:;!?()\"'<>@*~"


def readable(text: str) -> str:
    """The part of a text that people say: cut to ``READ``, without code, links and quoted lines."""
    said = text[:READ]
    if "`" in said:
        said = _CODE.sub(" ", said)
    if ">" in said:
        said = _QUOTED.sub(" ", said)
    return _LINK.sub(" ", said) if "://" in said or "www." in said else said


def tokens(text: str) -> list[str]:
    """The words of a readable text in lower case without apostrophes, ``?``, ``!``, and ``START`` per sentence."""
    found = [START]
    said = text.lower()
    if not said.isascii() or "'" in said or "\x00" in said:
        said = said.translate(_APOSTROPHES)
    for piece in _PIECE.findall(said):
        if piece.isalnum():
            found.append(piece)
            continue
        if piece[0] in "?!":
            found.append(piece[0])
        if found[-1] != START:
            found.append(START)
    return found


def rare_words(found: Iterable[str]) -> frozenset[int]:
    """The words worth comparing, as hashes that are the same in every process; a plural is its singular."""
    return frozenset(
        [
            crc32(word.removesuffix("s").encode("utf-8", "replace"))
            for word in frozenset(found) - word_list("common")
            if len(word) > _SHORT
        ]
    )


def addressees(text: str) -> frozenset[str]:
    """The lower-case names a text speaks to: ``<@id>``, ``@name``, ``name:`` in front, ``| name`` behind."""
    head = text[:READ].lower()
    named = {by_id or by_name for by_id, by_name in _MENTION.findall(head)} if "@" in head else set()
    first = _NICK.match(head)
    if first and first[1] not in word_list("leading") and first[1] not in word_list("common"):
        named.add(first[1])
    if "|" in head:
        piped = _PIPED.search(head[-60:])
        if piped:
            named.add(piped[1])
    return frozenset(named)


def without_names(text: str, *, in_front: bool) -> str:
    """What a text says without the names that it speaks to: ``@name``, and ``name:`` in front where that is one."""
    said = text[:READ]
    first = _NICK.match(said) if in_front else None
    if first and first[1].lower() not in word_list("leading") | word_list("common"):
        said = said[first.end() :]
    return _MENTION.sub(" ", said) if "@" in said else said


def hints(text: str) -> frozenset[str]:
    """The outermost words, which may be somebody's name ("thanks anna", "bob try this")."""
    words = text[:READ].lower().split()
    common = word_list("common")
    edges = [word.strip(_EDGE) for word in (*words[:2], *words[-1:])]
    return frozenset([word for word in edges if len(word) > _SHORT and word not in common])


@lru_cache(maxsize=1 << 12)
def own_names(author: str, author_name: str) -> frozenset[str]:
    """The lower-case names somebody answers to: the account, the name, its first word, and the name in one word."""
    name = author_name.lower().strip()
    first = name.split(" ", 1)[0]
    return frozenset(n for n in (author.lower(), name, first, name.replace(" ", "")) if n)
