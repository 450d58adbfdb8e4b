from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from dialogue.errors import Unavailable
from dialogue.events import MessagePosted
from dialogue.rows import Gap
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId
from tests.integration.discord.stage import ANNA, BEN, Stage, stage
from tests.servers.discord.server import Fault

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


async def told(on: Stage, after: str) -> Sequence[str]:
    page = PlatformMessageId(after)
    events = await on.chat.history(Gap(SpaceId(on.guild), ChannelId(on.channel), page, SINCE), page)
    return [event.text for event in events if isinstance(event, MessagePosted)]


@pytest.mark.parametrize("missed", [(), ("missed",)])
async def test_who_reads_from_the_start_again_sees_what_was_said_in_threads_meanwhile(missed: Sequence[str]) -> None:
    async with stage() as on:
        thread = on.server.world.thread(on.channel, "talk", on.say("root"))
        on.server.world.say(ANNA, thread, "long ago")
        known = on.say("known")
        for text in missed:
            on.say(text)
        assert await told(on, known) == [*missed]
        on.server.world.say(BEN, thread, "live in the thread")
        on.say("live in the channel")
        assert await told(on, known) == [*missed, "live in the thread", "live in the channel"]


async def test_who_was_at_the_end_sees_what_was_said_in_threads_meanwhile() -> None:
    async with stage() as on:
        thread = on.server.world.thread(on.channel, "talk", on.say("root"))
        known = on.say("known")
        assert await told(on, known) == []
        later = on.say("later")
        on.server.world.say(BEN, thread, "latest")
        assert await told(on, later) == ["latest"]


async def test_threads_are_listed_once_for_pages_read_one_after_the_other() -> None:
    async with stage() as on:
        start = on.say("start")
        for number in range(250):
            on.say(f"line {number}")
        page, on.server.requests[:] = PlatformMessageId(start), []
        gap = Gap(SpaceId(on.guild), ChannelId(on.channel), page, SINCE)
        while events := await on.chat.history(gap, page):
            page = events[-1].message  # type: ignore[union-attr]
        assert len([request for request in on.server.requests if "threads/active" in request]) == 1


async def test_a_thread_with_something_new_is_found_behind_a_hundred_that_went_to_rest_later() -> None:
    async with stage() as on:
        world = on.server.world
        quiet = [world.thread(on.channel, f"quiet {number}") for number in range(100)]
        lively = world.thread(on.channel, "lively")
        for thread in quiet:
            world.say(ANNA, thread, "long ago")
        known = on.say("known")
        world.skip(60)
        world.say(BEN, lively, "missed")
        for thread in (lively, *quiet):
            world.archive(thread)
        assert await told(on, known) == ["missed"]


async def test_threads_that_rested_before_what_is_known_are_not_listed_to_the_last() -> None:
    async with stage() as on:
        for number in range(120):
            thread = on.server.world.thread(on.channel, f"thread {number}")
            on.server.world.archive(thread)
        on.server.world.skip(60)
        known = on.say("known")
        on.say("missed")
        assert await told(on, known) == ["missed"]
        assert len([request for request in on.server.requests if "archived" in request]) == 1


@pytest.mark.parametrize("gone", ["THREAD_DELETE", "CHANNEL_DELETE"])
async def test_what_stood_in_a_place_that_goes_while_it_is_read_is_not_told(
    gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage() as on:
        world = on.server.world
        thread = world.thread(on.channel, "talk", on.say("root"))
        known = on.say("known")
        world.say(ANNA, thread, "for everybody")
        read = on.chat._servers.messages

        async def then_it_goes(channel: str, after: int) -> Sequence[Mapping[str, object]]:
            found = await read(channel, after)
            payload = world.channels[thread if gone == "THREAD_DELETE" else on.channel]
            on.chat._directory.apply(gone, payload)
            return found

        monkeypatch.setattr(on.chat._servers, "messages", then_it_goes)
        page = PlatformMessageId(known)
        assert await on.chat.history(Gap(SpaceId(on.guild), ChannelId(on.channel), page, SINCE), page) == ()


async def test_a_channel_that_is_gone_has_no_history() -> None:
    async with stage() as on:
        gap = Gap(SpaceId(on.guild), ChannelId(on.channel), None, SINCE)
        on.say("hello")
        on.server.world.delete_channel(on.channel)
        assert await on.chat.history(gap, None) == ()


async def test_a_channel_that_no_event_told_of_is_read_as_what_it_is() -> None:
    async with stage() as on:
        assert await told(on, on.say("known")) == []
        made = on.server.world.channel(on.guild, "new")
        on.server.world.say(ANNA, made, "hello")
        (said,) = await on.chat.history(Gap(SpaceId(on.guild), ChannelId(made), None, SINCE), None)
        assert isinstance(said, MessagePosted)
        assert (said.place.name, said.place.direct) == ("new", False)


async def test_a_channel_of_another_server_has_no_history_here() -> None:
    async with stage() as on:
        lobby = on.server.world.channel(on.server.world.guild("Other"), "lobby")
        on.server.world.say(ANNA, lobby, "hello")
        assert await on.chat.history(Gap(SpaceId(on.guild), ChannelId(lobby), None, SINCE), None) == ()


async def test_a_channel_that_can_not_be_asked_for_now_is_asked_for_later() -> None:
    async with stage() as on:
        assert await told(on, on.say("known")) == []
        made = on.server.world.channel(on.guild, "new")
        on.server.faults.append(Fault(f"GET /channels/{made}", 503))
        with pytest.raises(Unavailable):
            await on.chat.history(Gap(SpaceId(on.guild), ChannelId(made), None, SINCE), None)


@pytest.mark.parametrize(
    "broken", [{"author": None}, {"author": {"id": "5"}}, {"timestamp": "yesterday"}, {"type": []}]
)
async def test_a_message_that_can_not_be_read_holds_nothing_up_and_is_logged(broken: Mapping[str, object]) -> None:
    async with stage() as on:
        known = on.say("known")
        on.server.world.messages[on.channel][on.say("secret")].update(broken)
        on.say("after it")
        with capture_logs() as logs:
            assert await told(on, known) == ["after it"]
    (skipped,) = [log for log in logs if log["event"] == "payload_skipped"]
    assert "secret" not in str(skipped)


@pytest.mark.parametrize("broken", [None, [], {}, {"id": "x"}, {"id": None}])
async def test_what_is_no_message_at_all_is_left_out(broken: object, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage() as on:
        known = on.say("known")
        on.say("after it")
        ask = on.chat._session.ask

        async def with_a_broken_one(method: str, path: str, *given: object, **parts: str) -> object:
            answer = await ask(method, path, *given, **parts)  # type: ignore[arg-type]
            return [*answer, broken] if path.endswith("/messages") else answer  # type: ignore[misc]

        monkeypatch.setattr(on.chat._session, "ask", with_a_broken_one)
        assert await told(on, known) == ["after it"]


async def test_a_server_that_an_event_told_of_meanwhile_is_not_taken_from_an_older_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with stage() as on:
        ask, world = on.chat._session.ask, on.server.world

        async def then_it_changes(method: str, path: str, *given: object, **parts: str) -> object:
            answer = await ask(method, path, *given, **parts)  # type: ignore[arg-type]
            if path.endswith("/channels"):
                world.rename(on.channel, "lounge")
                on.chat._directory.apply("GUILD_CREATE", world.guild_payload(on.guild))
            return answer

        monkeypatch.setattr(on.chat._session, "ask", then_it_changes)
        await on.chat._servers.learn(on.guild)
        known = on.chat._directory.find(on.guild, on.channel)
        assert known is not None
        assert known.name == "lounge"
