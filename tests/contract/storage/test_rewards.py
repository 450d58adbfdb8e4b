"""Rewards, their budgets and codes, and the ledger of who got what, on both databases."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from adapters.storage.database import Database
from adapters.storage.unit_of_work import SqlUnitOfWork
from dialogue.actions import OutboxId, Outgoing, Reply, Said
from dialogue.events import ReplyHandle
from dialogue.ports import UnitOfWork
from dialogue.posts import plain
from dialogue.rows import OutboxState, Sent
from knowledge_base.ids import AccountId, MemberId, RewardId, SpaceId
from knowledge_base.members import Role
from knowledge_base.rewards import (
    Again,
    Budget,
    Condition,
    Grant,
    Granting,
    GrantState,
    Reward,
    RewardKind,
    Stock,
)
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    beside_another,
    found,
)

ANNA, BEN, CARA = MemberId("m-anna"), MemberId("m-ben"), MemberId("m-cara")
CODES = Reward(RewardId("r"), ACME, 1, "Voucher", RewardKind.CODE, Budget(3, 2))
MUGS = Reward(
    RewardId("m"),
    ACME,
    2,
    "Mug",
    RewardKind.CUSTOM,
    Budget(2),
    Condition("Guide", 5, "Spring"),
    "with our logo",
    "20 EUR",
    SpaceId("guild"),
    "777",
    date(2026, 12, 31),
)


def wanted(member: MemberId = ANNA, reward: Reward = CODES, at: datetime = NOW, by: MemberId | None = None) -> Grant:
    return Grant(ACME, reward.id, 0, member, GrantState.GIVEN, at, by=by)


async def give(uow: UnitOfWork, member: MemberId = ANNA, reward: Reward = CODES, at: datetime = NOW) -> Grant:
    came, grant = await uow.grants.give(wanted(member, reward, at), Again.IF_ENDED)
    assert came is Granting.GIVEN
    assert grant is not None
    return grant


async def refused(uow: UnitOfWork, member: MemberId = ANNA, reward: Reward = CODES, at: datetime = NOW) -> Granting:
    came, grant = await uow.grants.give(wanted(member, reward, at), Again.IF_ENDED)
    assert grant is None
    return came


async def told(uow: UnitOfWork, post: str, *, sent: bool = True) -> None:
    """A private answer of that name goes out, or not."""
    handle = ReplyHandle("t", NOW + timedelta(minutes=15))
    answer = Outgoing(Reply(GUILD, HELP, AccountId("anna"), handle, Said(plain("here"))), id=OutboxId(post))
    await uow.outbox.add(ACME, answer, "test", OutboxId(post), NOW)
    (row,) = await uow.outbox.claim(NOW, timedelta(seconds=30), 9)
    if sent:
        await uow.outbox.sent([Sent(row.token, None, "")], NOW)
    else:
        await uow.outbox.end(row.token, OutboxState.UNDELIVERABLE, "closed")


class RewardsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        async with beside_another(storage) as uow:
            await uow.members.see(ACME, GUILD, AccountId("cara"), "Cara", Role.CUSTOMER, CARA)
            await uow.rewards.add(CODES)
            await uow.rewards.add(MUGS)
            yield uow
            await uow.commit()

    async def test_rewards_come_back_as_they_were(self, uow: UnitOfWork) -> None:
        assert await uow.rewards.all(ACME) == [CODES, MUGS]
        assert await uow.rewards.get(ACME, MUGS.id) == MUGS
        assert await uow.rewards.get(OTHER, MUGS.id) is None
        assert await uow.rewards.all(OTHER) == []

    async def test_a_community_with_rewards_is_new_no_more(self, uow: UnitOfWork) -> None:
        """Their numbers would meet those of another's."""
        assert not await uow.communities.is_new(ACME)
        assert await uow.communities.is_new(OTHER)

    async def test_codes_are_kept_once_whatever_became_of_them(self, uow: UnitOfWork) -> None:
        assert await uow.rewards.add_codes(ACME, CODES.id, ["A", "B"]) == 2
        grant = await give(uow)
        assert await uow.grants.code(grant) in ("A", "B")
        await uow.grants.hand_over(grant, "p")
        await told(uow, "p")
        assert await uow.grants.code(grant) is None
        more = replace(CODES, id=RewardId("r2"), number=3)
        await uow.rewards.add(more)
        assert await uow.rewards.add_codes(ACME, more.id, ["B", "A", "C"]) == 1

    async def test_what_is_left_is_told_of_pieces_month_and_codes(self, uow: UnitOfWork) -> None:
        await uow.rewards.add_codes(ACME, CODES.id, ["A", "B"])
        assert await uow.rewards.stock(ACME, NOW) == {CODES.id: Stock(3, 2, 2), MUGS.id: Stock(2, None, None)}
        await give(uow)
        left = await uow.rewards.stock(ACME, NOW)
        assert left[CODES.id] == Stock(2, 1, 1)
        assert left[CODES.id].left == 1
        assert (await uow.rewards.stock(ACME, NOW + timedelta(days=31)))[CODES.id] == Stock(2, 2, 1)
        await uow.rewards.close(ACME, CODES.id, NOW)
        assert list(await uow.rewards.stock(ACME, NOW)) == [MUGS.id]

    async def test_peers_18_each_limit_ends_what_is_given_and_nothing_is_taken_then(self, uow: UnitOfWork) -> None:
        await uow.rewards.add_codes(ACME, CODES.id, ["A", "B", "C", "D"])
        assert (await give(uow)).number == 1
        assert (await give(uow, BEN)).number == 2
        assert await refused(uow, CARA) is Granting.MONTH_SPENT
        later = NOW + timedelta(days=31)
        assert (await give(uow, CARA, at=later)).number == 3
        await uow.members.see(ACME, GUILD, AccountId("dora"), "Dora", Role.CUSTOMER, MemberId("m-dora"))
        assert await refused(uow, MemberId("m-dora"), at=later) is Granting.SPENT
        assert await uow.rewards.stock(ACME, later) == {CODES.id: Stock(0, 1, 1), MUGS.id: Stock(2, None, None)}

    async def test_without_codes_none_is_given(self, uow: UnitOfWork) -> None:
        assert await refused(uow) is Granting.NO_CODES
        assert (await uow.rewards.stock(ACME, NOW))[CODES.id] == Stock(3, 2, 0)
        assert await uow.grants.of_member(ACME, ANNA) == []

    async def test_nobody_has_a_reward_twice_and_who_claims_gets_it_once_for_ever(self, uow: UnitOfWork) -> None:
        first = await give(uow, ANNA, MUGS)
        assert await refused(uow, ANNA, MUGS) is Granting.HAD
        assert await uow.grants.end(first, GrantState.REVOKED, NOW)
        assert await uow.grants.give(wanted(ANNA, MUGS), Again.ONCE) == (Granting.HAD, None)
        assert (await give(uow, ANNA, MUGS)).number == 2

    async def test_a_closed_reward_is_given_no_more_and_forgets_codes_that_nobody_has(self, uow: UnitOfWork) -> None:
        await uow.rewards.add_codes(ACME, CODES.id, ["A", "B"])
        grant = await give(uow)
        await uow.rewards.close(ACME, CODES.id, NOW)
        await uow.rewards.close(ACME, CODES.id, NOW + timedelta(days=1))
        assert await refused(uow, BEN) is Granting.CLOSED
        assert (await uow.rewards.get(ACME, CODES.id)).closed_at == NOW
        assert await uow.grants.code(grant) in ("A", "B")
        assert await uow.rewards.add_codes(ACME, MUGS.id, ["A", "B"]) == 1

    async def test_the_ledger_comes_back_line_by_line(self, uow: UnitOfWork) -> None:
        one = (await uow.grants.give(wanted(ANNA, MUGS, by=BEN), Again.ONCE))[1]
        two = await give(uow, BEN, MUGS, NOW + timedelta(seconds=1))
        assert one == replace(wanted(ANNA, MUGS, by=BEN), number=1)
        assert await uow.grants.get(ACME, MUGS.id, 1) == one
        assert await uow.grants.get(OTHER, MUGS.id, 1) is None
        assert await uow.grants.of_member(ACME, ANNA) == [one]
        assert await uow.grants.in_state(ACME, [GrantState.GIVEN]) == [one, two]
        assert await uow.grants.end(one, GrantState.FULFILLED, NOW)
        assert not await uow.grants.end(one, GrantState.FULFILLED, NOW)
        assert await uow.grants.end(one, GrantState.REVOKED, NOW)
        assert not await uow.grants.end(one, GrantState.REFUSED, NOW)
        assert await uow.grants.get(ACME, MUGS.id, 1) == replace(one, state=GrantState.REVOKED, settled_at=NOW)

    async def test_what_is_done_of_custom_things_does_not_come_back(self, uow: UnitOfWork) -> None:
        one, two = await give(uow, ANNA, MUGS), await give(uow, BEN, MUGS)
        await uow.grants.end(one, GrantState.FULFILLED, NOW)
        await uow.grants.end(one, GrantState.REVOKED, NOW)
        await uow.grants.end(two, GrantState.REFUSED, NOW)
        assert (await uow.rewards.stock(ACME, NOW))[MUGS.id].left == 1

    async def test_a_code_comes_back_only_if_it_was_never_tried_to_show_it(self, uow: UnitOfWork) -> None:
        await uow.rewards.add_codes(ACME, CODES.id, ["A"])
        grant = await give(uow)
        await uow.grants.end(grant, GrantState.REFUSED, NOW)
        assert (await uow.rewards.stock(ACME, NOW))[CODES.id] == Stock(3, 2, 1)
        again = await give(uow, BEN)
        await uow.grants.hand_over(again, "p")
        await told(uow, "p", sent=False)
        assert await uow.grants.code(again) == "A"
        assert (await uow.grants.get(ACME, CODES.id, again.number)).state is GrantState.GIVEN
        await uow.grants.end(again, GrantState.REVOKED, NOW)
        assert await uow.grants.code(again) is None
        assert (await uow.rewards.stock(ACME, NOW))[CODES.id] == Stock(2, 1, 0)

    async def test_a_piece_goes_back_into_the_month_from_which_it_was_taken(self, uow: UnitOfWork) -> None:
        await uow.rewards.add_codes(ACME, CODES.id, ["A", "B"])
        grant = await give(uow, at=datetime(2026, 1, 31, 23, tzinfo=UTC))
        await uow.grants.end(grant, GrantState.EXPIRED, datetime(2026, 2, 1, tzinfo=UTC))
        assert (await uow.rewards.stock(ACME, NOW))[CODES.id] == Stock(3, 2, 2)

    async def test_what_was_sent_is_done_and_what_ended_before_stays_so(self, uow: UnitOfWork) -> None:
        await uow.rewards.add_codes(ACME, CODES.id, ["A", "B"])
        grant, other = await give(uow), await give(uow, BEN)
        await uow.grants.hand_over(grant, "p")
        await uow.grants.hand_over(other, "q")
        await uow.grants.end(other, GrantState.REFUSED, NOW)
        await told(uow, "p")
        await told(uow, "q")
        await told(uow, "unrelated")
        assert (await uow.grants.get(ACME, CODES.id, grant.number)).state is GrantState.FULFILLED
        assert (await uow.grants.get(ACME, CODES.id, other.number)).state is GrantState.REFUSED

    async def test_a_budget_can_not_be_less_than_is_given(self, uow: UnitOfWork) -> None:
        await give(uow, ANNA, MUGS)
        await give(uow, BEN, MUGS)
        assert not await uow.rewards.budget(ACME, MUGS.id, Budget(1))
        assert await uow.rewards.budget(ACME, MUGS.id, Budget(3, 2))
        assert (await uow.rewards.get(ACME, MUGS.id)).budget == Budget(3, 2)
        assert await refused(uow, CARA, MUGS) is Granting.MONTH_SPENT

    async def test_two_members_that_become_one_keep_every_line(self, uow: UnitOfWork) -> None:
        for who in (ANNA, BEN):
            grant = await give(uow, who, MUGS)
            await uow.grants.end(grant, GrantState.REFUSED, NOW)
        await give(uow, BEN, MUGS)
        await uow.members.become_one(ACME, ANNA, BEN)
        assert [grant.number for grant in await uow.grants.of_member(ACME, ANNA)] == [1, 2, 3]
        assert await refused(uow, ANNA, MUGS) is Granting.HAD

    async def test_the_database_itself_refuses_to_go_below_nothing(self, uow: SqlUnitOfWork) -> None:
        for given in (-1, 4):
            with pytest.raises(IntegrityError):
                await uow._transaction._connection.run_sync(partial(in_a_part, given=given))


