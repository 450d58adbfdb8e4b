"""What somebody reads of what they asked for, composed when it is sent, from what is stored then."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Edit, Post, Reply, SendDirect, TellingOf
from dialogue.closing.storing import Telling
from dialogue.closing.verbs import MUTE
from dialogue.custom_ids import custom_id
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Button, Buttons, Paragraph, Quote, Words, plain
from dialogue.posts import Post as Content
from dialogue.texts.catalogue import Texts
from knowledge_base.announcements import Announcement
from knowledge_base.ids import CommunityId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.messages import Message

QUOTED: Final = 5
"""How many people are quoted where many of one thread are told together."""


async def compose_telling(
    uow: UnitOfWork, community: CommunityId, action: Post | Edit | Reply | SendDirect, of: TellingOf, texts: Texts
) -> Content | None:
    """The news, and what those had said who are told; None where nobody is left to be told. Reads only.

    Who muted it or took their words back meanwhile is not told. A post that stands changes only by what was taken back.
    """
    announcement = await uow.announcements.get(community, of.announcement)
    insight = await uow.insights.get(community, announcement.insight) if announcement else None
    tellings = await uow.tellings.by_post(community, of.post)
    if announcement is None or insight is None:
        return None
    if not isinstance(action, Edit):
        unwilling = await uow.mutes.unwilling(community, insight.id, [telling.member for telling in tellings])
        tellings = [telling for telling in tellings if telling.member not in unwilling]
    said = await _said(uow, community, tellings)
    if not said:
        return plain(texts.say("closing.gone")) if isinstance(action, Edit) else None
    quotes = [await _quote(uow, message) for message in said[:QUOTED]]
    rest = [Paragraph(texts.say("closing.more", {"count": len(said) - QUOTED}))] if said[QUOTED:] else []
    late = all(message.at > announcement.at for message in said)
    blocks: Sequence[Block] = (
        Paragraph(_news(announcement, insight, texts) if late else announcement.text),
        *quotes,
        *rest,
        Buttons((Button(texts.say("closing.mute"), custom_id(MUTE, insight.id, "1")),)),
    )
    return Content(tuple(blocks))


def _news(announcement: Announcement, insight: Insight, texts: Texts) -> str:
    """What is told who says it after others were told: a problem that is fixed may have come back."""
    if insight.kind is Kind.PROBLEM and announcement.status is Status.SHIPPED:
        return texts.say("closing.again", {"date": announcement.at.date().isoformat()})
    return announcement.text


async def _said(uow: UnitOfWork, community: CommunityId, tellings: Sequence[Telling]) -> Sequence[Message]:
    found = [await uow.messages.get(community, telling.message) for telling in tellings]
    return [message for message in found if message is not None and not message.deleted]


async def _quote(uow: UnitOfWork, message: Message) -> Block:
    channel = await uow.channels.get(message.space, message.channel)
    author = await uow.members.get(message.community, message.author)
    if channel is None or author is None:
        return Paragraph("")
    words = Words(message.text, channel.origin, message.author)
    return Quote(words, Words(author.name, channel.origin, message.author), message.link)
