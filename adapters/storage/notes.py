"""Private notes of staff."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, delete, insert, select

from adapters.storage.tables import notes, voices
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.ids import CommunityId, InsightId, MemberId, MessageId
from knowledge_base.notes import Note
from knowledge_base.ports import Notes

_IN_COMMUNITY = notes.c.community_id == bindparam("community")
_ADD = insert(notes)
_VOICED = notes.join(voices, (voices.c.community_id == notes.c.community_id) & (voices.c.message == notes.c.message))
_OLDEST_FIRST = (notes.c.at, notes.c.note)
_OF_INSIGHT = (
    select(notes)
    .select_from(_VOICED)
    .where(_IN_COMMUNITY, voices.c.insight == bindparam("of_insight"))
    .order_by(*_OLDEST_FIRST)
)
_OF_MANY = (
    select(voices.c.insight.label("of_one"), *notes.c)
    .select_from(_VOICED)
    .where(_IN_COMMUNITY, voices.c.insight.in_(bindparam("many", expanding=True, type_=voices.c.insight.type)))
    .order_by(*_OLDEST_FIRST)
)
_BY = (_IN_COMMUNITY, notes.c.by == bindparam("by_member"))
_BY_MEMBER = select(notes).where(*_BY).order_by(*_OLDEST_FIRST)
_ERASE_BY = delete(notes).where(*_BY)
_ERASE_ABOUT = delete(notes).where(_IN_COMMUNITY, notes.c.message == bindparam("of_message"))


class SqlNotes(Notes):
    """See :class:`knowledge_base.ports.Notes`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, note: Note) -> None:
        """Keep a note."""
        row = {
            "community_id": note.community,
            "note": note.id,
            "message": note.message,
            "by": note.by,
            "text": note.text,
            "at": note.at,
        }
        await self._transaction.run(_ADD, row)

    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[Note]:
        """The notes about its voices, oldest first."""
        rows = await self._transaction.rows_again(_OF_INSIGHT, {"community": community, "of_insight": insight})
        return [_note(row) for row in rows]

    async def read_ahead(self, community: CommunityId, insights: Sequence[InsightId]) -> None:
        """The notes of these will be asked for."""
        await self._transaction.read_ahead(_OF_INSIGHT, _OF_MANY, community, insights)

    async def by_member(self, community: CommunityId, member: MemberId) -> Sequence[Note]:
        """The notes that somebody wrote, oldest first."""
        rows = await self._transaction.rows(_BY_MEMBER, {"community": community, "by_member": member})
        return [_note(row) for row in rows]

    async def erase_about(self, community: CommunityId, messages: Collection[MessageId]) -> None:
        """Remove every note about these messages."""
        these = [{"community": community, "of_message": message} for message in messages]
        if these:
            await self._transaction.run(_ERASE_ABOUT, these)

    async def erase_by(self, community: CommunityId, member: MemberId) -> None:
        """Remove every note that somebody wrote."""
        await self._transaction.run(_ERASE_BY, {"community": community, "by_member": member})


def _note(row: StoredRow) -> Note:
    return Note(row.note, row.community_id, row.message, row.by, row.text, row.at)
