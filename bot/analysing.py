"""A dry run over a history: what the bot would have understood, line by line, with no database.

Every line goes through the same functions as live traffic, one after the other; nothing depends on how many are read
ahead.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.files.feeding import Feed, channel_of
from adapters.files.history import History, HistoryLine
from adapters.files.spill import Spill
from adapters.files.voices import SpilledVoices
from adapters.files.writing import Output, written_together
from dialogue.capturing.moving import speaks_for_itself
from dialogue.capturing.placing import Placement, circle_at, meaning_of, place
from dialogue.capturing.thinking import Understanding, heard, may_voice, platform_facts
from dialogue.events import MessagePosted
from dialogue.router import Thought
from dialogue.understanding.conclude import conclude
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.revising import Again, revised_by_reply
from dialogue.understanding.values import Judgement, Prepared
from knowledge_base.ids import platform_id

_THREADS: Final = 2
_AHEAD: Final = 400
"""Lines whose meanings are made before they are needed."""
_TOGETHER: Final = 50
"""Lines whose texts a thread is given together: handing each over by itself would cost more than preparing it."""
_TOLD_EVERY: Final = 100


@dataclass(frozen=True, slots=True)
class Analysed:
    """How much was understood."""

    messages: int
    conversations: int
    insights: int


async def analyse(
    history: History,
    understanding: Understanding,
    messages: Path,
    conversations: Path,
    advance: Callable[[int], None],
) -> Analysed:
    """Write what each line was understood to be, and what each conversation holds. Both files appear at the end.

    ``advance`` is told how many more lines are done. Raises :class:`~adapters.files.errors.FilesError`.
    """
    with (
        Spill.opened() as spill,
        SpilledVoices.opened() as voices,
        written_together(messages, conversations) as (rows, ended),
    ):
        run = _DryRun(understanding, spill, voices, rows)
        for read in _read_ahead(history.chunks(_TOGETHER), understanding):
            await run.take(read)
            if run.messages % _TOLD_EVERY == 0:
                advance(_TOLD_EVERY)
        advance(run.messages % _TOLD_EVERY)
        count = _write_conversations(spill, ended)
        return Analysed(run.messages, count, voices.insights)


@dataclass(frozen=True, slots=True)
class _Read:
    """A line as read: what it means is being made, as the ``voice``-th of some, where it may turn out to be a voice."""

    line: HistoryLine
    event: MessagePosted
    prepared: Prepared
    pondered: Future[Sequence[Thought]]
    voice: int | None

    def thought(self) -> Thought:
        """What its own text says."""
        return Thought(self.prepared, None) if self.voice is None else self.pondered.result()[self.voice]


class _DryRun:
    def __init__(self, understanding: Understanding, spill: Spill, voices: SpilledVoices, rows: Output) -> None:
        self.messages = 0
        self._embedders = understanding.embedders
        self._prepare_again = understanding.prepare_again
        self._spill = spill
        self._voices = voices
        self._rows = rows

    async def take(self, read: _Read) -> None:
        """Judge the next line, and write its row."""
        line, event, thought = read.line, read.event, read.thought()
        if event.deleted:
            judgement, conversation = self._tombstone(thought)
        else:
            await self._revise(event, thought)
            judgement, conversation = self._judge(event, thought)
        insight = await self._insight(event, thought, judgement)
        self._rows.write(_row(line, conversation, judgement, insight))
        self.messages += 1

    async def _revise(self, event: MessagePosted, thought: Thought) -> None:
        """Move what the platform's reply shows to belong elsewhere: only of what comes later will the rows tell."""
        lane = event.place.lane
        moved = revised_by_reply(self._spill.state(lane), thought.prepared, self._prepare_again)
        if moved:
            self._spill.move(lane, [one.judged for one in moved])
        for one in moved:
            await self._follow(event, one)

    async def _follow(self, event: MessagePosted, again: Again) -> None:
        """The voice of a message that was judged again, as live."""
        judged, judgement = again.judged, again.judgement
        heard = judged.prepared.heard
        thought, known = Thought(judged.prepared, None), self._voices.voiced(heard.id)
        if known is not None and speaks_for_itself(thought, judgement):
            insight, kind, voices = known
            if kind is judged.kind:
                return
            if voices == 1:
                meaning = meaning_of(thought, judgement, self._embedders)
                self._voices.withdraw(heard.id)
                placement = Placement(insight, meaning, circle_at(event.place), "as before")
                self._voices.add(heard.id, heard.text, judged.kind, placement)
                return
        self._voices.withdraw(heard.id)
        await self._insight(event, thought, judgement)

    def _judge(self, event: MessagePosted, thought: Thought) -> tuple[Judgement, int]:
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
        return self._voices.add(heard.id, heard.text, judgement.kind, placement)


def _read_ahead(chunks: Iterable[Sequence[HistoryLine]], understanding: Understanding) -> Iterator[_Read]:
    """Each line in order. Their meanings, by far the dearest, are made ahead in threads that leave Python to others."""
    feed = Feed()
    ahead: deque[_Read] = deque()

    def pondered(some: Sequence[Prepared]) -> Sequence[Thought]:
        return [understanding.ponder(one) for one in some]

    with ThreadPoolExecutor(_THREADS, "embedding") as threads:
        for chunk in chunks:
            events = [feed.posted(line) for line in chunk]
            prepared = [understanding.prepare(heard(event)) for event in events]
            voices = [index for index, one in enumerate(prepared) if may_voice(one)]
            thoughts = threads.submit(pondered, [prepared[index] for index in voices])
            numbers = {index: number for number, index in enumerate(voices)}
            for index, (line, event, one) in enumerate(zip(chunk, events, prepared, strict=True)):
                ahead.append(_Read(line, event, one, thoughts, numbers.get(index)))
            while len(ahead) > _AHEAD:
                yield ahead.popleft()
        while ahead:
            yield ahead.popleft()


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
