"""The outbox relay: claims due rows, checks each immediately before sending, sends, and records what came of it.

Destinations go side by side, each in order. Results are written together with the next claim: a crash in between leaves
claims whose lease ends, and those rows are looked for on the platform before anything is sent again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.sending import Deliver, Delivered, Ended, Outcome, Postponed
from dialogue.actions import destination_of
from dialogue.ports import Clock, Storage, UnitOfWork
from dialogue.rows import OutboxRow

LEASE: Final = timedelta(seconds=30)
CLAIM: Final = 64


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one claimed row."""

    row: OutboxRow
    outcome: Outcome


class Relay:
    """One claim a round."""

    def __init__(self, storage: Storage, clock: Clock, deliver: Deliver) -> None:
        self._storage = storage
        self._clock = clock
        self._deliver = deliver
        self._results: list[Result] = []
        self._lost: set[str] = set()

    async def run_once(self) -> int:
        """Write the last round's results, claim, and send; returns how many rows were claimed or written."""
        written = len(self._results)
        async with self._storage.begin() as uow:
            await self._record_all(uow)
            rows = await uow.outbox.claim(self._clock.now(), LEASE, CLAIM)
            await uow.commit()
        self._results = []
        if rows:
            await self._send_all(rows)
        return len(rows) + written

    async def finish(self) -> None:
        """Write the last round's results, before the program stops."""
        if self._results:
            async with self._storage.begin() as uow:
                await self._record_all(uow)
                await uow.commit()
            self._results = []

    async def pause(self) -> timedelta:
        """Until the next row falls due or a lease ends."""
        async with self._storage.read() as uow:
            due = await uow.outbox.next_due()
        return LEASE if due is None else max(due - self._clock.now(), timedelta())

    async def _send_all(self, rows: Sequence[OutboxRow]) -> None:
        """Destinations side by side; the claims are prolonged while any is still at work."""
        lines: dict[str, list[OutboxRow]] = {}
        for row in rows:
            lines.setdefault(destination_of(row.outgoing.action), []).append(row)
        self._lost = set()
        pending = {asyncio.create_task(self._send_line(line)) for line in lines.values()}
        try:
            while pending:
                done, pending = await asyncio.wait(pending, timeout=LEASE.total_seconds() / 3)
                for task in done:
                    task.result()
                if pending:
                    await self._renew(rows)
        finally:
            for task in pending:
                task.cancel()

    async def _send_line(self, line: Sequence[OutboxRow]) -> None:
        """One destination, in order. What is postponed holds the rest of its line."""
        for index, row in enumerate(line):
            if row.token in self._lost:
                return
            outcome = await self._deliver(row)
            self._results.append(Result(row, outcome))
            if isinstance(outcome, Postponed):
                behind = Postponed(outcome.until, f"behind {row.id}", surely_unsent=True)
                self._results.extend(Result(waiting, behind) for waiting in line[index + 1 :])
                return

    async def _renew(self, rows: Sequence[OutboxRow]) -> None:
        tokens = [row.token for row in rows]
        async with self._storage.begin() as uow:
            held = await uow.outbox.renew(tokens, self._clock.now(), LEASE)
            await uow.commit()
        self._lost = set(tokens) - held

    async def _record_all(self, uow: UnitOfWork) -> None:
        for result in self._results:
            await self._record(uow, result)

    async def _record(self, uow: UnitOfWork, result: Result) -> None:
        row, outcome = result.row, result.outcome
        log = structlog.get_logger().bind(outbox=row.id, action=row.outgoing.action.type, cause=row.cause)
        match outcome:
            case Delivered():
                held = await uow.outbox.sent(row.token, outcome.ref, outcome.text, self._clock.now())
                log.info("sent", claim_held=held)
            case Postponed():
                await uow.outbox.later(row.token, outcome.until, outcome.reason, surely_unsent=outcome.surely_unsent)
                log.info("postponed", until=outcome.until.isoformat(), reason=outcome.reason)
            case Ended():
                await uow.outbox.end(row.token, outcome.state, outcome.reason)
                log.warning("not_sent", state=outcome.state.value, reason=outcome.reason)
