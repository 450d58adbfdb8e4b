from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.cast import BOT, SPACE
from adapters.playground.clock import MovableClock, next_monday
from adapters.playground.gateway import LIMITS, Playground
from adapters.playground.platform import ANSWERABLE, Platform
from dialogue.actions import OutboxId
from dialogue.errors import Refused, Rejected
from dialogue.events import (
    ButtonPressed,
    CommandInvoked,
    Event,
    FormSubmitted,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionAdded,
    ReactionRemoved,
    ReplyHandle,
    dedupe_key,
)
from dialogue.posts import Button, Buttons, Post, plain
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId
from knowledge_base.members import Role

ANNA, BEN, SAM, ADA = (AccountId(name) for name in ("anna", "ben", "sam", "ada"))
COMMUNITY, STAFF = ChannelId("community"), ChannelId("staff")


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = Platform(tmp_path, MovableClock())
    yield platform
    platform.close()


async def told(platform: Platform) -> list[Event]:
    upto, events = await platform.undelivered()
    platform.delivered(upto)
    return list(events)


async def test_each_deed_becomes_its_event(platform: Platform) -> None:
    root = platform.say(ANNA, COMMUNITY, "root")
    platform.say(BEN, COMMUNITY, "below", thread=root, reply_to=root)
    platform.change(ANNA, root, "root, changed")
    platform.react(SAM, root, "bug")
    platform.react(SAM, root, ":bug:")
    platform.command(SAM, STAFF, "tag", "add", {"tag": "bug"}, root)
    platform.submit(SAM, STAFF, "decline:1:2", {"reason": "no"})
    platform.remove(ADA, root)
    posted, below, edited, added, removed, command, form, deleted = await told(platform)
    assert isinstance(posted, MessagePosted)
    assert (posted.actor.name, posted.actor.role, posted.place.audience) == (
        "Anna Kowalska",
        Role.CUSTOMER,
        Audience.PUBLIC,
    )
    assert posted.link == f"#community/{root}"
    assert isinstance(below, MessagePosted)
    assert (below.place.thread, below.reply_to) == (root, root)
    assert isinstance(edited, MessageEdited)
    assert edited.text == "root, changed"
    assert isinstance(added, ReactionAdded)
    assert isinstance(removed, ReactionRemoved)
    assert (added.emoji, added.actor.role) == ("bug", Role.STAFF)
    assert isinstance(command, CommandInvoked)
    assert (command.noun, command.verb, command.options, command.message) == ("tag", "add", {"tag": "bug"}, root)
    assert command.handle.expires_at - command.at >= ANSWERABLE - timedelta(seconds=1)
    assert isinstance(form, FormSubmitted)
    assert form.values == {"reason": "no"}
    assert isinstance(deleted, MessageDeleted)
    keys = [dedupe_key(event) for event in (posted, below, edited, added, removed, command, form, deleted)]
    assert len(set(keys)) == len(keys)


async def test_a_press_says_which_button_of_which_message(platform: Platform) -> None:
    chat = Playground(platform)
    post = Post((Buttons((Button("Plan", "plan:1:0"),)),))
    ref = await chat.send(SPACE, ChannelId("product-team"), None, post, OutboxId("k"))
    platform.press(SAM, ref.message, "plan:1:0")
    (event,) = await told(platform)
    assert isinstance(event, ButtonPressed)
    assert (event.custom_id, event.message, event.place.channel) == ("plan:1:0", ref.message, ref.channel)


