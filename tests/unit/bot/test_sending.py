"""Every way a row can go: its conditions, what the platform answers, and what is kept of it."""

from datetime import timedelta

import pytest

from bot.relay import LEASE
from bot.sending import FIRST_PAUSE, GIVE_UP_AFTER, LONGEST_PAUSE
from dialogue.actions import (
    Asked,
    AudienceUnchanged,
    GrantRole,
    MessageStands,
    OpenThread,
    Post,
    Said,
    StillConsents,
)
from dialogue.departing import LONGEST_WAIT, Ready
from dialogue.errors import RateLimited, Rejected, StorageUnavailable, Unavailable, Uncertain
from dialogue.events import MessagePosted, Place, dedupe_key, lane_of
from dialogue.posts import plain
from dialogue.rows import NewEvent, OutboxState
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import ChannelId, ConversationId, MemberId, PlatformMessageId, message_id
from knowledge_base.kinds import Kind
from knowledge_base.members import Consent, Recording, Role
from knowledge_base.messages import Message
from tests.stage import ANNA, SPACE
from tests.unit.bot.office import ACME, ROOM, SECOND, Office, PublicOnly

SENT, OPEN, DROPPED, DEAD = OutboxState.SENT, OutboxState.OPEN, OutboxState.DROPPED, OutboxState.DEAD


async def arrive(office: Office) -> MessagePosted:
    """Something in the room that nobody has read yet."""
    place = Place(SPACE, ROOM, "product", Audience.INTERNAL)
    event = MessagePosted(place, ANNA, PlatformMessageId("1"), "hi", office.clock.now())
    async with office.database.begin() as uow:
        await uow.inbox.insert([NewEvent(ACME, lane_of(event), dedupe_key(event), event)], office.clock.now())
        await uow.commit()
    return event


# ---- its conditions


@pytest.mark.parametrize(("asked", "becomes"), [(Asked.NO, DROPPED), (Asked.YES, SENT)])
async def test_a_row_waits_for_a_busy_channel_for_a_minute_at_most(
    office: Office, asked: Asked, becomes: OutboxState
) -> None:
    event = await arrive(office)
    await office.add("a", asked=asked, waits_for=lane_of(event))
    await office.round()
    office.clock.advance(LONGEST_WAIT - SECOND)
    await office.round()
    assert ((await office.row("a")).state, office.chat.asked) == (OPEN, [])
    office.clock.advance(SECOND)
    await office.round()
    assert (await office.row("a")).state is becomes
    assert office.chat.asked == (["a"] if becomes is SENT else [])


@pytest.mark.parametrize(
    ("audience", "shared", "becomes"),
    [
        (Audience.INTERNAL, Shared.NO, SENT),
        (Audience.PUBLIC, Shared.NO, DROPPED),
        (Audience.INTERNAL, Shared.YES, DROPPED),
        (Audience.INTERNAL, Shared.UNKNOWN, DROPPED),
    ],
)
async def test_a_post_goes_only_where_the_readers_are_the_same(
    office: Office, audience: Audience, shared: Shared, becomes: OutboxState
) -> None:
    await office.add("a", preconditions=(AudienceUnchanged(SPACE, ROOM, Audience.INTERNAL),))
    await office.see(audience, shared)
    await office.round()
    assert (await office.row("a")).state is becomes


@pytest.mark.parametrize(("recording", "becomes"), [(Recording.ALLOWED, SENT), (Recording.STOPPED, DROPPED)])
async def test_a_row_goes_only_while_the_member_consents(
    office: Office, recording: Recording, becomes: OutboxState
) -> None:
    anna = MemberId("m-anna")
    await office.add("a", preconditions=(StillConsents(anna),))
    async with office.database.begin() as uow:
        await uow.members.see(ACME, SPACE, ANNA.account, "Anna", Role.CUSTOMER, anna)
        await uow.members.consent(ACME, anna, Consent(recording=recording))
        await uow.commit()
    await office.round()
    assert (await office.row("a")).state is becomes


async def test_nothing_goes_for_the_consent_of_somebody_unknown(office: Office) -> None:
    await office.add("a", preconditions=(StillConsents(MemberId("nobody")),))
    await office.round()
    assert (await office.row("a")).state is DROPPED


@pytest.mark.parametrize(("stands", "becomes"), [("stands", SENT), ("deleted", DROPPED), ("unknown", DROPPED)])
async def test_a_row_goes_only_while_its_message_stands(office: Office, stands: str, becomes: OutboxState) -> None:
    await office.add("a", preconditions=(MessageStands(SPACE, ROOM, PlatformMessageId("1")),))
    async with office.database.begin() as uow:
        if stands != "unknown":
            await uow.members.see(ACME, SPACE, ANNA.account, "Anna", Role.CUSTOMER, MemberId("m-anna"))
            await uow.messages.add([message(office, deleted=stands == "deleted")])
        await uow.commit()
    await office.round()
    assert (await office.row("a")).state is becomes


def message(office: Office, *, deleted: bool) -> Message:
    return Message(
        id=message_id(SPACE, ROOM, PlatformMessageId("1")),
        community=ACME,
        space=SPACE,
        channel=ROOM,
        thread=None,
        author=MemberId("m-anna"),
        author_name="Anna",
        role=Role.CUSTOMER,
        at=office.clock.now(),
        text="hi",
        language="en",
        kind=Kind.PROBLEM,
        confidence=0.5,
        conversation=ConversationId("talk"),
        reply_to=None,
        deleted=deleted,
    )


# ---- what the platform answers


