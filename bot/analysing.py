"""A dry run over a history: what the bot would have understood, line by line, with no database.

Every line goes through the same functions as live traffic, one after the other; nothing depends on how many are read
ahead.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from adapters.files.feeding import Feed, channel_of
from adapters.files.history import History, HistoryLine
from adapters.files.spill import Spill
from adapters.files.voices import SpilledVoices
from adapters.files.writing import Output, written_together
from bot.thinking import Promised, Thinking
from dialogue.capturing.moving import stays
from dialogue.capturing.placing import Placement, circle_at, meaning_of, needs_meaning, place
from dialogue.capturing.thinking import Understanding, heard, leaves_open, platform_facts
from dialogue.events import MessagePosted
from dialogue.router import Thought
from dialogue.understanding.conclude import conclude
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.revising import Again, revised_by_reply
from dialogue.understanding.values import Heard, Judgement, Prepared
from knowledge_base.ids import platform_id
from knowledge_base.merging import Meaning

_TOGETHER: Final = 50
"""Lines that go through each step together: handing each over by itself would cost more than preparing it."""
Lot = TypeVar("Lot")
_AHEAD: Final = 6
"""How many such lots are thought about before they are needed."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """How much was understood."""

    messages: int
    conversations: int
    insights: int


async def analyse(
    history: History,
    thinking: Thinking,
    understanding: Understanding,
    messages: Path,
    conversations: Path,
    advance: Callable[[int], None],
) -> Analysed:
    """Write what each line was understood to be, and what each conversation holds. Both files appear at the end.

    ``thinking`` goes by the same models as ``understanding``. ``advance`` is told how many more lines are done. Raises
    :class:`~adapters.files.errors.FilesError` and :class:`~bot.thinking.ThinkingEnded`.
    """
    with (
        Spill.opened() as spill,
        SpilledVoices.opened() as voices,
        written_together(messages, conversations) as (rows, ended),
    ):
        run = _DryRun(thinking, understanding, spill, voices, rows)
        judged = (run.judge(lot) for lot in _ahead(_read(history.chunks(_TOGETHER), thinking, understanding)))
        for lot in _ahead(judged):
            advance(await run.place(lot))
        count = _write_conversations(spill, ended)
        return Analysed(run.messages, count, voices.insights)


@dataclass(frozen=True, slots=True)
class _Read:
    """Lines as events, and what gives what each says by itself, once it is known."""

    lines: Sequence[HistoryLine]
    events: Sequence[MessagePosted]
    prepared: Callable[[], Sequence[Prepared]]


@dataclass(frozen=True, slots=True)
class _Judged:
    """Lines as judged, with their conversations' numbers, what each moved before it was, and what some mean.

    ``meanings``: of the ``voices``, those that speak for themselves; of no other line. What another message means
    that becomes a voice because a line moved it is asked when it is placed.
    """

    read: _Read
    thoughts: Sequence[Thought]
    moved: Sequence[Sequence[Again]]
    judgements: Sequence[tuple[Judgement, int]]
    voices: Sequence[int]
    meanings: Promised[Sequence[Meaning]]


def _read(chunks: Iterable[Sequence[HistoryLine]], thinking: Thinking, understanding: Understanding) -> Iterator[_Read]:
    feed, reader = Feed(), _Reader(thinking, understanding)
    for lines in chunks:
        events = [feed.posted(line) for line in lines]
        yield _Read(lines, events, reader.read([heard(event) for event in events]))


class _Reader:
    """Messages are read where there is time for it: by the process beside once that waits for work, else here.

    How those look whose words leave open what they state is asked beside in any case.
    """

    def __init__(self, thinking: Thinking, understanding: Understanding) -> None:
        self._thinking = thinking
        self._understanding = understanding
        self._asked: Promised[Sequence[Prepared]] | None = None

    def read(self, heard: Sequence[Heard]) -> Callable[[], Sequence[Prepared]]:
        """What gives what each says by itself: the same wherever it is read."""
        if self._asked is None or self._asked.future.done():
            self._asked = self._thinking.prepared(heard)
            return self._asked.get
        prepared = [self._understanding.read(one) for one in heard]
        opened = [index for index, one in enumerate(prepared) if leaves_open(one)]
        looks = self._asked = self._thinking.looks([prepared[index] for index in opened])

        def looked() -> Sequence[Prepared]:
            seen = dict(zip(opened, looks.get(), strict=True))
            return [seen.get(index, one) for index, one in enumerate(prepared)]

        return looked


def _ahead(lots: Iterable[Lot]) -> Iterator[Lot]:
    """The same in the same order, begun some lots before they are asked for."""
    waiting: deque[Lot] = deque()
    for lot in lots:
        waiting.append(lot)
        if len(waiting) > _AHEAD:
            yield waiting.popleft()
    yield from waiting


class _DryRun:
    def __init__(
        self, thinking: Thinking, understanding: Understanding, spill: Spill, voices: SpilledVoices, rows: Output
    ) -> None:
        self.messages = 0
        self._thinking = thinking
        self._embedders = understanding.embedders
        self._prepare = understanding.prepare
        self._spill = spill
        self._voices = voices
        self._rows = rows

    def judge(self, read: _Read) -> _Judged:
        """Judge the next lines."""
        prepared = read.prepared()
        thoughts = [Thought(one, None) for one in prepared]
        moved, judgements = [], []
        for event, thought in zip(read.events, thoughts, strict=True):
            moved.append(self._revise(event, thought))
            judgements.append(self._judge(event, thought))
        voices = [
            index
            for index, (thought, (judgement, _)) in enumerate(zip(thoughts, judgements, strict=True))
            if needs_meaning(thought, judgement)
        ]
        meanings = self._thinking.meanings([prepared[index] for index in voices])
        return _Judged(read, thoughts, moved, judgements, voices, meanings)

    async def place(self, judged: _Judged) -> int:
        """Say where the next lines belong, and write their rows; returns how many."""
        thoughts = list(judged.thoughts)
        for index, meaning in zip(judged.voices, judged.meanings.get(), strict=True):
            thoughts[index] = replace(thoughts[index], meaning=meaning)
        for line, event, thought, moved, (judgement, conversation) in zip(
            judged.read.lines, judged.read.events, thoughts, judged.moved, judged.judgements, strict=True
        ):
            for again in moved:
                await self._follow(event, again)
            insight = await self._insight(event, thought, judgement)
            self._rows.write(_row(line, conversation, judgement, insight))
        self.messages += len(thoughts)
        return len(thoughts)

    def _revise(self, event: MessagePosted, thought: Thought) -> Sequence[Again]:
        """Move what the platform's reply shows to belong elsewhere: only of what comes later will the rows tell."""
        if event.deleted:
            return ()
        lane = event.place.lane
        moved = revised_by_reply(self._spill.state(lane), thought.prepared, self._prepare)
        if moved:
            self._spill.move(lane, [one.judged for one in moved])
        return moved

    async def _follow(self, event: MessagePosted, again: Again) -> None:
        """The voice of a message that was judged again, as live."""
        judged, judgement = again.judged, again.judgement
        heard = judged.prepared.heard
        thought, known = Thought(judged.prepared, None), self._voices.voiced(heard.id)
        if known is not None and stays(thought, judgement):
            insight, kind, voices = known
            if kind is judged.kind:
                return
            if voices == 1:
                meaning = meaning_of(thought, judgement, self._embedders)
                self._voices.withdraw(heard.id)
                placement = Placement(insight, meaning, circle_at(event.place), "as before")
                self._voices.add(heard.id, heard.text, judgement.language, judged.kind, placement)
                return
        self._voices.withdraw(heard.id)
        await self._insight(event, thought, judgement)

    def _judge(self, event: MessagePosted, thought: Thought) -> tuple[Judgement, int]:
        if event.deleted:
            return self._tombstone(thought)
        anchor = self._spill.anchor(platform_facts(thought.prepared.heard))
        state, judgement = judge(self._spill.state(event.place.lane), thought.prepared, anchor)
        return judgement, self._spill.remember(event.place.lane, state)

    def _tombstone(self, thought: Thought) -> tuple[Judgement, int]:
        """What was deleted stands alone, and its lane does not remember it."""
        state, judgement = judge(ChannelState(), thought.prepared, None)
        return judgement, self._spill.keep(state.recent[-1])

    async def _insight(self, event: MessagePosted, thought: Thought, judgement: Judgement) -> int | None:
        placement = await place(thought, judgement, circle_at(event.place), self._embedders, self._voices)
        if placement is None:
            return None
        heard = thought.prepared.heard
        return self._voices.add(heard.id, heard.text, judgement.language, judgement.kind, placement)


def _row(line: HistoryLine, conversation: int, judgement: Judgement, insight: int | None) -> dict[str, object]:
    return {
        "id": line.id,
        "conversation": f"c{conversation}",
        "reply_to": platform_id(judgement.reply_to) if judgement.reply_to else None,
        "kind": judgement.kind.value,
        "confidence": round(judgement.confidence, 3),
        "insight": f"i{insight}" if insight else None,
        "language": judgement.language,
    }


def _write_conversations(spill: Spill, output: Output) -> int:
    """A conversation may be taken up again by a reply at any time, so all are concluded at the end, once."""
    count = 0
    for number, messages in spill.conversations():
        count += 1
        concluded = conclude(messages)
        output.write(
            {
                "id": f"c{number}",
                "channel": channel_of(messages[0].prepared.heard.id),
                "messages": [platform_id(judged.prepared.heard.id) for judged in messages],
                "kinds": [kind.value for kind in concluded.kinds],
                "solutions": [platform_id(message) for message in concluded.solutions],
                "solved": concluded.solved,
            }
        )
    return count