async def test_a_button_that_the_message_no_longer_shows_is_refused(platform: Platform) -> None:
    chat = Playground(platform)
    post = Post((Buttons((Button("Plan", "plan:1:0"),)),))
    ref = await chat.send(SPACE, ChannelId("product-team"), None, post, OutboxId("k"))
    await chat.edit(SPACE, ref, plain("decided"), OutboxId("k2"))
    with pytest.raises(Refused, match="no longer there"):
        platform.press(SAM, ref.message, "plan:1:0")


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (lambda p, m: p.say(ANNA, STAFF, "hi"), "Only staff"),
        (lambda p, m: p.say(ANNA, ChannelId("direct-ben"), "hi"), "somebody else's"),
        (lambda p, m: p.say(ANNA, ChannelId("nowhere"), "hi"), "no such channel"),
        (lambda p, m: p.say(AccountId("nobody"), COMMUNITY, "hi"), "nobody here"),
        (lambda p, m: p.say(ANNA, COMMUNITY, " \n"), "nothing to send"),
        (lambda p, m: p.say(ANNA, COMMUNITY, "x" * 40_001), "40,000"),
        (lambda p, m: p.say(ANNA, COMMUNITY, "hi", PlatformMessageId("m99")), "gone"),
        (lambda p, m: p.change(BEN, m, "not mine"), "Only who wrote it"),
        (lambda p, m: p.remove(SAM, m), "or an admin"),
        (lambda p, m: p.react(ANNA, m, "x" * 41), "emoji"),
        (lambda p, m: p.join(" "), "name"),
        (lambda p, m: p.press(ANNA, m, "plan:1:0"), "no longer there"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(platform: Platform, deed, sentence: str) -> None:
    message = platform.say(ANNA, COMMUNITY, "hello")
    before = platform.state.number
    with pytest.raises(Refused, match=sentence):
        deed(platform, message)
    assert platform.state.number == before


def test_the_longest_message_is_taken(platform: Platform) -> None:
    message = platform.say(ANNA, COMMUNITY, "x" * 40_000)
    assert len(platform.message(message).text) == 40_000


def test_half_a_character_is_replaced_before_it_reaches_a_file(platform: Platform) -> None:
    assert platform.message(platform.say(ANNA, COMMUNITY, "half \ud83d")).text == "half ?"


def test_who_comes_in_is_there_after_a_restart(platform: Platform, tmp_path: Path) -> None:
    account = platform.join("<b>Robert'); DROP TABLE</b> שלום")
    assert Platform(tmp_path, MovableClock()).person(account).name == "<b>Robert'); DROP TABLE</b> שלום"


async def test_what_was_accepted_is_not_delivered_after_a_restart(platform: Platform, tmp_path: Path) -> None:
    platform.say(ANNA, COMMUNITY, "accepted")
    await told(platform)
    platform.say(ANNA, COMMUNITY, "not yet")
    _, events = await Platform(tmp_path, MovableClock()).undelivered()
    assert [event.text for event in events if isinstance(event, MessagePosted)] == ["not yet"]


async def test_a_private_answer_is_for_one_person_and_only_while_the_handle_lasts(platform: Platform) -> None:
    chat = Playground(platform)
    platform.command(ANNA, COMMUNITY, "help", "show", {})
    token, asked = next(iter(platform.state.asked.items()))
    handle = ReplyHandle(token, asked.expires_at)
    await chat.reply(SPACE, COMMUNITY, ANNA, handle, plain("for Anna"), OutboxId("k"))
    assert [message.to for message in platform.state.messages.values()] == [ANNA]
    platform.clock.ahead += ANSWERABLE + timedelta(seconds=1)
    with pytest.raises(Rejected):
        await chat.reply(SPACE, COMMUNITY, ANNA, handle, plain("too late"), OutboxId("k2"))
    await chat.reply(SPACE, COMMUNITY, ANNA, handle, plain("for Anna"), OutboxId("k"))  # sent already: harmless


async def test_somebody_elses_handle_answers_nobody(platform: Platform) -> None:
    platform.command(ANNA, COMMUNITY, "help", "show", {})
    token, asked = next(iter(platform.state.asked.items()))
    with pytest.raises(Rejected):
        await Playground(platform).reply(
            SPACE, COMMUNITY, BEN, ReplyHandle(token, asked.expires_at), plain("?"), OutboxId("k")
        )


async def test_a_post_that_does_not_fit_is_rejected(platform: Platform) -> None:
    with pytest.raises(Rejected, match="at most"):
        await Playground(platform).send(SPACE, COMMUNITY, None, plain("x" * (LIMITS.text + 1)), OutboxId("k"))


async def test_nobody_takes_messages_in_a_channel_that_is_not_there(platform: Platform) -> None:
    with pytest.raises(Rejected):
        await Playground(platform).send(SPACE, ChannelId("nowhere"), None, plain("hi"), OutboxId("k"))
    with pytest.raises(Rejected):
        await Playground(platform).send_direct(SPACE, AccountId("nobody"), plain("hi"), OutboxId("k"))


async def test_the_bots_own_deeds_are_no_news_to_it(platform: Platform) -> None:
    chat = Playground(platform)
    ref = await chat.send(SPACE, COMMUNITY, None, plain("post"), OutboxId("k1"))
    await chat.react(SPACE, COMMUNITY, ref.message, "memo", OutboxId("k2"), present=True)
    platform.remove(ADA, ref.message)
    assert await told(platform) == []
    assert platform.state.messages[ref.message].author == BOT


def test_the_clock_stays_moved_after_a_restart(platform: Platform, tmp_path: Path) -> None:
    platform.move_clock()
    clock = MovableClock()
    Platform(tmp_path, clock)
    assert clock.ahead == platform.clock.ahead > timedelta()


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda now: now.year < 9999))
def test_next_monday_is_the_first_monday_morning_to_come(now: datetime) -> None:
    monday = next_monday(now)
    assert (monday.weekday(), monday.hour, monday.minute, monday.second) == (0, 9, 0, 0)
    assert timedelta() < monday - now <= timedelta(days=7)
