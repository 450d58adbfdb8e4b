"""What the lines of a dry run voice: placed and kept in a process of its own, as live traffic would have it."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, NamedTuple, TypeVar

from adapters.files.spill import told_when_full
from adapters.files.voices import SpilledVoices
from bot.thinking import Load, Promised, Thinking, ThinkingEnded
from dialogue.capturing.moving import stays
from dialogue.capturing.placing import Placement, meaning_of, needs_meaning, place
from dialogue.meanings import Embedders
from dialogue.router import Thought
from dialogue.understanding.revising import Again
from dialogue.understanding.values import Judgement, Prepared
from knowledge_base.carried import carried
from knowledge_base.circles import Circle
from knowledge_base.merging import Meaning

Outcome = TypeVar("Outcome")


@carried
@dataclass(frozen=True, slots=True)
class Statement:
    """A message as judged now. ``asks``: whether it may be asked what it means, which the thought doesn't tell yet."""

    thought: Thought
    judgement: Judgement
    asks: bool

    @classmethod
    def of(cls, prepared: Prepared, judgement: Judgement) -> "Statement":
        """Without the judgement's reasons: a dry run never asks for them."""
        thought = Thought(prepared, None)
        return cls(thought, replace(judgement, why=tuple), needs_meaning(thought, judgement))

    def with_meaning(self, meaning: Meaning) -> "Statement":
        """The same with what it means."""
        return Statement(replace(self.thought, meaning=meaning), self.judgement, asks=False)


@carried
@dataclass(frozen=True, slots=True)
class Turn:
    """What a line changes among the voices: what it moved follows first, then it is placed itself.

    ``circle``: who heard it.
    """

    moved: Sequence[Statement]
    said: Statement
    circle: Circle

    @classmethod
    def of(cls, moved: Sequence[Again], prepared: Prepared, judgement: Judgement, circle: Circle) -> "Turn | None":
        """None where a line changes nothing."""
        if not moved and not judgement.voices:
            return None
        followed = [Statement.of(again.judged.prepared, again.judgement) for again in moved]
        return cls(followed, Statement.of(prepared, judgement), circle)

    def asking(self) -> Iterator[Prepared]:
        """The messages of which it may be asked what they mean."""
        return (one.thought.prepared for one in (*self.moved, self.said) if one.asks)

    def with_meanings(self, meanings: Iterator[Meaning]) -> "Turn":
        """The same with what these mean, in their order."""
        *moved, said = [one.with_meaning(next(meanings)) if one.asks else one for one in (*self.moved, self.said)]
        return Turn(moved, said, self.circle)


class Placed(NamedTuple):
    """The number of the insight that each line voices, if it does; and how many insights there are by now."""

    voiced: Sequence[int | None]
    insights: int


Ask = Callable[[Sequence[Turn]], Promised[Placed]]
"""Asks where the next lines belong."""


@contextmanager
def placing(beside: Thinking) -> Iterator[Ask]:
    """Place what lines voice, one after the other, in a process of its own, for the time of the block.

    What is promised raises :class:`~adapters.files.errors.Unwritable` when the temporary folder is full.
    """
    beside.promised(_forget, ())
    try:
        yield partial(beside.promised, _placed)
    finally:
        with suppress(ThinkingEnded):
            beside.promised(_forget, ())


class _DryVoices:
    """All voices so far, as live traffic would have them."""

    def __init__(self, embedders: Embedders, voices: SpilledVoices) -> None:
        self._embedders = embedders
        self._voices = voices

    @property
    def insights(self) -> int:
        return self._voices.insights

    async def after(self, turn: Turn) -> int | None:
        """The insight's number that a line voices, after what it moved."""
        for moved in turn.moved:
            await self._follow(moved, turn.circle)
        return await self._insight(turn.said, turn.circle)

    async def _follow(self, moved: Statement, circle: Circle) -> None:
        """The voice of a message that was judged again, as live."""
        thought, judgement, heard = moved.thought, moved.judgement, moved.thought.prepared.heard
        known = self._voices.voiced(heard.id)
        if known is not None and stays(thought, judgement):
            insight, kind, voices = known
            if kind is judgement.kind:
                return
            if voices == 1:
                meaning = meaning_of(thought, judgement, self._embedders)
                self._voices.withdraw(heard.id)
                placement = Placement(insight, meaning, circle, "as before")
                self._voices.add(heard.id, heard.text, judgement.language, judgement.kind, placement)
                return
        self._voices.withdraw(heard.id)
        await self._insight(moved, circle)

    async def _insight(self, said: Statement, circle: Circle) -> int | None:
        judgement, heard = said.judgement, said.thought.prepared.heard
        placement = await place(said.thought, judgement, circle, self._embedders, self._voices)
        if placement is None:
            return None
        return self._voices.add(heard.id, heard.text, judgement.language, judgement.kind, placement)


@dataclass(slots=True)
class _Run:
    """In the process that places: all voices of the run that it works for, and what closes their files."""

    voices: _DryVoices | None = None
    files: ExitStack = field(default_factory=ExitStack)

    def begun(self, load: Load) -> _DryVoices:
        if self.voices is None:
            self.voices = _DryVoices(load().embedders, SpilledVoices(self.files))
        return self.voices

    def forget(self) -> None:
        self.voices = None
        self.files.close()


_RUN: Final = _Run()


def _placed(load: Load, turns: Sequence[Turn]) -> Placed:
    with told_when_full():
        voices = _RUN.begun(load)
        return Placed([_without_waiting(voices.after(turn)) for turn in turns], voices.insights)


def _forget(_: Load, __: Sequence[object]) -> None:
    _RUN.forget()


def _without_waiting(work: Coroutine[object, object, Outcome]) -> Outcome:
    """What work gives that never waits: what it asks for is at hand."""
    try:
        work.send(None)
    except StopIteration as ended:
        outcome: Outcome = ended.value
        return outcome
    raise RuntimeError("the work waits: it needs an event loop")
