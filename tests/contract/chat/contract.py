"""What every chat promises (``dialogue.ports.Chat`` and its abilities), as one class of tests to inherit.

An implementation gives a fixture ``driver``. What it can't do by its nature is a flag below, with a sentence saying
why; an ability that it doesn't claim (a protocol it doesn't implement) is skipped.
"""

import struct
import zlib
from datetime import timedelta

import pytest

from dialogue.actions import OutboxId
from dialogue.chat import GrantsRoles
from dialogue.custom_ids import custom_id
from dialogue.events import ChannelChanged, MessagePosted, OptionsSelected
from dialogue.posts import (
    Button,
    Buttons,
    Choices,
    Fact,
    Facts,
    Heading,
    Menu,
    Paragraph,
    Picture,
    Post,
    Quote,
    Words,
    plain,
)
from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import CommunityId, MemberId
from tests.contract.chat.abilities import AbilitiesContract
from tests.contract.chat.driver import SINCE, Driver, Keeping, Recorder, able, running

__all__ = ["SINCE", "ChatContract", "Driver", "able", "running"]

MENU = Menu("Choose a channel", custom_id("setup_team", "", ""), Choices.CHANNELS)
NASTY = (
    "@everyone @here <!channel> <@U1> <#C1>",
    "<script>alert(1)</script> & <b>bold</b>",
    "**bold** _it_ `code` [a](http://b) > quote",
    "'; DROP TABLE messages; --",
    "nul\0byte, bell\a",
    "\u202eright to left\u202c שלום",
    "😀 👨‍👩‍👧 e\u0301",
)


