"""What happened while nobody listened is read afterwards: captured, edits and deletions too, never answered."""

from datetime import timedelta

from dialogue.events import MessageDeleted, MessageEdited, MessagePosted
from knowledge_base.ids import PlatformMessageId, message_id
from knowledge_base.messages import Message
from tests.stage import ANNA, BEN, HELP, PRODUCT, SPACE, Stage

CSV = "The CSV export drops my tags, the tags column is empty in every file"


async def stored(play: Stage, message: PlatformMessageId) -> Message | None:
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        assert community
        return await uow.messages.get(community, message_id(SPACE, HELP.channel, message))


async def come_back(play: Stage) -> None:
    """Start again and read what was missed."""
    program = play.restart()
    await program.backfill.open()
    while await program.backfill.run_once():
        pass
    await play.settle()


async def test_peers_06_messages_of_a_downtime_are_captured(play: Stage):
    play.say(BEN, "hello everybody")
    await play.settle()
    later = play.clock.now() + timedelta(minutes=5)
    missed = [MessagePosted(HELP, ANNA, PlatformMessageId(f"x{i}"), f"{CSV} {i}", later) for i in range(250)]
    play.chat.miss(*missed)
    await come_back(play)
    assert (await stored(play, missed[-1].message)).text == f"{CSV} 249"
    assert play.shown(PRODUCT)
    assert not play.shown(HELP)
    async with play.storage.read() as uow:
        assert not await uow.gaps.all(SPACE)
        assert await uow.gaps.watermark(SPACE, HELP.channel) == missed[-1].message


async def test_edits_and_deletions_of_a_downtime_follow_through(play: Stage):
    play.say(BEN, "hello everybody")
    edited, gone = play.say(ANNA, CSV), play.say(BEN, "The app crashes whenever I open the settings page")
    play.say(BEN, "anyway, good morning")
    await play.settle()
    now = play.clock.now()
    play.chat.miss(
        MessageEdited(HELP, ANNA, edited, f"{CSV} since the update", "v1", now), MessageDeleted(HELP, gone, now)
    )
    await come_back(play)
    assert (await stored(play, edited)).text.endswith("since the update")
    assert (await stored(play, gone)).deleted
    assert not any("settings page" in card for card in play.shown(PRODUCT))


async def test_peers_22_live_messages_do_not_move_the_watermark_past_an_open_gap(play: Stage):
    first = play.say(BEN, "hello everybody")
    await play.settle()
    play.chat.miss(MessagePosted(HELP, ANNA, PlatformMessageId("missed"), CSV, play.clock.now()))
    program = play.restart()
    await program.backfill.open()
    play.say(BEN, "anybody here?")
    await play.settle()
    async with play.storage.read() as uow:
        assert await uow.gaps.watermark(SPACE, HELP.channel) == first
    while await program.backfill.run_once():
        pass
    await play.settle()
    assert (await stored(play, PlatformMessageId("missed"))).text == CSV
