"""A unit of work happens whole or not at all, and what reads sees one state."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.exc import IntegrityError

from adapters.storage.database import Access, Database
from adapters.storage.errors import OnlyReads, UnitEnded
from dialogue.errors import StorageUnavailable
from dialogue.ports import UnitOfWork
from knowledge_base.channels import Audience, Channel, Shared
from knowledge_base.ids import AccountId, ChannelId, CommunityId, MemberId, SpaceId
from knowledge_base.members import Role
from tests.conftest import ReversingSealer
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import ACME, GUILD, NOW, found, join, lane, new, posted


async def is_known(uow: UnitOfWork, name: str) -> bool:
    return await uow.members.get(ACME, MemberId(f"m-{name}")) is not None


async def hear(storage: Database, key: str) -> None:
    async with storage.begin() as uow:
        await uow.inbox.insert([new(posted(key))], NOW)
        await uow.commit()


async def heard(storage: Database) -> list[str]:
    async with storage.read() as uow:
        return [row.event.message for row in await uow.inbox.take(100, NOW)]


async def see(uow: UnitOfWork, community: CommunityId, space: SpaceId, channel: str) -> Channel:
    return await uow.channels.see(community, space, ChannelId(channel), channel, Audience.PUBLIC, Shared.NO)


class UnitsContract:
    @pytest.fixture(autouse=True)
    async def _found(self, storage: Database) -> None:
        await found(storage)

    async def test_without_a_commit_nothing_happened(self, storage: Database) -> None:
        async with storage.begin() as uow:
            await join(uow, "cleo")
            assert await is_known(uow, "cleo")
        async with storage.read() as uow:
            assert not await is_known(uow, "cleo")

    async def test_an_error_undoes_everything_and_is_not_changed(self, storage: Database) -> None:
        async def fail() -> None:
            async with storage.begin() as uow:
                await join(uow, "cleo")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        async with storage.read() as uow:
            assert not await is_known(uow, "cleo")

    async def test_after_its_commit_a_unit_can_do_nothing_more(self, storage: Database) -> None:
        async with storage.begin() as uow:
            await uow.commit()
            with pytest.raises(UnitEnded):
                await is_known(uow, "anna")
            with pytest.raises(UnitEnded):
                await uow.commit()
        with pytest.raises(UnitEnded):
            await is_known(uow, "anna")

    async def test_a_unit_that_reads_can_neither_write_nor_commit(self, storage: Database) -> None:
        async with storage.read() as uow:
            with pytest.raises(OnlyReads):
                await join(uow, "cleo")
            with pytest.raises(OnlyReads):
                await uow.commit()
            assert await is_known(uow, "anna")

    async def test_the_database_itself_refuses_to_write_where_only_reading_is_meant(self, storage: Database) -> None:
        async with storage.read() as uow:
            uow._transaction.writes = True
            await join(uow, "cleo")
            with pytest.raises(StorageUnavailable):
                await uow.commit()

    async def test_a_reader_keeps_seeing_the_state_it_began_with(self, storage: Database) -> None:
        async with storage.read() as reader:
            assert await is_known(reader, "anna")
            async with storage.begin() as writer:
                await join(writer, "cleo")
                await writer.commit()
            assert not await is_known(reader, "cleo")
        async with storage.read() as reader:
            assert await is_known(reader, "cleo")

    async def test_a_reader_does_not_see_what_is_not_committed(self, storage: Database) -> None:
        async with storage.begin() as writer:
            await join(writer, "cleo")
            async with storage.read() as reader:
                assert not await is_known(reader, "cleo")

    async def test_who_reads_after_a_commit_sees_it_however_often_it_was_read_before(self, storage: Database) -> None:
        for key in "123":
            before = await heard(storage)
            assert await heard(storage) == before
            await hear(storage, key)
            assert await heard(storage) == [*before, key]

    async def test_who_reads_while_somebody_commits_leaves_nothing_old_to_the_next(self, storage: Database) -> None:
        async with storage.read() as reader, storage.begin() as writer:
            assert not await is_known(reader, "cleo")
            await join(writer, "cleo")
            await writer.commit()
        async with storage.read() as reader:
            assert await is_known(reader, "cleo")

    async def test_a_reader_that_failed_leaves_the_next_a_state_of_its_own(self, storage: Database) -> None:
        with pytest.raises(ZeroDivisionError):
            async with storage.read():
                raise ZeroDivisionError
        assert await heard(storage) == []

    async def test_many_writers_at_once_all_get_their_turn(self, storage: Database) -> None:
        await asyncio.gather(*(hear(storage, str(n)) for n in range(20)))
        assert sorted(await heard(storage), key=int) == [str(n) for n in range(20)]

    async def test_many_readers_at_once_all_get_their_turn(self, storage: Database) -> None:
        assert await asyncio.gather(*(heard(storage) for _ in range(20))) == [[]] * 20

    async def test_a_lane_is_held_until_its_unit_ends(self, storage: Database) -> None:
        order: list[str] = []
        locked = asyncio.Event()

        async def first() -> None:
            async with storage.begin() as uow:
                await uow.lock_lanes([lane("b"), lane("a")])
                locked.set()
                for _ in range(20):  # long enough for the other to come through, if it could
                    await is_known(uow, "anna")
                order.append("first")

        async def second() -> None:
            await locked.wait()
            async with storage.begin() as uow:
                await uow.lock_lanes([lane("a"), lane("c")])
                order.append("second")

        await asyncio.gather(first(), second())
        assert order == ["first", "second"]

    async def test_lanes_named_in_any_order_never_wait_in_a_circle(self, storage: Database) -> None:
        async def hold(*names: str) -> None:
            async with storage.begin() as uow:
                await uow.lock_lanes([lane(name) for name in names])
                await is_known(uow, "anna")

        await asyncio.gather(*(hold(*names) for names in ("abc", "cba", "bac", "cab") * 5))

    async def test_no_lanes_need_no_lock(self, storage: Database) -> None:
        async with storage.begin() as uow:
            await uow.lock_lanes([])

    async def test_a_writer_cancelled_anywhere_leaves_nothing_half_done(self, storage: Database) -> None:
        async def write(*keys: str) -> None:
            async with storage.begin() as uow:
                for key in keys:
                    await uow.inbox.insert([new(posted(key))], NOW)
                await uow.commit()

        for turns in range(40):
            before = await heard(storage)
            pair = [f"{turns}a", f"{turns}b"]
            task = asyncio.ensure_future(write(*pair))
            for _ in range(turns):
                await asyncio.to_thread(lambda: None)  # let it come a little further
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert await heard(storage) in (before, [*before, *pair])
        await hear(storage, "last")
        assert "last" in await heard(storage)

    async def test_a_reader_cancelled_anywhere_leaves_the_rest_working(self, storage: Database) -> None:
        for turns in range(12):
            task = asyncio.ensure_future(heard(storage))
            for _ in range(turns):
                await asyncio.to_thread(lambda: None)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert await heard(storage) == []

    async def test_what_was_committed_is_there_after_closing_and_opening(self, storage: Database, url: str) -> None:
        await hear(storage, "1")
        await storage.close()
        again = await Database.open(url, ReversingSealer())
        assert await heard(again) == ["1"]
        await again.close()

    async def test_a_database_opened_for_reading_refuses_to_begin(self, storage: Database, url: str) -> None:
        beside = await Database.open(url, ReversingSealer(), Access.READ)
        assert await heard(beside) == []
        with pytest.raises(OnlyReads):
            async with beside.begin():
                pass
        await hear(storage, "1")
        assert await heard(beside) == ["1"]
        await beside.close()

    async def test_a_space_that_many_hear_of_at_once_has_one_community(self, storage: Database) -> None:
        async def hear_of(space: SpaceId, fresh: CommunityId, channels: Sequence[str]) -> CommunityId:
            async with storage.begin() as uow:
                community = await uow.communities.of_space(space)
                if community is None:
                    community = fresh
                    await uow.communities.found(community, space, space, NOW)
                for channel in channels:
                    await see(uow, community, space, channel)
                await uow.commit()
                return community

        for turn in range(5):
            space = SpaceId(f"space{turn}")
            hearing = (hear_of(space, CommunityId(f"{space}-{n}"), "abc"[:: (-1) ** n]) for n in range(5))
            (community,) = set(await asyncio.gather(*hearing))
            async with storage.read() as uow:
                assert await uow.communities.of_space(space) == community
                assert [channel.id for channel in await uow.channels.all(community)] == ["a", "b", "c"]

    async def test_channels_that_many_see_at_once_in_any_order_are_there_once(self, storage: Database) -> None:
        async def see_all(names: str) -> list[Channel]:
            async with storage.begin() as uow:
                seen = [await see(uow, ACME, GUILD, name) for name in names]
                await uow.commit()
                return sorted(seen, key=lambda channel: channel.id)

        for turn in range(5):
            names = "".join(chr(ord("a") + 4 * turn + n) for n in range(4))
            first, *others = await asyncio.gather(*(see_all(names[:: (-1) ** n]) for n in range(5)))
            assert others == [first] * 4
            assert [channel.id for channel in first] == list(names)

    async def test_founding_a_community_again_changes_nothing(self, storage: Database) -> None:
        async with storage.begin() as uow:
            await uow.communities.found(ACME, GUILD, "Another", NOW)
            await uow.commit()
        async with storage.read() as uow:
            assert await uow.communities.of_space(GUILD) == ACME

    async def test_a_space_is_never_taken_from_its_community(self, storage: Database) -> None:
        async with storage.begin() as uow:
            with pytest.raises(IntegrityError):
                await uow.communities.found(CommunityId("other"), GUILD, "Other", NOW)

    async def test_an_account_belongs_to_one_member_whatever_happens_at_once(self, storage: Database) -> None:
        async def see(fresh: str) -> str:
            async with storage.begin() as uow:
                await uow.lock_lanes([lane()])

                member = await uow.members.see(ACME, GUILD, AccountId("dora"), "Dora", Role.CUSTOMER, MemberId(fresh))
                await uow.commit()
                return member.id

        assert len(set(await asyncio.gather(*(see(f"fresh{n}") for n in range(5))))) == 1


class TestUnitsOnSqlite(OnSqlite, UnitsContract):
    pass


class TestUnitsOnPostgresql(OnPostgresql, UnitsContract):
    pass
