"""The outbox relay: claims due rows, checks each immediately before sending, sends, and records what came of it.

Destinations go side by side, each in order, and none waits for another that hangs. Results are written together with
the next claim: a crash in between leaves claims whose lease ends, and those rows are looked for on the platform before
anything is sent again.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.sending import Delivered, Ended, Outcome, Postponed, Sender
from dialogue.actions import destination_of
from dialogue.errors import StorageUnavailable
from dialogue.ports import Clock, Storage, UnitOfWork
from dialogue.routing.unsent import look_after_unsent
from dialogue.rows import OutboxRow, OutboxState, Sent

LEASE: Final = timedelta(seconds=30)
CLAIM: Final = 64
PATIENCE: Final = timedelta(seconds=1)
"""How long a round waits for a send. Other destinations wait as long when one begins to hang."""
FAREWELL: Final = LEASE / 3
"""How long stopping waits for what is being sent."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one claimed row; None where its turn did not come."""

    row: OutboxRow
    outcome: Outcome | None


class Relay:
    """One claim a round."""

    def __init__(self, storage: Storage, clock: Clock, sender: Sender) -> None:
        self._storage = storage
        self._clock = clock
        self._sender = sender
        self._results: list[Result] = []
        self._lost: set[str] = set()
        self._lines: dict[asyncio.Task[None], Sequence[OutboxRow]] = {}

    async def run_once(self) -> int:
        """Write what came of earlier sends, claim, and send; returns how many rows were claimed, sent or written.

        Returns once all it began is done, after :data:`PATIENCE` at most. A line that hangs longer goes on beside the
        next rounds, which prolong its claims, so that they leave its destination alone.
        """
        results = tuple(self._results)  # lines that go on meanwhile add to the list
        async with self._storage.begin() as uow:
            await self._record_all(uow, results)
            await self._renew(uow)
            rows = await uow.outbox.claim(self._clock.now(), LEASE, CLAIM)
            await uow.commit()
        del self._results[: len(results)]
        if len(rows) > 1:
            await self._sender.read_ahead(rows)
        await self._work(self._begin(rows))
        return len(results) + max(len(rows), len(self._results))

    async def finish(self) -> None:
        """Let what is being sent come to its end, and write what came of it, before the program stops.

        What hangs for :data:`FAREWELL` is broken off: it is looked for once its lease has ended.
        """
        if self._lines:
            _, hanging = await asyncio.wait(self._lines, timeout=FAREWELL.total_seconds())
            await self._break_off(hanging)
        results = tuple(self._results)
        if results:
            async with self._storage.begin() as uow:
                await self._record_all(uow, results)
                await uow.commit()
            del self._results[: len(results)]
        self._collect()

    async def pause(self) -> timedelta:
        """Until the next row falls due or a lease ends. None while a line is at work: a round waits for it itself."""
        if self._lines:
            return timedelta()
        async with self._storage.read() as uow:
            due = await uow.outbox.next_due()
        return LEASE if due is None else max(due - self._clock.now(), timedelta())

    def _begin(self, rows: Sequence[OutboxRow]) -> set["asyncio.Task[None]"]:
        """Start a line for each destination."""
        lines: dict[str, list[OutboxRow]] = {}
        for row in rows:
            lines.setdefault(destination_of(row.outgoing.action), []).append(row)
        begun = {asyncio.create_task(self._send_line(line)): line for line in lines.values()}
        self._lines.update(begun)
        return set(begun)

    async def _work(self, begun: set["asyncio.Task[None]"]) -> None:
        """Wait for what was begun, or where that is nothing for what is still at work."""
        try:
            if waited := begun or set(self._lines):
                await asyncio.wait(waited, timeout=PATIENCE.total_seconds())
            self._collect()
        except StorageUnavailable:
            raise
        except BaseException:  # this process ends, and its sends with it
            await self._break_off(self._lines)
            raise

    def _collect(self) -> None:
        """Forget the lines that are done. Raises what one of them raised."""
        done = [task for task in self._lines if task.done()]
        errors = [None if task.cancelled() else task.exception() for task in done]
        for task in done:
            del self._lines[task]
        for error in errors:
            if error is not None:
                raise error

    async def _break_off(self, lines: Collection["asyncio.Task[None]"]) -> None:
        for line in lines:
            line.cancel()
        if lines:
            await asyncio.wait(lines)

    async def _send_line(self, line: Sequence[OutboxRow]) -> None:
        """One destination, in order. What is postponed holds the rest of its line."""
        for index, row in enumerate(line):
            if row.token in self._lost:
                return
            outcome = await self._sender.deliver(row)
            self._results.append(Result(row, outcome))
            if isinstance(outcome, Postponed):
                self._results.extend(Result(behind, None) for behind in line[index + 1 :])
                return

    async def _renew(self, uow: UnitOfWork) -> None:
        """Prolong the claims of what is still at work, also those whose lease ended while nobody could."""
        tokens = [row.token for line in self._lines.values() for row in line]
        self._lost = set(tokens) - await uow.outbox.renew(tokens, self._clock.now(), LEASE)

    async def _record_all(self, uow: UnitOfWork, results: Sequence[Result]) -> None:
        sent = [Sent(r.row.token, r.outcome.ref, r.outcome.text) for r in results if isinstance(r.outcome, Delivered)]
        held = await uow.outbox.sent(sent, self._clock.now())
        for result in results:
            await self._record(uow, result, held)

    async def _record(self, uow: UnitOfWork, result: Result, held: Collection[str]) -> None:
        row, outcome = result.row, result.outcome
        log = structlog.get_logger().bind(outbox=row.id, action=row.outgoing.action.type, cause=row.cause)
        match outcome:
            case Delivered():
                log.info("sent", claim_held=row.token in held)
            case Postponed():
                # what an earlier claim may have sent is only known once it was found, or surely is not there
                unsent = outcome.surely_unsent and row.first_claimed_at is None
                await uow.outbox.later(row.token, outcome.until, outcome.reason, surely_unsent=unsent)
                log.info("postponed", until=outcome.until.isoformat(), reason=outcome.reason)
            case Ended():
                await uow.outbox.end(row.token, outcome.state, outcome.reason)
                if outcome.state is OutboxState.DROPPED:
                    await look_after_unsent(uow, row, self._clock.now())
                log.warning("not_sent", state=outcome.state.value, reason=outcome.reason)
            case None:
                await uow.outbox.release(row)
