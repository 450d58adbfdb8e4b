"""Early signs: a channel is unlike itself, and one team is told of it once, with what was said, until it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.memory.chat import Sent
from dialogue.events import Actor, ChannelChanged, MessagePosted, Place
from dialogue.plain import plain_text
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.ids import AccountId, PlatformMessageId
from knowledge_base.members import Role
from tests.stage import ADA, ANNA, HELP, PRIVATE, PRODUCT, SAM, SPACE, Stage
from tests.unit.dialogue.test_erasing import in_tables

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SURGE = "Early sign: many more people than usual in #help"
UNHAPPY = "Early sign: many more unhappy people than usual in #help"
NAMED = "Early sign: Rivalsoft named unusually often in #help"
BROKEN = "The export is broken since today, it crashes with an error"
CROWD = [Actor(AccountId(f"customer{n}"), f"Customer {n}", Role.CUSTOMER) for n in range(8)]


async def hours(play: Stage, count: int) -> None:
    """So many hours go by, one by one."""
    for _ in range(count):
        play.clock.advance(HOUR)
        await play.settle()


async def days(play: Stage, count: int) -> None:
    """So many days go by, each of which is looked at once."""
    for _ in range(count):
        play.clock.advance(DAY)
        await play.settle()


async def known_for_weeks(play: Stage, place: Place = HELP) -> None:
    """The team is told of signs; somebody said something in the channel five weeks ago, and nobody since."""
    play.command(ADA, "signs set", PRODUCT, team="product")
    play.say(ANNA, "hello everybody", place)
    await play.settle()
    play.clock.advance(35 * DAY)
    await play.settle()


def all_say(play: Stage, text: str, people: int = 6, place: Place = HELP) -> list[PlatformMessageId]:
    return [play.say(who, f"{text}, number {number}", place) for number, who in enumerate(CROWD[:people])]


def signs(play: Stage, heading: str = "Early sign") -> list[Sent]:
    """The posts of signs, wherever they stand."""
    return [sent for sent in play.chat.sent if not sent.to and plain_text(sent.post).startswith(heading)]


async def test_a_surge_is_told_once_with_what_was_said_until_it_is_over(play: Stage) -> None:
    await known_for_weeks(play)
    all_say(play, BROKEN)
    await hours(play, 1)

    (sign,) = signs(play)
    assert sign.ref.channel == PRODUCT.channel
    text = plain_text(sign.post)
    assert text.startswith(SURGE)
    assert "6 people said something you should know; 0 a day is usual" in text
    assert [f"number {n}" in text for n in range(6)] == [False, True, True, True, True, True]  # the latest five
    assert "Customer 5" in text

    all_say(play, "And it still is broken, the export crashes")
    await hours(play, 2)
    play.clock.advance(20 * HOUR)
    await hours(play, 1)
    assert len(signs(play)) == 1
    assert "Over since" not in plain_text(signs(play)[0].post)
    await hours(play, 4)
    assert "Over since: 2026-04-07" in plain_text(signs(play)[0].post)

    await days(play, 5)
    all_say(play, "The import page crashes with an error", 8)
    await hours(play, 1)
    assert [plain_text(one.post).count("number") for one in signs(play)] == [5, 5]


async def test_one_shouter_is_no_surge_nor_are_staff_nor_what_was_said_long_ago(play: Stage) -> None:
    await known_for_weeks(play)
    for number in range(12):
        play.say(CROWD[0], f"{BROKEN}, {number}")
        play.say(replace(CROWD[number % 8], role=Role.STAFF, account=AccountId(f"s{number}")), f"{BROKEN}, {number}")
    for number, who in enumerate(CROWD):  # what is read late was said a week ago
        at = play.clock.now() - 7 * DAY
        play.chat.happen(MessagePosted(HELP, who, PlatformMessageId(f"old{number}"), BROKEN, at, live=False))
    await hours(play, 3)
    assert signs(play) == []


async def test_a_turn_in_tone_and_a_competitor_are_told_apart(play: Stage) -> None:
    play.command(ADA, "topic add", kind="competitor", name="Rivalsoft")
    await known_for_weeks(play)
    for _ in range(3):
        all_say(play, "Thank you, that is great")
        await days(play, 1)
    all_say(play, "I moved to Rivalsoft today. This is terrible and a disappointment, I am so frustrated", 8)
    await hours(play, 1)

    told = {heading: len(signs(play, heading)) for heading in (UNHAPPY, NAMED)}
    assert told == {UNHAPPY: 1, NAMED: 1}
    assert "8 of 8 people who spoke were unhappy; 0 % is usual" in plain_text(signs(play, UNHAPPY)[0].post)
    assert "8 of 8 people who spoke named it; 0 a day is usual" in plain_text(signs(play, NAMED)[0].post)


async def test_staff_silence_it_for_a_week_or_for_good_and_customers_do_not(play: Stage) -> None:
    await known_for_weeks(play)
    all_say(play, BROKEN)
    await hours(play, 1)
    (sign,) = signs(play)

    play.press(CROWD[0], sign, "Silence for good")
    await play.settle()
    assert "Silenced" not in plain_text(signs(play)[0].post)
    play.press(SAM, sign, "Silence for a week")
    await play.settle()
    assert "Silenced: silenced until 2026-04-13" in plain_text(signs(play)[0].post)

    await days(play, 4)
    all_say(play, "The import crashes with an error", 8)
    await hours(play, 1)
    assert len(signs(play)) == 1
    await days(play, 5)
    all_say(play, "The invoice page crashes with an error", 8)
    await hours(play, 1)
    assert len(signs(play)) == 2

    play.press(SAM, signs(play)[1], "Tell us again")
    await play.settle()
    assert not any("Silenced" in plain_text(one.post) for one in signs(play))
    play.press(SAM, signs(play)[1], "Silence for good")
    await play.settle()
    await days(play, 60)
    all_say(play, BROKEN, 8)
    await hours(play, 1)
    assert len(signs(play)) == 2
    assert all("Silenced: silenced for good" in plain_text(one.post) for one in signs(play))


async def test_peers_24_what_is_deleted_or_erased_leaves_the_sign_and_what_is_edited_is_worded_anew(
    play: Stage,
) -> None:
    await known_for_weeks(play)
    said = all_say(play, BROKEN)
    await hours(play, 1)

    async def shown() -> str:
        await play.settle()
        return plain_text(signs(play)[0].post)

    play.delete(said[5])
    assert "number 5" not in await shown()
    play.edit(CROWD[4], said[4], "The export crashes with a blue window")
    text = await shown()
    assert "number 4" not in text
    assert "a blue window" in text
    play.command(CROWD[3], "privacy erase")
    text = await shown()
    assert "number 3" not in text
    assert "Customer 3" not in text
    play.command(CROWD[2], "privacy naming", **{"as": "anonymous"})
    text = await shown()
    assert "number 2" in text
    assert "Customer 2" not in text
    assert "6 people said something" in text
    assert await in_tables(play, ["number 3", "number 5"]) == []


async def test_private_channels_are_nobodys_news_and_a_new_channel_has_no_past(play: Stage) -> None:
    play.say(SAM, "hello", PRIVATE)
    await play.settle()
    async with play.storage.begin() as uow:
        await uow.channels.choose(SPACE, PRIVATE.channel, mode=Mode.LISTENING)
        await uow.commit()
    await known_for_weeks(play, PRIVATE)
    all_say(play, BROKEN, place=PRIVATE)
    all_say(play, BROKEN)
    await hours(play, 1)
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        now = play.clock.now()
        days = {place: await uow.signs.days(community, SPACE, place.channel, now, 56) for place in (PRIVATE, HELP)}
    assert [(len(known), known[0].telling) for known in days.values()] == [(35, 6), (1, 6)]
    assert signs(play) == []


async def test_a_team_channel_that_others_can_read_gets_none_and_loses_what_stands(play: Stage) -> None:
    await known_for_weeks(play)
    all_say(play, BROKEN)
    await hours(play, 1)
    async with play.storage.read() as uow:
        channel = await uow.channels.get(SPACE, PRODUCT.channel)
    assert channel.audience is Audience.INTERNAL
    play.chat.happen(ChannelChanged(replace(PRODUCT, shared=Shared.YES), "v1", play.clock.now()))
    await play.settle()
    assert [text for text in play.shown(PRODUCT) if "number" in text] == []
    await days(play, 3)
    all_say(play, "The import crashes with an error", 8)
    await hours(play, 1)
    assert signs(play) == []


@pytest.mark.parametrize("quiet", ["10:00-14:00", "off"])
async def test_in_quiet_hours_it_waits(play: Stage, quiet: str) -> None:
    await known_for_weeks(play)
    play.command(ADA, "team limits", PRODUCT, team="product", quiet=quiet)
    all_say(play, BROKEN)
    await hours(play, 1)
    assert len(signs(play)) == (quiet == "off")
    await hours(play, 4)
    assert len(signs(play)) == 1


@pytest.mark.parametrize("hindered", ["rejected", "read by outsiders"])
async def test_a_sign_that_could_not_be_posted_was_told_to_nobody_and_is_told_when_it_can_be(
    play: Stage, hindered: str
) -> None:
    await known_for_weeks(play)
    all_say(play, BROKEN)
    await play.settle()
    play.clock.advance(HOUR)
    if hindered == "rejected":
        play.chat.closed.add(PRODUCT.channel)
    else:
        await play.program.ticker.run_once()
        while await play.program.worker.run_once():
            pass
        play.chat.happen(ChannelChanged(replace(PRODUCT, shared=Shared.YES), "v1", play.clock.now()))
    await play.settle()
    play.chat.closed.clear()
    play.chat.happen(ChannelChanged(PRODUCT, "v2", play.clock.now()))
    await play.settle()
    assert signs(play) == []

    await hours(play, 3)
    (sign,) = signs(play)
    assert "number 5" in plain_text(sign.post)


async def test_signs_can_be_set_shown_silenced_heard_and_stopped(play: Stage) -> None:
    async def answer(who: Actor, line: str, **options: str) -> str:
        play.command(who, line, PRODUCT, **options)
        await play.settle()
        return play.told(who)[-1]

    assert "An admin chooses a team" in await answer(SAM, "signs show")
    assert "only" in (await answer(SAM, "signs set", team="product")).casefold()
    assert "Sorts of signs are: surge, tone, competitor." in await answer(ADA, "signs set", team="product", sorts="x")
    assert "from 3 to 1000" in await answer(ADA, "signs set", team="product", people="2")
    told = await answer(ADA, "signs set", team="product", people="6", sorts="surge, tone")
    assert "The team product is told of: surges, turns in tone; from 6 people" in told
    play.say(ANNA, "hello everybody")
    await play.settle()
    play.clock.advance(35 * DAY)
    all_say(play, BROKEN)
    await hours(play, 1)
    shown = await answer(SAM, "signs show")
    assert "many more people than usual in #help: 6 people said something" in shown

    about = {"sort": "surge", "channel": "help"}
    assert "You aren't told any more of: many more people" in await answer(
        SAM, "signs silence", **about, **{"for": "good"}
    )
    assert "many more people than usual in #help: silenced for good" in await answer(SAM, "signs show")
    assert "Silenced" in plain_text(signs(play)[0].post)
    assert "You are told again of" in await answer(SAM, "signs hear", **about)
    assert "silenced" not in (await answer(SAM, "signs show")).casefold()
    assert "none yet" in await answer(SAM, "signs silence", sort="competitor", channel="help", competitor="x")

    play.command(ADA, "team remove", PRODUCT, team="product")
    assert "Nobody is told" in await answer(ADA, "signs show")
    all_say(play, "and again it is broken and crashes", 8)
    await days(play, 3)
    assert len(signs(play)) == 1
