"""What a backfill reads: what was missed and the last day, at the pace that the platform allows; nothing more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from adapters.memory.chat import MemoryChat
from dialogue.errors import RateLimited
from dialogue.events import Event, MessageDeleted, MessagePosted, ReactionAdded
from dialogue.rows import Gap
from knowledge_base.ids import PlatformMessageId
from tests.stage import ANNA, BEN, HELP, SPACE, Stage


async def read_back(play: Stage) -> None:
    """The program starts again and reads what it missed."""
    program = play.restart()
    await program.backfill.open()
    while await program.backfill.run_once():
        pass
    await play.settle()


async def test_what_was_said_before_the_bot_came_is_not_read(play: Stage):
    old = play.clock.now() - timedelta(days=400)
    play.chat.miss(*(MessagePosted(HELP, ANNA, PlatformMessageId(f"old{i}"), f"long ago {i}", old) for i in range(9)))
    play.say(BEN, "hello everybody")
    await play.settle()
    await read_back(play)
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        assert [m.text for m in await uow.messages.recent(community, SPACE, HELP.channel, 99)] == ["hello everybody"]


async def test_where_the_last_message_read_was_deleted_nothing_before_it_is_read(play: Stage):
    now = play.clock.now()
    play.chat.miss(MessagePosted(HELP, ANNA, PlatformMessageId("old"), "long ago", now - timedelta(days=400)))
    last = play.say(BEN, "hello everybody")
    await play.settle()
    later = play.clock.now() + timedelta(minutes=5)
    play.chat.miss(MessageDeleted(HELP, last, later), MessagePosted(HELP, ANNA, PlatformMessageId("x"), "hi", later))
    await read_back(play)
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        kept = [m.text for m in await uow.messages.recent(community, SPACE, HELP.channel, 99) if not m.deleted]
    assert "hi" in kept
    assert "long ago" not in kept


class Strict(MemoryChat):
    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        raise RateLimited(timedelta(seconds=60))


class Chatty(MemoryChat):
    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        return [ReactionAdded(HELP, ANNA, PlatformMessageId("m1"), "tada", "r", gap.opened_at)]


async def test_peers_06_a_platform_that_says_when_to_ask_again_is_asked_then(play: Stage):
    play.say(BEN, "hello everybody")
    await play.settle()
    play.chat.__class__ = Strict
    program = play.restart()
    await program.backfill.open()
    await program.backfill.run_once()
    assert await program.backfill.pause() >= timedelta(seconds=59)


async def test_peers_22_a_page_without_messages_stops_nothing(play: Stage):
    play.say(BEN, "hello everybody")
    await play.settle()
    play.chat.__class__ = Chatty
    program = play.restart()
    await program.backfill.open()
    await program.backfill.run_once()


class Forgetful(MemoryChat):
    """Its history does not reach into old threads."""

    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        told = await super().history(gap, page)
        return [event for event in told if not isinstance(event, MessagePosted) or event.place.thread != OLD_THREAD]


OLD_THREAD = PlatformMessageId("root-of-last-month")


async def kept_after_downtime(play: Stage, thread: PlatformMessageId, *, deleted: str = "") -> list[str]:
    """What is kept of two replies in a thread and what is said beside it, once the last day was compared."""
    place, now = replace(HELP, thread=thread), play.clock.now()
    play.chat.happen(MessagePosted(HELP, BEN, PlatformMessageId("before"), "before", now))
    for number, text in enumerate(("first reply", "second reply"), 1):
        at = now + timedelta(minutes=number)
        play.chat.happen(MessagePosted(place, ANNA, PlatformMessageId(f"r{number}"), text, at))
    play.chat.happen(MessagePosted(HELP, BEN, PlatformMessageId("beside"), "beside", now + timedelta(minutes=5)))
    await play.settle()
    if deleted:
        play.chat.miss(MessageDeleted(place, PlatformMessageId(deleted), now + timedelta(minutes=6)))
    play.clock.advance(timedelta(minutes=10))
    await read_back(play)
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        recent = await uow.messages.recent(community, SPACE, HELP.channel, 99)
    return [message.text for message in recent if not message.deleted]


async def test_what_was_said_in_a_thread_that_the_history_does_not_reach_is_not_taken_for_deleted(play: Stage):
    play.chat = Forgetful(SPACE)
    play.restart()
    assert await kept_after_downtime(play, OLD_THREAD) == ["before", "first reply", "second reply", "beside"]


async def test_peers_22_what_was_deleted_in_a_thread_meanwhile_is_gone(play: Stage):
    assert await kept_after_downtime(play, PlatformMessageId("root"), deleted="r1") == [
        "before",
        "second reply",
        "beside",
    ]
