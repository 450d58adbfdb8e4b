"""What a backfill reads: what was missed and the last day, at the pace that the platform allows; nothing more."""

from collections.abc import Sequence
from datetime import timedelta

from adapters.memory.chat import MemoryChat
from dialogue.errors import RateLimited
from dialogue.events import Event, MessageDeleted, MessagePosted, ReactionAdded
from dialogue.rows import Gap
from knowledge_base.ids import PlatformMessageId
from tests.stage import ANNA, BEN, HELP, SPACE, Stage


async def test_what_was_said_before_the_bot_came_is_not_read(play: Stage):
    old = play.clock.now() - timedelta(days=400)
    play.chat.miss(*(MessagePosted(HELP, ANNA, PlatformMessageId(f"old{i}"), f"long ago {i}", old) for i in range(9)))
    play.say(BEN, "hello everybody")
    await play.settle()
    program = play.restart()
    await program.backfill.open()
    while await program.backfill.run_once():
        pass
    await play.settle()
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
    program = play.restart()
    await program.backfill.open()
    while await program.backfill.run_once():
        pass
    await play.settle()
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
