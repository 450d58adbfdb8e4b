"""A team says when it wants to hear of what, and a channel that outsiders join hears nothing more."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import ChannelId
from tests.stage import ADA, ANNA, BEN, CARA, HELP, PRODUCT, SAM, SPACE, STAFF, Stage

DROPS = "The export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"
LOGIN = "The login page crashes with an error"
OFFICE = replace(STAFF, channel=ChannelId("office"), name="office")


async def with_an_office(play: Stage) -> None:
    """Where admins are told what needs them."""
    play.say(SAM, "good morning", OFFICE)
    await play.settle()
    async with play.storage.begin() as uow:
        await uow.communities.choose_admin_channel(await uow.communities.of_space(SPACE), SPACE, OFFICE.channel)
        await uow.commit()


@pytest.mark.parametrize(
    "opened",
    [
        replace(PRODUCT, shared=Shared.YES),
        replace(PRODUCT, shared=Shared.UNKNOWN),
        replace(PRODUCT, audience=Audience.PUBLIC),
    ],
)
async def test_peers_13_a_team_channel_that_outsiders_join_gets_nothing_more_and_the_admin_is_told_once(
    play: Stage, opened
) -> None:
    await with_an_office(play)
    play.say(ANNA, DROPS)
    await play.settle()
    (card,) = play.shown(PRODUCT)
    assert DROPS in card

    # an outsider is let in: the bot sees it with whatever is said there next
    play.say(SAM, "welcome, partners", opened)
    await play.settle()
    (told,) = play.shown(OFFICE)
    assert "product gets no cards any more: others than your own people can read #product now" in told

    play.say(BEN, DARK)
    play.say(CARA, DROPS)
    play.command(ADA, "team limits", team="product", cap="1")
    play.say(CARA, LOGIN)
    await play.settle()
    play.say(SAM, "and welcome, more partners", opened)
    play.restart()
    await play.settle()

    assert play.shown(PRODUCT) == ["This card is hidden, because others than the team can read this channel now."]
    assert play.shown(OFFICE) == [told]
    play.command(SAM, "team list")
    await play.settle()
    assert "#product, but gets nothing" in play.told(SAM)[-1]

    # the outsiders leave: what came meanwhile comes now, one an hour as the team wants it
    play.say(SAM, "we are alone again", PRODUCT)
    await play.settle()
    play.clock.advance(timedelta(hours=1))
    await play.settle()
    play.clock.advance(timedelta(hours=1))
    await play.settle()
    first, *later = [shown for shown in play.shown(PRODUCT) if "waits" not in shown and "nothing is left" not in shown]
    assert (DROPS in first, "2 people" in first) == (True, True)
    assert ["dark mode" in later[0], LOGIN in later[1], len(later)] == [True, True, 2]


async def test_a_team_sleeps_at_night_drowns_in_no_storm_and_hears_again_when_many_ask(play: Stage) -> None:
    play.command(ADA, "team limits", team="product", quiet="22:00-07:00", zone="UTC", cap="2", steps="3")
    play.say(ANNA, DROPS)
    await play.settle()
    assert len(play.shown(PRODUCT)) == 1

    # at night Ben wants a dark mode: nobody wakes up
    play.clock.advance(timedelta(hours=13))
    play.say(BEN, DARK)
    await play.settle()
    assert len(play.shown(PRODUCT)) == 1

    # in the morning its card is there
    play.clock.move_to(datetime(2026, 3, 3, 7, 0, 1, tzinfo=play.clock.now().tzinfo))
    await play.settle()
    assert "dark mode" in play.shown(PRODUCT)[-1]

    # at nine the export stops altogether: two cards, and one post that counts the rest
    play.clock.advance(timedelta(hours=2))
    for who, text in (
        (ANNA, LOGIN),
        (BEN, "The invoice is wrong, the sum is broken"),
        (CARA, "Search finds nothing any more, it is broken"),
        (CARA, "The upload fails with an error every time"),
    ):
        play.say(who, text)
    await play.settle()
    assert len(play.shown(PRODUCT)) == 5
    assert play.shown(PRODUCT)[-1].startswith("2 more insights wait: this channel takes no more cards in this hour")

    # at ten the others come
    play.clock.advance(timedelta(hours=1))
    await play.settle()
    assert len(play.shown(PRODUCT)) == 7
    assert play.shown(PRODUCT)[4].startswith("Of what waited here nothing is left")

    # the export is what people say most: at three of them its card speaks up, in its thread
    for who in (BEN, CARA):
        play.say(who, DROPS)
    await play.settle()
    assert play.shown(PRODUCT)[-1] == "3 people have said #1 now."
    assert play.cards()[-1].thread == play.cards()[0].ref.message

    # on Monday the digest tells all of it
    play.clock.advance(datetime(2026, 3, 9, 9, 0, 1, tzinfo=play.clock.now().tzinfo) - play.clock.now())
    await play.settle()
    digest = play.shown(PRODUCT)[-1]
    assert "This week for product" in digest
    assert "New, 5 of 6:" in digest


async def test_an_admin_tries_a_rule_before_it_holds(play: Stage) -> None:
    play.command(ADA, "route remove", route="1")
    play.say(ANNA, DROPS)
    play.say(BEN, DARK)
    await play.settle()
    play.command(ADA, "route test", words="export, dark", kind="problem")
    await play.settle()
    assert "Of 2 insights heard in the last 30 days it would have sent 1" in play.told(ADA)[-1]
    assert DROPS in play.told(ADA)[-1]
    assert play.shown(PRODUCT) == []

    play.command(ADA, "route add", team="product", words="export, dark", kind="problem", join="any")
    play.say(CARA, DARK, HELP)
    await play.settle()
    (card,) = play.shown(PRODUCT)
    assert "Sent by: route 2" in card
