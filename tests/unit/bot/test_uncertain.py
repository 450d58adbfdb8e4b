"""A row that may have been sent already is looked for until that is known, whatever else comes between."""

from datetime import timedelta

import pytest

from adapters.memory.chat import MemoryChat
from bot.relay import LEASE
from bot.sending import GIVE_UP_AFTER
from dialogue.actions import AudienceUnchanged, CardOf, Edit, OutboxId, Post
from dialogue.errors import RateLimited, Rejected, Unavailable, Uncertain
from dialogue.events import MessagePosted, Place, dedupe_key, lane_of
from dialogue.plain import plain_text
from dialogue.posts import plain
from dialogue.rows import NewEvent, OutboxState
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import InsightId, PlatformMessageId
from tests.stage import ANNA, SPACE
from tests.unit.bot.office import ACME, ROOM, SECOND, TEXTS, Office

BROKE = Uncertain("the connection broke")
UNCHANGED = AudienceUnchanged(SPACE, ROOM, Audience.INTERNAL)
CARD = Post(SPACE, ROOM, CardOf(InsightId("i")))


async def test_what_may_have_been_sent_is_found_and_not_sent_again(office: Office) -> None:
    office.chat.after.append(BROKE)
    await office.add("a")
    await office.rounds()

    assert office.chat.asked == ["a"]
    row = await office.row("a")
    assert (row.state, row.message, row.text) == (OutboxState.SENT, "bot-1", "a")


async def test_what_surely_did_not_arrive_is_sent_again(office: Office) -> None:
    office.chat.before.append(BROKE)
    await office.add("a")
    await office.rounds()

    assert office.chat.asked == ["a", "a"]
    assert (await office.row("a")).state is OutboxState.SENT


@pytest.mark.parametrize(
    "trouble",
    [Unavailable("history is down"), RateLimited(timedelta(seconds=5)), BROKE, KeyError("a bug")],
    ids=lambda trouble: type(trouble).__name__,
)
async def test_a_look_up_that_fails_does_not_make_it_unsent(office: Office, trouble: Exception) -> None:
    office.chat.after.append(BROKE)
    office.chat.blind.extend([trouble, trouble])
    await office.add("a")
    await office.rounds()

    assert office.chat.asked == ["a"]
    assert (await office.row("a")).state is OutboxState.SENT


async def test_a_space_that_is_not_connected_does_not_make_it_unsent(office: Office) -> None:
    office.chat.after.append(BROKE)
    await office.add("a")
    await office.rounds(1)
    await office.round(office.another(connected=False))
    office.clock.advance(LEASE + SECOND)
    await office.rounds()

    assert office.chat.asked == ["a"]


async def test_a_channel_that_is_busy_does_not_make_it_unsent(office: Office) -> None:
    office.chat.before.append(BROKE)
    event = MessagePosted(
        Place(SPACE, ROOM, "product", Audience.INTERNAL), ANNA, PlatformMessageId("1"), "hi", office.clock.now()
    )
    await office.add("a", waits_for=lane_of(event))
    await office.round()
    async with office.database.begin() as uow:
        await uow.inbox.insert([NewEvent(ACME, lane_of(event), dedupe_key(event), event)], office.clock.now())
        await uow.commit()
    since = (await office.row("a")).first_claimed_at
    office.clock.advance(2 * SECOND)
    await office.round()

    assert (await office.row("a")).reason == "the channel is still being read"
    assert (await office.row("a")).first_claimed_at == since


async def test_waiting_behind_another_does_not_make_it_unsent(office: Office) -> None:
    await office.add("head")
    await office.add("a")
    async with office.database.begin() as uow:
        await uow.outbox.claim(office.clock.now(), LEASE, 9)
        await uow.commit()
    since = office.clock.now()
    await MemoryChat.send(office.chat, SPACE, ROOM, None, plain("a"), OutboxId("a"))
    office.clock.advance(LEASE)
    office.chat.before.append(Unavailable("down"))
    await office.round()
    assert (await office.row("a")).first_claimed_at == since
    office.clock.advance(LEASE)
    await office.rounds()

    assert office.chat.asked == ["head", "head"]
    assert {row.state for row in (await office.rows()).values()} == {OutboxState.SENT}


