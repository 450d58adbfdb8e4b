"""Channels that can't get cards: hidden what stands there, nothing more sent, and admins told once."""

from dataclasses import replace

from dialogue.events import ChannelChanged, PlaceDeleted
from dialogue.plain import plain_text
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.ids import ChannelId
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, PRODUCT, SAM, SECLUDED, SPACE, Stage

DROPS = "The export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"
OFFICE = replace(PRODUCT, channel=ChannelId("office"), name="office")


async def with_admins(stage: Stage) -> None:
    """A team, and a channel in which admins are told what needs them."""
    await stage.with_team()
    await stage.open_channel(OFFICE, Mode.OFF)
    async with stage.storage.begin() as uow:
        await uow.communities.choose_admin_channel(await uow.communities.of_space(SPACE), SPACE, OFFICE.channel)
        await uow.commit()


def told_admins(stage: Stage) -> list[str]:
    return [plain_text(sent.post) for sent in stage.cards() if sent.ref.channel == OFFICE.channel]


def cards_of_team(stage: Stage) -> list[str]:
    return [plain_text(sent.post) for sent in stage.cards() if sent.ref.channel == PRODUCT.channel]


async def seen(stage: Stage, shared: Shared = Shared.NO, audience: Audience = Audience.INTERNAL) -> None:
    stage.count += 1
    place = replace(PRODUCT, shared=shared, audience=audience)
    await stage.happen(ChannelChanged(place, f"c{stage.count}", stage.clock.now()))


async def test_admins_are_told_once_of_a_team_channel_that_outsiders_join_and_again_the_next_time(
    stage: Stage,
) -> None:
    await with_admins(stage)
    await seen(stage, Shared.YES)
    (told,) = told_admins(stage)
    assert told.startswith("Product gets no cards any more: others than your own people can read #product")
    assert "gets nothing: others than your own people" in await stage.command(SAM, "team list")

    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DARK)
    await seen(stage, Shared.UNKNOWN)
    assert (len(told_admins(stage)), cards_of_team(stage)) == (1, [])

    await seen(stage, Shared.NO)
    await stage.say(CARA, DROPS)
    assert len(cards_of_team(stage)) == 1
    assert "gets nothing" not in await stage.command(SAM, "team list")
    await seen(stage, Shared.YES)
    assert len(told_admins(stage)) == 2


async def test_admins_are_told_once_of_a_team_channel_that_is_gone(stage: Stage) -> None:
    await with_admins(stage)
    await stage.happen(PlaceDeleted(PRODUCT, stage.clock.now()))
    (told,) = told_admins(stage)
    assert told.startswith("Product gets no cards any more: its channel is gone")
    assert "its channel is gone" in await stage.command(SAM, "team list")
    said = await stage.say(ANNA, DROPS)
    assert len(told_admins(stage)) == 1
    assert any("not sent to Product" in reason for reason in (await stage.message(said)).reasons)

    await stage.command(ADA, "team add", {"name": "Product", "channel": "office"})
    await stage.say(BEN, DROPS)
    assert any("2 people" in card for card in told_admins(stage))


async def test_a_route_that_asks_for_a_channel_that_is_gone_says_so_and_sends_nothing(stage: Stage) -> None:
    await stage.say(ANNA, "hello everybody", GENERAL)
    await stage.with_team(channel="general")
    await stage.say(ANNA, DROPS, GENERAL)
    assert len(stage.cards()) == 1
    await stage.happen(PlaceDeleted(GENERAL, stage.clock.now()))
    assert "said in a channel that is gone" in await stage.command(SAM, "route list", {}, PRODUCT)
    await stage.say(BEN, DROPS, SECLUDED)
    assert len(stage.cards()) == 1


async def test_without_a_place_to_tell_it_admins_are_told_once_there_is_one(stage: Stage) -> None:
    await stage.with_team()
    await seen(stage, Shared.YES)
    await stage.say(ANNA, DROPS)
    assert stage.cards() == []
    await stage.open_channel(OFFICE, Mode.OFF)
    await stage.command(ADA, "team add", {"name": "Office", "channel": "office"})
    await stage.say(BEN, DARK)
    assert len(told_admins(stage)) == 1
