"""A dry run over a history: what the bot would have understood, line by line, with no database.

Every line goes through the same functions as live traffic, one after the other; nothing depends on how many are read
ahead. This process judges, one beside it makes meanings, another one places what is voiced. What needs nothing but a
line, or a conversation, is done here or by the one that makes meanings, whichever has time.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from adapters.files.feeding import Feed, channel_of
from adapters.files.history import History, HistoryLine
from adapters.files.remembering import unpacked
from adapters.files.spill import Spill
from adapters.files.writing import Output, written_together
from bot.dry_voices import Ask, Placed, Turn, placing
from bot.thinking import Load, Promised, Thinking
from dialogue.capturing.placing import circle_at
from dialogue.capturing.thinking import Understanding, heard, leaves_open, platform_facts
from dialogue.events import MessagePosted
from dialogue.understanding.conclude import conclude
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.revising import Again, Prepare, revised_by_reply
from dialogue.understanding.values import Heard, Judgement, Prepared
from knowledge_base.ids import platform_id
from knowledge_base.merging import Meaning

_TOGETHER: Final = 50
"""Lines that go through each step together: handing each over by itself would cost more than preparing it."""
_CONCLUDED_TOGETHER: Final = 500
"""Messages whose conversations are concluded together, or one conversation of more."""
Lot = TypeVar("Lot")
Row = dict[str, object]
_AHEAD: Final = 6
"""How many lots are begun at each step before they are needed at the next."""
_LEFT: Final = 5
"""As long as no more jobs than these are left to the process beside, it is given what could be done here too."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """How much was understood."""

    messages: int
    conversations: int
    insights: int


def analyse(
    history: History,
    thinking: Thinking,
    placer: AbstractContextManager[Thinking],
    understanding: Understanding,
    messages: Path,
    conversations: Path,
    advance: Callable[[int], None],
) -> Analysed:
    """Write what each line was understood to be, and what each conversation holds. Both files appear at the end.

    ``thinking`` goes by the same models as ``understanding``; ``placer`` begins another process, which ends once all is
    placed. ``advance`` is told how many more lines are done. Raises :class:`~adapters.files.errors.FilesError` and
    :class:`~bot.thinking.ThinkingEnded`.
    """
    with Spill.opened() as spill, written_together(messages, conversations) as (rows, ended):
        with placer as beside, placing(beside) as ask:
            reader = _Reader(thinking, understanding)
            run = _DryRun(thinking, ask, reader.anew, spill, rows)
            judged = (run.judge(lot) for lot in _ahead(_read(history.chunks(_TOGETHER), reader)))
            placed = (run.place(lot) for lot in _ahead(judged))
            for lot in _ahead(placed):
                advance(run.write(lot))
        return Analysed(run.messages, _write_conversations(spill, thinking, ended), run.insights)


@dataclass(frozen=True, slots=True)
class _Read:
    """Lines as events, and what gives what each says by itself, once it is known."""

    lines: Sequence[HistoryLine]
    events: Sequence[MessagePosted]
    prepared: Callable[[], Sequence[Prepared]]


@dataclass(frozen=True, slots=True)
class _Judged:
    """Lines as judged, with their conversations' numbers, and what some of them change among the voices.

    ``meanings``: of what may be asked what it means, in the order of the turns.
    """

    lines: Sequence[HistoryLine]
    judgements: Sequence[tuple[Judgement, int]]
    turns: Mapping[int, Turn]
    meanings: Promised[Sequence[Meaning]]


@dataclass(frozen=True, slots=True)
class _Placed:
    """The same, being placed."""

    judged: _Judged
    placed: Promised[Placed]


def _read(chunks: Iterable[Sequence[HistoryLine]], reader: "_Reader") -> Iterator[_Read]:
    feed = Feed()
    for lines in chunks:
        events = [feed.posted(line) for line in lines]
        yield _Read(lines, events, reader.read([heard(event) for event in events]))


class _Reader:
    """Messages are read where there is time for it: by the process beside while little is left to do there, else here.

    How those look whose words leave open what they state is asked beside in any case: here no such model is loaded.
    """

    def __init__(self, thinking: Thinking, understanding: Understanding) -> None:
        self._thinking = thinking
        self._understanding = understanding

    def read(self, heard: Sequence[Heard]) -> Callable[[], Sequence[Prepared]]:
        """What gives what each says by itself: the same wherever it is read."""
        if self._thinking.has_at_most(_LEFT):
            return self._thinking.prepared(heard).get
        prepared = [self._understanding.read(one) for one in heard]
        opened = [index for index, one in enumerate(prepared) if leaves_open(one)]
        looks = self._thinking.looks([prepared[index] for index in opened])

        def looked() -> Sequence[Prepared]:
            seen = dict(zip(opened, looks.get(), strict=True))
            return [seen.get(index, one) for index, one in enumerate(prepared)]

        return looked

    def anew(self, heard: Heard) -> Prepared:
        """The same of one message that a reply moves."""
        prepared = self._understanding.read(heard)
        return self._thinking.looks([prepared]).get()[0] if leaves_open(prepared) else prepared


def _ahead(lots: Iterable[Lot]) -> Iterator[Lot]:
    """The same in the same order, begun some lots before they are asked for."""
    waiting: deque[Lot] = deque()
    for lot in lots:
        waiting.append(lot)
        if len(waiting) > _AHEAD:
            yield waiting.popleft()
    yield from waiting


class _DryRun:
    def __init__(self, thinking: Thinking, ask: Ask, prepare: Prepare, spill: Spill, rows: Output) -> None:
        self.messages = 0
        self.insights = 0
        self._thinking = thinking
        self._ask = ask
        self._prepare = prepare
        self._spill = spill
        self._rows = rows

    def judge(self, read: _Read) -> _Judged:
        """Judge the next lines, and ask what they mean that voice something."""
        judgements, turns = list[tuple[Judgement, int]](), dict[int, Turn]()
        for index, (event, prepared) in enumerate(zip(read.events, read.prepared(), strict=True)):
            moved = self._revise(event, prepared)
            judgement, conversation = self._judge(event, prepared)
            judgements.append((judgement, conversation))
            turn = Turn.of(moved, prepared, judgement, circle_at(event.place))
            if turn is not None:
                turns[index] = turn
        meanings = self._thinking.meanings([asked for turn in turns.values() for asked in turn.asking()])
        return _Judged(read.lines, judgements, turns, meanings)

    def place(self, judged: _Judged) -> _Placed:
        """Ask where the next lines belong."""
        meanings = iter(judged.meanings.get())
        return _Placed(judged, self._ask([turn.with_meanings(meanings) for turn in judged.turns.values()]))

    def write(self, lot: _Placed) -> int:
        """Write the rows of the next lines; returns how many."""
        judged, (voiced, self.insights) = lot.judged, lot.placed.get()
        insights = dict(zip(judged.turns, voiced, strict=True))
        for index, (line, (judgement, conversation)) in enumerate(zip(judged.lines, judged.judgements, strict=True)):
            self._rows.write(_row(line, conversation, judgement, insights.get(index)))
        self.messages += len(judged.lines)
        return len(judged.lines)

    def _revise(self, event: MessagePosted, prepared: Prepared) -> Sequence[Again]:
        """Move what the platform's reply shows to belong elsewhere: only of what comes later will the rows tell."""
        if event.deleted:
            return ()
        lane = event.place.lane
        moved = revised_by_reply(self._spill.state(lane), prepared, self._prepare)
        if moved:
            self._spill.move(lane, [one.judged for one in moved])
        return moved

    def _judge(self, event: MessagePosted, prepared: Prepared) -> tuple[Judgement, int]:
        if event.deleted:
            return self._tombstone(prepared)
        anchor = self._spill.anchor(platform_facts(prepared.heard))
        state, judgement = judge(self._spill.state(event.place.lane), prepared, anchor)
        return judgement, self._spill.remember(event.place.lane, state)

    def _tombstone(self, prepared: Prepared) -> tuple[Judgement, int]:
        """What was deleted stands alone, and its lane does not remember it."""
        state, judgement = judge(ChannelState(), prepared, None)
        return judgement, self._spill.keep(state.recent[-1])


