"""Channels that can't get cards: hidden what stands there, nothing more sent, and admins told once.

What would have been sent is held back until the channel can get it, or is told by the digest.
"""

from dataclasses import replace
from datetime import timedelta

from bot.ticker import Ticker
from dialogue.events import ChannelChanged, PlaceDeleted
from dialogue.plain import plain_text
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.holdings import Because
from knowledge_base.ids import ChannelId
from tests.unit.dialogue.mondays import monday, part
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
    await stage.happen(changed(stage, shared, audience))


def changed(stage: Stage, shared: Shared, audience: Audience = Audience.INTERNAL) -> ChannelChanged:
    stage.count += 1
    place = replace(PRODUCT, shared=shared, audience=audience)
    return ChannelChanged(place, f"c{stage.count}", stage.clock.now())


async def decided(stage: Stage, text: str) -> None:
    """Somebody says it, and the card is decided, but not sent yet."""
    await stage.sink.accept([stage.posted(ANNA, text)])
    await stage.worker.run_once()


async def timers(stage: Stage) -> None:
    """What is due is done."""
    stage.clock.advance(timedelta(minutes=1))
    ticker = Ticker(stage.storage, stage.clock, timedelta(minutes=1))
    while await ticker.run_once():
        await stage.happen()


async def held(stage: Stage) -> list[Because]:
    async with stage.look() as (uow, community):
        (team,) = await uow.teams.teams(community)
        return [one.because for one in await uow.holdings.of_team(community, team.id)]


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
    await timers(stage)
    assert [DARK in card for card in cards_of_team(stage)] == [False, True]
    assert "gets nothing" not in await stage.command(SAM, "team list")
    await seen(stage, Shared.YES)
    assert len(told_admins(stage)) == 2


async def test_admins_are_told_once_of_a_team_channel_that_is_gone(stage: Stage) -> None:
    await with_admins(stage)
    await stage.happen(PlaceDeleted(PRODUCT, stage.clock.now()))
    (told,) = told_admins(stage)
    assert told.startswith("Product gets no cards any more: its channel is gone")
    assert "its channel is gone" in await stage.command(SAM, "team list")
    for line in ("digest now", "signs set"):
        assert "channel of Product is gone" in await stage.command(ADA, line, {"team": "product"})
    for options in ({"kind": "praise"}, {"kind": "praise", "deliver": "digest"}):
        added = await stage.command(ADA, "route add", {"team": "product", **options})
        assert added.endswith("Product gets nothing by it yet, because of its channel: /team list shows why."), added
    said = await stage.say(ANNA, DROPS)
    assert len(told_admins(stage)) == 1
    assert any("own people alone read the channel of Product" in line for line in (await stage.message(said)).reasons)

    await stage.command(ADA, "team add", {"name": "Product", "channel": "office"})
    await timers(stage)
    assert [DROPS in card for card in told_admins(stage)] == [False, True]
    await stage.say(BEN, DROPS)
    assert "2 people" in told_admins(stage)[1]


# ---- decided, and not sent any more


async def test_a_card_whose_channel_outsiders_join_before_it_leaves_is_held_back_until_they_are_gone(
    stage: Stage,
) -> None:
    await with_admins(stage)
    await decided(stage, DROPS)
    await stage.sink.accept([changed(stage, Shared.YES)])
    await stage.relay.run_once()
    await stage.happen()
    assert await held(stage) == [Because.CHANNEL]
    assert "held back until its channel gets cards again" in await stage.command(SAM, "why show", {"insight": "1"})
    health = await stage.command(SAM, "health show")
    assert "routed: 0 of 1" in health
    await timers(stage)
    assert (len(told_admins(stage)), cards_of_team(stage)) == (1, [])

    await seen(stage, Shared.NO)
    await timers(stage)
    (card,) = cards_of_team(stage)
    assert (DROPS in card, await held(stage)) == (True, [])
    await timers(stage)
    assert (len(cards_of_team(stage)), len(told_admins(stage))) == (1, 1)


async def test_what_was_held_back_for_its_channel_is_told_by_the_digest_if_that_comes_first(stage: Stage) -> None:
    await with_admins(stage)
    await decided(stage, DROPS)
    await stage.sink.accept([changed(stage, Shared.YES)])
    await stage.relay.run_once()
    await stage.happen()
    assert await monday(stage) == []
    await seen(stage, Shared.NO)
    (digest,) = await monday(stage)
    assert any(DROPS in line for line in part(digest, "New"))
    assert await held(stage) == [Because.DIGEST]
    await timers(stage)
    assert cards_of_team(stage) == [digest]


async def test_a_card_that_was_dropped_while_outsiders_only_came_and_went_is_sent_all_the_same(stage: Stage) -> None:
    await with_admins(stage)
    await decided(stage, DROPS)
    await stage.sink.accept([changed(stage, Shared.YES)])
    await stage.relay.run_once()
    await stage.sink.accept([changed(stage, Shared.NO)])
    await stage.worker.run_once()
    await stage.happen()
    await timers(stage)
    assert ([DROPS in card for card in cards_of_team(stage)], told_admins(stage)) == ([True], [])


async def test_a_card_whose_channel_is_deleted_before_it_leaves_goes_where_the_team_reads_next(stage: Stage) -> None:
    await with_admins(stage)
    await decided(stage, DROPS)
    await stage.sink.accept([PlaceDeleted(PRODUCT, stage.clock.now())])
    await stage.worker.run_once()
    await stage.happen()
    await timers(stage)
    assert (len(told_admins(stage)), cards_of_team(stage)) == (1, [])
    assert await held(stage) == [Because.CHANNEL]

    await stage.command(ADA, "team add", {"name": "Product", "channel": "office"})
    await timers(stage)
    assert [DROPS in card for card in told_admins(stage)[1:]] == [True]
    assert await held(stage) == []


async def test_a_card_that_the_platform_refuses_is_told_by_the_digest(stage: Stage) -> None:
    await with_admins(stage)
    await decided(stage, DROPS)
    stage.chat.closed.add(PRODUCT.channel)
    await stage.happen()
    await timers(stage)
    assert (cards_of_team(stage), await held(stage)) == ([], [Because.CHANNEL])
    stage.chat.closed.clear()
    (digest,) = await monday(stage)
    assert any(DROPS in line for line in part(digest, "New"))


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


async def test_a_card_speaks_up_when_its_channel_can_get_it_again_and_not_unheard_before(stage: Stage) -> None:
    await with_admins(stage)
    await stage.command(ADA, "team limits", {"team": "Product", "steps": "2"})
    await stage.say(ANNA, DROPS)
    await seen(stage, Shared.YES)
    await stage.say(BEN, DROPS)
    await seen(stage, Shared.NO)
    assert len(cards_of_team(stage)) == 1
    await stage.say(CARA, DROPS)
    assert cards_of_team(stage)[1:] == ["3 people have said #1 now."]


async def test_what_a_channel_could_not_get_comes_no_faster_than_its_limits_allow(stage: Stage) -> None:
    await with_admins(stage)
    await stage.command(ADA, "team limits", {"team": "Product", "cap": "1"})
    await seen(stage, Shared.YES)
    for text in (DROPS, DARK):
        await stage.say(ANNA, text)
    await seen(stage, Shared.NO)
    await timers(stage)
    first, waits = cards_of_team(stage)
    assert (DROPS in first, waits.startswith("One more insight waits")) == (True, True)
    stage.clock.advance(timedelta(hours=1))
    await timers(stage)
    assert DARK in cards_of_team(stage)[-1]
