"""Who is welcomed and how, on both databases."""

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.ids import AccountId, CommunityId, MemberId, SpaceId
from knowledge_base.members import Role
from knowledge_base.welcomes import Welcome, Welcoming
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import ACME, GUILD, NOW, SECOND, found, message

OTHER = CommunityId("other")
ANNA, CARA = MemberId("m-anna"), MemberId("m-cara")


class BelongingContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
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


class TestBelongingOnSqlite(OnSqlite, BelongingContract):
    """On SQLite."""


class TestBelongingOnPostgresql(OnPostgresql, BelongingContract):
    """On PostgreSQL."""
