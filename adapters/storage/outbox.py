"""What is to be said and done, each once.

Order holds per destination: what may be claimed is a run from the head of each line. Rows end as sent, dropped,
undeliverable or dead; then their payload and reply handle are wiped, and only what a post says now is kept. Of a card
that ended unsent, the insight is held back for its team.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, ColumnElement, bindparam, case, func, insert, literal_column, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from adapters.storage import cards, locks
from adapters.storage.codec import Codec
from adapters.storage.grants import handed_over
from adapters.storage.tables import outbox
from adapters.storage.transaction import StoredRow, Transaction, Values
from dialogue.actions import Edit, OutboxId, Outgoing, Post, destination_of
from dialogue.ports import Outbox
from dialogue.rows import OutboxRow, OutboxState, Sent, SentRef
from knowledge_base.ids import CommunityId

_TOKEN_BYTES: Final = 12
_HANDING: Final = frozenset({"reply", "grant_role"})
"""What may hand something over."""
# the word itself and no parameter, so that the databases see that the indexes on open rows fit
_OPEN: ColumnElement[bool] = outbox.c.state == literal_column("'open'")
_BY_TOKEN = (outbox.c.token == bindparam("of_token"), _OPEN)


def _unless_edit(column: Column[str | None], given: str) -> ColumnElement[str | None]:
    return case((outbox.c.target.is_not(None), column), else_=bindparam(given, type_=column.type))


_UNCLAIMED = {"token": None, "leased_until": None}
_ENDED = {**_UNCLAIMED, "payload": None, "handle": None}

_ADD = insert(outbox)
_REPLACE_EDITS = (
    update(outbox)
    .where(
        outbox.c.community_id == bindparam("community"),
        outbox.c.target == bindparam("of_target"),
        _OPEN,
        or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= bindparam("now")),
    )
    .values(state=OutboxState.DROPPED, reason="a later edit took its place", **_ENDED)
)
_EARLIER = outbox.alias("earlier")
_HELD_BACK = (
    select(_EARLIER.c.seq)
    .where(
        _EARLIER.c.state == literal_column("'open'"),
        _EARLIER.c.destination == outbox.c.destination,
        _EARLIER.c.seq <= outbox.c.seq,
        or_(_EARLIER.c.leased_until > bindparam("now"), _EARLIER.c.not_before > bindparam("now")),
    )
    .exists()
)
_CLAIMABLE = select(outbox).where(_OPEN, ~_HELD_BACK).order_by(outbox.c.seq).limit(bindparam("most"))
_TARGETS = select(outbox.c.id, outbox.c.state, outbox.c.channel, outbox.c.message).where(
    outbox.c.community_id == bindparam("community"), outbox.c.id.in_(bindparam("ids", expanding=True))
)
_WHERE = select(outbox.c.channel, outbox.c.message).where(
    outbox.c.community_id == bindparam("community"), outbox.c.id == bindparam("of_id"), outbox.c.message.is_not(None)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.seq == bindparam("of_seq"))
    .values(
        token=bindparam("fresh"),
        leased_until=bindparam("until"),
        first_claimed_at=func.coalesce(outbox.c.first_claimed_at, bindparam("now", type_=outbox.c.created_at.type)),
    )
)
_RENEW = (
    update(outbox)
    .where(outbox.c.token.in_(bindparam("tokens", expanding=True)), _OPEN)
    .values(leased_until=bindparam("until"))
    .returning(outbox.c.token)
)
_SENT = (
    update(outbox)
    .where(*_BY_TOKEN)
    .values(
        state=OutboxState.SENT,
        sent_at=bindparam("now"),
        text=_unless_edit(outbox.c.text, "says"),
        channel=_unless_edit(outbox.c.channel, "of_channel"),
        message=_unless_edit(outbox.c.message, "of_message"),
        **_ENDED,
    )
)
_HELD = (
    select(outbox.c.token, outbox.c.community_id, outbox.c.target, outbox.c.id, outbox.c.action)
    .where(outbox.c.token.in_(bindparam("tokens", expanding=True)), _OPEN)
    .with_for_update()
)
_SAYS = (
    update(outbox)
    .where(outbox.c.community_id == bindparam("community"), outbox.c.id == bindparam("of_target"))
    .values(text=bindparam("says"))
)
_LATER = (
    update(outbox)
    .where(*_BY_TOKEN)
    .values(not_before=bindparam("until"), reason=bindparam("why"), attempts=outbox.c.attempts + 1, **_UNCLAIMED)
)
_LATER_SURELY_UNSENT = _LATER.values(first_claimed_at=None)
_RELEASE = update(outbox).where(*_BY_TOKEN).values(first_claimed_at=bindparam("before"), **_UNCLAIMED)
LET_GO = update(outbox).where(_OPEN, outbox.c.token.is_not(None)).values(**_UNCLAIMED)
"""Ends every claim, where nobody else can hold one: what it may have sent is still looked for first."""
_ENDS = (
    update(outbox)
    .values(state=bindparam("becomes"), reason=bindparam("why"), **_ENDED)
    .returning(outbox.c.community_id, outbox.c.id)
)
_END = _ENDS.where(*_BY_TOKEN)
_END_UNCLAIMED = _ENDS.where(outbox.c.seq == bindparam("of_seq"))
_HEADS = select(func.min(outbox.c.seq)).where(_OPEN).group_by(outbox.c.destination)
_NEXT_DUE = select(
    func.min(
        case(
            (outbox.c.leased_until.is_not(None), outbox.c.leased_until),
            else_=func.coalesce(outbox.c.not_before, outbox.c.created_at),
        ),
        type_=outbox.c.created_at.type,
    ).label("due_at")
).where(outbox.c.seq.in_(_HEADS))


class SqlOutbox(Outbox):
    """See :class:`dialogue.ports.Outbox`."""

    def __init__(self, transaction: Transaction, codec: Codec) -> None:
        self._transaction = transaction
        self._codec = codec

    async def add(
        self, community: CommunityId, outgoing: Outgoing, cause: str, fresh: OutboxId, now: datetime
    ) -> OutboxId:
        """Add a row; an edit replaces unclaimed edits of the same target."""
        action, name = outgoing.action, outgoing.id or fresh
        target = action.target if isinstance(action, Edit) else None
        if target is not None:
            edits = {"community": community, "of_target": target, "now": now}
            await self._transaction.run(_REPLACE_EDITS, edits)
        packed = self._codec.pack_outgoing(outgoing)
        self._transaction.write_soon(
            _ADD,
            {
                "community_id": community,
                "id": name,
                "destination": destination_of(action),
                "action": action.type,
                "target": target,
                "under": action.under if isinstance(action, Post) else None,
                "payload": packed.payload,
                "handle": packed.handle,
                "cause": cause,
                "created_at": now,
                "state": OutboxState.OPEN,
                "attempts": 0,
            },
        )
        return name

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[OutboxRow]:
        """Claim due open rows until ``now + lease``."""
        await locks.hold(self._transaction, ["outbox"])  # two claims at once would take the same rows
        rows = await self._transaction.rows(_CLAIMABLE, {"now": now, "most": limit})
        targets = await self._targets(rows)
        claimed: list[OutboxRow | None] = []
        held: set[str] = set()
        for row in rows:
            hangs_on = _hangs_on(row)
            target = targets.get((row.community_id, hangs_on))
            if row.destination in held:
                continue
            if hangs_on is None:
                claimed.append(await self._readable(row, None))
            elif target is not None and target.state is OutboxState.OPEN:
                held.add(row.destination)
            elif target is not None and target.message is not None:
                claimed.append(await self._readable(row, SentRef(target.channel, target.message)))
            else:
                await self._end_unclaimed(row, OutboxState.DROPPED, "its post was not sent")
                targets.pop((row.community_id, row.id), None)  # nor is what hangs on this one
        readable = [row for row in claimed if row is not None]
        await self._lease(rows, readable, now, lease)
        return readable

    async def renew(self, tokens: Sequence[str], now: datetime, lease: timedelta) -> frozenset[str]:
        """Prolong these claims; returns the tokens that still hold."""
        if not tokens:
            return frozenset()
        rows = await self._transaction.rows(_RENEW, {"tokens": list(tokens), "until": now + lease})
        return frozenset(row.token for row in rows)

    async def sent(self, sent: Sequence[Sent], now: datetime) -> frozenset[str]:
        """These happened. An edit's text is kept with the post that shows it, in place of what it said before."""
        found = await self._transaction.rows(_HELD, {"tokens": [one.token for one in sent]}) if sent else ()
        held = {row.token: row for row in found}
        now_sent = [one for one in sent if one.token in held]
        if now_sent:
            await self._transaction.run(_SENT, [_sent(one, now) for one in now_sent])
        shown = [(held[one.token], one.text) for one in now_sent if held[one.token].target is not None]
        if shown:
            said = [{"community": row.community_id, "of_target": row.target, "says": text} for row, text in shown]
            await self._transaction.run(_SAYS, said)
        await self._handed_over([held[one.token] for one in now_sent], now)
        return frozenset(held)

    async def _handed_over(self, rows: Sequence[StoredRow], now: datetime) -> None:
        """What hands something over is for one person, and most of that is nothing but said."""
        posts: dict[CommunityId, list[str]] = {}
        for row in rows:
            if row.action in _HANDING:
                posts.setdefault(row.community_id, []).append(row.id)
        for community, by in posts.items():
            await handed_over(self._transaction, community, by, now)

    async def later(self, token: str, not_before: datetime, error: str, *, surely_unsent: bool) -> None:
        """Open again, due at ``not_before``."""
        statement = _LATER_SURELY_UNSENT if surely_unsent else _LATER
        await self._transaction.run(statement, {"of_token": token, "until": not_before, "why": error})

    async def release(self, row: OutboxRow) -> None:
        """Give a claim back of which nothing came."""
        await self._transaction.run(_RELEASE, {"of_token": row.token, "before": row.first_claimed_at})

    async def end(self, token: str, state: OutboxState, reason: str) -> None:
        """Give up for good, with the reason."""
        await self._end(_END, {"of_token": token, "becomes": state, "why": reason})

    async def where(self, community: CommunityId, post: OutboxId) -> SentRef | None:
        """Where a post stands, or None."""
        row = await self._transaction.row(_WHERE, {"community": community, "of_id": post})
        return None if row is None else SentRef(row.channel, row.message)

    async def next_due(self) -> datetime | None:
        """When the head of a line falls due or its lease ends; what waits behind it does not count."""
        (row,) = await self._transaction.rows(_NEXT_DUE)
        due_at: datetime | None = row.due_at
        return due_at

    async def _targets(self, rows: Sequence[StoredRow]) -> dict[tuple[CommunityId, str | None], StoredRow]:
        """The posts that these rows change, or in whose threads they go."""
        wanted: dict[CommunityId, list[str]] = {}
        for row in rows:
            if (hangs_on := _hangs_on(row)) is not None:
                wanted.setdefault(row.community_id, []).append(hangs_on)
        return {
            (community, target.id): target
            for community, ids in wanted.items()
            for target in await self._transaction.rows(_TARGETS, {"community": community, "ids": ids})
        }

    async def _end(self, statement: ReturningUpdate[tuple[object, ...]], values: Values) -> None:
        for row in await self._transaction.rows(statement, values):
            for one in (cards.HOLD_BACK, cards.FORGET):
                await self._transaction.run(one, {"community": row.community_id, "of_id": row.id})

    async def _end_unclaimed(self, row: StoredRow, state: OutboxState, reason: str) -> None:
        await self._end(_END_UNCLAIMED, {"of_seq": row.seq, "becomes": state, "why": reason})

    async def _readable(self, row: StoredRow, target_ref: SentRef | None) -> OutboxRow | None:
        """The row, or None for one that can't be read, which then is dead."""
        try:
            return self._unpack(row, target_ref)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others must go on
            await self._end_unclaimed(row, OutboxState.DEAD, f"unreadable: {type(error).__name__}")
            return None

    async def _lease(
        self, rows: Sequence[StoredRow], claimed: Sequence[OutboxRow], now: datetime, lease: timedelta
    ) -> None:
        seqs = {(row.community_id, row.id): row.seq for row in rows}
        if claimed:
            await self._transaction.run(
                _CLAIM,
                [
                    {"of_seq": seqs[row.community, row.id], "fresh": row.token, "until": now + lease, "now": now}
                    for row in claimed
                ],
            )

    def _unpack(self, row: StoredRow, target_ref: SentRef | None) -> OutboxRow:
        return OutboxRow(
            id=row.id,
            community=row.community_id,
            outgoing=_in_its_thread(self._codec.unpack_outgoing(row.payload, row.handle), target_ref),
            cause=row.cause,
            created_at=row.created_at,
            attempts=row.attempts,
            token=secrets.token_hex(_TOKEN_BYTES),
            first_claimed_at=row.first_claimed_at,
            target_ref=target_ref if row.target is not None else None,
        )


def _sent(one: Sent, now: datetime) -> Values:
    where = {"of_channel": one.ref.channel if one.ref else None, "of_message": one.ref.message if one.ref else None}
    return {"of_token": one.token, "now": now, "says": one.text, **where}


def _hangs_on(row: StoredRow) -> str | None:
    """The row that has to be sent before this one: what an edit changes, or what a post goes under."""
    hangs_on: str | None = row.target or row.under
    return hangs_on


def _in_its_thread(outgoing: Outgoing, under: SentRef | None) -> Outgoing:
    """A post under another that is sent, in the thread of that; anything else as it is."""
    action = outgoing.action
    if under is None or not isinstance(action, Post):
        return outgoing
    return replace(outgoing, action=replace(action, thread=under.message))
