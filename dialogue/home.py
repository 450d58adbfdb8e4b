"""A person's own page: what became of what they said, what is kept of them, and for staff what waits. Reads only."""

from collections.abc import Sequence
from typing import Final

from dialogue.cards import line, title, words_of
from dialogue.consenting import recorded
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Fact, Facts, Heading, Paragraph, Post
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId
from knowledge_base.insights import Insight, Status
from knowledge_base.members import Member, Role

LISTED: Final = 5
"""Insights of each part."""


async def compose_home(
    uow: UnitOfWork, community: CommunityId, member: Member | None, role: Role, texts: Texts
) -> Post:
    """The page of a member, or of somebody who never said anything (None)."""
    blocks = await _own(uow, community, member, texts) if member else list(unknown_home(texts).blocks)
    if role.may(Role.STAFF):
        blocks += await _waiting(uow, community, texts)
    return Post(tuple(blocks))


def unknown_home(texts: Texts) -> Post:
    """The page of somebody of whom nothing is known."""
    return Post((Heading(texts.say("home.yours")), Paragraph(texts.say("home.nothing"))))


async def _own(uow: UnitOfWork, community: CommunityId, member: Member, texts: Texts) -> list[Block]:
    voiced = [one for one in await uow.insights.voiced_by(community, member.id) if one.status is not Status.DISMISSED]
    shipped = sum(insight.status is Status.SHIPPED for insight in voiced)
    lines = [await _line(uow, insight, texts, member) for insight in voiced[:LISTED]]
    private = texts.say("privacy.on" if member.consent.share_private else "privacy.off")
    return [
        Heading(texts.say("home.yours")),
        Facts(tuple(lines)) if lines else Paragraph(texts.say("home.nothing")),
        Heading(texts.say("home.credit")),
        Paragraph(_shipped(shipped, texts)),
        Heading(texts.say("home.privacy")),
        Facts(
            (
                Fact(texts.say("privacy.messages"), str(await uow.messages.count_of(community, member.id))),
                Fact(texts.say("privacy.recording"), await recorded(uow, member, texts)),
                Fact(texts.say("privacy.private"), private),
            )
        ),
        Paragraph(texts.say("home.change")),
    ]


def _shipped(count: int, texts: Texts) -> str:
    if count < 2:
        return texts.say("home.shipped_one" if count else "home.shipped_none")
    return texts.say("home.shipped", {"count": count})


async def _waiting(uow: UnitOfWork, community: CommunityId, texts: Texts) -> Sequence[Block]:
    """What nobody has taken up yet, the most wanted first."""
    lines = [await _line(uow, insight, texts) for insight in await uow.insights.new(community, LISTED)]
    shown = Facts(tuple(lines)) if lines else Paragraph(texts.say("home.waits_nothing"))
    return [Heading(texts.say("home.waits")), shown]


async def _line(uow: UnitOfWork, insight: Insight, texts: Texts, own: Member | None = None) -> Fact:
    """An insight by its title; by a member's own words where they voiced it."""
    voices = await uow.insights.voices(insight.community, insight.id)
    said = [voice for voice in voices if own and voice.member == own.id]
    return line(insight, words_of(said[0], said[0].text) if said else title(insight, voices), texts)
