"""What every chat promises (``dialogue.ports.Chat`` and its abilities), as one class of tests to inherit.

An implementation gives a fixture ``driver``. What it can't do by its nature is a flag below, with a sentence saying
why; an ability that it doesn't claim (a protocol it doesn't implement) is skipped.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol, TypeVar

import pytest

from dialogue.actions import OutboxId
from dialogue.errors import Rejected, StorageUnavailable
from dialogue.events import Actor, Event, MessagePosted, ReplyHandle, dedupe_key
from dialogue.ports import (
    AddsReactions,
    AnswersInteractions,
    Chat,
    EditsMessages,
    EventSink,
    FetchesHistory,
    FindsSent,
    SendsDirectMessages,
)
from dialogue.posts import Button, Buttons, Fact, Facts, Heading, Paragraph, Post, Quote, Words, plain
from dialogue.rows import Gap, SentRef
from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import AccountId, ChannelId, CommunityId, MemberId, PlatformMessageId, SpaceId
from knowledge_base.members import Role

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
NASTY = (
    "@everyone @here <!channel> <@U1> <#C1>",
    "<script>alert(1)</script> & <b>bold</b>",
    "**bold** _it_ `code` [a](http://b) > quote",
    "'; DROP TABLE messages; --",
    "nul\0byte, bell\a",
    "\u202eright to left\u202c שלום",
    "😀 👨‍👩‍👧 e\u0301",
)
Ability = TypeVar("Ability")


class Driver(Protocol):
    """The platform's other side: what people do there, and what they see. ``chat`` is new after :meth:`restart`."""

    chat: Chat
    space: SpaceId
    channel: ChannelId

    async def say(self, actor: Actor, text: str) -> PlatformMessageId:
        """Somebody says something in ``channel``."""

    def interrupt(self) -> None:
        """The connection to the platform is lost and made again."""

    async def asks(self, actor: Actor) -> ReplyHandle:
        """Somebody gives a command in ``channel``; by what it can be answered."""

    def restart(self) -> None:
        """Our program ends without a warning and starts again; the platform keeps what it has."""

    def shown(self, ref: SentRef) -> str:
        """Everything people can read in a message, as text."""

    def reactions(self, message: PlatformMessageId) -> Sequence[str]:
        """The emoji that the bot has on a message, each as often as it stands there."""


class Keeping(EventSink):
    """Accepts everything, or refuses as often as it is told to."""

    def __init__(self, refuse: int = 0) -> None:
        self.events: list[Event] = []
        self.interruptions: list[tuple[SpaceId, int]] = []
        self.refused = asyncio.Event()
        self._refuse = refuse
        self._arrived = asyncio.Event()

    async def accept(self, events: Sequence[Event]) -> None:
        if self._refuse:
            self._refuse -= 1
            self.refused.set()
            raise StorageUnavailable("the disk is full")
        self.events.extend(events)
        self._arrived.set()

    async def interrupted(self, space: SpaceId) -> None:
        """Notes how many events came before."""
        self.interruptions.append((space, len(self.events)))

    async def texts(self, count: int) -> list[str]:
        """What was said, each once, as soon as there are that many."""
        async with asyncio.timeout(5):
            while len(said := self._said()) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return said

    def _said(self) -> list[str]:
        once = {dedupe_key(event): event.text for event in self.events if isinstance(event, MessagePosted)}
        return list(once.values())


