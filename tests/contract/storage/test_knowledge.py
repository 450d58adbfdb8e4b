"""Communities, channels, members and teams."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from dialogue.rows import Report
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.conditions import Conditions
from knowledge_base.ids import AccountId, ChannelId, CommunityId, MemberId, RouteId, SpaceId, TeamId
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Account, Consent, Group, Member, Role
from knowledge_base.teams import Route, Tag, Team
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    ELSEWHERE,
    GUILD,
    NOW,
    OTHER,
    beside_another,
    join,
)


class KnowledgeContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        async with beside_another(storage) as uow:
            yield uow

    # ---- communities

    async def test_a_space_belongs_to_the_community_it_was_founded_with(self, uow: UnitOfWork) -> None:
        assert await uow.communities.of_space(GUILD) == ACME
        assert await uow.communities.of_space(ELSEWHERE) == OTHER
        assert await uow.communities.of_space(SpaceId("never seen")) is None

    async def test_a_community_can_hold_several_spaces(self, uow: UnitOfWork) -> None:
        await uow.communities.add_space(ACME, SpaceId("workspace"))
        assert await uow.communities.of_space(SpaceId("workspace")) == ACME
        assert await uow.communities.of_space(GUILD) == ACME

    async def test_where_admins_hear_what_needs_them_is_nowhere_until_it_is_chosen(self, uow: UnitOfWork) -> None:
        assert await uow.communities.admin_channel(ACME) is None
        await uow.communities.choose_admin_channel(ACME, GUILD, ChannelId("lounge"))
        await uow.communities.choose_admin_channel(ACME, GUILD, ChannelId("office"))
        assert await uow.communities.admin_channel(ACME) == (GUILD, ChannelId("office"))
        assert await uow.communities.admin_channel(OTHER) is None

    async def test_a_community_without_a_space_is_expected_until_it_gets_one(self, uow: UnitOfWork) -> None:
        assert await uow.communities.expected() is None
        early = CommunityId("early")
        await uow.communities.expect(early, "Early", NOW + timedelta(hours=1))
        assert await uow.communities.expected() == early
        assert await uow.communities.spaces(early) == []
        await uow.communities.found(early, SpaceId("first"), "first", NOW)
        assert await uow.communities.expected() is None
        assert await uow.communities.of_space(SpaceId("first")) == early
        everyone = [(ACME, "Acme"), (OTHER, "Other"), (early, "Early")]
        assert await uow.communities.all() == everyone

    async def test_a_community_can_be_locked(self, uow: UnitOfWork) -> None:
        await uow.communities.lock(ACME)
        await uow.communities.lock(ACME)

    # ---- channels

    async def direct(self, uow: UnitOfWork, name: str = "Anna") -> Channel:
        dm = ChannelId("dm")
        return await uow.channels.see(ACME, GUILD, dm, name, Audience.PRIVATE, Shared.NO, direct=True)

    async def test_what_somebody_writes_to_the_bot_alone_is_kept_without_their_name(self, uow: UnitOfWork) -> None:
        seen = await self.direct(uow)
        assert (seen.direct, seen.mode, seen.name) == (True, Mode.ON_MENTION, "")
        assert await self.direct(uow, "Ann") == seen
        await self.see(uow, Audience.PUBLIC)
        assert seen not in await uow.channels.all(ACME)
        assert {channel.id for channel in await uow.channels.listened(GUILD)} == {"help", "lounge", "dm"}

    async def test_what_was_once_direct_stays_so_and_what_turns_out_direct_is_it(self, uow: UnitOfWork) -> None:
        dm = ChannelId("dm")
        unknown = await uow.channels.see(ACME, GUILD, dm, "x", Audience.PRIVATE, Shared.UNKNOWN)
        assert unknown.mode is Mode.OFF
        assert (await self.direct(uow)).mode is Mode.ON_MENTION
        again = await uow.channels.see(ACME, GUILD, dm, "x", Audience.PRIVATE, Shared.UNKNOWN)
        assert (again.direct, again.mode, again.name) == (True, Mode.ON_MENTION, "")

    async def test_only_channels_in_which_messages_are_kept_are_listened_to(self, uow: UnitOfWork) -> None:
        await self.see(uow, Audience.PRIVATE)
        assert [channel.id for channel in await uow.channels.listened(GUILD)] == ["help"]
        await uow.channels.choose(GUILD, ChannelId("lounge"), mode=Mode.LISTENING)
        assert {channel.id for channel in await uow.channels.listened(GUILD)} == {"help", "lounge"}
        assert await uow.channels.listened(ELSEWHERE) == []

    @pytest.mark.parametrize(
        ("told", "later", "holds"),
        [
            (Audience.PRIVATE, Audience.PUBLIC, False),
            (Audience.PRIVATE, Audience.MEMBERS, False),
            (Audience.PRIVATE, Audience.PRIVATE, True),
            (Audience.PUBLIC, Audience.PUBLIC, True),
            (Audience.PUBLIC, Audience.PRIVATE, True),
        ],
    )
    async def test_that_only_the_firm_reads_it_holds_until_the_platform_lets_others_in(
        self, uow: UnitOfWork, told: Audience, later: Audience, holds: bool
    ) -> None:
        await self.see(uow, told)
        await uow.channels.choose(GUILD, ChannelId("lounge"), audience=Audience.INTERNAL)
        # what we ourselves say of it, of what was deleted meanwhile, is no news of the platform's
        assert (await self.see(uow, Audience.INTERNAL)).audience is Audience.INTERNAL
        seen = await self.see(uow, later)
        assert seen.audience is (Audience.INTERNAL if holds else later)
        assert (await self.see(uow, Audience.PRIVATE)).audience is (Audience.INTERNAL if holds else Audience.PRIVATE)

    async def test_a_chosen_audience_is_taken_back_where_the_platform_says_private(self, uow: UnitOfWork) -> None:
        lounge = ChannelId("lounge")
        await self.see(uow, Audience.PRIVATE)
        await uow.channels.choose(GUILD, lounge, audience=Audience.INTERNAL)
        await uow.channels.unchoose_audience(GUILD, lounge)
        assert (await uow.channels.get(GUILD, lounge)).audience is Audience.PRIVATE
        await self.see(uow, Audience.PUBLIC)
        await uow.channels.choose(GUILD, lounge, audience=Audience.INTERNAL)
        await uow.channels.unchoose_audience(GUILD, lounge)  # what was said inside must not be public by that
        assert (await uow.channels.get(GUILD, lounge)).audience is Audience.INTERNAL

    async def test_a_mode_nobody_chooses_any_more_follows_the_audience_again(self, uow: UnitOfWork) -> None:
        lounge = ChannelId("lounge")
        await self.see(uow, Audience.PUBLIC)
        await uow.channels.choose(GUILD, lounge, mode=Mode.HELPING)
        await uow.channels.unchoose_mode(GUILD, lounge)
        assert (await uow.channels.get(GUILD, lounge)).mode is Mode.ON_MENTION
        assert (await self.see(uow, Audience.PRIVATE)).mode is Mode.OFF

    async def test_a_channel_that_is_gone_is_none(self, uow: UnitOfWork) -> None:
        await self.see(uow, Audience.PUBLIC)
        await uow.channels.remove(GUILD, ChannelId("lounge"))
        await uow.channels.remove(GUILD, ChannelId("never"))
        assert await uow.channels.get(GUILD, ChannelId("lounge")) is None
        assert [channel.id for channel in await uow.channels.all(ACME)] == ["help"]

    async def test_what_is_missing_is_noted_once_and_told_once(self, uow: UnitOfWork) -> None:
        first, second = (Report(GUILD, ChannelId("lounge"), need) for need in ("Add Reactions", "Send Messages"))
        for report in (second, first, second):
            await uow.reports.add(ACME, report)
        assert await uow.reports.untold(ACME) == [first, second]
        await uow.reports.told(ACME, [first])
        await uow.reports.add(ACME, first)
        everywhere = Report(GUILD, None, "Manage Roles")
        await uow.reports.add(ACME, everywhere)
        assert await uow.reports.untold(ACME) == [everywhere, second]
        await uow.reports.told(ACME, [everywhere])
        assert await uow.reports.untold(ACME) == [second]
        assert await uow.reports.untold(OTHER) == []

    async def see(
        self, uow: UnitOfWork, audience: Audience, shared: Shared = Shared.NO, name: str = "lounge"
    ) -> Channel:
        return await uow.channels.see(ACME, GUILD, ChannelId("lounge"), name, audience, shared)

    @pytest.mark.parametrize(
        ("audience", "mode"),
        [
            (Audience.PUBLIC, Mode.ON_MENTION),
            (Audience.MEMBERS, Mode.OFF),
            (Audience.PRIVATE, Mode.OFF),
            (Audience.INTERNAL, Mode.OFF),
        ],
    )
    async def test_a_new_channel_gets_its_audiences_mode(self, uow: UnitOfWork, audience: Audience, mode: Mode) -> None:
        seen = await self.see(uow, audience)
        assert seen == Channel(ACME, GUILD, ChannelId("lounge"), "lounge", audience, mode, Shared.NO)
        assert await uow.channels.get(GUILD, ChannelId("lounge")) == seen

    async def test_name_and_shared_follow_the_platform(self, uow: UnitOfWork) -> None:
        await self.see(uow, Audience.PUBLIC)
        seen = await self.see(uow, Audience.PUBLIC, Shared.YES, "bar")
        assert (seen.name, seen.shared) == ("bar", Shared.YES)
        assert await uow.channels.get(GUILD, ChannelId("lounge")) == seen

    async def test_a_channel_that_became_private_falls_silent_unless_an_admin_chose(self, uow: UnitOfWork) -> None:
        await self.see(uow, Audience.PUBLIC)
        seen = await self.see(uow, Audience.PRIVATE)
        assert (seen.audience, seen.mode) == (Audience.PRIVATE, Mode.OFF)
        await uow.channels.choose(GUILD, ChannelId("lounge"), mode=Mode.HELPING)
        seen = await self.see(uow, Audience.MEMBERS)
        assert (seen.audience, seen.mode) == (Audience.MEMBERS, Mode.HELPING)

    async def test_an_audience_chosen_by_an_admin_stays_and_a_mode_nobody_chose_follows_it(
        self, uow: UnitOfWork
    ) -> None:
        await self.see(uow, Audience.PUBLIC)
        await uow.channels.choose(GUILD, ChannelId("lounge"), audience=Audience.INTERNAL)
        seen = await self.see(uow, Audience.PUBLIC)
        assert (seen.audience, seen.mode) == (Audience.INTERNAL, Mode.OFF)

    async def test_choosing_nothing_or_for_an_unknown_channel_changes_nothing(self, uow: UnitOfWork) -> None:
        before = await self.see(uow, Audience.PUBLIC)
        await uow.channels.choose(GUILD, ChannelId("lounge"))
        await uow.channels.choose(GUILD, ChannelId("unknown"), mode=Mode.HELPING)
        assert await uow.channels.get(GUILD, ChannelId("lounge")) == before
        assert await uow.channels.get(GUILD, ChannelId("unknown")) is None

    async def test_a_mode_that_an_admin_chose_stays_when_the_audience_is_chosen(self, uow: UnitOfWork) -> None:
        await self.see(uow, Audience.PUBLIC)
        await uow.channels.choose(GUILD, ChannelId("lounge"), mode=Mode.HELPING)
        await uow.channels.choose(GUILD, ChannelId("lounge"), audience=Audience.PRIVATE)
        chosen = await uow.channels.get(GUILD, ChannelId("lounge"))
        assert (chosen.audience, chosen.mode) == (Audience.PRIVATE, Mode.HELPING)

    async def test_all_gives_one_communitys_channels_by_name(self, uow: UnitOfWork) -> None:
        await uow.channels.see(OTHER, ELSEWHERE, ChannelId("a"), "a", Audience.PUBLIC, Shared.NO)
        await self.see(uow, Audience.PUBLIC, name="aaa")
        assert [channel.name for channel in await uow.channels.all(ACME)] == ["aaa", "help"]

    # ---- members

    async def test_a_new_account_becomes_a_new_member(self, uow: UnitOfWork) -> None:
        member = await uow.members.see(ACME, GUILD, AccountId("cleo"), "Cleo", Role.STAFF, MemberId("m-cleo"))
        assert member == Member(MemberId("m-cleo"), ACME, "Cleo", Role.STAFF, Consent())
        assert await uow.members.get(ACME, MemberId("m-cleo")) == member
        assert await uow.members.accounts(ACME, member.id) == [Account(GUILD, AccountId("cleo"), member.id)]

    async def test_members_speak_by_the_first_of_their_accounts_in_a_space(self, uow: UnitOfWork) -> None:
        for name in ("cleo", "bea"):
            await uow.members.see(ACME, GUILD, AccountId(name), name, Role.CUSTOMER, MemberId(f"m-{name}"))
        both = {MemberId("m-bea"): AccountId("bea"), MemberId("m-cleo"): AccountId("cleo")}
        assert await uow.members.speaking_as(ACME, GUILD, [*both, MemberId("nobody")]) == both
        assert await uow.members.speaking_as(OTHER, GUILD, list(both)) == {}
        assert await uow.members.speaking_as(ACME, SpaceId("elsewhere"), list(both)) == {}
        await uow.members.become_one(ACME, MemberId("m-cleo"), MemberId("m-bea"))
        assert await uow.members.speaking_as(ACME, GUILD, list(both)) == {MemberId("m-cleo"): AccountId("bea")}

    async def test_a_known_account_keeps_its_member_and_brings_name_and_role_up_to_date(self, uow: UnitOfWork) -> None:
        seen = await uow.members.see(ACME, GUILD, AccountId("anna"), "Anna B.", Role.ADMIN, MemberId("fresh"))
        assert seen == Member(MemberId("m-anna"), ACME, "Anna B.", Role.ADMIN, Consent())
        assert await uow.members.get(ACME, MemberId("m-anna")) == seen
        assert await uow.members.get(ACME, MemberId("fresh")) is None

    async def test_who_is_expected_is_seen_as_if_they_were_not(self, uow: UnitOfWork) -> None:
        await uow.members.expect(ACME, GUILD, [AccountId("anna"), AccountId("cleo"), AccountId("anna")])
        seen = await uow.members.see(ACME, GUILD, AccountId("anna"), "Anna B.", Role.ADMIN, MemberId("fresh"))
        new = await uow.members.see(ACME, GUILD, AccountId("cleo"), "Cleo", Role.CUSTOMER, MemberId("m-cleo"))
        assert (seen.id, new.id) == ("m-anna", "m-cleo")
        assert (await uow.members.see(ACME, GUILD, AccountId("cleo"), "Cleo", Role.STAFF, MemberId("x"))).id == "m-cleo"
        assert await uow.members.get(ACME, new.id) == Member(MemberId("m-cleo"), ACME, "Cleo", Role.STAFF, Consent())

    async def test_members_of_one_community_are_not_shown_to_another(self, uow: UnitOfWork) -> None:
        assert await uow.members.get(OTHER, MemberId("m-anna")) is None
        assert await uow.members.accounts(OTHER, MemberId("m-anna")) == []

    async def test_it_is_remembered_of_which_statuses_customers_are_told(self, uow: UnitOfWork) -> None:
        assert await uow.communities.told(ACME) == [Status.PLANNED, Status.SHIPPED, Status.DECLINED]
        await uow.communities.choose_told(ACME, [Status.IN_PROGRESS])
        assert await uow.communities.told(ACME) == [Status.IN_PROGRESS]
        await uow.communities.choose_told(ACME, ())
        assert await uow.communities.told(ACME) == []
        assert len(await uow.communities.told(OTHER)) == 3

    async def test_only_members_who_have_a_name_are_known(self, uow: UnitOfWork) -> None:
        asked = [AccountId("anna"), AccountId("ben"), AccountId("nobody")]
        assert await uow.members.known(ACME, GUILD, asked) == {"anna", "ben"}
        await uow.members.forget_name(ACME, MemberId("m-ben"))
        assert await uow.members.known(ACME, GUILD, asked) == {"anna"}
        assert await uow.members.known(OTHER, GUILD, asked) == frozenset()
        assert await uow.members.known(ACME, GUILD, []) == frozenset()

    async def test_the_member_behind_an_account_is_told_and_nobody_is_made(self, uow: UnitOfWork) -> None:
        assert (await uow.members.behind(ACME, GUILD, AccountId("anna"))).id == "m-anna"
        assert await uow.members.behind(ACME, GUILD, AccountId("nobody")) is None
        assert await uow.members.behind(ACME, ELSEWHERE, AccountId("anna")) is None
        await uow.members.see(ACME, GUILD, AccountId("nobody"), "Nob", Role.CUSTOMER, MemberId("m-nob"))
        assert (await uow.members.behind(ACME, GUILD, AccountId("nobody"))).id == "m-nob"

    async def test_the_groups_that_give_a_role_are_those_chosen_last(self, uow: UnitOfWork) -> None:
        support, boss = Group(GUILD, "support", Role.STAFF), Group(GUILD, "boss", Role.ADMIN)
        await uow.members.choose_groups(ACME, GUILD, [support, boss])
        assert await uow.members.groups(ACME, GUILD) == [boss, support]
        await uow.members.choose_groups(ACME, GUILD, [replace(support, role=Role.ADMIN)])
        assert await uow.members.groups(ACME, GUILD) == [replace(support, role=Role.ADMIN)]
        await uow.members.choose_groups(ACME, GUILD, [])
        assert await uow.members.groups(ACME, GUILD) == []
        assert await uow.members.groups(OTHER, ELSEWHERE) == []

    # ---- tags, teams, routes

    async def test_a_reaction_belongs_to_one_tag(self, uow: UnitOfWork) -> None:
        await uow.teams.put_tag(Tag(ACME, "bug", "beetle"))
        await uow.teams.put_tag(Tag(OTHER, "bug", "beetle"))
        await uow.teams.put_tag(Tag(ACME, "export", "beetle"))
        assert await uow.teams.tags(ACME) == [Tag(ACME, "bug", None), Tag(ACME, "export", "beetle")]
        assert await uow.teams.tags(OTHER) == [Tag(OTHER, "bug", "beetle")]

    async def test_a_tag_can_be_changed_and_removed(self, uow: UnitOfWork) -> None:
        await uow.teams.put_tag(Tag(ACME, "bug", "beetle"))
        await uow.teams.put_tag(Tag(ACME, "bug", "ant"))
        assert await uow.teams.tags(ACME) == [Tag(ACME, "bug", "ant")]
        await uow.teams.remove_tag(ACME, "bug")
        assert await uow.teams.tags(ACME) == []

    async def test_a_team_can_be_changed_and_removed_with_its_routes(self, uow: UnitOfWork) -> None:
        team = Team(TeamId("t"), ACME, "Editors", GUILD, ChannelId("editors"))
        await uow.teams.put_team(team)
        changed = replace(team, channel=ChannelId("studio"))
        await uow.teams.put_team(changed)
        assert await uow.teams.teams(ACME) == [changed]
        await uow.teams.add_route(Route(RouteId("r"), ACME, 0, team.id, Conditions.everything()))
        await uow.teams.remove_team(ACME, team.id)
        assert (await uow.teams.teams(ACME), await uow.teams.routes(ACME)) == ([], [])

    async def test_routes_are_numbered_per_community_and_a_number_is_never_given_twice(self, uow: UnitOfWork) -> None:
        for community in (ACME, OTHER):
            await uow.teams.put_team(Team(TeamId("t"), community, "Editors", GUILD, ChannelId("editors")))
        conditions = Conditions(frozenset({"bug"}), frozenset({Kind.PROBLEM, Kind.REQUEST}), frozenset({"csv", "tags"}))
        first = await uow.teams.add_route(Route(RouteId("a"), ACME, 0, TeamId("t"), conditions))
        second = await uow.teams.add_route(Route(RouteId("b"), ACME, 0, TeamId("t"), Conditions.everything()))
        elsewhere = await uow.teams.add_route(Route(RouteId("a"), OTHER, 0, TeamId("t"), conditions))
        assert [first.number, second.number, elsewhere.number] == [1, 2, 1]
        assert await uow.teams.routes(ACME) == [first, second]
        await uow.teams.remove_route(ACME, second.id)
        third = await uow.teams.add_route(replace(second, id=RouteId("c")))
        assert third.number == 3
        assert await uow.teams.routes(ACME) == [first, third]

    async def test_joining_twice_is_harmless(self, uow: UnitOfWork) -> None:
        await join(uow, "anna")
        assert await uow.members.accounts(ACME, MemberId("m-anna")) == [
            Account(GUILD, AccountId("anna"), MemberId("m-anna"))
        ]


class TestKnowledgeOnSqlite(OnSqlite, KnowledgeContract):
    pass


class TestKnowledgeOnPostgresql(OnPostgresql, KnowledgeContract):
    pass