# ---- what stands there although it may not any more


async def test_what_stands_on_the_platform_is_never_recorded_as_dropped(office: Office) -> None:
    office.chat.after.append(BROKE)
    await office.add("a", preconditions=(UNCHANGED,))
    await office.round()
    await office.see(shared=Shared.UNKNOWN)
    office.clock.advance(LEASE)
    await office.rounds()

    assert (await office.row("a")).state is OutboxState.SENT


async def test_what_stands_there_shows_what_may_be_shown_now_and_edits_reach_it(office: Office) -> None:
    office.chat.after.append(BROKE)
    await office.add("a", preconditions=(UNCHANGED,))
    await office.round()
    await office.see(shared=Shared.UNKNOWN)
    (sent,) = office.chat.sent
    await office.chat.edit(SPACE, sent.ref, plain("what only we may read"), OutboxId("before"))
    office.clock.advance(LEASE)
    await office.round()
    assert [plain_text(sent.post) for sent in office.chat.sent] == ["a"]

    await office.add("e", Edit(SPACE, ROOM, OutboxId("a"), CARD.matter))
    await office.round()
    assert [plain_text(sent.post) for sent in office.chat.sent] == [TEXTS.say("card.gone")]
    assert (await office.row("a")).text == TEXTS.say("card.gone")


async def test_what_cannot_be_composed_any_more_but_stands_there_counts_as_sent(office: Office) -> None:
    office.chat.after.append(BROKE)
    await office.add("a")
    await office.round()
    office.clock.advance(LEASE)

    async def broken(uow: object, row: object) -> None:
        raise KeyError("a bug")

    await office.round(office.another(leave=broken))
    row = await office.row("a")
    assert (row.state, row.message, row.text) == (OutboxState.SENT, "bot-1", "")


async def test_a_post_that_was_deleted_before_it_was_found_is_dead(office: Office) -> None:
    office.chat.after.append(BROKE)
    await office.add("a")
    await office.round()

    async def gone(*_: object) -> None:
        raise Rejected("there is no such post")

    office.chat.edit = gone
    office.clock.advance(LEASE)
    await office.round()
    assert (await office.row("a")).state is OutboxState.DEAD


# ---- giving up


async def test_after_a_day_it_is_looked_for_a_last_time_and_found(office: Office) -> None:
    office.chat.after.append(BROKE)
    await office.add("a")
    office.clock.advance(GIVE_UP_AFTER + SECOND)
    await office.rounds()

    assert office.chat.asked == ["a"]
    assert (await office.row("a")).state is OutboxState.SENT


async def test_after_a_day_it_is_looked_for_a_last_time_and_given_up(office: Office) -> None:
    office.chat.before.extend([BROKE, BROKE])
    await office.add("a")
    office.clock.advance(GIVE_UP_AFTER + SECOND)
    await office.rounds()

    assert office.chat.asked == ["a"]
    assert (await office.row("a")).state is OutboxState.DEAD


async def test_who_died_on_the_way_and_comes_back_after_a_day_still_sends(office: Office) -> None:
    await office.add("a")
    async with office.database.begin() as uow:
        await uow.outbox.claim(office.clock.now(), LEASE, 9)
        await uow.commit()
    office.clock.advance(GIVE_UP_AFTER + SECOND)
    await office.rounds()

    assert (await office.row("a")).state is OutboxState.SENT


async def test_a_history_that_stays_shut_is_asked_for_a_day_from_the_doubtful_send(office: Office) -> None:
    office.chat.after.append(BROKE)
    office.chat.blind.extend([Unavailable("history is down")] * 9)
    await office.add("a")
    office.clock.advance(GIVE_UP_AFTER - SECOND)
    await office.round()
    office.clock.advance(GIVE_UP_AFTER)
    await office.round()
    assert (await office.row("a")).state is OutboxState.OPEN
    office.clock.advance(timedelta(minutes=6))
    await office.round()
    assert (await office.row("a")).state is OutboxState.DEAD
    assert office.chat.asked == ["a"]