async def test_what_is_rate_limited_goes_when_the_platform_says(office: Office) -> None:
    office.chat.before.append(RateLimited(timedelta(seconds=7)))
    await office.add("a")
    await office.round()
    row = await office.row("a")
    assert (row.not_before, row.first_claimed_at) == (office.clock.now() + timedelta(seconds=7), None)
    office.clock.advance(timedelta(seconds=7))
    await office.round()
    assert office.chat.asked == ["a", "a"]


async def test_what_cannot_go_is_tried_again_later_each_time(office: Office) -> None:
    office.chat.before.extend([Unavailable("down")] * 12)
    await office.add("a")
    pauses = []
    for _ in range(12):
        await office.round()
        row = await office.row("a")
        assert (row.state, row.first_claimed_at, row.reason) == (OPEN, None, "down")
        pauses.append(row.not_before - office.clock.now())
        office.clock.move_to(row.not_before)
    assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    await office.round()
    assert (await office.row("a")).state is SENT


async def test_what_may_have_gone_remembers_since_when(office: Office) -> None:
    office.chat.before.append(Uncertain("the connection broke"))
    await office.add("a")
    await office.round()
    row = await office.row("a")
    assert (row.state, row.first_claimed_at, row.reason) == (OPEN, office.clock.now(), "the connection broke")


async def test_what_is_refused_is_dead_with_the_reason_and_never_tried_again(office: Office) -> None:
    office.chat.before.append(Rejected("no such channel"))
    await office.add("a")
    await office.rounds()
    row = await office.row("a")
    assert (row.state, row.reason, office.chat.asked) == (DEAD, "no such channel", ["a"])


async def test_what_cannot_go_for_a_day_is_dead(office: Office) -> None:
    office.chat.before.extend([Unavailable("down")] * 2)
    await office.add("a")
    office.clock.advance(GIVE_UP_AFTER)
    await office.round()
    assert (await office.row("a")).state is OPEN
    office.clock.advance(FIRST_PAUSE)
    await office.round()
    assert ((await office.row("a")).state, (await office.row("a")).reason) == (DEAD, "down")


async def test_a_space_that_is_not_connected_is_waited_for(office: Office) -> None:
    await office.add("a")
    await office.round(office.another(connected=False))
    assert ((await office.row("a")).state, (await office.row("a")).first_claimed_at) == (OPEN, None)
    office.clock.advance(FIRST_PAUSE)
    await office.round()
    assert (await office.row("a")).state is SENT


async def test_a_send_that_hangs_may_have_gone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sending.SEND_TIMEOUT", timedelta(milliseconds=5))
    office.chat.close(ROOM)
    await office.add("a")
    await office.round()
    row = await office.row("a")
    assert (row.state, row.first_claimed_at, row.reason) == (OPEN, office.clock.now(), "no answer within 0.005 s")


# ---- mistakes of ours


async def test_a_mistake_of_an_adapter_may_have_sent_it_and_what_it_says_is_kept_to_itself(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.chat.after.append(ValueError("anna said: my password is hunter2"))
    await office.add("a")
    await office.round()
    row = await office.row("a")
    assert (row.state, row.first_claimed_at) == (OPEN, office.clock.now())
    assert row.reason.startswith("ValueError at office.py:")
    assert "anna" not in row.reason + capsys.readouterr().out
    office.clock.advance(LEASE)
    await office.rounds()
    assert office.chat.asked == ["a"]


async def test_a_row_that_cannot_be_composed_is_dead_and_the_next_one_goes(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    relay = office.another(leave=_breaks_at("a"))
    await office.add("a")
    await office.add("b")
    await office.round(relay)
    rows = await office.rows()
    assert (rows["a"].state, rows["b"].state) == (DEAD, SENT)
    assert rows["a"].reason.startswith("KeyError at test_sending.py:")
    assert "anna" not in rows["a"].reason + capsys.readouterr().out


def _breaks_at(name: str):
    async def leave(uow: object, row):
        if row.id == name:
            raise KeyError("anna said")
        return Ready(row.outgoing.action.matter.post)

    return leave


async def test_a_database_that_cannot_be_read_is_nobodys_fault(office: Office) -> None:
    async def leave(uow: object, row: object) -> None:
        raise StorageUnavailable("the disk is gone")

    await office.add("a")
    relay = office.another(leave=leave)
    with pytest.raises(StorageUnavailable):
        await relay.run_once()
    await relay.finish()
    assert (await office.row("a")).state is OPEN


async def test_a_post_into_a_channel_that_is_not_known_is_dead(office: Office) -> None:
    await office.add("a", Post(SPACE, ChannelId("elsewhere"), Said(plain("hello"))))
    await office.round()
    assert (await office.row("a")).state is DEAD


# ---- what nobody reads


async def test_a_thread_is_begun_and_a_role_given_and_taken(office: Office) -> None:
    office.chat.miss(await arrive(office))
    await office.add("a", OpenThread(SPACE, ROOM, PlatformMessageId("1"), "the export"))
    for name, granted in (("b", True), ("c", False)):
        await office.add(name, GrantRole(SPACE, ANNA.account, "early", granted=granted))
        await office.round()
        assert ((ANNA.account, "early") in office.chat.roles) is granted
    assert office.chat.threads == {"1": "the export"}
    assert [(await office.row(name)).state for name in "abc"] == [SENT, SENT, SENT]


async def test_where_there_are_no_roles_to_give_that_is_said_and_no_threads_is_no_failure(office: Office) -> None:
    await office.add("a", OpenThread(SPACE, ROOM, PlatformMessageId("1"), "the export"))
    await office.add("b", GrantRole(SPACE, ANNA.account, "early"))
    await office.round(office.another(PublicOnly()))
    assert (await office.row("a")).state is SENT
    row = await office.row("b")
    assert (row.state, row.reason) == (DEAD, "this platform has no roles to give")
