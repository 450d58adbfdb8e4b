"""What somebody reads of what they asked for, composed when it is sent, from what is stored then."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dialogue.actions import Edit, Post, Reply, SendDirect, TellingOf
from dialogue.closing.storing import Telling
from dialogue.closing.verbs import MUTE
from dialogue.custom_ids import custom_id
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Button, Buttons, Fact, Facts, Paragraph, Quote, Words, plain
from dialogue.posts import Post as Content
from dialogue.texts.catalogue import Texts
from knowledge_base.announcements import Announcement
from knowledge_base.ids import CommunityId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.messages import Message
from knowledge_base.ports import Credits

Shown = Post | Edit | Reply | SendDirect

QUOTED: Final = 5
"""How many people are quoted where many of one thread are told together."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was announced, and what those had said who are told of it by one post."""

    announcement: Announcement
    insight: Insight
    said: Sequence[Message]


async def compose_telling(
    uow: UnitOfWork, community: CommunityId, action: Shown, of: TellingOf, texts: Texts, credit: Credits
) -> Content | None:
    """The news, and what those had said who are told; None where nobody is left to be told. Reads only.

    Who muted it or took their words back meanwhile is not told. A post that stands changes only by what was taken back.
    """
    told = await _told(uow, community, of, action)
    if told is None:
        return None
    if not told.said:
        return plain(texts.say("closing.gone")) if isinstance(action, Edit) else None
    quotes = [await _quote(uow, message) for message in told.said[:QUOTED]]
    rest = [Paragraph(texts.say("closing.more", {"count": len(told.said) - QUOTED}))] if told.said[QUOTED:] else []
    blocks: Sequence[Block] = (
        Paragraph(_news(told, texts)),
        *quotes,
        *rest,
        *await _thanks(uow, told, texts, credit),
        Buttons((Button(texts.say("closing.mute"), custom_id(MUTE, told.insight.id, "1")),)),
    )
    return Content(tuple(blocks))


async def _told(uow: UnitOfWork, community: CommunityId, of: TellingOf, action: Shown) -> Told | None:
    announcement = await uow.announcements.get(community, of.announcement)
    insight = await uow.insights.get(community, announcement.insight) if announcement else None
    if announcement is None or insight is None:
        return None
    tellings = await uow.tellings.by_post(community, of.post)
    if not isinstance(action, Edit):
        unwilling = await uow.mutes.unwilling(community, insight.id, [telling.member for telling in tellings])
        tellings = [telling for telling in tellings if telling.member not in unwilling]
    return Told(announcement, insight, await _said(uow, community, tellings))


def _news(told: Told, texts: Texts) -> str:
    """What was announced; who says it only after that, of a problem that is fixed, may have met it again."""
    announcement, late = told.announcement, all(message.at > told.announcement.at for message in told.said)
    if late and told.insight.kind is Kind.PROBLEM and announcement.status is Status.SHIPPED:
        return texts.say("closing.again", {"date": announcement.at.date().isoformat()})
    return announcement.text


async def _thanks(uow: UnitOfWork, told: Told, texts: Texts, credit: Credits) -> Sequence[Block]:
    """Those whom the rules of credit name, where it is there now."""
    if told.announcement.status is not Status.SHIPPED:
        return ()
    authors = {message.author: message for message in told.said}
    members = [await uow.members.get(told.insight.community, author) for author in sorted(authors)]
    named = await credit.named(told.insight.id, [member for member in members if member is not None])
    quotes = [await _quote(uow, authors[member]) for member in sorted(named)]
    facts = [Fact(texts.say("closing.thanks"), quote.author) for quote in quotes if isinstance(quote, Quote)]
    return (Facts(tuple(facts)),) if facts else ()


async def _said(uow: UnitOfWork, community: CommunityId, tellings: Sequence[Telling]) -> Sequence[Message]:
    found = [await uow.messages.get(community, telling.message) for telling in tellings]
    return [message for message in found if message is not None and not message.deleted]


async def _quote(uow: UnitOfWork, message: Message) -> Block:
    channel = await uow.channels.get(message.space, message.channel)
    author = await uow.members.get(message.community, message.author)
    if channel is None or author is None:
        return Paragraph("")
    words = Words(message.text, channel.origin, message.author)
    return Quote(words, Words(author.shown_as, channel.origin, message.author), message.link)