def _row(line: HistoryLine, conversation: int, judgement: Judgement, insight: int | None) -> Row:
    return {
        "id": line.id,
        "conversation": f"c{conversation}",
        "reply_to": platform_id(judgement.reply_to) if judgement.reply_to else None,
        "kind": judgement.kind.value,
        "confidence": round(judgement.confidence, 3),
        "insight": f"i{insight}" if insight else None,
        "language": judgement.language,
    }


def _write_conversations(spill: Spill, thinking: Thinking, output: Output) -> int:
    """A conversation may be taken up again by a reply at any time, so all are concluded at the end, once."""
    count = 0
    for rows in _ahead(_concluding(_lots(spill.conversations()), thinking)):
        for row in rows.get():
            count += 1
            output.write(row)
    return count


_Conversation = tuple[int, Sequence[str]]


def _lots(conversations: Iterable[_Conversation]) -> Iterator[Sequence[_Conversation]]:
    lot, held = list[_Conversation](), 0
    for conversation in conversations:
        lot.append(conversation)
        held += len(conversation[1])
        if held >= _CONCLUDED_TOGETHER:
            yield lot
            lot, held = [], 0
    yield lot


def _concluding(lots: Iterable[Sequence[_Conversation]], thinking: Thinking) -> Iterator[Promised[Sequence[Row]]]:
    """The rows of each lot: concluded beside while little is left to do there, else here."""
    for lot in lots:
        if thinking.has_at_most(_LEFT):
            yield thinking.promised(_concluded, lot)
        else:
            yield Promised.kept(_concluded(thinking.load, lot))


def _concluded(_: Load, conversations: Sequence[_Conversation]) -> Sequence[Row]:
    rows = list[Row]()
    for number, packed in conversations:
        messages = [unpacked(line) for line in packed]
        concluded = conclude(messages)
        rows.append(
            {
                "id": f"c{number}",
                "channel": channel_of(messages[0].prepared.heard.id),
                "messages": [platform_id(judged.prepared.heard.id) for judged in messages],
                "kinds": [kind.value for kind in concluded.kinds],
                "solutions": [platform_id(message) for message in concluded.solutions],
                "solved": concluded.solved,
            }
        )
    return rows
