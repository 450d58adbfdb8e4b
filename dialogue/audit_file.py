"""The audit log as a file, for whoever reviews it with a tool of their own."""

import csv
from io import StringIO
from typing import Final

from dialogue.ports import UnitOfWork
from dialogue.posts import Document, Paragraph, Post
from dialogue.texts.catalogue import Texts
from knowledge_base.audit import AuditEntry
from knowledge_base.ids import CommunityId, MemberId

COLUMNS: Final = ("at", "member", "name", "role", "deed", "about", "space", "channel", "granted")
"""``at`` in UTC, ISO 8601; ``granted`` is yes or no; the rest as in :class:`knowledge_base.audit.AuditEntry`."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


async def compose_audit(uow: UnitOfWork, community: CommunityId, owner: MemberId, texts: Texts) -> Post:
    """A sentence, and every entry as CSV, the oldest first. Reads only."""
    entries = await uow.audit.all(community)
    names: dict[MemberId, str] = {}
    content = StringIO()
    rows = csv.writer(content, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for entry in entries:
        if entry.by not in names:
            member = await uow.members.get(community, entry.by)
            names[entry.by] = member.name if member else ""
        rows.writerow(_row(entry, names[entry.by]))
    said = texts.say("audit.exported", {"count": len(entries)})
    document = Document(
        "audit.csv", "text/csv", content.getvalue().encode("utf-8", "replace"), owner, texts.say("audit.not_taken")
    )
    return Post((Paragraph(said), document))


def _row(entry: AuditEntry, name: str) -> list[str]:
    at = entry.at.isoformat(timespec="seconds")
    told = (entry.by, name, entry.role, entry.deed, entry.about, entry.space, entry.channel, entry.granted)
    return [at, *map(harmless, told)]


def harmless(value: str) -> str:
    """What a spreadsheet does not take for a formula, whatever somebody calls themselves."""
    return f"'{value}" if value.startswith(_FORMULA) else str(value)
