"""The audit log only grows, on every database, and goes with whoever becomes part of another."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from adapters.storage import engines
from adapters.storage.address import Address
from adapters.storage.database import Database
from adapters.storage.tables import audit
from dialogue.ports import UnitOfWork
from knowledge_base.audit import AuditEntry, Granted
from knowledge_base.ids import AuditId, CommunityId, InsightId, MemberId, SpaceId
from knowledge_base.members import Role
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    found,
)

ANNA, BEN = MemberId("m-anna"), MemberId("m-ben")


def entry(key: str, by: MemberId = ANNA, later: int = 0, community: CommunityId = ACME) -> AuditEntry:
    at = NOW + later * SECOND
    return AuditEntry(AuditId(key), community, at, by, Role.STAFF, "/insight merge", "insight=1", GUILD, HELP)


class AuditContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            yield uow

    async def test_entries_come_back_as_they_were_made(self, uow: UnitOfWork) -> None:
        late, refused = entry("a", later=2), replace(entry("b", BEN, later=1), granted=Granted.NO)
        for one in (late, refused, entry("c", community=OTHER)):
            await uow.audit.add(one)
        assert await uow.audit.latest(ACME, 5) == [late, refused]
        assert await uow.audit.latest(ACME, 1) == [late]
        assert await uow.audit.latest(OTHER, 5) == [entry("c", community=OTHER)]
        assert await uow.audit.all(ACME) == [refused, late]

    async def test_what_was_done_with_insights_or_messages_is_found_by_how_they_are_named(
        self, uow: UnitOfWork
    ) -> None:
        named = [
            "insight=1",
            "insight=#1 kind=request",
            "insight=12",
            "i-a",
            "i-a more",
            "i-ab",
            "message=m1",
            "team=a",
        ]
        for number, about in enumerate(named):
            await uow.audit.add(replace(entry(str(number), later=number), about=about))
        await uow.audit.add(replace(entry("no"), granted=Granted.NO))
        await uow.audit.add(entry("elsewhere", community=OTHER))
        found = await uow.audit.on(ACME, [InsightId("i-a")], [1])
        assert [one.about for one in found] == ["message=m1", "i-a more", "i-a", "insight=#1 kind=request", "insight=1"]
        assert [one.about for one in await uow.audit.on(ACME, [], [])] == ["message=m1"]

    async def test_what_a_member_did_is_theirs_by_any_account_and_in_any_community(self, uow: UnitOfWork) -> None:
        await uow.audit.add(entry("a"))
        await uow.members.become_one(ACME, BEN, ANNA)
        assert await uow.audit.latest(ACME, 5) == [entry("a", BEN)]
        await uow.communities.absorb(ACME, OTHER)
        assert await uow.audit.latest(OTHER, 5) == [entry("a", BEN, community=OTHER)]

    async def test_an_erased_member_did_it_still_and_has_no_name(self, uow: UnitOfWork) -> None:
        await uow.audit.add(entry("a"))
        await uow.members.forget_name(ACME, ANNA)
        assert await uow.audit.latest(ACME, 5) == [entry("a")]
        assert (await uow.members.get(ACME, ANNA)).name == ""

    @pytest.mark.parametrize("statement", [delete(audit), update(audit).values(deed="nothing")])
    async def test_the_database_itself_refuses_to_change_or_remove_an_entry(
        self, uow: UnitOfWork, storage: Database, url: str, statement: object
    ) -> None:
        await uow.audit.add(entry("a"))
        await uow.commit()
        engine = engines.writing(Address.parse(url))
        try:
            async with engine.begin() as connection:
                with pytest.raises(DBAPIError, match="entries of the audit log"):
                    await connection.execute(statement)
        finally:
            await engine.dispose()
        async with storage.read() as again:
            assert await again.audit.latest(ACME, 5) == [entry("a")]


class TestAuditOnSqlite(OnSqlite, AuditContract):
    pass


class TestAuditOnPostgresql(OnPostgresql, AuditContract):
    pass
