"""Codes, known by their digests."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from adapters.storage.tables import codes
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.codes import Code, Entry, Purpose
from knowledge_base.ports import Codes

_FIND = select(codes).where(codes.c.digest == bindparam("of_digest"), codes.c.expires_at > bindparam("now"))
_THIS = (codes.c.community_id == bindparam("community"), codes.c.digest == bindparam("of_digest"))
_ENTER = (
    update(codes)
    .where(*_THIS)
    .values(entry_community=bindparam("its_community"), entry_member=bindparam("by"), entry_space=bindparam("in_space"))
)
_REMOVE = delete(codes).where(*_THIS)
_FORGET = delete(codes).where(codes.c.expires_at <= bindparam("now"))


class SqlCodes(Codes):
    """See :class:`knowledge_base.ports.Codes`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, code: Code, now: datetime) -> None:
        """Keep a new code; those that expired are forgotten."""
        await self._transaction.run(_FORGET, {"now": now})
        await self._transaction.run(
            insert(codes),
            {
                "community_id": code.community,
                "digest": code.digest,
                "purpose": code.purpose,
                "member": code.member,
                "space": code.space,
                "expires_at": code.expires_at,
            },
        )

    async def find(self, digest: str, purpose: Purpose, now: datetime) -> Code | None:
        """The code of that digest and purpose, if it still holds."""
        row = await self._transaction.row(_FIND, {"of_digest": digest, "now": now})
        return _code(row) if row is not None and row.purpose is purpose else None

    async def enter(self, code: Code, entry: Entry) -> None:
        """Somebody has entered it; whoever did so before is forgotten."""
        this = {"community": code.community, "of_digest": code.digest}
        by = {"its_community": entry.community, "by": entry.member, "in_space": entry.space}
        await self._transaction.run(_ENTER, {**this, **by})

    async def remove(self, code: Code) -> None:
        """It was used."""
        await self._transaction.run(_REMOVE, {"community": code.community, "of_digest": code.digest})


def _code(row: StoredRow) -> Code:
    entry = Entry(row.entry_community, row.entry_member, row.entry_space) if row.entry_member is not None else None
    return Code(row.community_id, row.digest, row.purpose, row.member, row.space, row.expires_at, entry)
