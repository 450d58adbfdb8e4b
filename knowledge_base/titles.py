"""Titles: an insight is called by its customers' own words, an extract and never a paraphrase."""

import re
from typing import Final

LONGEST: Final = 90
"""The most characters of a title."""

WORDLESS: Final = "…"
"""The title of a message without words."""

_FEWEST_WORDS: Final = 4
_FEWEST_CHARACTERS: Final = 8
"""What a sentence must have to stand alone; characters count where a script puts no spaces between words."""

_CODE = re.compile(r"```.*?(?:```|$)", re.DOTALL)
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")


def title_of(text: str) -> str:
    """The shortest sentence that can stand alone, of at most :data:`LONGEST` characters.

    Where none can, the beginning of the text, cut at a word. Code blocks and quoted lines are left out if anything
    else is there.
    """
    said = _QUOTED.sub("", _CODE.sub(" ", text))
    if not said.strip():
        said = text
    sentences = [" ".join(sentence.split()) for sentence in _SENTENCE_END.split(said)]
    good = [sentence for sentence in sentences if _stands_alone(sentence)]
    return min(good, key=len) if good else _cut(" ".join(said.split()))


def _stands_alone(sentence: str) -> bool:
    if len(sentence) > LONGEST:
        return False
    words = sentence.split()
    unspaced = len(words) == 1 and len(sentence) >= _FEWEST_CHARACTERS and not sentence.isascii()
    return len(words) >= _FEWEST_WORDS or unspaced


def _cut(text: str) -> str:
    if not text:
        return WORDLESS
    if len(text) <= LONGEST:
        return text
    whole_words = text[:LONGEST].rsplit(" ", 1)[0]
    return whole_words[: LONGEST - 1].rstrip() + WORDLESS
