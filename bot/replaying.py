"""A history through the whole live path, against a chat that only records: what would have happened?"""

import time
from array import array
from asyncio import sleep
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from adapters.files.feeding import DEFAULT_SPACE, Feed
from adapters.files.history import History, HistoryLine
from adapters.files.recording import recorded_keys
from adapters.language.models import load_understanding
from adapters.storage.address import Address
from bot.fingerprint import Fingerprint, Understood
from bot.founding import community_with_team
from bot.settings import Settings
from bot.thinking import in_a_process
from bot.wiring import ReplayParts, make_replay, open_storage, throwaway_sealer
from dialogue.events import Event, Lane, Place, place_of
from dialogue.ports import Clock, Storage
from dialogue.rows import Counts
from knowledge_base.channels import Mode
from knowledge_base.ids import ChannelId, platform_id

CHUNK: Final = 1_024
"""Events accepted in one commit, as a busy platform would queue them."""

_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)

TEAM: Final = "team"
TEAM_CHANNEL: Final = ChannelId("parley-team")


class HistoryClock(Clock):
    """The largest time seen so far."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The largest time seen so far."""
        return self._now

    def see(self, moment: datetime) -> None:
        """A line of that time comes by."""
        self._now = max(self._now, moment)


@dataclass(frozen=True, slots=True)
class Report:
    """What the whole database holds after a replay; ``lost`` and ``duplicated`` must be 0."""

    messages: int
    conversations: int
    insights: int
    merged: int
    cards: int
    answers: int
    seconds: float
    messages_per_second: float
    lost: int
    duplicated: int
    fingerprint: str

    def as_dict(self) -> dict[str, int | float | str]:
        """As printed."""
        return asdict(self)


class Replay:
    """Feeds events, chunk by chunk; timers that fall due fire between them."""

    def __init__(self, parts: ReplayParts, clock: HistoryClock) -> None:
        self._program = parts.program
        self._storage = parts.core.storage
        self._ids = parts.core.ids
        self._hear = parts.hear
        self._sync = parts.sync
        self._clock = clock
        self._foresight = parts.foresight
        self._expected: Sequence[Event] = ()
        self._due: datetime | None = None
        self._opened: set[Lane] = set()

    async def start(self) -> None:
        """Found the community with its team, unless an earlier run has."""
        async with self._storage.begin() as uow:
            self._community = await community_with_team(
                uow, self._ids, DEFAULT_SPACE, TEAM, TEAM_CHANNEL, "UTC", self._clock.now()
            )
            await uow.commit()
        self._hear(DEFAULT_SPACE)
        await self._look_ahead()

    async def feed(self, chunk: Sequence[Event], coming: Sequence[Event] = ()) -> None:
        """Everything of the chunk accepted, judged, and what came of it sent; ``coming``: what is fed then."""
        self._expect(chunk, coming)
        await self._open([place for event in chunk if (place := place_of(event)) is not None])
        start = 0
        for index, event in enumerate(chunk):
            if self._due is not None and self._due <= event.at:
                await self._take(chunk[start:index])
                start = index
                self._clock.see(event.at)
                await self._fire()
        await self._take(chunk[start:])
        await self._send()

    async def finish(self) -> None:
        """Do what is left, moving the clock to whatever still has to wait."""
        await self._drain()
        while (due := await self._next_send()) is not None:
            self._clock.see(due)
            await self._drain()

    async def stop(self) -> None:
        """Write down what was sent last."""
        await self._sync()
        await self._program.relay.finish()

    def _expect(self, chunk: Sequence[Event], coming: Sequence[Event]) -> None:
        """Let be thought of what comes next, and of what comes then too where no lane has to be begun anew for it."""
        if self._foresight is None:
            return
        if chunk is not self._expected:
            self._foresight.expect(chunk)
        if coming and self._foresight.is_of_one_mind(coming):
            self._foresight.expect(coming)
            self._expected = coming

    async def _open(self, named: Sequence[Place]) -> None:
        """Whoever replays a history wants all of it heard, so its channels listen whatever their audience.

        All its spaces are one community's, so that the same said in two of them is one insight. Each channel is opened
        once: if its readers change later, that must be noticed where events are accepted.
        """
        places = {place.lane: place for place in reversed(named) if place.lane not in self._opened}
        if not places:
            return
        async with self._storage.begin() as uow:
            for space in sorted({place.space for place in places.values()}):
                if await uow.communities.of_space(space) is None:
                    await uow.communities.add_space(self._community, space)
            for _, place in sorted(places.items()):
                await uow.channels.see(
                    self._community, place.space, place.channel, place.name, place.audience, place.shared
                )
                await uow.channels.choose(place.space, place.channel, mode=Mode.LISTENING)
            await uow.commit()
        for place in places.values():
            self._hear(place.space)
        self._opened |= set(places)

    async def _take(self, events: Sequence[Event]) -> None:
        if events:
            self._clock.see(max(event.at for event in events))
            await self._program.sink.accept(events)
            await self._judge()
            await self._look_ahead()

    async def _fire(self) -> None:
        await self._program.ticker.run_once()
        await self._judge()
        await self._send()  # what falls due shows what was known then
        await self._look_ahead()

    async def _send(self) -> None:
        while await self._relay():
            pass
        await self.stop()  # before the clock leaps beyond the claims' leases

    async def _relay(self) -> int:
        """A round, before which all that it writes down as sent is on disk: once for a round, not for each send."""
        await self._sync()
        return await self._program.relay.run_once()

    async def _drain(self) -> None:
        while await self._program.worker.run_once() + await self._relay():
            pass

    async def _judge(self) -> None:
        while await self._program.worker.run_once():
            pass

    async def _look_ahead(self) -> None:
        async with self._storage.read() as uow:
            self._due = await uow.schedules.next_due()

    async def _next_send(self) -> datetime | None:
        async with self._storage.read() as uow:
            return await uow.outbox.next_due()


