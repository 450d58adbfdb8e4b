"""Other people can read a channel now: what quotes it or hangs in it shows no more than they may see."""

from dataclasses import replace

import pytest

from dialogue.events import ChannelChanged, Place
from knowledge_base.channels import Audience, Shared
from tests.unit.dialogue.stage import ADA, ANNA, BEN, GENERAL, PRODUCT, SAM, Stage

DROPS = "The export drops my tags, this is broken"
OUTSIDERS = replace(PRODUCT, shared=Shared.YES)
CLOSED = replace(GENERAL, audience=Audience.PRIVATE)


@pytest.fixture
async def quoted(stage: Stage) -> Stage:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    assert DROPS in stage.card()
    return stage


async def told(stage: Stage, place: Place) -> None:
    await stage.happen(ChannelChanged(place, stage._fresh(), stage.clock.now()))


async def test_a_card_is_hidden_as_soon_as_outsiders_read_its_channel_and_comes_back(quoted: Stage) -> None:
    await told(quoted, OUTSIDERS)
    assert "This card is hidden" in quoted.card()
    await told(quoted, PRODUCT)
    assert DROPS in quoted.card()


async def test_words_leave_the_card_when_their_channel_is_closed(quoted: Stage) -> None:
    await told(quoted, CLOSED)
    assert DROPS not in quoted.card()
    assert "not everybody here can read it" in quoted.card()


async def test_whatever_happens_in_the_channel_shows_it_too(quoted: Stage) -> None:
    await quoted.say(SAM, "good morning", OUTSIDERS)
    assert "This card is hidden" in quoted.card()


async def test_what_changes_nothing_says_nothing(quoted: Stage) -> None:
    async with quoted.look() as (uow, _):
        before = await uow.totals.counts()
    await told(quoted, GENERAL)
    await told(quoted, replace(GENERAL, name="renamed"))
    await told(quoted, replace(GENERAL, channel="never-seen"))
    async with quoted.look() as (uow, community):
        assert await uow.totals.counts() == before
        names = [channel.name for channel in await uow.channels.all(community)]
        rows = [key.id async for key in uow.totals.ended()]
    assert "renamed" in names
    await quoted.say(BEN, "hello")
    async with quoted.look() as (uow, _):
        assert [key.id async for key in uow.totals.ended()] == rows


async def test_an_audience_that_an_admin_chose_is_not_changed_by_the_platform(quoted: Stage) -> None:
    everybody = replace(PRODUCT, audience=Audience.PUBLIC)
    await told(quoted, everybody)
    await quoted.command(ADA, "channel audience", {"audience": "internal"}, everybody)
    await told(quoted, replace(everybody, name="renamed"))
    assert DROPS in quoted.card()


async def test_what_was_called_internal_while_it_was_private_is_hidden_once_it_is_opened(quoted: Stage) -> None:
    closed = replace(PRODUCT, audience=Audience.PRIVATE)
    await told(quoted, closed)
    await quoted.command(ADA, "channel audience", {"audience": "internal"}, closed)
    assert DROPS in quoted.card()
    await told(quoted, replace(PRODUCT, audience=Audience.PUBLIC))
    assert "This card is hidden" in quoted.card()
