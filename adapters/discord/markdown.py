"""Texts as Discord shows them character for character: its markdown has no effect on what somebody said."""

import re
from typing import Final

_LINK = re.compile(r"https?://[^\s<>\[\]()`|*\\\"']+")
_MARKS = re.compile(r"[\\*_~`|\[\]<>]")
_LINE_STARTS = re.compile(r"(?m)^([^\S\n]*)([#\-+]|\d+(?=[.)]))")
_NUMBER = re.compile(r"\d+")
_CUT: Final = "…"
_SENTENCE = re.compile(r"[.!?…](?=\s)|\n")


def escaped(said: str) -> str:
    """The text with every mark escaped, links left as they are so that they can be followed."""
    parts: list[str] = []
    done = 0
    for link in _LINK.finditer(said):
        parts += [_escaped(said[done : link.start()], at_line_start=_begins_line(said, done)), link.group()]
        done = link.end()
    parts.append(_escaped(said[done:], at_line_start=_begins_line(said, done)))
    return "".join(parts)


def fitted(said: str, limit: int) -> str:
    """As much of the text, escaped, as fits in ``limit`` characters; cut after a sentence if one ends late enough."""
    whole = escaped(said)
    if len(whole) <= limit:
        return whole
    low, high = 0, min(len(said), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if len(escaped(said[:middle])) + len(_CUT) <= limit:
            low = middle
        else:
            high = middle - 1
    kept = said[:low]
    ends = [match.end() for match in _SENTENCE.finditer(kept)]
    if ends and ends[-1] > low // 2:
        kept = kept[: ends[-1]]
    return escaped(kept.rstrip()) + _CUT if limit else ""


def _begins_line(said: str, index: int) -> bool:
    return index == 0 or said[index - 1] == "\n"


def _escaped(part: str, *, at_line_start: bool) -> str:
    marked = _MARKS.sub(r"\\\g<0>", part)

    def line_start(match: re.Match[str]) -> str:
        if match.start() == 0 and not at_line_start:
            return match.group()
        space, mark = match.groups()
        return f"{space}{mark}\\" if _NUMBER.fullmatch(mark) else f"{space}\\{mark}"

    return _LINE_STARTS.sub(line_start, marked)
