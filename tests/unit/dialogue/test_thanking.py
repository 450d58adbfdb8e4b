"""Who is thanked by name where something shipped: those who chose to be named, and nobody else."""

from collections.abc import Collection

import pytest

from dialogue.actions import Post, TellingOf
from dialogue.closing.composing import compose_telling
from dialogue.closing.thanking import AsTheyChose
from dialogue.plain import plain_text
from knowledge_base.ids import CommunityId, InsightId, MemberId
from knowledge_base.members import Consent, Member, Naming, Recording, Role
from knowledge_base.ports import Credits
from tests.unit.dialogue.closing import decided, offered
from tests.unit.dialogue.stage import ANNA, GENERAL, SAM, SPACE, TEXTS, Stage


class OnlyAnna(Credits):
    async def named(self, insight: InsightId, members: Collection[Member]) -> frozenset[MemberId]:
        return frozenset(member.id for member in members if member.name == "Anna")


async def test_who_is_thanked_by_name_is_for_the_rules_of_credit_to_say(asked: Stage) -> None:
    await decided(asked)
    await asked.press(SAM, offered(asked)["tell_send"])
    async with asked.look() as (uow, community):
        (insight, *_) = await uow.insights.closed(community)
        (announcement,) = await uow.announcements.of_insight(community, insight.id)
        (telling, _), _ = await uow.tellings.of_announcement(community, announcement.id)
        of = TellingOf(announcement.id, telling.post)
        post = Post(SPACE, GENERAL.channel, of)
        unnamed = await compose_telling(uow, community, post, of, TEXTS, AsTheyChose())
        named = await compose_telling(uow, community, post, of, TEXTS, OnlyAnna())

    assert "Thanks to" not in plain_text(unnamed)
    assert "Thanks to: Anna" in plain_text(named)


async def test_who_chose_a_name_is_thanked_by_it_where_it_shipped_and_nobody_else(asked: Stage) -> None:
    await asked.command(ANNA, "privacy naming", {"as": "first"})
    await decided(asked)
    await asked.press(SAM, offered(asked)["tell_send"])
    told = "\n".join(plain_text(sent.post) for sent in asked.chat.sent)
    assert "Thanks to: Anna" in told
    assert "Thanks to: Ben" not in told


@pytest.mark.parametrize(
    ("naming", "recording", "named"),
    [
        (Naming.UNSAID, Recording.ALLOWED, False),
        (Naming.NAME, Recording.ALLOWED, True),
        (Naming.FIRST, Recording.ALLOWED, True),
        (Naming.ANONYMOUS, Recording.ALLOWED, False),
        (Naming.NAME, Recording.STOPPED, False),
    ],
)
async def test_thanks_name_only_who_chose_to_be_named(naming: Naming, recording: Recording, named: bool) -> None:
    consent = Consent(recording, naming=naming)
    anna = Member(MemberId("a"), CommunityId("acme"), "Anna Berg", Role.CUSTOMER, consent)
    assert (await AsTheyChose().named(InsightId("i"), [anna]) == {"a"}) is named
