"""The ledger of contributions and the levels, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.contributions import Cause, CauseKind, Contributed, Contribution, Guard, Share, total
from knowledge_base.ids import AccountId, ContributionId, MemberId
from knowledge_base.levels import GivenRole, Level
from knowledge_base.members import Role
from knowledge_base.seasons import Season
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    NOW,
    OTHER,
    SECOND,
    beside_another,
)

ANNA, BEN, CARA = MemberId("m-anna"), MemberId("m-ben"), MemberId("m-cara")
INSIGHT, ANSWER = Cause(CauseKind.INSIGHT, "i"), Cause(CauseKind.ANSWER, "i")
DAY = timedelta(days=1)


def line(key: str, member: MemberId = ANNA, **rest: object) -> Contribution:
    fields = {"kind": Contributed.REPORT, "points": 2, "cause": INSIGHT, "at": NOW}
    return Contribution(ContributionId(key), ACME, member, **(fields | rest))


THANKED = line("t", BEN, kind=Contributed.THANKS, points=1, cause=ANSWER, by=ANNA, at=NOW + DAY)
HELD = line("h", BEN, kind=Contributed.THANKS, points=0, cause=ANSWER, by=ANNA, guard=Guard.PAIR, at=NOW + 2 * DAY)
GREW = line("d", kind=Contributed.DEMAND, points=3, step=3, at=NOW + DAY)


class ContributionsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        async with beside_another(storage) as uow:
            await uow.members.see(ACME, GUILD, AccountId("cara"), "Cara", Role.CUSTOMER, CARA)
            yield uow
            await uow.commit()

    async def test_lines_come_back_as_they_were_by_what_they_came_of(self, uow: UnitOfWork) -> None:
        await uow.contributions.add([GREW, line("r"), THANKED])
        await uow.contributions.add([HELD])
        assert await uow.contributions.of_causes(ACME, INSIGHT.kind, [INSIGHT.id]) == [line("r"), GREW]
        assert await uow.contributions.of_causes(ACME, ANSWER.kind, [ANSWER.id]) == [THANKED, HELD]
        assert await uow.contributions.of_causes(OTHER, INSIGHT.kind, [INSIGHT.id]) == []

    async def test_what_is_reversed_counts_nowhere_and_the_first_time_stays(self, uow: UnitOfWork) -> None:
        await uow.contributions.add([GREW, line("r"), THANKED, HELD])
        await uow.contributions.reverse(OTHER, [GREW.id], NOW)
        await uow.contributions.reverse(ACME, [GREW.id, HELD.id], NOW)
        await uow.contributions.reverse(ACME, [GREW.id], NOW + DAY)
        assert await uow.contributions.of_causes(ACME, INSIGHT.kind, [INSIGHT.id]) == [line("r")]
        assert await uow.contributions.of_member(ACME, ANNA) == [line("r")]
        assert await uow.contributions.total(ACME, ANNA) == 2
        assert await uow.contributions.given_by(ACME, ANNA, NOW) == [THANKED]
        assert await uow.contributions.held_back(ACME, NOW) == []
        assert await uow.contributions.first_at(ACME, [ANNA, BEN]) == {ANNA: NOW, BEN: NOW + DAY}

    async def test_a_member_has_what_is_theirs_since_a_moment_latest_first(self, uow: UnitOfWork) -> None:
        await uow.contributions.add([line("r"), GREW, THANKED])
        assert await uow.contributions.of_member(ACME, ANNA) == [GREW, line("r")]
        assert await uow.contributions.of_member(ACME, ANNA, NOW + SECOND) == [GREW]
        assert await uow.contributions.total(ACME, ANNA) == 5
        assert await uow.contributions.total(ACME, ANNA, NOW + SECOND) == 3
        assert await uow.contributions.total(ACME, CARA) == 0
        assert await uow.contributions.total(OTHER, ANNA) == 0

    async def test_the_total_is_the_sum_of_the_lines(self, uow: UnitOfWork) -> None:
        lines = [line(f"n{n}", points=n, at=NOW + n * SECOND) for n in range(20)]
        await uow.contributions.add(lines)
        await uow.contributions.reverse(ACME, [one.id for one in lines[::3]], NOW)
        left = [one for n, one in enumerate(lines) if n % 3]
        assert await uow.contributions.total(ACME, ANNA) == total(left) == sum(n for n in range(20) if n % 3)

    async def test_what_somebody_gave_and_what_was_held_back_are_found(self, uow: UnitOfWork) -> None:
        await uow.contributions.add([THANKED, HELD, GREW])
        assert await uow.contributions.given_by(ACME, ANNA, NOW) == [HELD, THANKED]
        assert await uow.contributions.given_by(ACME, ANNA, NOW + 2 * DAY) == [HELD]
        assert await uow.contributions.held_back(ACME, NOW) == [HELD]
        assert await uow.contributions.held_back(ACME, NOW + 3 * DAY) == []

    async def test_shares_say_who_did_what_how_often_within_a_time(self, uow: UnitOfWork) -> None:
        second = line("s", at=NOW + DAY)
        await uow.contributions.add([line("r"), second, GREW, THANKED, HELD])
        assert await uow.contributions.shares(ACME, NOW, NOW + 9 * DAY) == [
            Share(ANNA, Contributed.DEMAND, 1, 3),
            Share(ANNA, Contributed.REPORT, 2, 4),
            Share(BEN, Contributed.THANKS, 1, 1),
        ]
        assert await uow.contributions.shares(ACME, NOW, NOW + DAY) == [Share(ANNA, Contributed.REPORT, 1, 2)]
        assert await uow.contributions.first_at(ACME, []) == {}

    async def test_who_is_forgotten_leaves_nothing_of_theirs(self, uow: UnitOfWork) -> None:
        await uow.contributions.add([line("r"), THANKED])
        await uow.contributions.forget(ACME, ANNA)
        assert await uow.contributions.of_member(ACME, ANNA) == []
        assert await uow.contributions.of_member(ACME, BEN) == [replace(THANKED, by=None)]

    async def test_two_accounts_of_one_person_have_one_ledger(self, uow: UnitOfWork) -> None:
        await uow.contributions.add([line("r"), THANKED, line("c", CARA, by=BEN)])
        await uow.members.become_one(ACME, CARA, BEN)
        assert await uow.contributions.of_member(ACME, CARA) == [
            replace(THANKED, member=CARA),
            line("c", CARA, by=CARA),
        ]
        assert await uow.contributions.given_by(ACME, CARA, NOW) == [line("c", CARA, by=CARA)]

    async def test_levels_come_lowest_first_and_one_put_again_is_as_it_is_then(self, uow: UnitOfWork) -> None:
        guide = Level(ACME, "Guide", 50, GUILD, "role-1")
        scout = Level(ACME, "Scout", 10)
        for level in (guide, scout):
            await uow.levels.put(level)
        assert await uow.levels.all(ACME) == [scout, guide]
        await uow.levels.put(replace(guide, threshold=5, space=None, group=""))
        assert await uow.levels.all(ACME) == [Level(ACME, "Guide", 5), scout]
        assert await uow.levels.all(OTHER) == []

    async def test_a_level_that_is_removed_is_gone(self, uow: UnitOfWork) -> None:
        await uow.levels.put(Level(ACME, "Scout", 10))
        assert not await uow.levels.remove(OTHER, "Scout")
        assert await uow.levels.remove(ACME, "Scout")
        assert not await uow.levels.remove(ACME, "Scout")
        assert await uow.levels.all(ACME) == []

    async def test_roles_by_level_are_an_accounts_and_so_its_members(self, uow: UnitOfWork) -> None:
        role = GivenRole(GUILD, AccountId("ben"), "helpers")
        assert await uow.levels.holders(ACME) == frozenset()
        for _ in range(2):
            await uow.levels.give(ACME, role)
        await uow.levels.give(ACME, GivenRole(GUILD, AccountId("anna"), "guides"))
        assert await uow.levels.roles_of(ACME, BEN) == {role}
        assert await uow.levels.holders(ACME) == {ANNA, BEN}
        await uow.members.become_one(ACME, CARA, BEN)
        assert await uow.levels.roles_of(ACME, CARA) == {role}
        await uow.levels.take(ACME, role)
        assert await uow.levels.roles_of(ACME, CARA) == frozenset()
        assert await uow.levels.holders(ACME) == {ANNA}

    async def test_contributors_have_something_that_counts(self, uow: UnitOfWork) -> None:
        await uow.contributions.add([line("r"), HELD, line("c", CARA)])
        await uow.contributions.reverse(ACME, [ContributionId("c")], NOW)
        assert await uow.contributions.contributors(ACME) == {ANNA}
        assert await uow.contributions.contributors(OTHER) == frozenset()

    async def test_seasons_come_earliest_first_and_one_put_again_is_as_it_is_then(self, uow: UnitOfWork) -> None:
        spring = Season(ACME, "Spring", date(2026, 3, 1), date(2026, 5, 31))
        winter = Season(ACME, "Winter", date(2026, 1, 1), date(2026, 2, 28))
        for season in (spring, winter):
            await uow.boards.put_season(season)
        assert await uow.boards.seasons(ACME) == [winter, spring]
        longer = replace(spring, last=date(2026, 6, 30))
        await uow.boards.put_season(longer)
        assert await uow.boards.seasons(ACME) == [winter, longer]
        assert await uow.boards.seasons(OTHER) == []
        assert not await uow.boards.remove_season(OTHER, "Winter")
        assert await uow.boards.remove_season(ACME, "Winter")
        assert not await uow.boards.remove_season(ACME, "Winter")
        assert await uow.boards.seasons(ACME) == [longer]

    async def test_who_joins_the_board_is_on_it_until_they_leave(self, uow: UnitOfWork) -> None:
        for member in (ANNA, BEN, ANNA):
            await uow.boards.join(ACME, member, NOW)
        assert await uow.boards.joined(ACME) == {ANNA, BEN}
        assert await uow.boards.joined(OTHER) == frozenset()
        assert not await uow.boards.leave(OTHER, ANNA)
        assert await uow.boards.leave(ACME, ANNA)
        assert not await uow.boards.leave(ACME, ANNA)
        assert await uow.boards.joined(ACME) == {BEN}

    @pytest.mark.parametrize("joined", [(BEN,), (CARA,), (BEN, CARA)])
    async def test_two_accounts_of_one_person_are_on_the_board_once(self, uow: UnitOfWork, joined) -> None:
        for member in joined:
            await uow.boards.join(ACME, member, NOW)
        await uow.members.become_one(ACME, CARA, BEN)
        assert await uow.boards.joined(ACME) == {CARA}


class TestContributionsOnSqlite(OnSqlite, ContributionsContract):
    """On SQLite."""


class TestContributionsOnPostgresql(OnPostgresql, ContributionsContract):
    """On PostgreSQL."""
