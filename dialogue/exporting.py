"""Everything that is held of a member, as a file for them alone."""

import io
import json
import zipfile
from typing import Final

from dialogue.ports import UnitOfWork
from dialogue.posts import Document, Paragraph, Post
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, MemberId

FORMAT: Final = "parley-export-1"
LARGEST_PLAIN: Final = 256 * 1024
"""Bytes up to which the file is JSON as it is; a longer one is packed, since platforms take only so much."""

_NAME: Final = "parley-export.json"
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""What a packed file says of its age, so that the same is always packed the same."""


async def compose_export(uow: UnitOfWork, community: CommunityId, member: MemberId, texts: Texts) -> Post:
    """A sentence, and the file: UTF-8, one JSON object, see docs/privacy.md for what stands in it."""
    held = await uow.belongings.of_member(community, member)
    whole = {"format": FORMAT, "community": community, "member_id": member, **held}
    content = json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    instead = texts.say("privacy.not_exported")
    return Post((Paragraph(texts.say("privacy.exported")), _document(content, member, instead)))


def _document(content: bytes, owner: MemberId, instead: str) -> Document:
    if len(content) <= LARGEST_PLAIN:
        return Document(_NAME, "application/json", content, owner, instead)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(_NAME, _EARLIEST), content, zipfile.ZIP_DEFLATED)
    return Document("parley-export.zip", "application/zip", packed.getvalue(), owner, instead)
