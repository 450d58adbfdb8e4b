"""Questions to customers, who was asked by which post, and what was carried over, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from adapters.storage.database import Database
from dialogue.actions import Asked, OutboxId, Outgoing
from dialogue.bridging.storing import Addressee, Carried
from dialogue.ports import UnitOfWork
from dialogue.rows import OutboxState
from knowledge_base.bridges import Question, QuestionState
from knowledge_base.ids import ChannelId, InsightId, MemberId, MessageId, QuestionId, SpaceId, TeamId
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    found,
    insight,
    message,
    say,
    sent,
)

Q, R = QuestionId("q"), QuestionId("r")
ANNA, BEN = MemberId("m-anna"), MemberId("m-ben")
TEAM_CHANNEL = ChannelId("product")


def question(key: QuestionId = Q, seconds: int = 0) -> Question:
    return Question(key, ACME, InsightId("i"), TeamId("t"), "Which browser?", BEN, NOW + seconds * SECOND)


def asked(member: MemberId, post: str, of: QuestionId = Q, channel: ChannelId | None = HELP) -> Addressee:
    message = MessageId(f"{GUILD}/{HELP}/{member}")
    return Addressee(of, member, message, OutboxId(post), GUILD, channel, message if channel else None)


def answer(number: int, source: str | None, of: QuestionId = Q) -> Carried:
    message = MessageId(f"{GUILD}/{HELP}/{source}") if source else None
    by, text = (None, "") if source else (BEN, "thanks")
    post = OutboxId(f"{of}-{number}")
    return Carried(of, number, OutboxId("p"), post, GUILD, TEAM_CHANNEL, NOW, message, by, text)


class BridgesContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            await uow.insights.add(insight(InsightId("i")))
            yield uow
            await uow.commit()

    async def test_a_question_comes_back_as_it_was_until_it_is_closed(self, uow: UnitOfWork) -> None:
        await uow.bridges.ask(question(), [asked(ANNA, "p")])
        assert await uow.bridges.question(ACME, Q) == question()
        assert await uow.bridges.question(OTHER, Q) is None
        assert await uow.bridges.waiting(ACME) == [asked(ANNA, "p")]
        await uow.bridges.close(ACME, Q)
        assert await uow.bridges.question(ACME, Q) == replace(question(), state=QuestionState.CLOSED)
        assert await uow.bridges.waiting(ACME) == []

    async def test_who_was_asked_last_comes_first(self, uow: UnitOfWork) -> None:
        assert await uow.bridges.waiting(ACME) == []
        await uow.bridges.ask(question(Q), [asked(BEN, "p"), asked(ANNA, "o", channel=None)])
        await uow.bridges.ask(question(R, 1), [asked(ANNA, "s", R)])
        first = [asked(ANNA, "s", R), asked(ANNA, "o", channel=None), asked(BEN, "p")]
        assert await uow.bridges.waiting(ACME) == first
        assert await uow.bridges.waiting(OTHER) == []

    async def test_what_became_of_the_post_is_told_beside_whom_it_asks(self, uow: UnitOfWork) -> None:
        await uow.bridges.ask(question(), [asked(ANNA, "p")])
        send = Outgoing(say().action, asked=Asked.YES, id=OutboxId("p"))
        await uow.outbox.add(ACME, send, "c", OutboxId("x"), NOW)
        assert await uow.bridges.addressees(ACME, Q) == [(asked(ANNA, "p"), OutboxState.OPEN)]
        (row,) = await uow.outbox.claim(NOW, timedelta(minutes=1), 10)
        await uow.outbox.end(row.token, OutboxState.DEAD, "locked")
        assert await uow.bridges.addressees(ACME, Q) == [(asked(ANNA, "p"), OutboxState.DEAD)]
        assert await uow.bridges.addressees(OTHER, Q) == []

    async def test_whoever_is_asked_by_another_post_is_asked_by_that_one_alone(self, uow: UnitOfWork) -> None:
        await uow.bridges.ask(question(), [asked(ANNA, "p"), asked(BEN, "p")])
        await uow.bridges.ask_by(ACME, asked(ANNA, "o", channel=None))
        assert await uow.bridges.waiting(ACME) == [asked(ANNA, "o", channel=None), asked(BEN, "p")]

    async def test_what_was_carried_is_found_by_question_message_and_channel(self, uow: UnitOfWork) -> None:
        await uow.bridges.ask(question(), [asked(ANNA, "p")])
        first, second, third = answer(1, "m1"), answer(2, None), answer(3, "m2")
        for one in (first, second, third):
            await uow.bridges.carry(ACME, one)
        assert await uow.bridges.carried(ACME, Q) == [first, second, third]
        assert await uow.bridges.of_messages(ACME, [third.source, first.source]) == [first, third]
        assert await uow.bridges.of_messages(ACME, []) == []
        assert await uow.bridges.of_messages(OTHER, [first.source]) == []
        assert await uow.bridges.hung_in(ACME, GUILD, TEAM_CHANNEL) == [first, third]  # our own words stay as they are
        assert await uow.bridges.hung_in(ACME, GUILD, HELP) == []
        assert await uow.bridges.carried(ACME, R) == []

    async def test_what_a_member_said_is_with_the_teams_that_it_was_carried_to(self, uow: UnitOfWork) -> None:
        await uow.bridges.ask(question(), [asked(ANNA, "p")])
        await uow.messages.add([message("m1"), message("m2"), message("m3", author=BEN)])
        for number, source in enumerate(("m1", "m2", "m3"), 1):
            carried = replace(answer(number, None), source=message(source).id)
            await uow.bridges.carry(ACME, carried)
            await uow.outbox.add(ACME, Outgoing(say().action, id=carried.post), "c", OutboxId("x"), NOW)
        assert await uow.bridges.carried_of(ACME, ANNA) == []  # not yet
        for row in await uow.outbox.claim(NOW, timedelta(minutes=1), 10):
            await sent(uow, row.token, None, "", NOW)
        assert await uow.bridges.carried_of(ACME, ANNA) == [(InsightId("i"), TeamId("t"))]
        assert await uow.bridges.carried_of(OTHER, ANNA) == []

    async def test_of_two_who_are_one_each_question_is_asked_once(self, uow: UnitOfWork) -> None:
        await uow.bridges.ask(question(Q), [asked(ANNA, "p"), asked(BEN, "o")])
        await uow.bridges.ask(question(R, 1), [asked(BEN, "s", R)])
        await uow.bridges.carry(ACME, answer(1, None))
        await uow.members.become_one(ACME, ANNA, BEN)
        assert [(one.question, one.member, one.post) for one in await uow.bridges.waiting(ACME)] == [
            (R, ANNA, "s"),
            (Q, ANNA, "p"),
        ]
        assert (await uow.bridges.question(ACME, Q)).by == ANNA
        assert [one.by for one in await uow.bridges.carried(ACME, Q)] == [ANNA]


class OnceContract:
    async def test_a_message_is_carried_once(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            await uow.insights.add(insight(InsightId("i")))
            await uow.bridges.ask(question(), [asked(ANNA, "p")])
            await uow.bridges.carry(ACME, answer(1, "m1"))
            with pytest.raises(IntegrityError):
                await uow.bridges.carry(ACME, answer(2, "m1"))


class TestSqlite(OnSqlite, BridgesContract):
    pass


class TestPostgresql(OnPostgresql, BridgesContract):
    pass


class TestOnceOnSqlite(OnSqlite, OnceContract):
    pass


class TestOnceOnPostgresql(OnPostgresql, OnceContract):
    pass
