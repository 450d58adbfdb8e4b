"""Messages keep their place in the lane; what is erased is gone."""

from dataclasses import replace

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.facets import Facets, Tone, Urgency
from knowledge_base.ids import ChannelId, ConversationId, MemberId, MessageId
from knowledge_base.kinds import Kind
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    found,
    message,
)

FULL = message(
    "1",
    thread=MessageId("guild/help/0"),
    reply_to=MessageId("guild/help/0"),
    version="2",
    link="https://example.com/1",
    reasons=("the author answers", 'quote " and \\ and ünïcode'),
    facets=Facets(Tone.NEGATIVE, Urgency.NOW, ("Acme", "Ünïcorp"), "billing"),
)


class MessagesContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            yield uow

    async def recent(self, uow: UnitOfWork, limit: int = 100, channel: str = HELP) -> list[str]:
        return [m.id.split("/")[2] for m in await uow.messages.recent(ACME, GUILD, ChannelId(channel), limit)]

    async def test_a_message_comes_back_as_it_was_added(self, uow: UnitOfWork) -> None:
        await uow.messages.add([FULL, message("2")])
        assert await uow.messages.get(ACME, FULL.id) == FULL
        assert await uow.messages.get(ACME, message("2").id) == message("2")
        assert await uow.messages.get(ACME, MessageId("guild/help/9")) is None
        assert await uow.messages.get(OTHER, FULL.id) is None

    async def test_recent_gives_the_last_ones_of_a_lane_in_the_order_they_were_added(self, uow: UnitOfWork) -> None:
        await uow.messages.add([message("b", at=NOW + SECOND), message("x", "other"), message("a")])
        await uow.messages.add([message("c"), message("y", "other")])
        assert await self.recent(uow) == ["b", "a", "c"]
        assert await self.recent(uow, 2) == ["a", "c"]
        assert await self.recent(uow, 10, "other") == ["x", "y"]
        assert await self.recent(uow, 10, "empty") == []

    async def test_places_go_on_in_the_next_unit_of_work(self, storage: Database) -> None:
        await found(storage)
        for name in "cab":
            async with storage.begin() as uow:
                await uow.messages.add([message(name)])
                await uow.commit()
        async with storage.read() as uow:
            assert await self.recent(uow) == ["c", "a", "b"]

    async def test_what_was_said_in_a_thread_or_a_channel_is_told_without_deleted_ones(self, uow: UnitOfWork) -> None:
        root = message("r").id
        replies = [message("a", thread=root), message("b", thread=root)]
        await uow.messages.add([message("r"), replies[0], message("x", "other", thread=root), replies[1], message("z")])
        await uow.messages.add([message("gone", thread=root)])
        await uow.messages.erase(ACME, [message("gone").id])
        lane = (ACME, GUILD, HELP)
        assert await uow.messages.said_in(*lane, root, after=0, limit=10) == (replies, 3)
        assert await uow.messages.said_in(*lane, root, after=0, limit=1) == (replies[:1], 2)
        assert await uow.messages.said_in(*lane, root, after=2, limit=9) == (replies[1:], 3)
        in_channel, last = await uow.messages.said_in(*lane, None, after=1, limit=10)
        assert [m.id.split("/")[2] for m in in_channel] == ["a", "b", "z"]
        assert await uow.messages.said_in(*lane, None, after=last, limit=10) == ([], last)
        assert await uow.messages.said_in(OTHER, GUILD, HELP, None, after=0, limit=10) == ([], 0)
        assert await uow.messages.count_of(ACME, MemberId("m-anna")) == 5
        assert await uow.messages.count_of(ACME, MemberId("m-ben")) == 0

    async def test_adding_nothing_is_harmless(self, uow: UnitOfWork) -> None:
        await uow.messages.add([])

    async def test_replacing_a_message_keeps_its_place(self, uow: UnitOfWork) -> None:
        await uow.messages.add([message("1"), message("2")])
        edited = replace(message("1"), text="never mind", version="1", kind=Kind.CHATTER)
        await uow.messages.replace(edited)
        assert await uow.messages.get(ACME, edited.id) == edited
        assert await self.recent(uow) == ["1", "2"]

    async def test_an_erased_message_leaves_a_tombstone_without_words(self, uow: UnitOfWork) -> None:
        await uow.messages.add([FULL, message("2")])
        await uow.messages.erase(ACME, [FULL.id])
        left = await uow.messages.get(ACME, FULL.id)
        assert left == replace(FULL, text="", author_name="", link=None, reasons=(), deleted=True, facets=Facets())
        assert await self.recent(uow) == ["2"]
        assert [m.id for m in await uow.messages.by_author(ACME, MemberId("m-anna"))] == [message("2").id]
        assert [m.id for m in await uow.messages.conversation(ACME, ConversationId("talk"))] == [message("2").id]

    async def test_by_author_gives_what_is_kept_of_one_member_oldest_first(self, uow: UnitOfWork) -> None:
        early, late = message("2", "other", at=NOW), message("1", at=NOW + SECOND)
        await uow.messages.add([late, early, message("3", author="m-ben")])
        assert await uow.messages.by_author(ACME, MemberId("m-anna")) == [early, late]
        assert await uow.messages.by_author(OTHER, MemberId("m-anna")) == []

    async def test_a_conversation_is_given_oldest_first(self, uow: UnitOfWork) -> None:
        talk = [message("1"), message("2"), message("3", at=NOW - SECOND)]
        await uow.messages.add([*talk, message("4", conversation=ConversationId("another"))])
        given = await uow.messages.conversation(ACME, ConversationId("talk"))
        assert given == [talk[2], talk[0], talk[1]]

    async def test_when_somebody_was_first_heard_is_known_also_where_that_is_deleted(self, uow: UnitOfWork) -> None:
        await uow.messages.add([message("1"), message("2", at=NOW + SECOND), message("3", author="m-ben", at=NOW)])
        await uow.messages.erase(ACME, message("1").id)
        anna, ben, eve = MemberId("m-anna"), MemberId("m-ben"), MemberId("m-eve")
        assert await uow.messages.first_said(ACME, [anna, ben, eve]) == {anna: NOW, ben: NOW}
        assert await uow.messages.first_said(ACME, []) == {}
        assert await uow.messages.first_said(OTHER, [anna]) == {}


class TestMessagesOnSqlite(OnSqlite, MessagesContract):
    pass


class TestMessagesOnPostgresql(OnPostgresql, MessagesContract):
    pass
