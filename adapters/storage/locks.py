"""Locks that a unit of work holds until it ends. SQLite needs none: only one unit of work writes at a time."""

from collections.abc import Sequence
from hashlib import blake2b

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.storage.transaction import Transaction

# unnest gives the keys in their order, and a lock is taken for each as it comes
_LOCK = select(func.pg_advisory_xact_lock(func.unnest(bindparam("keys", type_=ARRAY(BigInteger)))))


async def hold(transaction: Transaction, names: Sequence[str]) -> None:
    """Hold a lock for each name, taken in one order everywhere so that nobody waits in a circle."""
    if transaction.dialect == "postgresql" and names:
        await transaction.rows(_LOCK, {"keys": sorted({_key(name) for name in names})})


def _key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=8).digest(), signed=True)
