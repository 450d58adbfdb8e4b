"""A history through the whole live path, against a chat that only records: what would have happened?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from bot.fingerprint import Understood, fingerprint
from bot.founding import community_with_team
from bot.program import Program
from dialogue.events import Event, Place, TimerFired
from dialogue.ports import Clock, Ids, Storage
from dialogue.rows import Counts
from knowledge_base.channels import Mode
from knowledge_base.ids import ChannelId, platform_id

CHUNK: Final = 256
"""Events accepted in one commit, as a busy platform would queue them."""

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

    def __init__(self, program: Program, storage: Storage, clock: HistoryClock, ids: Ids) -> None:
        self._program = program
        self._storage = storage
        self._clock = clock
        self._ids = ids
        self._due: datetime | None = None
        self._opened: set[Place] = set()

    async def feed(self, chunk: Sequence[Event]) -> None:
        """Everything of the chunk accepted, judged, and what came of it sent."""
        await self._open({event.place for event in chunk if not isinstance(event, TimerFired)} - self._opened)
        for part in self._between_timers(chunk):
            self._clock.see(max(event.at for event in part))
            await self._program.sink.accept(part)
            while await self._program.worker.run_once():
                pass
            if self._due is not None and self._due <= self._clock.now():
                await self._program.ticker.run_once()
            await self._look_ahead()
        await self._program.relay.run_once()

    async def finish(self) -> None:
        """Do what is left, moving the clock to whatever still has to wait."""
        await self._program.drain()
        while (due := await self._next_send()) is not None:
            self._clock.see(due)
            await self._program.drain()

    async def _open(self, places: set[Place]) -> None:
        """Whoever replays a history wants all of it heard, so its channels listen whatever their audience."""
        if not places:
            return
        async with self._storage.begin() as uow:
            for place in sorted(places, key=lambda place: place.lane):
                community = await community_with_team(
                    uow, self._ids, place.space, TEAM, TEAM_CHANNEL, "UTC", self._clock.now()
                )
                await uow.channels.see(community, place.space, place.channel, place.name, place.audience, place.shared)
                await uow.channels.choose(place.space, place.channel, mode=Mode.LISTENING)
            await uow.commit()
        self._opened |= places

    def _between_timers(self, chunk: Sequence[Event]) -> Iterator[Sequence[Event]]:
        """Cut the chunk behind each event that passes a due time; ``_due`` may change in between."""
        start = 0
        for index, event in enumerate(chunk):
            if self._due is not None and event.at >= self._due:
                yield chunk[start : index + 1]
                start = index + 1
        if start < len(chunk):
            yield chunk[start:]

    async def _look_ahead(self) -> None:
        async with self._storage.read() as uow:
            self._due = await uow.schedules.next_due()

    async def _next_send(self) -> datetime | None:
        async with self._storage.read() as uow:
            return await uow.outbox.next_due()


async def report(storage: Storage, history: Iterable[str], recorded: Sequence[str], seconds: float) -> Report:
    """Counts, what is lost or doubled, and the fingerprint, over the whole database.

    ``history``: the ids that were fed; ``recorded``: the keys in the sent file, as often as they stand there;
    ``seconds``: how long the replay took.
    """
    async with storage.read() as uow:
        counts: Counts = await uow.totals.counts()
        understood = [
            Understood(platform_id(row.message), row.kind, row.conversation, row.insight)
            async for row in uow.totals.judgements()
        ]
        committed = [row.id async for row in uow.totals.sent()]
        cards = [text async for text in uow.totals.card_texts()]
    stored, said = {row.id for row in understood}, set(recorded)
    return Report(
        messages=counts.messages,
        conversations=counts.conversations,
        insights=counts.insights,
        merged=counts.merged,
        cards=counts.cards,
        answers=counts.answers,
        seconds=round(seconds, 3),
        messages_per_second=round(counts.messages / seconds, 1),
        lost=sum(name not in stored for name in history) + sum(key not in said for key in committed),
        duplicated=len(recorded) - len(said),
        fingerprint=fingerprint(understood, cards),
    )
