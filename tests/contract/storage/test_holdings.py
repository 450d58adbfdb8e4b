"""What is held back for a team is held once, until it is let go or the team is gone."""

from datetime import datetime

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.holdings import Because, Holding
from knowledge_base.ids import ChannelId, InsightId, SpaceId, TeamId
from knowledge_base.teams import Team
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    NOW,
    OTHER,
    SECOND,
    found,
    insight,
)

EDITORS, WRITERS = TeamId("editors"), TeamId("writers")


def held(key: str, team: TeamId = EDITORS, because: Because = Because.DIGEST, at: datetime = NOW) -> Holding:
    return Holding(ACME, InsightId(key), team, because, at)


class HoldingsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            for community, team in ((ACME, EDITORS), (ACME, WRITERS), (OTHER, EDITORS)):
                await uow.teams.put_team(Team(team, community, team, GUILD, ChannelId(team)))
            for key in ("i", "j"):
                await uow.insights.add(insight(key))
            yield uow
            await uow.commit()

    async def test_a_team_is_held_back_what_is_its_own_longest_first(self, uow: UnitOfWork) -> None:
        late, early = held("i", at=NOW + SECOND), held("j", because=Because.QUIET)
        for holding in (late, early, held("i", WRITERS)):
            await uow.holdings.add(holding)
        assert await uow.holdings.of_team(ACME, EDITORS) == [early, late]
        assert await uow.holdings.of_team(ACME, WRITERS) == [held("i", WRITERS)]
        assert await uow.holdings.of_team(OTHER, EDITORS) == []

    async def test_what_is_held_for_another_reason_now_is_held_once(self, uow: UnitOfWork) -> None:
        await uow.holdings.add(held("i", because=Because.QUIET), held("j", because=Because.QUIET))
        full = [held(key, because=Because.FULL, at=NOW + SECOND) for key in ("i", "j")]
        await uow.holdings.add(*full)
        await uow.holdings.add()
        assert await uow.holdings.of_team(ACME, EDITORS) == full

    async def test_what_is_let_go_is_held_no_longer_by_that_team(self, uow: UnitOfWork) -> None:
        for holding in (held("i"), held("j"), held("i", WRITERS)):
            await uow.holdings.add(holding)
        for _ in range(2):
            await uow.holdings.remove(ACME, InsightId("i"), EDITORS)
        assert await uow.holdings.of_team(ACME, EDITORS) == [held("j")]
        assert await uow.holdings.of_team(ACME, WRITERS) == [held("i", WRITERS)]

    @pytest.mark.parametrize("key", ["i", "new"])
    async def test_what_is_held_and_let_go_by_turns_is_as_it_was_left_last(self, uow: UnitOfWork, key: str) -> None:
        if key == "new":
            await uow.insights.add(insight("new"))
        for _ in range(2):
            await uow.holdings.add(held(key))
            await uow.holdings.remove(ACME, InsightId(key), EDITORS)
        assert await uow.holdings.of_team(ACME, EDITORS) == []
        await uow.holdings.add(held(key, because=Because.FULL))
        await uow.holdings.remove(ACME, InsightId(key), EDITORS)
        await uow.holdings.add(held(key, because=Because.QUIET))
        await uow.holdings.remove(ACME, InsightId("j"), EDITORS)
        assert await uow.holdings.of_insight(ACME, InsightId(key)) == [held(key, because=Because.QUIET)]

    async def test_it_is_told_where_an_insight_is_held_also_of_one_that_is_not_written_yet(
        self, uow: UnitOfWork
    ) -> None:
        assert not await uow.holdings.of_insight(ACME, InsightId("i"))
        for holding in (held("i", WRITERS), held("i"), held("j")):
            await uow.holdings.add(holding)
        assert await uow.holdings.of_insight(ACME, InsightId("i")) == [held("i"), held("i", WRITERS)]
        assert not await uow.holdings.of_insight(OTHER, InsightId("i"))

    async def test_of_each_hour_one_post_tells_what_is_held(self, uow: UnitOfWork) -> None:
        assert await uow.holdings.bundle(ACME, EDITORS, NOW) is None
        for post in ("p", "q"):
            await uow.holdings.put_bundle(ACME, EDITORS, NOW, post)
        await uow.holdings.put_bundle(ACME, EDITORS, NOW + SECOND, "r")
        assert await uow.holdings.bundle(ACME, EDITORS, NOW) == "q"
        assert await uow.holdings.bundle(ACME, EDITORS, NOW + SECOND) == "r"
        assert await uow.holdings.bundle(ACME, WRITERS, NOW) is None
        assert await uow.holdings.bundle(OTHER, EDITORS, NOW) is None
        await uow.teams.remove_team(ACME, EDITORS)
        assert await uow.holdings.bundle(ACME, EDITORS, NOW) is None

    async def test_a_team_that_is_removed_is_held_back_nothing(self, uow: UnitOfWork) -> None:
        for holding in (held("i"), held("i", WRITERS)):
            await uow.holdings.add(holding)
        await uow.teams.remove_team(ACME, EDITORS)
        assert await uow.holdings.of_team(ACME, EDITORS) == []
        assert await uow.holdings.of_team(ACME, WRITERS) == [held("i", WRITERS)]


class TestHoldingsOnSqlite(OnSqlite, HoldingsContract):
    pass


class TestHoldingsOnPostgresql(OnPostgresql, HoldingsContract):
    pass
