"""What went wrong elsewhere: announced twice, hardly anything heard, started anew in the middle."""

from dataclasses import replace
from itertools import permutations

import pytest

from dialogue.events import MessagePosted, Place
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId, PlatformMessageId
from tests.stage import ADA, ANNA, BEN, HELP, MONDAY, PRODUCT, SAM, SPACE, Stage

CSV = "The CSV export drops my tags, the tags column is empty in every file"
CRASH = "The app crashes whenever I open the settings page"
PLAIN = MessagePosted(HELP, ANNA, PlatformMessageId("m-twice"), f"@Parley {CRASH}", MONDAY)
MENTION = replace(PLAIN, link="https://chat.example/help/m-twice")
ORDERS = [(PLAIN,), (MENTION,), *permutations((PLAIN, MENTION))]


@pytest.mark.parametrize("batches", ["at once", "one by one"])
@pytest.mark.parametrize("order", ORDERS)
async def test_peers_05_one_post_has_one_effect_whichever_events_announce_it(play: Stage, order, batches: str):
    for event in order:
        play.chat.happen(event)
        if batches == "one by one":
            await play.settle()
    await play.settle()
    (card,) = play.shown(PRODUCT)
    assert "crashes whenever" in card
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        assert len(await uow.messages.recent(community, SPACE, HELP.channel, 9)) == 1
        (insight,) = await uow.insights.open(community)
        assert insight.demand == 1
        assert not await uow.inbox.busy(HELP.lane), "the second announcement was taken for another post, and fails"


async def test_peers_07_where_only_what_addresses_the_bot_is_heard_the_whole_job_is_done(play: Stage):
    """Commands, a message's menu, buttons and direct messages arrive; of the channels only what mentions the bot."""
    direct = Place(SPACE, ChannelId("@anna"), "@anna", Audience.PRIVATE)
    play.command(ADA, "tag new", name="export")
    play.command(ADA, "channel mode", direct, mode="listening")
    play.command(ANNA, "privacy private", direct, allow="on")
    await play.settle()

    play.say(ANNA, CSV, direct)
    mentioned = play.say(BEN, "@Parley on fridays I copy the rows into a spreadsheet")
    await play.settle()
    (card,) = play.cards()
    assert "drops my tags" in play.shown(PRODUCT)[0]

    play.command(SAM, "tag add", message=mentioned, tag="export")
    play.press(SAM, card, "Plan")
    play.command(SAM, "insight list")
    play.command(ANNA, "privacy show", direct)
    await play.settle()
    assert "planned" in play.shown(PRODUCT)[0]
    assert any("copy the rows" in shown for shown in play.shown(PRODUCT))
    assert any("CSV export" in told for told in play.told(SAM))
    assert any(CSV in told for told in play.told(ANNA))


async def test_peers_04_a_delivery_repeated_after_its_answer_is_not_answered_again(play: Stage):
    play.command(ANNA, "privacy show")
    (asked,) = play.chat._undelivered
    await play.settle()
    play.chat.happen(asked, asked)
    await play.settle()
    play.restart()
    play.chat.happen(asked)
    await play.settle()
    assert len(play.told(ANNA)) == 1


async def test_peers_23_what_was_accepted_decided_or_asked_survives_a_restart(play: Stage):
    play.say(ANNA, CSV)
    play.command(ANNA, "privacy show")
    await play.chat.deliver(play.program.sink)
    play.restart()
    while await play.program.worker.run_once():
        pass
    assert not play.shown(PRODUCT)
    play.restart()
    await play.settle()
    assert len(play.shown(PRODUCT)) == 1
    assert len(play.told(ANNA)) == 1


async def test_peers_22_ids_are_unique_in_their_channel_only(play: Stage):
    other = replace(HELP, channel=ChannelId("other"), name="other")
    for place, text in ((HELP, CSV), (other, CRASH)):
        play.chat.happen(MessagePosted(place, ANNA, PlatformMessageId("1"), text, play.clock.now()))
    await play.settle()
    assert len(play.shown(PRODUCT)) == 2
