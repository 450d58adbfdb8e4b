"""The inbox worker: takes the oldest open rows, thinks outside any transaction, decides inside one."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import structlog

from bot.logs import where
from bot.thinking import Attempt, Think
from dialogue.actions import OutboxId
from dialogue.errors import StorageUnavailable
from dialogue.events import MessageEdited, MessagePosted, space_of
from dialogue.ports import Clock, Ids, Storage, UnitOfWork, Unreadable
from dialogue.router import Context, Dispatcher, Thought
from dialogue.rows import InboxRow
from dialogue.understanding.states import States
from knowledge_base.ids import AccountId, CommunityId, SpaceId

RETRY_AFTER: Final = (timedelta(seconds=1), timedelta(seconds=5))
"""How long a failing row holds its lane before each further try; after the last it is dead."""

PATIENCE: Final = 0.02
"""Seconds for which others wait to write before a batch is committed as far as it is, and they come first."""

Thoughts = dict[int, Attempt]
"""By a row's number: what was thought of its event, or why that failed."""

MakeContext = Callable[[UnitOfWork, CommunityId, SpaceId, Thought | None], Context]


class Worker:
    """One batch a round. A batch that fails is tried row by row; a row that fails holds its lane."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        ids: Ids,
        dispatcher: Dispatcher,
        think: Think,
        context: MakeContext,
        states: States,
        batch: int,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._ids = ids
        self._dispatcher = dispatcher
        self._think = think
        self._context = context
        self._states = states
        self._batch = batch
        self._ahead: asyncio.Task[Thoughts] | None = None

    async def run_once(self) -> int:
        """Handle one batch; returns how many rows were taken. The next batch is thought about meanwhile."""
        async with self._storage.read() as uow:
            found = await uow.inbox.take(2 * self._batch, self._clock.now())
        unreadable = [row for row in found if isinstance(row, Unreadable)]
        await self._bury(unreadable)
        taken = [row for row in found if not isinstance(row, Unreadable)]
        rows = taken[: self._batch]
        if rows:
            thoughts = await self._thoughts(rows)
            later = taken[self._batch :]
            self._ahead = asyncio.create_task(self._think_all(later)) if later else None
            rest: Sequence[InboxRow] = rows
            try:
                while rest:
                    rest = await self._decide(rest, thoughts)
            except StorageUnavailable:
                self._forget(rest)
                raise
            except Exception:  # noqa: BLE001 - whatever one row's handler raised, the others must go on
                self._forget(rest)
                await self._one_by_one(rest, thoughts)
        return len(rows) + len(unreadable)

    async def pause(self) -> timedelta:
        """Until a held lane is free again."""
        return RETRY_AFTER[0]

    async def _thoughts(self, rows: Sequence[InboxRow]) -> Thoughts:
        """What is thought of each row: had ahead, or had now."""
        thoughts = await self._ahead if self._ahead else {}
        missing = [row for row in rows if row.seq not in thoughts]
        return {**thoughts, **await self._think_all(missing)} if missing else thoughts

    async def _think_all(self, rows: Sequence[InboxRow]) -> Thoughts:
        thoughts = await self._think([row.event for row in rows])
        return {row.seq: thought for row, thought in zip(rows, thoughts, strict=True)}

    async def _decide(self, rows: Sequence[InboxRow], thoughts: Thoughts) -> Sequence[InboxRow]:
        """Decide in one transaction; returns those that are left where others waited for long enough to write."""
        now, until = self._clock.now(), asyncio.get_running_loop().time() + PATIENCE
        decided: list[InboxRow] = []
        async with self._storage.begin() as uow:
            await uow.lock_lanes(sorted({row.lane for row in rows}))
            still_open = await uow.inbox.still_open([row.seq for row in rows])
            for (community, space), accounts in _speakers([row for row in rows if row.seq in still_open]).items():
                await uow.members.expect(community, space, accounts)
            for row in rows:
                if row.seq in still_open:
                    await self._handle(row, thoughts[row.seq], uow)
                decided.append(row)
                if self._storage.wanted and asyncio.get_running_loop().time() > until:
                    break
            await uow.inbox.done(sorted(still_open.intersection(row.seq for row in decided)), now)
            await uow.commit()
        return rows[len(decided) :]

    async def _handle(self, row: InboxRow, thought: Attempt, uow: UnitOfWork) -> None:
        if isinstance(thought, Exception):
            raise thought
        context = self._context(uow, row.community, space_of(row.event), thought)
        for outgoing in await self._dispatcher.dispatch(row.event, context):
            await uow.outbox.add(row.community, outgoing, row.key, OutboxId(self._ids.fresh()), context.now)

    async def _one_by_one(self, rows: Sequence[InboxRow], thoughts: Thoughts) -> None:
        held = set()
        for row in rows:
            if row.lane in held:
                continue
            try:
                await self._decide([row], thoughts)
            except StorageUnavailable:
                self._forget([row])
                raise
            except Exception as error:  # noqa: BLE001 - recorded with the row: retried, then dead
                self._forget([row])
                held.add(row.lane)
                await self._fail(row, error)

    async def _fail(self, row: InboxRow, error: Exception) -> None:
        now = self._clock.now()
        retry_at = now + RETRY_AFTER[row.tries] if row.tries < len(RETRY_AFTER) else None
        place = where(error)
        structlog.get_logger().error("row_failed", seq=row.seq, type=row.event.type, error=place, dead=retry_at is None)
        async with self._storage.begin() as uow:
            await uow.inbox.fail(row.seq, place, now, retry_at)
            await uow.commit()

    async def _bury(self, unreadable: Sequence[Unreadable]) -> None:
        if not unreadable:
            return
        async with self._storage.begin() as uow:
            for row in unreadable:
                await uow.inbox.bury(row, self._clock.now())
            await uow.commit()
        for row in unreadable:
            structlog.get_logger().error("row_failed", seq=row.seq, error=row.error, dead=True)

    def _forget(self, rows: Sequence[InboxRow]) -> None:
        for row in rows:
            self._states.forget(row.lane)


def _speakers(rows: Sequence[InboxRow]) -> Mapping[tuple[CommunityId, SpaceId], Sequence[AccountId]]:
    """Whoever speaks, by community and space."""
    found: dict[tuple[CommunityId, SpaceId], list[AccountId]] = {}
    for row in rows:
        if isinstance(row.event, MessagePosted | MessageEdited):
            found.setdefault((row.community, row.event.place.space), []).append(row.event.actor.account)
    return found
