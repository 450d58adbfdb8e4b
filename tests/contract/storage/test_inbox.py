"""The inbox keeps each event once, in order, and nothing of what was deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.database import Database
from adapters.storage.tables import inbox
from dialogue.events import PlaceDeleted
from dialogue.ports import UnitOfWork
from knowledge_base.ids import AccountId
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    ANNA,
    GUILD,
    NOW,
    SECOND,
    commanded,
    deleted,
    edited,
    found,
    lane,
    new,
    place,
    posted,
    reacted,
)


async def insert(storage: Database, *events) -> list[bool]:
    async with storage.begin() as uow:
        fresh = await uow.inbox.insert([new(event) for event in events], NOW)
        await uow.commit()
    return list(fresh)


async def keys(storage: Database, now=NOW, limit=100) -> list[str]:
    async with storage.read() as uow:
        return [row.key for row in await uow.inbox.take(limit, now)]


async def seqs(uow: UnitOfWork, now=NOW) -> list[int]:
    return [row.seq for row in await uow.inbox.take(100, now)]


async def payloads(storage: Database) -> dict[str, str | None]:
    """What the table holds, by key."""
    async with storage.read() as uow:
        rows = await uow._transaction.rows(inbox.select())
    return {row.key: row.payload for row in rows}


class InboxContract:
    @pytest.fixture(autouse=True)
    async def _found(self, storage: Database) -> None:
        await found(storage)

    async def test_what_was_inserted_is_taken_as_it_was_in_order_of_arrival(self, storage: Database) -> None:
        events = [posted("2"), edited("2"), reacted("2", "r"), posted("1", "other"), deleted("9")]
        assert await insert(storage, *events) == [True] * 5
        async with storage.read() as uow:
            rows = await uow.inbox.take(100, NOW)
        assert [row.event for row in rows] == events
        assert [row.seq for row in rows] == sorted(row.seq for row in rows)
        assert [row.lane for row in rows] == [lane(), lane(), lane(), lane("other"), lane()]
        assert {(row.community, row.tries) for row in rows} == {(ACME, 0)}

    async def test_nothing_is_inserted_for_no_events(self, storage: Database) -> None:
        assert await insert(storage) == []

    async def test_take_gives_the_oldest_first_and_no_more_than_asked_for(self, storage: Database) -> None:
        await insert(storage, *(posted(str(n)) for n in range(9)))
        assert await keys(storage, limit=2) == ["new:help:0", "new:help:1"]

    async def test_hundreds_at_once_keep_their_order(self, storage: Database) -> None:
        wanted = [f"new:help:{n}" for n in range(700)]
        assert all(await insert(storage, *(posted(str(n)) for n in range(700))))
        assert await keys(storage, limit=1000) == wanted

    async def test_peers_04_a_key_counts_once_across_calls_and_within_one(self, storage: Database) -> None:
        assert await insert(storage, posted("1"), posted("1"), posted("2")) == [True, False, True]
        assert await insert(storage, posted("2"), posted("3")) == [False, True]
        assert await keys(storage) == ["new:help:1", "new:help:2", "new:help:3"]

    async def test_a_done_rows_key_still_counts_and_its_payload_is_gone(self, storage: Database) -> None:
        await insert(storage, posted("1"), commanded("c"))
        async with storage.begin() as uow:
            await uow.inbox.done(await seqs(uow), NOW)
            await uow.commit()
        assert await insert(storage, posted("1")) == [False]
        assert await keys(storage) == []
        assert await payloads(storage) == {"new:help:1": None, "interaction:c": None}

    async def test_forgetting_removes_the_keys_of_rows_done_before(self, storage: Database) -> None:
        await insert(storage, posted("1"), posted("2"), posted("3"))
        async with storage.begin() as uow:
            first, second, _ = await seqs(uow)
            await uow.inbox.done([first], NOW)
            await uow.inbox.done([second], NOW + timedelta(days=1))
            assert await uow.inbox.forget(NOW + SECOND) == 1
            await uow.commit()
        assert set(await payloads(storage)) == {"new:help:2", "new:help:3"}
        assert await insert(storage, posted("1"), posted("2")) == [True, False]

    # ---- deletions

    async def test_a_deletion_purges_what_its_message_said_whether_open_done_or_dead(self, storage: Database) -> None:
        await insert(storage, posted("1"), edited("1", "a"), edited("1", "b"), posted("2"))
        async with storage.begin() as uow:
            first, second, *_ = await seqs(uow)
            await uow.inbox.done([first], NOW)
            await uow.inbox.fail(second, "broken", NOW, None)
            await uow.commit()
        assert await insert(storage, deleted("1")) == [True]
        left = {key for key, payload in (await payloads(storage)).items() if payload}
        assert left == {"new:help:2", "del:help:1"}
        assert await keys(storage) == ["new:help:2", "del:help:1"]
        async with storage.read() as uow:
            assert await uow.inbox.dead() == []

    async def test_after_a_deletion_nothing_of_its_message_comes_in(self, storage: Database) -> None:
        assert await insert(storage, deleted("1")) == [True]
        assert await insert(storage, posted("1"), edited("1"), posted("2"), deleted("1")) == [False, False, True, False]
        assert await keys(storage) == ["del:help:1", "new:help:2"]

    async def test_a_done_deletion_still_buries_its_message(self, storage: Database) -> None:
        await insert(storage, deleted("1"))
        async with storage.begin() as uow:
            await uow.inbox.done(await seqs(uow), NOW)
            await uow.commit()
        assert await insert(storage, posted("1")) == [False]

    async def test_a_deletion_works_within_one_call_both_ways(self, storage: Database) -> None:
        before_and_after = [posted("1"), edited("1"), deleted("1"), edited("1", "2"), posted("2"), posted("1")]
        assert await insert(storage, *before_and_after) == [True, True, True, False, True, False]
        assert await keys(storage) == ["del:help:1", "new:help:2"]
        held = await payloads(storage)
        assert held["new:help:1"] is None
        assert held["edit:help:1:1"] is None

    async def test_peers_22_a_deletion_leaves_the_same_id_in_other_channels_alone(self, storage: Database) -> None:
        await insert(storage, posted("1", "other"), posted("1"))
        await insert(storage, deleted("1"))
        assert await keys(storage) == ["new:other:1", "del:help:1"]
        assert await insert(storage, edited("1", channel="other")) == [True]

    @pytest.mark.parametrize("thread", ["t", None])
    async def test_peers_12_nothing_of_a_thread_or_channel_comes_in_after_its_deletion(
        self, storage: Database, thread: str | None
    ) -> None:
        inside = replace(place(), thread="t")
        await insert(storage, PlaceDeleted(replace(place(), thread=thread), NOW))
        late = [replace(event, place=inside) for event in (posted("1"), edited("2"))]
        assert await insert(storage, *late) == [False, False]
        others = [posted("3", "other"), replace(posted("4"), place=replace(place(), thread="u"))]
        assert await insert(storage, *others) == [True, thread is not None]
        # also within one call, and what came before it is still to be handled
        both = [posted("5", "third"), PlaceDeleted(place("third"), NOW), posted("6", "third")]
        assert await insert(storage, *both) == [True, True, False]

    @pytest.mark.parametrize(("thread", "left"), [("t", ["new:help:1", "new:other:3"]), (None, ["new:other:3"])])
    async def test_what_of_a_deleted_thread_or_channel_could_not_be_handled_is_wiped(
        self, storage: Database, thread: str | None, left: list[str]
    ) -> None:
        inside, outside = replace(place(), thread="t"), replace(place(), thread="u")
        await insert(storage, replace(posted("0"), place=inside), replace(posted("1"), place=outside))
        await insert(
            storage, posted("3", "other"), replace(posted("4", "third"), place=replace(place("third"), thread="t"))
        )
        async with storage.begin() as uow:
            *broken, open_one = await seqs(uow)
            for seq in broken:
                await uow.inbox.fail(seq, "broken", NOW, None)
            await uow.inbox.purge_place(ACME, replace(place(), thread=thread), NOW)
            assert await uow.inbox.still_open([open_one]) == {open_one}
            await uow.commit()
        async with storage.read() as uow:
            assert [key for key, _ in await uow.inbox.dead()] == left
        held = await payloads(storage)
        assert held["new:help:0"] is None
        assert {key for key, payload in held.items() if payload} == {*left, "new:third:4"}

    async def test_a_purged_row_is_not_open_for_the_worker_that_holds_it(self, storage: Database) -> None:
        await insert(storage, posted("1"), posted("2"))
        async with storage.read() as uow:
            taken = await seqs(uow)
        await insert(storage, deleted("1"))
        async with storage.begin() as uow:
            await uow.lock_lanes([lane()])
            assert await uow.inbox.still_open(taken) == {taken[1]}

    # ---- order and failure

    async def test_interactions_go_first_and_alone(self, storage: Database) -> None:
        await insert(storage, posted("1"), commanded("c", "quiet"), commanded("d", "calm"), posted("2", "quiet"))
        assert await keys(storage) == ["interaction:c", "interaction:d"]
        async with storage.begin() as uow:
            await uow.inbox.done([row.seq for row in await uow.inbox.take(100, NOW)], NOW)
            await uow.commit()
        assert await keys(storage) == ["new:help:1", "new:quiet:2"]

    async def test_an_interaction_never_overtakes_what_its_own_lane_has_waiting(self, storage: Database) -> None:
        await insert(storage, posted("1"), commanded("c"), posted("2", "other"), posted("3"))
        assert await keys(storage) == ["new:help:1", "interaction:c", "new:other:2", "new:help:3"]

    async def test_peers_24_what_an_account_said_is_wiped_open_or_dead_and_no_others(self, storage: Database) -> None:
        ben = replace(ANNA, account=AccountId("ben"))
        await insert(storage, posted("1"), posted("2", actor=ben), edited("1"), posted("3", "other"), commanded("c"))
        async with storage.begin() as uow:
            await uow.inbox.fail((await seqs(uow))[0], "broken", NOW, None)
            await uow.inbox.purge_author(GUILD, ANNA.account, NOW)
            await uow.commit()
        assert await keys(storage) == ["new:help:2", "interaction:c"]
        assert {key for key, payload in (await payloads(storage)).items() if payload} == {"new:help:2", "interaction:c"}
        async with storage.read() as uow:
            assert await uow.inbox.dead() == []
        assert await insert(storage, posted("1")) == [False]

    async def test_an_interactions_handle_comes_back_and_is_not_stored_in_the_clear(self, storage: Database) -> None:
        await insert(storage, commanded("c", token="tok-123"))
        async with storage.read() as uow:
            (row,) = await uow.inbox.take(10, NOW)
        assert row.event == commanded("c", token="tok-123")
        assert "tok-123" not in (await payloads(storage))["interaction:c"]

    async def test_a_failed_row_holds_its_lane_until_then_and_no_other(self, storage: Database) -> None:
        await insert(storage, posted("1"), posted("2"), commanded("c"), posted("3", "other"))
        async with storage.begin() as uow:
            row = (await uow.inbox.take(100, NOW))[1]
            await uow.inbox.fail(row.seq, "broken", NOW, NOW + 5 * SECOND)
            await uow.commit()
        assert await keys(storage, NOW + 4 * SECOND) == ["new:other:3"]
        assert await keys(storage, NOW + 5 * SECOND) == ["new:help:1", "new:help:2", "interaction:c", "new:other:3"]
        async with storage.read() as uow:
            assert [row.tries for row in await uow.inbox.take(100, NOW + 5 * SECOND)] == [0, 1, 0, 0]

    async def test_a_dead_row_frees_its_lane_and_is_shown_with_its_error(self, storage: Database) -> None:
        await insert(storage, posted("1"), posted("2"))
        async with storage.begin() as uow:
            first, _ = await seqs(uow)
            await uow.inbox.fail(first, "ValueError at worker.py:1", NOW, NOW + SECOND)
            await uow.inbox.fail(first, "ValueError at worker.py:2", NOW, None)
            await uow.commit()
        assert await keys(storage) == ["new:help:2"]
        async with storage.read() as uow:
            assert await uow.inbox.dead() == [("new:help:1", "ValueError at worker.py:2")]
        assert await insert(storage, posted("1")) == [False]

    async def test_what_an_account_asked_for_is_wiped_once_dead_and_done_while_open(self, storage: Database) -> None:
        await insert(storage, commanded("c"), commanded("d", "other"))
        async with storage.begin() as uow:
            await uow.inbox.fail((await seqs(uow))[0], "broken", NOW, None)
            await uow.inbox.purge_author(GUILD, ANNA.account, NOW)
            await uow.commit()
        assert await keys(storage) == ["interaction:d"]
        assert (await payloads(storage))["interaction:c"] is None

    async def test_a_row_that_cannot_be_read_comes_as_such_and_is_dead_when_buried(self, storage: Database) -> None:
        await insert(storage, posted("1"), posted("2"))
        async with storage.begin() as uow:
            await uow._transaction.run(inbox.update().where(inbox.c.key == "new:help:1").values(payload="{}"))
            await uow.commit()
        async with storage.begin() as uow:
            unreadable, readable = await uow.inbox.take(100, NOW)
            assert readable.key == "new:help:2"
            await uow.inbox.purge_author(GUILD, AccountId("ben"), NOW)
            await uow.inbox.bury(unreadable, NOW)
            await uow.commit()
        async with storage.read() as uow:
            assert await uow.inbox.dead() == [("new:help:1", "unreadable: ValidationError")]
        assert await keys(storage) == ["new:help:2"]
        assert (await payloads(storage))["new:help:1"] is None

    async def test_busy_tells_whether_a_lane_has_open_rows(self, storage: Database) -> None:
        await insert(storage, posted("1"))
        async with storage.begin() as uow:
            assert await uow.inbox.busy(lane())
            assert not await uow.inbox.busy(lane("other"))
            await uow.inbox.done(await seqs(uow), NOW)
            assert not await uow.inbox.busy(lane())

    async def test_peers_23_what_was_not_committed_was_never_there(self, storage: Database) -> None:
        async with storage.begin() as uow:
            await uow.inbox.insert([new(posted("1"))], NOW)
        assert await keys(storage) == []
        assert await insert(storage, posted("1")) == [True]


class TestInboxOnSqlite(OnSqlite, InboxContract):
    pass


class TestInboxOnPostgresql(OnPostgresql, InboxContract):
    pass