@asynccontextmanager
async def running(chat: Chat, sink: EventSink) -> AsyncIterator[None]:
    """Runs a chat while the block lasts, then cancels it as the program does."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(chat.run(sink))
        try:
            yield
        finally:
            task.cancel()


class ChatContract:
    """Inherit, and give the fixture ``driver``."""

    HEARS: ClassVar[bool] = True
    """False where nobody can speak."""
    KEEPS_POSTS: ClassVar[bool] = True
    """False where what was posted can't be looked at again, so that a gone post isn't noticed."""
    POSTS_ONCE: ClassVar[bool] = True
    """False where a key given twice posts twice, and the caller has to look for it first."""

    STAYS_CONNECTED: ClassVar[bool] = False
    """True where platform and program are one process, so that no connection can be lost."""

    ANNA: ClassVar[Actor] = Actor(AccountId("anna"), "Anna Kowalska", Role.CUSTOMER)

    @pytest.fixture
    def driver(self) -> Driver:
        raise NotImplementedError("each implementation gives its own")

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

    # ---- the way out -----------------------------------------------------------------------------------------------

    async def test_a_post_shows_every_block(self, driver: Driver) -> None:
        ref = await driver.chat.send(driver.space, driver.channel, None, self._whole_post(driver), OutboxId("k1"))
        assert ref.channel == driver.channel
        if self.KEEPS_POSTS:
            for text in ("Heading", "Paragraph", "their words", "Anna", "Label", "value", "Press me"):
                assert text in driver.shown(ref)

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

    # ---- abilities -------------------------------------------------------------------------------------------------

    async def test_an_edit_shows_the_new_post(self, driver: Driver) -> None:
        able(driver, EditsMessages)
        ref = await driver.chat.send(driver.space, driver.channel, None, plain("before"), OutboxId("k1"))
        for _ in range(2):
            await able(driver, EditsMessages).edit(driver.space, ref, plain("after"), OutboxId("k2"))
        if self.KEEPS_POSTS:
            assert "after" in driver.shown(ref)
            assert "before" not in driver.shown(ref)

    async def test_an_edit_of_a_post_that_is_gone_is_rejected(self, driver: Driver) -> None:
        chat = able(driver, EditsMessages)
        if not self.KEEPS_POSTS:
            pytest.skip("posts can't be looked at again here, so none is ever missed")
        nowhere = SentRef(driver.channel, PlatformMessageId("never-sent"))
        with pytest.raises(Rejected):
            await chat.edit(driver.space, nowhere, plain("after"), OutboxId("k1"))

    async def test_reacting_twice_is_harmless(self, driver: Driver) -> None:
        chat = able(driver, AddsReactions)
        message = await self._somebodys_message(driver)
        for number in range(2):
            await chat.react(driver.space, driver.channel, message, "memo", OutboxId(f"k{number}"), present=True)
        assert not self.KEEPS_POSTS or list(driver.reactions(message)) == ["memo"]
        for number in range(2):
            await chat.react(driver.space, driver.channel, message, "memo", OutboxId(f"t{number}"), present=False)
        assert not self.KEEPS_POSTS or list(driver.reactions(message)) == []

    async def test_an_interaction_is_answered(self, driver: Driver) -> None:
        chat = able(driver, AnswersInteractions)
        handle = await driver.asks(self.ANNA)
        args = (driver.space, driver.channel, self.ANNA.account, handle, plain("only you"), OutboxId("k1"))
        await chat.reply(*args)
        if self.POSTS_ONCE:
            await chat.reply(*args)
        if isinstance(driver.chat, FindsSent) and self.KEEPS_POSTS:
            ref = await driver.chat.find_sent(driver.space, OutboxId("k1"), SINCE)
            assert ref is not None
            assert "only you" in driver.shown(ref)

    async def test_a_direct_message_goes_to_a_channel_of_its_own(self, driver: Driver) -> None:
        chat = able(driver, SendsDirectMessages)
        ref = await chat.send_direct(driver.space, self.ANNA.account, plain("for you alone"), OutboxId("k1"))
        assert ref.channel != driver.channel
        if self.KEEPS_POSTS:
            assert "for you alone" in driver.shown(ref)

    async def test_what_was_sent_is_found_also_after_a_restart(self, driver: Driver) -> None:
        able(driver, FindsSent)
        ref = await driver.chat.send(driver.space, driver.channel, None, plain("found"), OutboxId("k1"))
        for _ in range(2):
            chat = able(driver, FindsSent)
            assert await chat.find_sent(driver.space, OutboxId("k1"), SINCE) == ref
            assert await chat.find_sent(driver.space, OutboxId("k2"), SINCE) is None
            driver.restart()

    async def test_edits_and_direct_messages_are_found_too(self, driver: Driver) -> None:
        chat = able(driver, FindsSent)
        ref = await driver.chat.send(driver.space, driver.channel, None, plain("before"), OutboxId("k1"))
        if isinstance(chat, SendsDirectMessages):
            sent = await chat.send_direct(driver.space, self.ANNA.account, plain("hello"), OutboxId("k2"))
            assert await chat.find_sent(driver.space, OutboxId("k2"), SINCE) == sent
        assert await chat.find_sent(driver.space, OutboxId("k1"), SINCE) == ref

    async def test_history_is_read_page_by_page_until_it_ends(self, driver: Driver) -> None:
        chat = able(driver, FetchesHistory)
        said = [f"line {number}" for number in range(250)]
        messages = [await driver.say(self.ANNA, text) for text in said]
        gap = Gap(driver.space, driver.channel, messages[1], SINCE)
        read: list[MessagePosted] = []
        page: PlatformMessageId | None = None
        while events := await chat.history(gap, page):
            read += [event for event in events if isinstance(event, MessagePosted)]
            page = read[-1].message
        assert [event.text for event in read] == said[2:]
        assert not any(event.live for event in read)

    def _needs_to_hear(self) -> None:
        if not self.HEARS:
            pytest.skip("nobody can speak here")

    async def _somebodys_message(self, driver: Driver) -> PlatformMessageId:
        return await driver.say(self.ANNA, "hello") if self.HEARS else PlatformMessageId("m1")

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


class Recorder(EventSink):
    """Refuses everything, and notes under which keys it came."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.refused = asyncio.Event()

    async def accept(self, events: Sequence[Event]) -> None:
        self.keys = [dedupe_key(event) for event in events]
        self.refused.set()
        raise StorageUnavailable("the disk is full")


def able(driver: Driver, ability: type[Ability]) -> Ability:
    """The chat, if it claims the ability; else the test has nothing to say."""
    if not isinstance(driver.chat, ability):
        pytest.skip(f"it does not claim to be one that {ability.__name__}")
    return driver.chat
