"""Choices to learn from: what is seen of each option, and which ones the annotators would have taken."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dialogue.understanding.features import options
from dialogue.understanding.links import Ranker, link
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.values import Judged, Prepared, conversation_started_by
from knowledge_base.kinds import Kind
from training.streams import Line, Stream


@dataclass(frozen=True)
class Choices:
    """``seen``: float16[rows, columns] of all options in a row; ``sizes``: int64[n], options of each choice;

    ``right``: bool[rows]; ``importance``: float32[n].
    """

    seen: npt.NDArray[np.float16]
    sizes: npt.NDArray[np.int64]
    right: npt.NDArray[np.bool_]
    importance: npt.NDArray[np.float32]

    @classmethod
    def together(cls, several: Iterable["Choices"]) -> "Choices":
        """One after the other."""
        every = list(several)
        return cls(
            np.concatenate([one.seen for one in every]),
            np.concatenate([one.sizes for one in every]),
            np.concatenate([one.right for one in every]),
            np.concatenate([one.importance for one in every]),
        )


def collected(stream: Stream, ranker: Ranker | None, chance: random.Random) -> Choices | None:
    """The choices of one stream; None where it has none.

    With a ranker, most streams are heard as it would have linked them, so that the next one learns to go on from
    mistakes (Ross et al., "A Reduction of Imitation Learning to No-Regret Online Learning", 2011); the others, and all
    without a ranker, as the annotators did.
    """
    mistaken = ranker is not None and chance.random() < _MISTAKEN
    heard = _Heard()
    for line in stream.lines:
        heard.take(line, ranker, mistaken=mistaken)
    if not heard.sizes:
        return None
    sizes = np.array(heard.sizes, np.int64)
    importance = np.full(len(sizes), stream.importance, np.float32)
    return Choices(np.concatenate(heard.seen), sizes, np.concatenate(heard.right), importance)


_MISTAKEN = 0.6


class _Heard:
    """A stream as far as it was heard."""

    def __init__(self) -> None:
        self.seen: list[npt.NDArray[np.float16]] = []
        self.sizes: list[int] = []
        self.right: list[npt.NDArray[np.bool_]] = []
        self._state = ChannelState().ready()
        self._judged: dict[int, Judged] = {}

    def take(self, line: Line, ranker: Ranker | None, *, mistaken: bool) -> None:
        """Record the next line's choice, and let it be linked."""
        parent = None if line.parents is None else self._record(line)
        if ranker is not None and (mistaken or line.parents is None):
            parent = link(self._state.lines, line.message, ranker).parent
        judged = _linked(line.message, parent)
        self._judged[line.number] = judged
        self._state = self._state.after(judged)

    def _record(self, line: Line) -> Judged | None:
        """The annotators' parent. Parents long gone teach nothing."""
        choices = options(self._state.lines, line.message)
        wanted = {self._judged[p].prepared.heard.id for p in line.parents or () if p in self._judged}
        right = np.array([one.prepared.heard.id in wanted for one in choices.parents] + [not line.parents])
        if right.any():
            self.seen.append(choices.seen.astype(np.float16))
            self.sizes.append(len(right))
            self.right.append(right)
        known = [one for one in choices.parents if one.prepared.heard.id in wanted]
        far = [self._judged[p] for p in sorted(line.parents or ()) if p in self._judged]
        return next(iter(known), far[-1] if far else None)


def _linked(message: Prepared, parent: Judged | None) -> Judged:
    conversation = parent.conversation if parent else conversation_started_by(message.heard.id)
    return Judged(message, conversation, parent.prepared.heard.id if parent else None, Kind.CHATTER, 0.0)
