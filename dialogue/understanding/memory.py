"""What a lane remembers for judging its next message."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from dialogue.understanding.lines import Lines
from dialogue.understanding.values import WINDOW, Judged


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A lane's memory: its last ``WINDOW`` judged messages, oldest first, of every role, and nothing else.

    So it can be made again from stored messages, and the next judgement is the same. ``lines`` are what people said
    among them, made ready for comparing.
    """

    recent: tuple[Judged, ...] = ()
    lines: Lines = field(default_factory=Lines.none, compare=False, repr=False)

    @classmethod
    def of(cls, rows: Iterable[Judged]) -> Self:
        """The state after these judged messages of one lane, in the order in which they were judged."""
        recent = tuple(rows)[-WINDOW:]
        return cls(recent, Lines.of(recent))

    def after(self, judged: Judged) -> "ChannelState":
        """The state once this message has been judged too."""
        lines = self.lines
        if len(self.recent) == WINDOW and lines.said and lines.said[-1] is self.recent[0]:
            lines = lines.without_first()
        return ChannelState((*self.recent[1 - WINDOW :], judged), lines.after(judged) if judged.by_person else lines)

    def with_last(self, judged: Judged) -> "ChannelState":
        """The same with another last message, of which only what nobody compares is different."""
        return ChannelState(
            (*self.recent[:-1], judged), self.lines.with_last(judged) if judged.by_person else self.lines
        )
