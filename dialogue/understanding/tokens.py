"""From a text to tokens: what is looked at, how it is cut, and which names it speaks to.

Everything here takes time linear in the part that is read, and no more than ``READ`` characters are read: a pasted
log says what it is in its first lines, or its author does.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

from dialogue.understanding.cues import word_list
from knowledge_base.speech import MENTION, READ

START = "^"
"""The token that stands before each sentence."""

MARKS = frozenset({START, "?", "!"})
"""Tokens that are no words."""

_APOSTROPHES = str.maketrans({"'": None, "’": None, "‘": None, "\x00": " ", "？": "?", "！": "!", "¿": "?", "؟": "?"})
_PIECE = re.compile(r"[^\W_]+|[?!]+|[.;:\n…。]+")
_NICK = re.compile(r"\s*@?([^\s:,<>@]{1,40})[:,](?:\s|$)")
_PIPED = re.compile(r"\|\s*([^\s|]{2,40})\s*$")
_SHORT = 2
"""Words so short tell no two texts apart."""
_EDGE = ".,:;!?()\"'<>@*~"


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


def rare_words(found: Iterable[str]) -> tuple[int, ...]:
    """The words worth comparing, each once, as hashes that are the same in every process; a plural is its singular."""
    hashes = {
        crc32(word.removesuffix("s").encode("utf-8", "replace"))
        for word in frozenset(found) - word_list("common")
        if len(word) > _SHORT
    }
    return tuple(sorted(hashes))


def addressees(text: str) -> frozenset[str]:
    """The lower-case names a text may speak to: ``<@id>``, ``@name``, ``name:`` in front, ``| name`` behind.

    Whether anybody here is called so is for whoever knows who is here.
    """
    head = text[:READ].lower()
    named = {by_id or by_name for by_id, by_name in MENTION.findall(head)} if "@" in head else set()
    first = _NICK.match(head)
    if first and first[1] not in word_list("leading") and first[1] not in word_list("common"):
        named.add(first[1])
    if "|" in head:
        piped = _PIPED.search(head[-60:])
        if piped:
            named.add(piped[1])
    return frozenset(named)


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
