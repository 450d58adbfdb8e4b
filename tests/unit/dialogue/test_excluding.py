"""A channel of minors or of sensitive talk is excluded: nothing is kept, nothing said there; stricter than off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ticker import Ticker
from dialogue.actions import OpenThread, OutboxId, Outgoing, Post, React, Said
from dialogue.excluding import PART
from dialogue.fence import may_pass
from dialogue.plain import plain_text
from dialogue.posts import Words, plain
from knowledge_base.channels import Audience, Channel, Mode, Origin
from knowledge_base.ids import ChannelId, CommunityId, MemberId, PlatformMessageId
from tests.unit.dialogue.stage import ADA, ANNA, BEN, GENERAL, PRODUCT, SAM, SPACE, Stage
from tests.unit.dialogue.test_trust import left

DROPS = "The export drops my tags, this is broken"
SECRET = "my grandmother is in hospital and the export drops my tags"
KIDS = replace(GENERAL, channel=ChannelId("kids"), name="kids")


async def exclude(stage: Stage, place=KIDS) -> str:
    return await stage.command(ADA, "channel exclude", place=place)


async def mode_of(stage: Stage, place=KIDS) -> Mode:
    async with stage.look() as (uow, _):
        return (await uow.channels.get(SPACE, place.channel)).mode


async def minutes_pass(stage: Stage) -> None:
    stage.clock.advance(timedelta(minutes=2))
    for _ in range(3):  # what is left of a part falls due at once
        await Ticker(stage.storage, stage.clock, timedelta(seconds=30)).run_once()
        await stage.happen()


async def test_nothing_said_there_is_kept_and_what_was_is_gone_from_cards_and_database(stage: Stage, tmp_path) -> None:
    await stage.with_team()
    await stage.say(ANNA, SECRET, KIDS)
    await stage.command(SAM, "insight plan", {"insight": "1"})
    assert "grandmother" in stage.card()

    assert "I keep nothing said there, erase what I had" in await exclude(stage)
    assert "grandmother" not in stage.card()
    later = await stage.say(BEN, "and my grandfather is ill, too", KIDS)
    await stage.react(BEN, later, "tada", KIDS)
    assert await stage.message(later, KIDS) is None

    async with stage.storage.read() as uow:
        assert await uow.inbox.dead() == []
    file = next(path for path in tmp_path.rglob("*") if path.read_bytes()[:6] == b"SQLite")
    for word in ("grandmother", "grandfather"):
        assert set(left(file, word)) == set()


async def test_what_waited_to_be_judged_is_not_kept_either(stage: Stage) -> None:
    await stage.say(ANNA, "good morning", KIDS)
    queued = stage.posted(ANNA, SECRET, KIDS)
    await stage.sink.accept([queued])
    async with stage.storage.begin() as uow:
        await uow.channels.choose(SPACE, KIDS.channel, mode=Mode.EXCLUDED)
        await uow.commit()
    await stage.happen()
    assert await stage.message(queued.message, KIDS) is None


async def test_much_is_erased_in_parts_and_what_slipped_in_meanwhile_a_minute_later(stage: Stage) -> None:
    await stage.happen(*(stage.posted(ANNA, f"good morning {number}", KIDS) for number in range(PART + 3)))
    await exclude(stage)
    await minutes_pass(stage)
    async with stage.look() as (uow, community):
        assert await uow.messages.recent(community, SPACE, KIDS.channel, PART * 2) == []

    async with stage.storage.begin() as uow:  # as if it had been judged beside the command
        await uow.channels.choose(SPACE, KIDS.channel, mode=Mode.HELPING)
        await uow.commit()
    await exclude(stage)
    async with stage.storage.begin() as uow:
        await uow.channels.choose(SPACE, KIDS.channel, mode=Mode.HELPING)
        await uow.commit()
    slipped = await stage.say(ANNA, SECRET, KIDS)
    async with stage.storage.begin() as uow:
        await uow.channels.choose(SPACE, KIDS.channel, mode=Mode.EXCLUDED)
        await uow.commit()
    await minutes_pass(stage)
    assert (await stage.message(slipped, KIDS)).deleted


@pytest.mark.parametrize(
    "action",
    [
        Post(SPACE, KIDS.channel, Said(plain("hello"))),
        React(SPACE, KIDS.channel, PlatformMessageId("m1"), "memo"),
        OpenThread(SPACE, KIDS.channel, PlatformMessageId("m1"), "insight #1"),
    ],
)
async def test_nothing_that_waited_is_said_or_done_there(stage: Stage, action) -> None:
    await stage.say(ANNA, "good morning", KIDS)
    await exclude(stage)
    stage.chat.sent.clear()
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        await uow.outbox.add(community, Outgoing(action), "test", OutboxId("one"), stage.clock.now())
        await uow.commit()
    await stage.happen()
    assert stage.chat.sent == []
    assert not stage.chat.reactions
    assert not stage.chat.threads
    async with stage.look() as (uow, _):
        assert await uow.outbox.next_due() is None


async def test_the_fence_lets_nobodys_words_into_it(stage: Stage) -> None:
    acme = CommunityId("acme")
    kids = Channel(acme, SPACE, KIDS.channel, "kids", Audience.PUBLIC, Mode.EXCLUDED)
    for origin in (kids.origin, Origin(acme, SPACE, GENERAL.channel, Audience.PUBLIC)):
        assert not may_pass(Words("words", origin, MemberId("anna")), kids)
        assert may_pass(Words("words", origin, MemberId("anna")), replace(kids, mode=Mode.OFF))


async def test_it_can_be_nobodys_channel_for_cards_reports_or_help(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, "good morning", KIDS)
    await exclude(stage)
    for menu in ("setup_team", "setup_helping", "setup_reports"):
        assert "#kids is excluded" in await stage.select(ADA, menu, KIDS)
    await stage.command(ADA, "channel audience", {"audience": "internal"}, KIDS)
    assert "can't" in await stage.command(ADA, "team add", {"name": "Kids", "channel": "kids"})
    assert await mode_of(stage) is Mode.EXCLUDED

    assert "Move that elsewhere first" in await exclude(stage, PRODUCT)
    await stage.command(ADA, "channel show", place=PRODUCT)
    assert await mode_of(stage, PRODUCT) is Mode.OFF


async def test_it_ends_by_its_own_command_alone_and_is_off_then(stage: Stage) -> None:
    await stage.say(ANNA, "good morning", KIDS)
    await exclude(stage)
    assert "give /channel include first" in await stage.command(ADA, "channel mode", {"mode": "helping"}, KIDS)
    await stage.happen()
    assert "(excluded)" in await stage.command(SAM, "channel show", place=KIDS)
    assert "admins" in await stage.command(SAM, "channel include", place=KIDS)
    assert "admins" in await stage.command(SAM, "channel exclude", place=GENERAL)

    assert "It is off" in await stage.command(ADA, "channel include", place=KIDS)
    assert await mode_of(stage) is Mode.OFF
    assert "is not excluded" in await stage.command(ADA, "channel include", place=KIDS)
    await stage.command(ADA, "channel mode", {"mode": "helping"}, KIDS)
    said = await stage.say(ANNA, DROPS, KIDS)
    assert (await stage.message(said, KIDS)).text == DROPS
    await minutes_pass(stage)  # what was left of the exclusion falls due, and does nothing
    assert not (await stage.message(said, KIDS)).deleted


async def test_commands_given_there_are_answered_alone_and_messages_there_are_unknown(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS, KIDS)
    await exclude(stage)
    assert "This is kept of you" in await stage.command(ANNA, "privacy show", place=KIDS)
    answer = await stage.command(SAM, "insight voices", place=KIDS, message=said)
    assert "I have not kept the message" in answer
    assert [sent for sent in stage.chat.sent if sent.to is None and "kids" in plain_text(sent.post)] == []
