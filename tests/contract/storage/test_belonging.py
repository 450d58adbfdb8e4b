"""Who is welcomed, who is a learning partner, and what partners were told, and who may do what, on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from adapters.storage.database import Database
from dialogue.actions import OutboxId
from dialogue.ports import UnitOfWork
from dialogue.rows import PostedSummary, Schedule
from dialogue.schedules import ONCE
from knowledge_base.announcements import Announcement, AnnouncementState
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import circle_of
from knowledge_base.ids import AccountId, AnnouncementId, ChannelId, InsightId, MemberId, SpaceId
from knowledge_base.insights import Status
from knowledge_base.levels import Level
from knowledge_base.members import Role
from knowledge_base.partners import Partner, PartnerGroup, PartnerState, SummaryLine
from knowledge_base.seasons import Season
from knowledge_base.welcomes import Welcome, Welcoming
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    beside_another,
    insight,
    meaning,
    message,
    vector,
)

ANNA, CARA = MemberId("m-anna"), MemberId("m-cara")
GROUP = PartnerGroup(ACME, GUILD, ChannelId("club"), "", NOW, 0)
INVITED = Partner(ACME, ANNA, PartnerState.INVITED, CARA, NOW)


class BelongingContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        async with beside_another(storage) as uow:
            await uow.members.see(ACME, GUILD, AccountId("cara"), "Cara", Role.CUSTOMER, CARA)
            yield uow
            await uow.commit()

    async def test_a_welcome_is_off_until_it_is_chosen_and_each_community_has_its_own(self, uow: UnitOfWork) -> None:
        assert await uow.welcomes.chosen(ACME) == Welcome(Welcoming.OFF, "")
        await uow.welcomes.choose(ACME, Welcome(Welcoming.ON, "Hello"))
        assert await uow.welcomes.chosen(ACME) == Welcome(Welcoming.ON, "Hello")
        assert await uow.welcomes.chosen(OTHER) == Welcome()

    async def test_a_member_is_welcomed_once(self, uow: UnitOfWork) -> None:
        assert await uow.welcomes.once(ACME, ANNA, NOW)
        assert not await uow.welcomes.once(ACME, ANNA, NOW + SECOND)
        assert await uow.welcomes.once(ACME, CARA, NOW)
        held = await uow.belongings.of_member(ACME, ANNA)
        assert held["welcomed"] == [{"at": NOW.isoformat()}]

    async def test_two_accounts_that_were_welcomed_become_one_member_who_was(self, uow: UnitOfWork) -> None:
        await uow.welcomes.once(ACME, ANNA, NOW)
        await uow.welcomes.once(ACME, CARA, NOW + SECOND)
        await uow.members.become_one(ACME, ANNA, CARA)
        assert not await uow.welcomes.once(ACME, ANNA, NOW)

    async def test_a_first_post_is_one_before_which_nothing_was_stored_deleted_or_not(self, uow: UnitOfWork) -> None:
        first, second = message("one"), message("two")
        await uow.messages.add([first])
        assert await uow.welcomes.is_first(ACME, first.author, first.id)
        assert await uow.welcomes.is_first(ACME, CARA, first.id)
        await uow.messages.add([second])
        await uow.messages.erase(ACME, [first.id])
        assert not await uow.welcomes.is_first(ACME, second.author, second.id)
        assert await uow.welcomes.is_first(OTHER, second.author, second.id)

    # ---- learning partners

    async def test_a_community_has_one_group_or_none(self, uow: UnitOfWork) -> None:
        assert await uow.partners.group(ACME) is None
        await uow.partners.put_group(GROUP)
        moved = replace(GROUP, channel=ChannelId("lounge"), role="inner", told_until=NOW + SECOND, told_voice=3)
        await uow.partners.put_group(moved)
        assert await uow.partners.group(ACME) == moved
        assert await uow.partners.group(OTHER) is None
        await uow.partners.remove_group(OTHER)
        assert await uow.partners.group(ACME) == moved
        await uow.partners.remove_group(ACME)
        assert await uow.partners.group(ACME) is None

    async def test_partners_come_back_as_they_are_by_when_that_was(self, uow: UnitOfWork) -> None:
        await uow.partners.put(replace(INVITED, at=NOW + SECOND))
        await uow.partners.put(replace(INVITED, member=CARA))
        assert [one.member for one in await uow.partners.all(ACME)] == [CARA, ANNA]
        assert await uow.partners.all(OTHER) == []
        joined = replace(INVITED, state=PartnerState.PARTNER, at=NOW + 2 * SECOND)
        await uow.partners.put(joined)
        assert await uow.partners.get(ACME, ANNA) == joined
        await uow.partners.remove(OTHER, ANNA)
        await uow.partners.remove(ACME, CARA)
        assert await uow.partners.all(ACME) == [joined]
        held = await uow.belongings.of_member(ACME, ANNA)
        assert held["learning_partner"] == [{"state": "partner", "at": joined.at.isoformat()}]

    @pytest.mark.parametrize(("mine", "others"), [("partner", "declined"), ("declined", "partner")])
    async def test_who_said_no_by_one_account_is_no_partner_by_the_other(self, uow: UnitOfWork, mine, others) -> None:
        await uow.partners.put(replace(INVITED, state=PartnerState(mine), by=CARA))
        await uow.partners.put(replace(INVITED, member=CARA, state=PartnerState(others), by=CARA))
        await uow.members.become_one(ACME, ANNA, CARA)
        (one,) = await uow.partners.all(ACME)
        assert (one.member, one.state, one.by) == (ANNA, PartnerState.DECLINED, ANNA)

    async def test_news_are_what_partners_said_and_what_voices_were_told_once_each(self, uow: UnitOfWork) -> None:
        await self.voiced(uow, "one", "first")
        await self.voiced(uow, "two", "second")
        after = await uow.digests.last_voice(ACME)
        await self.voiced(uow, "three", "second")
        await self.voiced(uow, "four", "second")
        last = await uow.digests.last_voice(ACME)
        for key, state, at in (
            ("a", AnnouncementState.SENT, NOW + SECOND),
            ("b", AnnouncementState.NOT_NOW, NOW + SECOND),
            ("c", AnnouncementState.SENT, NOW),
            ("d", AnnouncementState.SENT, NOW + 9 * SECOND),
        ):
            told = Announcement(
                AnnouncementId(key), ACME, InsightId("first"), 1, Status.SHIPPED, "It is there", CARA, at, state
            )
            await uow.announcements.add(told)
        group = replace(GROUP, told_until=NOW, told_voice=after)
        told, heard = SummaryLine(InsightId("first"), Status.SHIPPED), SummaryLine(InsightId("second"), None)
        assert await uow.partners.news(group, NOW + SECOND, last) == [told]  # nobody is a partner yet
        await uow.partners.put(INVITED)
        assert await uow.partners.news(group, NOW + SECOND, last) == [told]
        await uow.partners.put(replace(INVITED, state=PartnerState.PARTNER))
        assert await uow.partners.news(group, NOW + SECOND, last) == [told, heard]
        assert await uow.partners.news(replace(group, told_until=NOW + SECOND), NOW + SECOND, after) == []

    async def test_a_summary_is_found_by_what_it_tells_of(self, uow: UnitOfWork) -> None:
        await uow.insights.add(insight("first"))
        await uow.insights.add(insight("second"))
        lines = [SummaryLine(InsightId("second"), Status.PLANNED), SummaryLine(InsightId("first"), None)]
        early = PostedSummary(OutboxId("early"), GUILD, ChannelId("club"), NOW)
        late = PostedSummary(OutboxId("late"), GUILD, ChannelId("club"), NOW + SECOND)
        await uow.summaries.add(ACME, late, lines[:1])
        await uow.summaries.add(ACME, early, lines)
        assert await uow.summaries.lines(ACME, early.post) == lines
        assert await uow.summaries.lines(OTHER, early.post) == []
        assert await uow.summaries.that_tell(ACME, [InsightId("second")]) == [early, late]
        assert await uow.summaries.that_tell(ACME, [InsightId("first")]) == [early]
        assert await uow.summaries.that_tell(ACME, []) == []
        assert await uow.summaries.that_tell(OTHER, [InsightId("first")]) == []

    # ---- who may do what

    async def test_what_an_act_needs_is_as_it_was_chosen_last_by_community(self, uow: UnitOfWork) -> None:
        assert await uow.permissions.of(ACME) == {}
        await uow.permissions.choose(ACME, "insight ship", Role.STAFF)
        await uow.permissions.choose(ACME, "digest now", Role.STAFF)
        await uow.permissions.choose(ACME, "insight ship", Role.ADMIN)
        assert await uow.permissions.of(ACME) == {"insight ship": Role.ADMIN, "digest now": Role.STAFF}
        assert await uow.permissions.of(OTHER) == {}
        await uow.permissions.choose(OTHER, "digest now", None)
        await uow.permissions.choose(ACME, "digest now", None)
        assert await uow.permissions.of(ACME) == {"insight ship": Role.ADMIN}

    async def test_of_two_communities_that_become_one_the_choices_of_the_one_joined_hold(self, uow: UnitOfWork) -> None:
        for community, role in ((ACME, Role.ADMIN), (OTHER, Role.STAFF)):
            await uow.permissions.choose(community, "insight ship", role)
            await uow.partners.put_group(replace(GROUP, community=community, role=role))
            await uow.welcomes.choose(community, Welcome(Welcoming.ON, role))
        await uow.permissions.choose(OTHER, "digest now", Role.STAFF)
        await uow.communities.absorb(OTHER, ACME)
        assert await uow.permissions.of(ACME) == {"insight ship": Role.ADMIN}
        assert await uow.partners.group(ACME) == replace(GROUP, role=Role.ADMIN)
        assert await uow.welcomes.chosen(ACME) == Welcome(Welcoming.ON, Role.ADMIN)

    async def test_what_both_call_the_same_is_as_the_one_joined_has_it_and_partners_come_not_along(
        self, uow: UnitOfWork
    ) -> None:
        for community, points in ((ACME, 5), (OTHER, 9)):
            await uow.levels.put(Level(community, "Guide", points))
            await uow.boards.put_season(Season(community, "Spring", date(2026, 3, points), date(2026, 5, 1)))
            await uow.schedules.put(Schedule(community, GUILD, "unusual", ONCE, "UTC", NOW))
        await uow.partners.put(INVITED)
        people = [MemberId(f"m-{state}") for state in PartnerState]
        for member, state in zip(people, PartnerState, strict=True):
            await uow.members.see(OTHER, SpaceId("elsewhere"), AccountId(member), "x", Role.CUSTOMER, member)
            await uow.partners.put(Partner(OTHER, member, state, member, NOW))
        await uow.communities.absorb(OTHER, ACME)
        assert await uow.levels.all(ACME) == [Level(ACME, "Guide", 5)]
        assert [season.first.day for season in await uow.boards.seasons(ACME)] == [5]
        assert [one.name for one in await uow.schedules.due(NOW)] == ["unusual"]
        assert {one.member for one in await uow.partners.all(ACME)} == {ANNA, "m-declined"}

    @pytest.mark.parametrize(("mine", "others"), [("partner", "invited"), ("invited", "partner")])
    async def test_who_said_yes_by_one_account_is_a_partner(self, uow: UnitOfWork, mine, others) -> None:
        await uow.partners.put(replace(INVITED, state=PartnerState(mine)))
        await uow.partners.put(replace(INVITED, member=CARA, state=PartnerState(others)))
        await uow.members.become_one(ACME, ANNA, CARA)
        assert [(one.member, one.state) for one in await uow.partners.all(ACME)] == [(ANNA, PartnerState.PARTNER)]

    async def voiced(self, uow: UnitOfWork, key: str, of: str) -> None:
        said = message(key)
        if await uow.insights.get(ACME, InsightId(of)) is None:
            await uow.insights.add(insight(of))
        await uow.messages.add([said])
        circle = circle_of(GUILD, HELP, Audience.PUBLIC, Shared.NO)
        await uow.insights.add_voice(ACME, InsightId(of), said.id, meaning(vector(1)), circle)


class TestBelongingOnSqlite(OnSqlite, BelongingContract):
    """On SQLite."""


class TestBelongingOnPostgresql(OnPostgresql, BelongingContract):
    """On PostgreSQL."""