class ChatContract(AbilitiesContract):
    """Inherit, and give the fixture ``driver``."""

    # ---- the way in ------------------------------------------------------------------------------------------------

    async def test_what_is_said_arrives_in_its_order(self, driver: Driver) -> None:
        self._needs_to_hear()
        sink = Keeping()
        async with running(driver.chat, sink):
            for number in range(5):
                await driver.say(self.ANNA, f"line {number}")
            assert await sink.texts(5) == [f"line {number}" for number in range(5)]

    async def test_an_event_says_who_said_what_where(self, driver: Driver) -> None:
        self._needs_to_hear()
        message = await driver.say(self.ANNA, "the export drops my tags")
        sink = Keeping()
        async with running(driver.chat, sink):
            await sink.texts(1)
        (event,) = sink.events
        assert isinstance(event, MessagePosted)
        assert (event.actor, event.message) == (self.ANNA, message)
        assert (event.place.space, event.place.channel, event.place.thread) == (driver.space, driver.channel, None)
        assert event.at.utcoffset() == timedelta()

    @pytest.mark.parametrize("text", NASTY)
    async def test_any_text_arrives_as_it_was_said(self, driver: Driver, text: str) -> None:
        self._needs_to_hear()
        await driver.say(self.ANNA, text)
        sink = Keeping()
        async with running(driver.chat, sink):
            assert await sink.texts(1) == [text]

    async def test_what_was_not_accepted_is_delivered_again(self, driver: Driver) -> None:
        self._needs_to_hear()
        await driver.say(self.ANNA, "before the disk was full")
        full = Keeping(refuse=1)
        async with running(driver.chat, full):
            await full.refused.wait()
        sink = Keeping()
        async with running(driver.chat, sink):
            assert await sink.texts(1) == ["before the disk was full"]

    async def test_what_is_said_while_nobody_listens_is_not_lost(self, driver: Driver) -> None:
        self._needs_to_hear()
        sink = Keeping()
        async with running(driver.chat, sink):
            await driver.say(self.ANNA, "first")
            await sink.texts(1)
        await driver.say(self.ANNA, "second")
        driver.restart()
        async with running(driver.chat, sink):
            assert await sink.texts(2) == ["first", "second"]

    async def test_the_same_event_comes_again_under_the_same_key(self, driver: Driver) -> None:
        self._needs_to_hear()
        await driver.say(self.ANNA, "once")
        refusing = Recorder()
        async with running(driver.chat, refusing):
            await refusing.refused.wait()
        driver.restart()
        again = Recorder()
        async with running(driver.chat, again):
            await again.refused.wait()
        assert refusing.keys == again.keys

    async def test_a_lost_connection_is_told_before_anything_that_comes_after_it(self, driver: Driver) -> None:
        self._needs_to_hear()
        if self.STAYS_CONNECTED:
            pytest.skip("there is no connection that could be lost")
        sink = Keeping()
        async with running(driver.chat, sink):
            await driver.say(self.ANNA, "before")
            await sink.texts(1)
            driver.interrupt()
            await driver.say(self.ANNA, "after")
            await sink.texts(2)
            await driver.say(self.ANNA, "later")
            await sink.texts(3)
        assert sink.interruptions == [(driver.space, 1)]

    async def test_what_the_bot_says_never_comes_back_as_an_event(self, driver: Driver) -> None:
        self._needs_to_hear()
        await driver.chat.send(driver.space, driver.channel, None, plain("I am a bot"), OutboxId("k1"))
        await driver.say(self.ANNA, "hello bot")
        sink = Keeping()
        async with running(driver.chat, sink):
            await sink.texts(1)
        assert [event.type for event in sink.events] == ["message_posted"]

    async def test_what_is_chosen_from_a_menu_arrives_after_what_each_channel_is(self, driver: Driver) -> None:
        self._needs_to_hear()
        sink = Keeping()
        async with running(driver.chat, sink):
            post = Post((Paragraph("Where?"), MENU))
            ref = await driver.chat.send(driver.space, driver.channel, None, post, OutboxId("k1"))
            await driver.selects(self.ANNA, ref, MENU.custom_id, [driver.channel])
            chosen = await sink.first(OptionsSelected)
        assert (chosen.actor.account, chosen.message, chosen.custom_id) == (
            self.ANNA.account,
            ref.message,
            MENU.custom_id,
        )
        assert [one.id for one in chosen.selected] == [driver.channel]
        before = sink.events[: sink.events.index(chosen)]
        (told,) = [event.place for event in before if isinstance(event, ChannelChanged)]
        assert (told.channel, told.name) == (driver.channel, chosen.selected[0].name)

    # ---- the way out -----------------------------------------------------------------------------------------------

    async def test_a_post_shows_every_block(self, driver: Driver) -> None:
        ref = await driver.chat.send(driver.space, driver.channel, None, self._whole_post(driver), OutboxId("k1"))
        assert ref.channel == driver.channel
        if self.KEEPS_POSTS:
            for text in ("Heading", "Paragraph", "their words", "Anna", "Label", "value", "Press me"):
                assert text in driver.shown(ref)

    async def test_each_menu_stands_below_what_it_is_about(self, driver: Driver) -> None:
        again = Menu("Choose several channels", custom_id("setup_helping", "", ""), Choices.CHANNELS, 25)
        post = Post((Paragraph("First step"), MENU, Paragraph("Second step"), again))
        ref = await driver.chat.send(driver.space, driver.channel, None, post, OutboxId("k1"))
        if self.KEEPS_POSTS:
            shown = driver.shown(ref)
            places = [shown.find(text) for text in ("First step", MENU.label, "Second step", again.label)]
            assert -1 not in places
            assert places == sorted(places)

    async def test_a_picture_is_sent_with_words_for_who_cannot_see_it(self, driver: Driver) -> None:
        post = Post((Paragraph("This week"), Picture(png(), "Insights rose from 3 to 5")))
        ref = await driver.chat.send(driver.space, driver.channel, None, post, OutboxId("k1"))
        if self.KEEPS_POSTS:
            assert "This week" in driver.shown(ref)
            assert "Insights rose from 3 to 5" in driver.shown(ref)
        if self.POSTS_ONCE:
            driver.restart()
            assert ref == await driver.chat.send(driver.space, driver.channel, None, post, OutboxId("k1"))

    @pytest.mark.parametrize("text", NASTY)
    async def test_any_text_is_shown_as_text(self, driver: Driver, text: str) -> None:
        ref = await driver.chat.send(driver.space, driver.channel, None, plain(text), OutboxId("k1"))
        if self.KEEPS_POSTS:
            assert text in driver.shown(ref)

    async def test_two_posts_are_two_messages(self, driver: Driver) -> None:
        refs = [
            await driver.chat.send(driver.space, driver.channel, None, plain("same words"), OutboxId(key))
            for key in ("k1", "k2")
        ]
        assert len(set(refs)) == 2

    async def test_the_same_key_posts_once(self, driver: Driver) -> None:
        if not self.POSTS_ONCE:
            pytest.skip("a key given twice posts twice here: the caller looks for it first")
        first = await driver.chat.send(driver.space, driver.channel, None, plain("once"), OutboxId("k1"))
        again = await driver.chat.send(driver.space, driver.channel, None, plain("once"), OutboxId("k1"))
        driver.restart()
        assert first == again
        assert first == await driver.chat.send(driver.space, driver.channel, None, plain("once"), OutboxId("k1"))

    async def test_what_fits_is_known(self, driver: Driver) -> None:
        limits = driver.chat.limits()
        assert limits.text >= 2000
        assert limits.buttons >= 5
        text = "x" * limits.text
        await driver.chat.send(driver.space, driver.channel, None, plain(text), OutboxId("k1"))

    async def test_the_bot_knows_who_it_is(self, driver: Driver) -> None:
        identity = driver.chat.identity()
        assert identity.name == "Parley"
        assert identity.account not in ("", self.ANNA.account)
        assert driver.space in driver.chat.spaces
        assert identity.gives_roles is isinstance(driver.chat, GrantsRoles)

    def _whole_post(self, driver: Driver) -> Post:
        origin = Origin(CommunityId("c"), driver.space, driver.channel, Audience.PUBLIC)
        words = Words("their words", origin, MemberId("m"))
        return Post(
            (
                Heading("Heading"),
                Paragraph("Paragraph"),
                Quote(words, "Anna", None),
                Facts((Fact("Label", "value"),)),
                Buttons((Button("Press me", "plan:1:1"),)),
            )
        )


def png() -> bytes:
    """A picture of 2 by 2 grey points."""
    header = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    points = zlib.compress(b"\0\x20\x60\0\xa0\xe0")
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", points) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