async def replay(
    settings: Settings, history: History, url: str, pace: float | None, advance: Callable[[int], None]
) -> Report:
    """Feed a history into a database, going on where an earlier run of it stopped.

    ``pace``: how many times faster than it was said, None for no waiting; ``advance`` is told how many more lines are
    done. Raises :class:`~adapters.files.errors.FilesError`, :class:`~dialogue.errors.StorageUnavailable` and
    :class:`~bot.thinking.ThinkingEnded`.
    """
    began = time.perf_counter()
    with in_a_process(load_understanding) as thinking:
        # nobody else waits for the loop: the texts are thought about in a process of their own
        async with open_storage(url, throwaway_sealer(), in_loop=True) as storage:
            clock = HistoryClock(await _latest(storage))
            sent = sent_file(url)
            parts = make_replay(storage, clock, sent, settings.worker.batch, thinking)
            fed = await _feed(history, Replay(parts, clock), clock, pace, advance)
            return await report(storage, fed, sent, time.perf_counter() - began)


async def _latest(storage: Storage) -> datetime:
    """Where the clock of an earlier run stood when it last took something in or handled it, timers too.

    Younger lines' keys are in the inbox then; those that a timer has let fall are old enough to be looked up.
    """
    async with storage.read() as uow:
        return await uow.totals.latest() or _BEGINNING


async def _feed(
    history: History, run: Replay, clock: HistoryClock, pace: float | None, advance: Callable[[int], None]
) -> "array[int]":
    """Feed every line; returns the hashes of their ids."""
    feed, fed = Feed(), array("q")
    try:
        async for chunk, coming in _with_next(history, feed, pace):
            if not fed:
                clock.see(chunk.lines[0].at)
                await run.start()
            await run.feed(chunk.events, coming.events if coming else ())
            fed.extend(hash(line.id) for line in chunk.lines)
            advance(len(chunk.lines))
        if fed:
            await run.finish()
    finally:
        await run.stop()
    return fed


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines, and what happened by them."""

    lines: Sequence[HistoryLine]
    events: Sequence[Event]


async def _with_next(history: History, feed: Feed, pace: float | None) -> AsyncIterator[tuple[_Chunk, _Chunk | None]]:
    """Each chunk with the one after it, as far as that can be read at once: not what somebody is still writing."""
    before = None
    async for lines in _in_time(history, pace):
        chunk = _Chunk(lines, list(chain.from_iterable(map(feed.events_of, lines))))
        if pace is not None or history.lines is None:
            yield chunk, None
        else:
            if before is not None:
                yield before, chunk
            before = chunk
    if before is not None:
        yield before, None


async def _in_time(history: History, pace: float | None) -> AsyncIterator[Sequence[HistoryLine]]:
    """The lines in chunks; with a pace line by line, each after as long as it took then, divided by the pace."""
    latest: datetime | None = None
    for chunk in history.chunks(CHUNK if pace is None else 1):
        if pace is not None:
            await sleep(max(0.0, (chunk[0].at - (latest or chunk[0].at)).total_seconds() / pace))
            latest = max(latest or chunk[0].at, chunk[0].at)
        yield chunk


async def report(storage: Storage, fed: "array[int]", sent: Path, seconds: float) -> Report:
    """Counts, what is lost or doubled, and the fingerprint, over the whole database.

    ``fed``: the hashes of the ids that were fed; ``sent``: the recording chat's file; ``seconds``: how long it took.
    """
    recorded = np.fromiter(map(hash, recorded_keys(sent)), np.int64)
    stored, ended, understood = array("q"), array("q"), Fingerprint()
    async with storage.read() as uow:
        counts: Counts = await uow.totals.counts()
        async for row in uow.totals.judgements():
            message = platform_id(row.message)
            understood.add(Understood(message, row.kind, row.conversation, row.insight))
            stored.append(hash(message))
        async for key in uow.totals.ended():
            ended.append(hash(key.id))
        async for text in uow.totals.card_texts():
            understood.add_card(text)
    return Report(
        messages=counts.messages,
        conversations=counts.conversations,
        insights=counts.insights,
        merged=counts.merged,
        cards=counts.cards,
        answers=counts.answers,
        seconds=round(seconds, 3),
        messages_per_second=round(len(fed) / seconds, 1),
        lost=len(np.setdiff1d(fed, stored)) + len(np.setdiff1d(ended, recorded)),
        duplicated=len(recorded) - len(np.unique(recorded)),
        fingerprint=understood.hexdigest(),
    )


def sent_file(url: str) -> Path:
    """Where a replay into this database records what it sends: beside the file, or here for a server's database."""
    address = Address.parse(url)
    return Path(f"{address.path or address.url.database}.sent.jsonl")
