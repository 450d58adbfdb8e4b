"""What a lane remembers for judging its next message."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from dialogue.understanding.lines import Lines
from dialogue.understanding.values import WINDOW, Judged


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A lane's memory: its last ``WINDOW`` judged messages, oldest first, of every role, and nothing else.

    So it can be made again from stored messages, and the next judgement is the same. ``compared`` is what people said
    among them, made ready for comparing; None as long as nobody compares.
    """

    recent: tuple[Judged, ...] = ()
    compared: Lines | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, rows: Iterable[Judged]) -> Self:
        """The state after these judged messages of one lane, in the order in which they were judged."""
        return cls(tuple(rows)[-WINDOW:])

    @property
    def lines(self) -> Lines:
        """What people said, made ready for comparing: each time anew where :meth:`ready` did not."""
        return Lines.of(self.recent) if self.compared is None else self.compared

    def ready(self) -> "ChannelState":
        """The same, made ready for comparing."""
        return self if self.compared is not None else ChannelState(self.recent, self.lines)

    def after(self, judged: Judged) -> "ChannelState":
        """The state once this message has been judged too; as ready for comparing as this one."""
        recent, lines = (*self.recent[1 - WINDOW :], judged), self.compared
        if lines is None:
            return ChannelState(recent)
        if len(self.recent) == WINDOW and lines.said and lines.said[-1] is self.recent[0]:
            lines = lines.without_first()
        return ChannelState(recent, lines.after(judged) if judged.by_person else lines)

    def with_last(self, judged: Judged) -> "ChannelState":
        """The same with another last message, of which only what nobody compares is different."""
        compares = self.compared is not None and judged.by_person
        lines = self.lines.with_last(judged) if compares else self.compared
        return ChannelState((*self.recent[:-1], judged), lines)

    def with_moved(self, moved: Iterable[Judged]) -> "ChannelState":
        """The same with messages as they were judged again."""
        now = {judged.prepared.heard.id: judged for judged in moved}
        return ChannelState.of(now.get(one.prepared.heard.id, one) for one in self.recent)