def in_a_part(connection: Connection, given: int) -> None:
    """Try it so that the transaction can go on where the database refuses."""
    with connection.begin_nested():
        connection.execute(text(f"UPDATE rewards SET given = {given} WHERE reward = 'r'"))


async def redeemed(storage: Database, members: Sequence[MemberId], reward: Reward = CODES) -> list[Granting]:
    """All claim it at one time."""

    async def claim(member: MemberId) -> Granting:
        async with storage.begin() as uow:
            came, _ = await uow.grants.give(wanted(member, reward), Again.ONCE)
            await uow.commit()
        return came

    return list(await asyncio.gather(*map(claim, members)))


async def crowd(storage: Database, people: int, codes: int) -> list[MemberId]:
    """So many members, and a reward with so many codes."""
    members = [MemberId(f"m{number}") for number in range(people)]
    await found(storage)
    async with storage.begin() as uow:
        for member in members:
            await uow.members.see(ACME, GUILD, AccountId(member), member, Role.CUSTOMER, member)
        await uow.rewards.add(replace(CODES, budget=Budget(codes * 2)))
        await uow.rewards.add_codes(ACME, CODES.id, [f"CODE-{number}" for number in range(codes)])
        await uow.commit()
    return members


class ConcurrentContract:
    codes = 100

    async def test_peers_18_of_ten_times_as_many_claims_as_codes_at_one_time_as_many_get_one_each_once(
        self, storage: Database
    ) -> None:
        members = await crowd(storage, 5 * self.codes, self.codes)
        # each of them twice
        came = Counter(await redeemed(storage, [*members, *members]))
        assert came[Granting.GIVEN] == self.codes
        assert came[Granting.HAD] + came[Granting.NO_CODES] == 9 * self.codes
        async with storage.read() as uow:
            grants = await uow.grants.in_state(ACME, list(GrantState))
            assert len({grant.member for grant in grants}) == len(grants) == self.codes
            assert sorted(grant.number for grant in grants) == list(range(1, self.codes + 1))
            shown = {await uow.grants.code(grant) for grant in grants}
            assert shown == {f"CODE-{number}" for number in range(self.codes)}
            assert (await uow.rewards.stock(ACME, NOW))[CODES.id].codes == 0


class TestSqliteRewards(RewardsContract, OnSqlite):
    pass


class TestPostgresqlRewards(RewardsContract, OnPostgresql):
    pass


class TestSqliteConcurrent(ConcurrentContract, OnSqlite):
    codes = 20  # one after the other anyway


class TestPostgresqlConcurrent(ConcurrentContract, OnPostgresql):
    """A thousand claims of a hundred codes."""
