"""What is deleted leaves nothing behind: a message, a thread, a channel."""

from dataclasses import replace

from dialogue.capturing.deleting import PART
from dialogue.events import PlaceDeleted
from dialogue.plain import plain_text
from knowledge_base.ids import ChannelId
from tests.unit.dialogue.stage import ANNA, BEN, CARA, GENERAL, Stage

DROPS = "The export drops my tags, this is broken"


async def test_peers_12_a_deleted_message_leaves_nothing_behind(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)
    assert DROPS in stage.card()

    await stage.delete(said)

    gone = await stage.message(said)
    assert gone.deleted
    assert (gone.text, gone.author_name, gone.link) == ("", "", None)
    assert await stage.open_insights() == []
    assert DROPS not in stage.card()
    assert "Anna" not in stage.card()
    assert stage.buttons() == {}


async def test_peers_12_a_deleted_thread_leaves_nothing_behind_and_what_it_hung_on_stays(stage: Stage) -> None:
    await stage.with_team()
    root = await stage.say(ANNA, "Please add a dark mode to the app")
    thread = replace(GENERAL, thread=root)
    said = [await stage.say(BEN, DROPS, thread), await stage.say(CARA, "good morning", thread)]
    assert DROPS in plain_text(stage.cards()[1].post)

    await stage.happen(PlaceDeleted(thread, stage.clock.now()))

    assert [(await stage.message(name)).text for name in said] == ["", ""]
    assert (await stage.message(root)).text
    assert DROPS not in plain_text(stage.cards()[1].post)
    assert [insight.number for insight in await stage.open_insights()] == [1]


async def test_a_deleted_channel_leaves_nothing_behind_and_other_channels_alone(stage: Stage) -> None:
    lounge = replace(GENERAL, channel=ChannelId("lounge"), name="lounge")
    root = await stage.say(ANNA, "hello")
    said = [root, await stage.say(ANNA, DROPS, replace(GENERAL, thread=root))]
    said.extend([await stage.say(ANNA, "good morning") for _ in range(2 * PART)])
    elsewhere = await stage.say(BEN, DROPS, lounge)

    await stage.happen(PlaceDeleted(GENERAL, stage.clock.now()))

    assert all([(await stage.message(name)).deleted for name in said])
    assert not (await stage.message(elsewhere, lounge)).deleted
    assert (await stage.insight_of(elsewhere, lounge)).demand == 1


async def test_what_could_not_be_handled_before_its_channel_is_forgotten_is_wiped(stage: Stage) -> None:
    now = stage.clock.now()
    await stage.sink.accept([stage.posted(ANNA, DROPS), PlaceDeleted(GENERAL, now)])
    async with stage.storage.begin() as uow:
        said, _ = await uow.inbox.take(2, now)
        await uow.inbox.fail(said.seq, "broken", now, None)
        await uow.commit()
    await stage.happen(PlaceDeleted(GENERAL, now))
    async with stage.storage.read() as uow:
        assert await uow.inbox.dead() == []


async def test_peers_12_what_answers_a_deleted_root_stays_in_its_conversation(stage: Stage) -> None:
    root = await stage.say(ANNA, DROPS)
    conversation = (await stage.message(root)).conversation
    await stage.delete(root)

    answer = await stage.say(BEN, "try the new version", reply_to=root)

    assert (await stage.message(answer)).conversation == conversation
