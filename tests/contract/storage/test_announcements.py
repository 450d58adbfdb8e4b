"""What voices are to hear, who is told by which post, and who does not want to hear, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.database import Database
from dialogue.actions import Asked, OutboxId, Outgoing, Post, SendDirect, TellingOf
from dialogue.closing.storing import Heard, Notice, Telling
from dialogue.ports import UnitOfWork
from dialogue.rows import OutboxState, Sent, SentRef
from knowledge_base.announcements import Announcement, AnnouncementState
from knowledge_base.ids import (
    AccountId,
    AnnouncementId,
    ChannelId,
    InsightId,
    MemberId,
    MessageId,
    PlatformMessageId,
    SpaceId,
)
from knowledge_base.insights import Status
from knowledge_base.members import Consent, Recording, Role
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
)

A, B = AnnouncementId("a"), AnnouncementId("b")
I, J = InsightId("i"), InsightId("j")  # noqa: E741 - named as the samples name them
ANNA, BEN, CARA = MemberId("m-anna"), MemberId("m-ben"), MemberId("m-cara")


def prepared(
    key: AnnouncementId = A, of: InsightId = I, change: int = 1, status: Status = Status.SHIPPED
) -> Announcement:
    return Announcement(key, ACME, of, change, status, "it is done", BEN, NOW)


def told(member: MemberId, post: str, key: AnnouncementId = A, channel: ChannelId | None = HELP) -> Telling:
    return Telling(key, member, MessageId(f"{GUILD}/{HELP}/{member}"), OutboxId(post), GUILD, channel)


class AnnouncementsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            for key in (I, J):
                await uow.insights.add(insight(key))
            for member in (CARA,):
                await uow.members.see(ACME, GUILD, AccountId(member), member, Role.CUSTOMER, member)
            yield uow
            await uow.commit()

    async def test_one_comes_back_as_it_was_and_changes_by_what_is_done_with_it(self, uow: UnitOfWork) -> None:
        await uow.announcements.add(prepared())
        assert await uow.announcements.get(ACME, A) == prepared()
        sent = replace(prepared(), text="here", state=AnnouncementState.SENT, by=CARA, at=NOW + SECOND)
        await uow.announcements.replace(sent)
        assert await uow.announcements.get(ACME, A) == sent
        assert await uow.announcements.get(OTHER, A) is None
        assert await uow.announcements.get(ACME, B) is None

    async def test_those_of_an_insight_come_in_the_order_of_its_changes(self, uow: UnitOfWork) -> None:
        late, early = prepared(A, change=2), prepared(B, change=1, status=Status.PLANNED)
        for one in (late, early, prepared(AnnouncementId("c"), J)):
            await uow.announcements.add(one)
        assert await uow.announcements.of_insight(ACME, I) == [early, late]
        assert await uow.announcements.of_insight(OTHER, I) == []

    async def test_a_post_tells_whom_it_tells_and_nobody_else(self, uow: UnitOfWork) -> None:
        await uow.announcements.add(prepared())
        anna, ben, cara = told(ANNA, "p"), told(BEN, "p"), told(CARA, "q", channel=None)
        await uow.tellings.add(ACME, [ben, anna, cara])
        await uow.tellings.add(ACME, [])
        assert await uow.tellings.by_post(ACME, OutboxId("p")) == [anna, ben]
        assert await uow.tellings.by_post(OTHER, OutboxId("p")) == []
        messages = [one.message for one in (anna, cara)]
        assert await uow.tellings.showing(ACME, messages) == [anna]  # what was told alone stands nowhere else
        assert await uow.tellings.showing(ACME, []) == []
        assert await uow.tellings.showing(OTHER, messages) == []

    async def test_whoever_is_told_by_another_post_is_told_by_that_one_alone(self, uow: UnitOfWork) -> None:
        await uow.announcements.add(prepared())
        await uow.tellings.add(ACME, [told(ANNA, "p"), told(BEN, "p")])
        await uow.tellings.tell_by(ACME, told(ANNA, "q", channel=None))
        assert await uow.tellings.by_post(ACME, OutboxId("p")) == [told(BEN, "p")]
        assert await uow.tellings.by_post(ACME, OutboxId("q")) == [told(ANNA, "q", channel=None)]

    @pytest.mark.parametrize(
        ("state", "heard"),
        [
            (OutboxState.OPEN, True),
            (OutboxState.SENT, True),
            (OutboxState.DEAD, True),  # they are written to directly soon
            (OutboxState.DROPPED, False),
            (OutboxState.UNDELIVERABLE, False),
        ],
    )
    async def test_told_is_who_heard_or_still_will(self, uow: UnitOfWork, state: OutboxState, heard: bool) -> None:
        await uow.announcements.add(prepared())
        await uow.tellings.add(ACME, [told(ANNA, "p")])
        post = Post(GUILD, HELP, TellingOf(A, OutboxId("p")))
        await uow.outbox.add(ACME, Outgoing(post, asked=Asked.YES, id=OutboxId("p")), "c", OutboxId("x"), NOW)
        if state is not OutboxState.OPEN:
            (row,) = await uow.outbox.claim(NOW, timedelta(minutes=1), 10)
            if state is OutboxState.SENT:
                await uow.outbox.sent([Sent(row.token, SentRef(HELP, PlatformMessageId("9")), "done")], NOW)
            else:
                await uow.outbox.end(row.token, state, "so it is")
        assert await uow.tellings.of_announcement(ACME, A) == [(told(ANNA, "p"), state)]
        assert await uow.tellings.told(ACME, I, Status.SHIPPED) == (frozenset({ANNA}) if heard else frozenset())
        assert await uow.tellings.told(ACME, I, Status.PLANNED) == frozenset()
        assert await uow.tellings.told(ACME, J, Status.SHIPPED) == frozenset()
        counted = {OutboxState.SENT: Heard(1, 0, 0), OutboxState.OPEN: Heard(0, 0, 1), OutboxState.DROPPED: None}
        there = [Notice(I, Status.SHIPPED, GUILD, HELP)]
        assert await uow.tellings.of_member(ACME, ANNA) == (there if state is OutboxState.SENT else [])
        assert await uow.tellings.of_member(ACME, BEN) == await uow.tellings.of_member(OTHER, ANNA) == []
        assert await uow.tellings.heard(ACME, [I, J], Status.SHIPPED) == (
            {I: found} if (found := counted.get(state, Heard(0, 1, 0))) else {}
        )

    async def test_who_is_told_twice_is_counted_once_and_as_reached_if_one_post_reached_them(
        self, uow: UnitOfWork
    ) -> None:
        await uow.announcements.add(prepared())
        await uow.announcements.add(prepared(B, change=2))
        posts = [(A, ANNA, "p"), (B, ANNA, "q"), (A, BEN, "p"), (B, CARA, "q")]
        await uow.tellings.add(ACME, [told(who, post, of) for of, who, post in posts])
        for post in ("p", "q"):
            said = Post(GUILD, HELP, TellingOf(A, OutboxId(post)))
            await uow.outbox.add(ACME, Outgoing(said, asked=Asked.YES, id=OutboxId(post)), "c", OutboxId("x"), NOW)
        for row in await uow.outbox.claim(NOW, timedelta(minutes=1), 10):
            if row.id == "q":
                await uow.outbox.sent([Sent(row.token, SentRef(HELP, PlatformMessageId("9")), "done")], NOW)
            else:
                await uow.outbox.end(row.token, OutboxState.DEAD, "so it is")
        assert await uow.tellings.heard(ACME, [I], Status.SHIPPED) == {I: Heard(2, 1, 0)}
        assert await uow.tellings.heard(ACME, [I], Status.PLANNED) == {}
        assert await uow.tellings.heard(OTHER, [I], Status.SHIPPED) == {}
        assert await uow.tellings.heard(ACME, [], Status.SHIPPED) == {}

    async def test_a_telling_to_one_alone_comes_out_of_the_outbox_as_it_went_in(self, uow: UnitOfWork) -> None:
        send = SendDirect(GUILD, AccountId("anna"), TellingOf(A, OutboxId("p")), member=ANNA)
        await uow.outbox.add(ACME, Outgoing(send, asked=Asked.YES, id=OutboxId("p")), "c", OutboxId("x"), NOW)
        (row,) = await uow.outbox.claim(NOW, timedelta(minutes=1), 10)
        assert row.outgoing.action == send

    async def test_who_muted_one_or_all_or_stopped_recording_is_unwilling(self, uow: UnitOfWork) -> None:
        everybody = (ANNA, BEN, CARA)
        assert await uow.mutes.unwilling(ACME, I, everybody) == frozenset()
        for _ in range(2):
            await uow.mutes.add(ACME, ANNA, I, NOW)
        await uow.mutes.add(ACME, BEN, None, NOW)
        await uow.members.consent(ACME, CARA, Consent(Recording.STOPPED, changed_at=NOW))
        assert await uow.mutes.unwilling(ACME, I, everybody) == frozenset(everybody)
        assert await uow.mutes.unwilling(ACME, J, everybody) == frozenset({BEN, CARA})
        assert await uow.mutes.unwilling(ACME, I, [BEN]) == frozenset({BEN})
        assert await uow.mutes.unwilling(ACME, I, []) == frozenset()
        assert await uow.mutes.unwilling(OTHER, I, everybody) == frozenset()

    async def test_mutes_are_listed_and_taken_back_one_by_one_or_all(self, uow: UnitOfWork) -> None:
        for seconds, what in enumerate((J, None, I)):
            await uow.mutes.add(ACME, ANNA, what, NOW + seconds * SECOND)
        await uow.mutes.add(ACME, BEN, I, NOW)
        assert await uow.mutes.of_member(ACME, ANNA) == [J, None, I]
        await uow.mutes.remove(ACME, ANNA, J)
        assert await uow.mutes.of_member(ACME, ANNA) == [None, I]
        await uow.mutes.remove(ACME, ANNA, None)
        assert await uow.mutes.of_member(ACME, ANNA) == []
        assert await uow.mutes.of_member(ACME, BEN) == [I]

    async def test_of_two_who_are_one_each_telling_and_mute_is_there_once(self, uow: UnitOfWork) -> None:
        await uow.announcements.add(prepared())
        await uow.announcements.add(prepared(B, J))
        await uow.tellings.add(ACME, [told(ANNA, "p"), told(BEN, "q"), told(BEN, "r", B)])
        for member, what in ((ANNA, I), (BEN, I), (BEN, J)):
            await uow.mutes.add(ACME, member, what, NOW)
        await uow.members.become_one(ACME, ANNA, BEN)
        assert await uow.tellings.by_post(ACME, OutboxId("p")) == [told(ANNA, "p")]
        assert await uow.tellings.by_post(ACME, OutboxId("q")) == []
        assert [one.member for one in await uow.tellings.by_post(ACME, OutboxId("r"))] == [ANNA]
        assert set(await uow.mutes.of_member(ACME, ANNA)) == {I, J}
        assert (await uow.announcements.get(ACME, A)).by == ANNA


class TestSqlite(OnSqlite, AnnouncementsContract):
    pass


class TestPostgresql(OnPostgresql, AnnouncementsContract):
    pass
