"""The ticker: what falls due becomes an event in the inbox, once per occasion."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dialogue.events import TimerFired, dedupe_key, lane_of
from dialogue.ports import Clock, Storage
from dialogue.rows import NewEvent
from dialogue.schedules import ONCE, next_due

KEEP_KEYS: Final = timedelta(days=30)
FORGET_EVERY: Final = timedelta(days=1)


class Ticker:
    """Fires what is due and sets it to its next time, if it has any, in one commit. After downtime it fires once."""

    def __init__(self, storage: Storage, clock: Clock, longest_pause: timedelta) -> None:
        self._storage = storage
        self._clock = clock
        self._longest_pause = longest_pause
        self._forgot_at: datetime | None = None

    async def run_once(self) -> int:
        """Fire everything due now; returns how much that was."""
        now = self._clock.now()
        async with self._storage.read() as uow:
            due = await uow.schedules.due(now)
        if due:
            await self._fire(now)
        await self._forget(now)
        return len(due)

    async def pause(self) -> timedelta:
        """Until the next schedule falls due."""
        async with self._storage.read() as uow:
            due_at = await uow.schedules.next_due()
        return self._longest_pause if due_at is None else max(due_at - self._clock.now(), timedelta())

    async def _fire(self, now: datetime) -> None:
        async with self._storage.begin() as uow:
            for schedule in await uow.schedules.due(now):
                window = schedule.due_at.isoformat()
                event = TimerFired(schedule.space, schedule.name, window, now)
                await uow.inbox.insert([NewEvent(schedule.community, lane_of(event), dedupe_key(event), event)], now)
                if schedule.rule == ONCE:
                    await uow.schedules.remove(schedule.community, schedule.name)
                else:
                    await uow.schedules.put(replace(schedule, due_at=next_due(schedule.rule, schedule.zone, now)))
            await uow.commit()

    async def _forget(self, now: datetime) -> None:
        """Keys older than :data:`KEEP_KEYS` go: by then the stored messages themselves are the guard.

        And so does what was erased since, from the database's files.
        """
        if self._forgot_at is not None and now - self._forgot_at < FORGET_EVERY:
            return
        async with self._storage.begin() as uow:
            await uow.inbox.forget(now - KEEP_KEYS)
            await uow.commit()
        await self._storage.scrub()
        self._forgot_at = now
