"""To which server a direct channel belongs, of a bot that is on several."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from adapters.discord.errors import SERVER_UNKNOWN
from dialogue.actions import OutboxId, Said, SendDirect
from dialogue.events import ButtonPressed, Event, MemberChanged, MessageDeleted, MessageEdited, MessagePosted
from dialogue.posts import Button, Buttons, Paragraph, Post
from dialogue.rows import Gap, SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role
from tests.integration.discord.stage import ANNA, CARA, Stage, chat_on, stage
from tests.servers.discord.server import Fault

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
CARD = Post((Paragraph("Did this help?"), Buttons((Button("Yes", "helped:1:1"),))))


@dataclass
class Two:
    """A bot on two servers; Anna and Cara are on both."""

    on: Stage
    first: str
    other: str
    lobby: str
    alone: str

    async def here(self) -> None:
        """Anna says something on the first server."""
        await self._say(self.on.channel)

    async def there(self) -> None:
        """Anna says something on the other."""
        await self._say(self.lobby)

    async def write(self, text: str) -> MessagePosted:
        """Anna writes to the bot alone."""
        message = self.on.server.world.write(ANNA, text)
        return await self._heard(message)

    async def send(self, space: str, key: str) -> SentRef:
        return await self.on.chat.send_direct(SpaceId(space), AccountId(ANNA), CARD, OutboxId(key))

    async def read_back(self, space: str, after: str | None = None) -> Sequence[str]:
        page = PlatformMessageId(after) if after else None
        told = await self.on.chat.history(Gap(SpaceId(space), ChannelId(self.alone), page, SINCE), page)
        assert all(said_directly(event) for event in told)
        return [event.text for event in told if isinstance(event, MessagePosted)]

    async def restart(self) -> None:
        await self.on.chat.close()
        self.on.chat = chat_on(self.on.server, self.on.interactions)

    async def _say(self, channel: str) -> None:
        await self._heard(self.on.server.world.say(ANNA, channel, "hello"))

    async def _heard(self, message: str) -> MessagePosted:
        sink = self.on.sink
        await sink.until(lambda: [each for each in sink.of(MessagePosted) if each.message == message])
        return next(each for each in sink.of(MessagePosted) if each.message == message)


def said_directly(event: Event) -> bool:
    return isinstance(event, MessagePosted) and event.place.direct


@asynccontextmanager
async def two() -> AsyncIterator[Two]:
    async with stage() as on:
        world = on.server.world
        other = world.guild("Other")
        lobby = world.channel(other, "lobby")
        for person in (ANNA, CARA):
            world.join(other, person)
        yield Two(on, on.guild, other, lobby, world.direct(ANNA))


async def test_who_is_written_to_for_a_server_answers_that_one() -> None:
    async with two() as both, both.on.live():
        await both.there()
        ref = await both.send(both.first, "k1")
        said = await both.write("thank you")
        both.on.server.world.press(ANNA, ref.channel, ref.message, "helped:1:1")
        (pressed,) = await both.on.sink.got(ButtonPressed)
    assert (said.place.space, pressed.place.space) == (both.first, both.first)


async def test_a_button_is_of_the_server_for_which_it_was_sent_and_words_are_of_the_first() -> None:
    async with two() as both, both.on.live():
        await both.here()
        await both.send(both.first, "k1")
        ref = await both.send(both.other, "k2")
        both.on.server.world.press(ANNA, ref.channel, ref.message, "helped:1:1")
        (pressed,) = await both.on.sink.got(ButtonPressed)
        said = await both.write("thank you")
    assert (pressed.place.space, said.place.space) == (both.other, both.first)


async def test_what_is_changed_or_deleted_later_is_told_to_whom_it_was_said() -> None:
    async with two() as both, both.on.live():
        world = both.on.server.world
        await both.here()
        said = await both.write("my password is tulip")
        await both.there()
        world.change(both.alone, said.message, "never mind")
        world.delete(both.alone, said.message)
        (gone,) = await both.on.sink.got(MessageDeleted)
        (edit,) = both.on.sink.of(MessageEdited)
    assert (said.place.space, edit.place.space, gone.place.space) == (both.first, both.first, both.first)


async def test_a_channel_that_had_two_servers_tells_both_what_is_gone() -> None:
    async with two() as both, both.on.live():
        world = both.on.server.world
        await both.here()
        said = await both.write("of the first")
        world.quit(both.first, ANNA)
        await both.there()
        assert (await both.write("of the other")).place.space == both.other
        world.change(both.alone, said.message, "never mind")
        world.delete(both.alone, said.message)
        gone = await both.on.sink.got(MessageDeleted, 2)
    assert {event.place.space for event in gone} == {both.first, both.other}
    assert {event.place.space for event in both.on.sink.of(MessageEdited)} == {both.first, both.other}


async def test_what_was_said_to_another_server_in_between_is_not_read_back() -> None:
    async with two() as both, both.on.live():
        world = both.on.server.world
        await both.here()
        first = await both.write("of the first")
        world.skip(1)
        world.quit(both.first, ANNA)
        await both.there()
        await both.write("of the other")
        world.skip(1)
        world.quit(both.other, ANNA)
        world.join(both.first, ANNA)
        await both.here()
        assert (await both.write("of the first again")).place.space == both.first
        world.write(ANNA, "missed")
        assert await both.read_back(both.first) == ["of the first", "of the first again", "missed"]
        assert await both.read_back(both.other) == []
    assert first.place.space == both.first


async def test_what_was_said_to_a_server_is_not_read_back_for_another_when_the_person_has_left_it() -> None:
    async with two() as both, both.on.live():
        await both.here()
        await both.write("of the first")
        both.on.server.world.quit(both.first, ANNA)
        await both.there()
        assert await both.read_back(both.other) == []
        both.on.server.world.skip(1)
        both.on.server.world.write(ANNA, "of the other")
        assert await both.read_back(both.other) == ["of the other"]


async def test_only_what_stands_in_the_direct_channel_is_direct() -> None:
    async with two() as both:
        message = both.on.server.world.write(ANNA, "missed")
        both.on.server.world.messages[both.alone][message]["channel_id"] = "77"
        assert await both.read_back(both.first) == []


async def test_what_was_missed_is_read_back_for_its_server_alone() -> None:
    async with two() as both, both.on.live():
        await both.here()
        said = await both.write("known")
        await both.there()
        both.on.server.world.write(ANNA, "missed")
        assert await both.read_back(both.other, said.message) == []
        assert await both.read_back(both.first, said.message) == ["missed"]


@pytest.mark.parametrize("connected", [True, False])
async def test_after_a_restart_a_channel_is_of_the_server_that_reads_it_back(connected: bool) -> None:
    async with two() as both:
        both.on.server.world.write(ANNA, "missed")
        if not connected:
            assert await both.read_back(both.first) == ["missed"]
            assert await both.read_back(both.other) == []
            return
        async with both.on.live():
            assert await both.read_back(both.first) == ["missed"]
            assert await both.read_back(both.other) == []
            await both.there()
            assert (await both.write("live")).place.space == both.first


async def test_nothing_is_read_back_for_a_server_that_the_person_has_left() -> None:
    async with two() as both:
        world = both.on.server.world
        world.write(ANNA, "missed")
        world.quit(both.first, ANNA)
        async with both.on.live():
            assert await both.read_back(both.first) == []
            assert await both.read_back(both.other) == ["missed"]


async def test_a_server_that_can_not_say_who_is_on_it_reads_nothing_and_tries_again() -> None:
    async with two() as both:
        both.on.server.world.write(ANNA, "missed")
        both.on.server.faults.append(Fault("/members/", 503, times=1))
        with pytest.raises(Exception, match="trouble"):
            await both.read_back(both.first)
        assert await both.read_back(both.first) == ["missed"]


async def test_after_a_restart_a_button_is_answered_in_words_until_its_server_is_known() -> None:
    async with two() as both:
        ref = await both.send(both.first, "k1")
        await both.restart()
        world = both.on.server.world
        world.write(ANNA, "missed")
        async with both.on.live():
            asked = world.press(ANNA, ref.channel, ref.message, "helped:1:1")
            await both.on.server.until(lambda: asked.acknowledged)
            assert [answer["content"] for answer in asked.answers] == [SERVER_UNKNOWN]
            option = world.type_option(ANNA, both.alone, "tag", "remove", "tag", "bil")
            await both.on.server.until(lambda: option.acknowledged)
            assert option.acknowledged == {"type": 8, "data": {"choices": []}}
            assert await both.read_back(both.first) == ["missed"]
            again = world.press(ANNA, ref.channel, ref.message, "helped:1:1")
            await both.on.server.until(lambda: again.acknowledged)
            (pressed,) = await both.on.sink.got(ButtonPressed)
    assert pressed.place.space == both.first


async def test_who_joined_a_server_belongs_there() -> None:
    async with two() as both, both.on.live():
        world = both.on.server.world
        world.user("2001", "Dora")
        world.join(both.other, "2001")
        message = world.write("2001", "hello")
        await both.on.sink.got(MessagePosted)
    (said,) = both.on.sink.of(MessagePosted)
    assert (said.message, said.place.space) == (message, both.other)


async def test_a_message_of_a_direct_channel_that_was_found_again_is_of_its_server() -> None:
    async with two() as both, both.on.live():
        await both.there()
        both.on.server.faults.append(Fault("/messages", 0, after=True))
        with pytest.raises(Exception, match="broke"):
            await both.send(both.first, "k1")
        action = SendDirect(SpaceId(both.first), AccountId(ANNA), Said(CARD))
        assert await both.on.chat.find_sent(action, OutboxId("k1"), SINCE)
        assert (await both.write("thank you")).place.space == both.first


async def test_without_the_intent_roles_that_may_have_changed_do_not_count_in_direct_messages() -> None:
    async with stage(members=False) as on, on.live():
        world = on.server.world
        world.say(CARA, on.channel, "long ago")
        await on.sink.got(MessagePosted)
        on.chat._directory._acted.clear()  # it was long ago
        world.change_member(on.guild, CARA, roles=[])
        world.write(CARA, "am I still the boss?")
        _, stale = await on.sink.got(MessagePosted, 2)
        world.say(CARA, on.channel, "now")
        world.write(CARA, "seen just now")
        said = await on.sink.got(MessagePosted, 4)
    assert (stale.actor.role, stale.actor.groups) == (Role.CUSTOMER, ())
    assert on.sink.of(MemberChanged) == []
    assert said[3].actor.role is Role.CUSTOMER


async def test_without_the_intent_who_acted_just_now_has_the_roles_of_then() -> None:
    async with stage(members=False) as on, on.live():
        on.server.world.say(CARA, on.channel, "hello")
        on.server.world.write(CARA, "I am the boss")
        _, said = await on.sink.got(MessagePosted, 2)
    assert said.actor.role is Role.ADMIN


@pytest.mark.parametrize("fault", [Fault("GET /channels", 429, wait=60), Fault("GET /channels", 503)])
async def test_deletions_wait_for_a_platform_in_trouble_and_share_one_question(fault: Fault) -> None:
    async with stage(request_timeout=0.5) as on:
        messages = [on.server.world.write(ANNA, text) for text in ("one", "two", "three")]
        fault.times = 1 if fault.status == 429 else 2
        async with on.live():
            on.server.faults.append(fault)
            with capture_logs() as logs:
                for message in messages:
                    on.server.world.delete(on.server.world.direct(ANNA), message)
                gone = await on.sink.got(MessageDeleted, 3)
            asked = [each for each in on.server.requests if each == f"GET /channels/{on.server.world.direct(ANNA)}"]
    assert [event.message for event in gone] == messages
    assert not fault.times
    assert len(asked) <= 4
    assert not [log for log in logs if log["event"] == "deletion_of_unknown_place"]
