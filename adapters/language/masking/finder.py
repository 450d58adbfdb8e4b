"""What every sort of find has in common."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Span = tuple[int, int]

PLACEHOLDER = re.compile(r"(\[(?:e-mail|phone|card|IBAN|address|secret)\])")


def whole(match: re.Match[str]) -> Span | None:
    """The span of a pattern that needs no check."""
    return match.span()


@dataclass(frozen=True, slots=True)
class Finder:
    """One pattern of one sort of find.

    ``span`` says which part of a match is to go, or None where a closer look finds it harmless. ``hint`` is a cheaper
    pattern, without which ``pattern`` can't match either.
    """

    name: str
    pattern: re.Pattern[str]
    span: Callable[[re.Match[str]], Span | None] = whole
    hint: re.Pattern[str] | None = None

    def replace(self, text: str) -> str:
        """The text with each find as ``[name]``. What earlier finders put there is left alone."""
        if self.hint and not self.hint.search(text):
            return text
        if "[" not in text:
            return self.pattern.sub(self._replacement, text)
        parts = PLACEHOLDER.split(text)
        parts[::2] = [self.pattern.sub(self._replacement, part) for part in parts[::2]]
        return "".join(parts)

    def _replacement(self, match: re.Match[str]) -> str:
        span = self.span(match)
        if span is None:
            return match[0]
        start, end = (at - match.start() for at in span)
        return f"{match[0][:start]}[{self.name}]{match[0][end:]}"
