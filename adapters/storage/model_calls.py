"""The calls of a model, and what they cost."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from adapters.storage.tables import model_calls
from adapters.storage.transaction import StoredRow, Transaction
from dialogue.advice.storing import ModelCalls
from dialogue.advice.values import Call, CallState, Spent

_END = update(model_calls).where(
    model_calls.c.community_id == bindparam("community"), model_calls.c.call == bindparam("of_call")
)
_SPENT = select(
    func.coalesce(func.sum(model_calls.c.tokens), 0).label("tokens"),
    func.coalesce(func.sum(model_calls.c.milliseconds), 0).label("milliseconds"),
).where(model_calls.c.begun_at >= bindparam("since"))
_LATEST = (
    select(model_calls)
    .where(
        model_calls.c.model == bindparam("of_model"),
        model_calls.c.state.in_([CallState.ANSWERED, CallState.FAILED]),
    )
    .order_by(model_calls.c.begun_at.desc(), model_calls.c.call.desc())
    .limit(bindparam("most"))
)
_FORGET = delete(model_calls).where(model_calls.c.begun_at < bindparam("before"))


class SqlModelCalls(ModelCalls):
    """See :class:`dialogue.advice.storing.ModelCalls`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def begin(self, call: Call) -> None:
        """Note a call before it is made."""
        values = {"community_id": call.community, "call": call.id, "model": call.model, "begun_at": call.begun_at}
        await self._transaction.run(insert(model_calls), {**values, **_outcome(call)})

    async def end(self, call: Call) -> None:
        """Note how it ended and what it did cost."""
        await self._transaction.run(_END, {"community": call.community, "of_call": call.id, **_outcome(call)})

    async def spent(self, since: datetime) -> Spent:
        """What all calls begun since then cost."""
        (row,) = await self._transaction.rows(_SPENT, {"since": since})
        return Spent(int(row.tokens), int(row.milliseconds))

    async def latest(self, model: str, limit: int) -> Sequence[Call]:
        """The last calls of a model that were answered or failed."""
        return [_call(row) for row in await self._transaction.rows(_LATEST, {"of_model": model, "most": limit})]

    async def forget(self, before: datetime) -> None:
        """Remove calls begun before that moment."""
        await self._transaction.run(_FORGET, {"before": before})


def _outcome(call: Call) -> dict[str, object]:
    return {
        "state": call.state,
        "tokens": call.spent.tokens,
        "milliseconds": call.spent.milliseconds,
        "discarded": call.discarded,
        "reason": call.reason,
    }


def _call(row: StoredRow) -> Call:
    return Call(
        id=row.call,
        community=row.community_id,
        model=row.model,
        begun_at=row.begun_at,
        state=row.state,
        spent=Spent(row.tokens, row.milliseconds),
        discarded=row.discarded,
        reason=row.reason,
    )
