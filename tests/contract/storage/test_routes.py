"""Routes with all they hold, teams' limits and troubles, customers' tiers, and what was heard of late."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from adapters.storage.database import Database
from dialogue.actions import OutboxId
from dialogue.ports import UnitOfWork
from dialogue.rows import PostedCard
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import Circle
from knowledge_base.conditions import Conditions, Example, Joined
from knowledge_base.facets import Tone, Urgency
from knowledge_base.ids import AccountId, ChannelId, InsightId, MemberId, RouteId, SpaceId, TeamId
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.limits import Limits, Quiet
from knowledge_base.members import Role
from knowledge_base.teams import Delivery, Route, Running, Team
from knowledge_base.tiers import Tier
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    NOW,
    OTHER,
    SECOND,
    found,
    insight,
    meaning,
    message,
    vector,
)

EDITORS, WRITERS, READERS = TeamId("editors"), TeamId("writers"), TeamId("readers")
WHOLE = Conditions(
    tags=frozenset({"bug", "vip"}),
    kinds=frozenset({Kind.PROBLEM}),
    words=frozenset({"csv"}),
    areas=frozenset({"Billing"}),
    tones=frozenset({Tone.NEGATIVE}),
    urgencies=frozenset({Urgency.NOW, Urgency.SOON}),
    languages=frozenset({"en"}),
    channels=frozenset({"guild/help"}),
    spaces=frozenset({GUILD}),
    tiers=frozenset({"Enterprise"}),
    demand=3,
    like=Example("the export is slow", "en"),
    joined=Joined.ANY,
)


def route(key: str, *teams: TeamId, conditions: Conditions = WHOLE, **rest) -> Route:
    return Route(RouteId(key), ACME, 0, teams[0], conditions, teams[1:], **rest)


def team(id_: TeamId, limits: Limits | None = None) -> Team:
    known = Team(id_, ACME, id_, GUILD, ChannelId(id_))
    return replace(known, limits=limits) if limits else known


class RoutesContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            for one in (EDITORS, WRITERS, READERS):
                await uow.teams.put_team(team(one))
            yield uow
            await uow.commit()

    async def test_a_route_is_kept_and_changed_with_all_it_holds(self, uow: UnitOfWork) -> None:
        added = await uow.teams.add_route(
            route("r", WRITERS, EDITORS, delivery=Delivery.DIGEST, running=Running.PAUSED)
        )
        other = await uow.teams.add_route(route("s", EDITORS))
        assert await uow.teams.routes(ACME) == [added, other]
        like = Conditions(like=Example(insight=InsightId("i")))
        await uow.teams.put_route(replace(other, conditions=like))
        assert (await uow.teams.routes(ACME))[1].conditions == like
        await uow.teams.put_route(other)
        changed = replace(added, conditions=Conditions.everything(), others=(), running=Running.ON)
        await uow.teams.put_route(changed)
        assert await uow.teams.routes(ACME) == [changed, other]

    async def test_a_route_goes_on_to_its_other_teams_when_one_is_removed(self, uow: UnitOfWork) -> None:
        first = await uow.teams.add_route(route("r", EDITORS, WRITERS, READERS))
        second = await uow.teams.add_route(route("s", WRITERS, EDITORS))
        await uow.teams.add_route(route("t", EDITORS))
        await uow.teams.remove_team(ACME, EDITORS)
        assert await uow.teams.routes(ACME) == [
            replace(first, team=WRITERS, others=(READERS,)),
            replace(second, others=()),
        ]

    async def test_a_teams_limits_are_kept_and_taken_away(self, uow: UnitOfWork) -> None:
        limited = team(EDITORS, Limits(Quiet(time(22), time(7, 30), "Europe/Berlin"), 5, (10, 50)))
        await uow.teams.put_team(limited)
        assert await uow.teams.teams(ACME) == [limited, team(READERS), team(WRITERS)]
        await uow.teams.put_team(team(EDITORS))
        assert (await uow.teams.teams(ACME))[0].limits == Limits()

    async def test_a_teams_channel_is_as_it_is_now_and_one_that_is_gone_is_none(self, uow: UnitOfWork) -> None:
        for shared in (Shared.NO, Shared.YES):
            seen = await uow.channels.see(ACME, GUILD, ChannelId("editors"), "e", Audience.INTERNAL, shared)
            assert await uow.teams.channels(ACME) == {EDITORS: seen}
        assert await uow.teams.channels(OTHER) == {}
        await uow.channels.remove(GUILD, ChannelId("editors"))
        assert await uow.teams.channels(ACME) == {}

    async def test_admins_are_told_of_a_team_once_until_it_is_out_of_trouble(self, uow: UnitOfWork) -> None:
        editors, writers = team(EDITORS), team(WRITERS)
        assert [await uow.teams.in_trouble(one, NOW) for one in (editors, editors, writers)] == [True, False, True]
        await uow.teams.out_of_trouble(ACME, EDITORS)
        await uow.teams.out_of_trouble(ACME, EDITORS)
        await uow.teams.out_of_trouble(OTHER, WRITERS)
        assert await uow.teams.in_trouble(editors, NOW)
        assert not await uow.teams.in_trouble(writers, NOW)
        await uow.teams.remove_team(ACME, EDITORS)
        assert [one.id for one in await uow.teams.teams(ACME)] == [READERS, WRITERS]

    async def test_cards_keep_who_sent_them_and_are_counted_by_channel_and_time(self, uow: UnitOfWork) -> None:
        for key in ("i", "j", "k"):
            await uow.insights.add(insight(key))
        where = (GUILD, ChannelId("editors"))
        cards = [
            PostedCard(InsightId("i"), EDITORS, OutboxId("p"), *where, 3, 10, NOW),
            PostedCard(InsightId("j"), EDITORS, OutboxId("q"), *where, 4, 0, NOW + SECOND),
            PostedCard(InsightId("i"), WRITERS, OutboxId("r"), GUILD, ChannelId("writers"), 3, 0, NOW),
            PostedCard(InsightId("k"), EDITORS, OutboxId("s"), *where),
        ]
        for card in cards:
            await uow.cards.add(ACME, card)
        assert await uow.cards.of_insight(ACME, InsightId("i")) == [cards[0], cards[2]]
        assert await uow.cards.sent_to(ACME, *where, NOW, NOW + SECOND) == 1
        assert await uow.cards.sent_to(ACME, *where, NOW, NOW + 2 * SECOND) == 2
        assert await uow.cards.sent_to(OTHER, *where, NOW, NOW + 2 * SECOND) == 0
        await uow.cards.read_ahead(ACME, [InsightId("i"), InsightId("j")])
        assert await uow.cards.of_insight(ACME, InsightId("j")) == [cards[1]]

    async def test_cards_that_were_read_ahead_are_those_of_their_insight(self, storage: Database) -> None:
        await found(storage)
        card = PostedCard(InsightId("i"), EDITORS, OutboxId("p"), GUILD, ChannelId("editors"), 3)
        async with storage.begin() as uow:
            await uow.insights.add(insight("i"))
            await uow.cards.add(ACME, card)
            await uow.commit()
        async with storage.read() as uow:
            await uow.cards.read_ahead(ACME, [InsightId("i"), InsightId("j")])
            assert await uow.cards.of_insight(ACME, InsightId("i")) == [card]
            assert await uow.cards.of_insight(ACME, InsightId("j")) == []

    async def test_a_group_means_one_tier(self, uow: UnitOfWork) -> None:
        free, big = Tier(ACME, GUILD, "7", "Free"), Tier(ACME, GUILD, "8", "Enterprise")
        await uow.tiers.put(replace(big, name="Pro"))
        for tier in (free, big):
            await uow.tiers.put(tier)
        assert await uow.tiers.all(ACME) == await uow.tiers.of_space(ACME, GUILD) == [big, free]
        assert await uow.tiers.of_space(ACME, SpaceId("elsewhere")) == await uow.tiers.all(OTHER) == []
        assert await uow.tiers.remove(ACME, GUILD, "8")
        assert not await uow.tiers.remove(ACME, GUILD, "8")
        assert await uow.tiers.all(ACME) == [free]

    async def test_a_members_tier_stays_where_the_platform_tells_none(self, uow: UnitOfWork) -> None:
        async def seen(tier: str | None) -> str:
            who = (AccountId("zoe"), "Zoe", Role.CUSTOMER, MemberId("m-zoe"))
            member = await uow.members.see(ACME, GUILD, *who, tier)
            assert await uow.members.get(ACME, MemberId("m-zoe")) == member
            return member.tier

        assert [await seen(tier) for tier in ("Pro", None, "Enterprise", "", None)] == [
            "Pro",
            "Pro",
            "Enterprise",
            "",
            "",
        ]

    async def test_voices_are_of_the_tier_that_their_author_has_now(self, uow: UnitOfWork) -> None:
        await self.said(uow, "i", "1")
        assert [voice.tier for voice in await uow.insights.voices(ACME, InsightId("i"))] == [""]
        await uow.members.see(ACME, GUILD, AccountId("anna"), "Anna", Role.CUSTOMER, MemberId("m-anna"), "Pro")
        assert [voice.tier for voice in await uow.insights.voices(ACME, InsightId("i"))] == ["Pro"]

    async def test_what_was_heard_of_late_comes_last_heard_first_with_its_voices(self, uow: UnitOfWork) -> None:
        day = timedelta(days=1)
        ages = {"old": 40, "new": 1, "shipped": 2, "merged": 1, "dismissed": 1}
        status = {"shipped": Status.SHIPPED, "merged": Status.MERGED, "dismissed": Status.DISMISSED}
        for key, age in ages.items():
            await self.said(uow, key, f"m-{key}", at=NOW - age * day, status=status.get(key, Status.NEW))
        heard = await uow.lately.heard(ACME, NOW - 30 * day, 10)
        assert [one.id for one in heard] == ["new", "shipped"]
        assert [one.id for one in await uow.lately.heard(ACME, NOW - 30 * day, 1)] == ["new"]
        assert await uow.lately.heard(OTHER, NOW - 30 * day, 10) == []
        voices = await uow.lately.voices(ACME, [InsightId("new"), InsightId("old"), InsightId("none")])
        assert voices == {InsightId(key): await uow.insights.voices(ACME, InsightId(key)) for key in ("new", "old")}
        assert await uow.lately.voices(ACME, []) == await uow.lately.voices(OTHER, [InsightId("new")]) == {}

    async def said(self, uow: UnitOfWork, of: str, key: str, at=NOW, status: Status = Status.NEW) -> None:
        said = message(key, at=at)
        await uow.insights.add(insight(of, status=status, titled_by=said.id, first_at=at, last_at=at))
        await uow.messages.add([said])
        await uow.insights.add_voice(ACME, InsightId(of), said.id, meaning(vector(1)), Circle("public"))


class TestRoutesOnSqlite(OnSqlite, RoutesContract):
    pass


class TestRoutesOnPostgresql(OnPostgresql, RoutesContract):
    pass
