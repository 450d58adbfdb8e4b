"""What a team does not want to hear of now is held back, comes in its digest, and is sent once at most."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.ticker import Ticker
from dialogue.plain import plain_text
from knowledge_base.holdings import Because
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, PRODUCT, SAM, SECLUDED, Stage

DROPS = "The export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"
LOGIN = "The login page crashes with an error"
INVOICE = "The invoice is wrong, the sum is broken"
NEXT_MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def texts(stage: Stage) -> list[str]:
    return [plain_text(sent.post) for sent in stage.cards()]


async def digest(stage: Stage) -> str:
    """Monday comes, and with it the digest."""
    from dialogue.digests import schedule_name
    from dialogue.events import TimerFired
    from tests.unit.dialogue.stage import SPACE

    stage.clock.advance(NEXT_MONDAY - stage.clock.now())
    async with stage.look() as (uow, community):
        (team,) = await uow.teams.teams(community)
    before = len(stage.cards())
    await stage.happen(TimerFired(SPACE, schedule_name(team.id), NEXT_MONDAY.isoformat(), stage.clock.now()))
    return "\n".join(texts(stage)[before:])


async def test_a_route_for_the_digest_sends_no_card_and_the_digest_tells_it(stage: Stage) -> None:
    await stage.with_team(deliver="digest")
    said = await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS)

    assert stage.cards() == []
    reasons = (await stage.message(said)).reasons
    assert any("route 1: kept for the next digest of Product" in reason for reason in reasons)
    assert "held back for its digest" in await stage.command(SAM, "why show", {"insight": "1"})
    assert DROPS in await digest(stage)


async def test_what_is_held_is_sent_once_a_route_that_sends_at_once_means_it_too(stage: Stage) -> None:
    await stage.with_team(deliver="digest")
    await stage.command(ADA, "route add", {"team": "Product", "demand": "2"})
    await stage.say(ANNA, DROPS)
    assert stage.cards() == []

    await stage.say(BEN, DROPS)
    await stage.say(CARA, DROPS)

    assert len(stage.cards()) == 1
    assert "Sent by: route 2" in stage.card()
    async with stage.look() as (uow, community):
        (team,) = await uow.teams.teams(community)
        assert await uow.holdings.of_team(community, team.id) == []


async def test_in_quiet_hours_nothing_is_sent_and_the_digest_tells_it(stage: Stage) -> None:
    await stage.with_team()
    shown = await stage.command(
        ADA, "team limits", {"team": "Product", "quiet": "11:00-13:00", "zone": "europe/london"}
    )
    assert "11:00 to 13:00, Europe/London" in shown
    await stage.say(ANNA, DROPS)
    assert stage.cards() == []

    stage.clock.advance(timedelta(hours=2))
    await stage.say(BEN, DARK)

    assert "dark mode" in stage.card()
    assert DROPS in await digest(stage)


async def test_what_was_held_in_quiet_hours_is_sent_when_it_is_said_again_after_them(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "11:00-13:00", "zone": "UTC"})
    await stage.say(ANNA, DROPS)
    stage.clock.advance(timedelta(hours=2))
    await stage.say(BEN, DROPS)

    assert "2 people" in stage.card()


async def test_of_a_storm_the_channel_gets_its_cap_and_one_post_that_counts_the_rest(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "cap": "1"})
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DARK)
    assert texts(stage)[1].startswith("One more insight waits")
    await stage.say(CARA, LOGIN)

    assert len(stage.cards()) == 2
    assert texts(stage)[1].startswith("2 more insights wait")

    stage.clock.advance(timedelta(hours=1))
    await stage.say(SAM, "/")  # nothing
    await stage.say(ANNA, INVOICE)
    assert len(stage.cards()) == 3
    told = await digest(stage)
    assert "dark mode" in told
    assert LOGIN in told


async def time_comes(stage: Stage, day: int, hour: int, minute: int = 0) -> list[str]:
    """Everything that falls due until then is done; what was posted meanwhile."""
    before = len(stage.cards())
    until = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
    ticker = Ticker(stage.storage, stage.clock, timedelta(minutes=1))
    while stage.clock.now() < until:
        async with stage.storage.read() as uow:
            due = await uow.schedules.next_due()
        stage.clock.move_to(min(max(due or until, stage.clock.now() + timedelta(seconds=1)), until))
        while await ticker.run_once():
            await stage.happen()
    return texts(stage)[before:]


async def held(stage: Stage) -> list[Because]:
    async with stage.look() as (uow, community):
        (team,) = await uow.teams.teams(community)
        return [one.because for one in await uow.holdings.of_team(community, team.id)]


async def test_when_quiet_hours_end_what_was_held_comes_once_and_the_digest_after_it_names_it_once(
    stage: Stage,
) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "11:00-13:00", "zone": "UTC"})
    said = await stage.say(ANNA, DROPS)
    await stage.say(BEN, DARK)
    assert "until the quiet hours of Product end" in " ".join((await stage.message(said)).reasons)
    assert "held back until its quiet hours end" in await stage.command(SAM, "why show", {"insight": "1"})
    assert await time_comes(stage, 2, 12, 59) == []

    first, second = await time_comes(stage, 2, 13)
    assert DROPS in first
    assert DARK in second
    assert await held(stage) == []
    assert await time_comes(stage, 3, 13) == []
    told = "\n".join(await time_comes(stage, 9, 10))
    assert told.count(DROPS) == told.count(DARK) == 1


async def test_a_storm_comes_hour_by_hour_and_its_post_counts_down(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "cap": "1"})
    for who, text in ((ANNA, DROPS), (BEN, DARK), (CARA, LOGIN)):
        await stage.say(who, text)
    assert "until its channel takes more" in await stage.command(SAM, "why show", {"insight": "2"})
    assert await time_comes(stage, 2, 12, 59) == []

    (second,) = await time_comes(stage, 2, 13, 30)
    assert DARK in second
    assert texts(stage)[1].startswith("One more insight waits")
    (third,) = await time_comes(stage, 2, 14, 30)
    assert LOGIN in third
    assert texts(stage)[1].startswith("Of what waited here nothing is left")
    assert await time_comes(stage, 3, 14) == []


async def test_a_night_full_of_insights_is_no_storm_in_the_morning(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "11:00-13:00", "zone": "UTC"})
    things = ("login", "invoice", "search", "upload", "calendar", "camera", "keyboard", "printer", "map", "clock")
    for thing in (*things, "bell", "phone"):
        await stage.say(ANNA, f"The {thing} crashes with an error")

    came = await time_comes(stage, 2, 13)
    assert len(came) == 11
    assert came[-1].startswith("2 more insights wait")
    assert len(await time_comes(stage, 2, 14)) == 2
    assert texts(stage)[10].startswith("Of what waited here nothing is left")


async def test_what_the_digest_told_first_is_no_card_unless_it_is_said_again(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "00:00-12:00", "zone": "UTC"})
    await time_comes(stage, 9, 8)
    before = len(stage.cards())
    await stage.say(ANNA, DROPS)

    (told,) = await time_comes(stage, 9, 10)
    assert DROPS in told
    assert await held(stage) == [Because.DIGEST]
    assert await time_comes(stage, 9, 13) == []
    await stage.say(BEN, DROPS)
    assert "2 people" in texts(stage)[before + 1]


async def test_what_a_digest_leaves_out_by_choice_comes_as_a_card_all_the_same(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "00:00-12:00", "zone": "UTC"})
    await stage.command(ADA, "digest set", {"team": "Product", "contents": "questions, waiting"})
    await time_comes(stage, 9, 8)
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, "How do I invite a colleague to my workspace?")

    (told,) = await time_comes(stage, 9, 10)
    assert (DROPS in told, "invite a colleague" in told) == (False, True)
    assert sorted(await held(stage)) == [Because.DIGEST, Because.QUIET]
    (card,) = await time_comes(stage, 9, 13)
    assert DROPS in card


async def test_praise_that_a_digest_tells_is_no_card_though_it_tells_nothing_else_that_is_new(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "00:00-12:00", "zone": "UTC"})
    await stage.command(ADA, "digest set", {"team": "Product", "contents": "praise"})
    await time_comes(stage, 9, 8)
    await stage.say(ANNA, "Great work, love it")
    await stage.say(BEN, "Your support is wonderful, thank you so much", SECLUDED)

    (told,) = await time_comes(stage, 9, 10)
    assert ("love it" in told, "Praise #2" in told) == (True, False)
    assert sorted(await held(stage)) == [Because.DIGEST, Because.QUIET]
    (card,) = await time_comes(stage, 9, 13)
    assert "Praise #2" in card


async def test_what_a_digest_has_no_room_for_comes_as_a_card_when_quiet_hours_end(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "00:00-12:00", "zone": "UTC"})
    await stage.command(ADA, "digest set", {"team": "Product", "length": "1"})
    await time_comes(stage, 9, 8)
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, LOGIN)

    (told,) = await time_comes(stage, 9, 10)
    assert ("New, 1 of 2, 1 of the others told later" in told, LOGIN in told, DROPS in told) == (True, True, False)
    (card,) = await time_comes(stage, 9, 13)
    assert DROPS in card


async def test_what_is_dated_far_ahead_lets_nothing_wait_for_long(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "cap": "1"})
    for who, text in ((ANNA, DROPS), (BEN, DARK)):
        await stage.happen(replace(stage.posted(who, text), at=datetime(2036, 3, 2, 12, tzinfo=UTC)))
    assert await held(stage) == [Because.FULL]
    assert any("dark mode" in card for card in await time_comes(stage, 2, 13, 10)), stage.clock.now()
    assert await held(stage) == []


async def test_what_is_closed_or_meant_by_no_route_any_more_is_not_sent_after_all(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "11:00-13:00", "zone": "UTC"})
    for who, text in ((ANNA, DROPS), (BEN, DARK)):
        await stage.say(who, text)
    await stage.command(SAM, "insight dismiss", {"insight": "1"})
    await stage.command(ADA, "route add", {"team": "Product", "kind": "praise"})
    await stage.command(ADA, "route pause", {"route": "1"})

    assert await time_comes(stage, 2, 14) == []
    assert await held(stage) == [Because.DIGEST, Because.DIGEST]
    await stage.command(ADA, "team remove", {"team": "Product"})
    assert await time_comes(stage, 3, 14) == []


async def test_what_waits_is_looked_at_when_limits_are_taken_away_and_by_the_route_that_holds_then(
    stage: Stage,
) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "11:00-23:00", "zone": "UTC"})
    await stage.say(ANNA, DROPS)
    await stage.command(ADA, "route add", {"team": "Product", "kind": "problem"})
    await stage.command(ADA, "route remove", {"route": "1"})
    await stage.command(ADA, "team limits", {"team": "Product", "quiet": "off"})

    (card,) = await time_comes(stage, 2, 12, 30)
    assert "Sent by: route 2" in card


async def test_a_storm_in_a_history_that_is_read_back_comes_as_the_limits_of_today_allow(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "cap": "1"})
    long_ago = stage.clock.now() - timedelta(days=3)
    for who, text in ((ANNA, DROPS), (BEN, DARK)):
        await stage.happen(replace(stage.posted(who, text), at=long_ago, live=False))
    assert len(await time_comes(stage, 2, 12, 10)) == 1
    await stage.happen(replace(stage.posted(CARA, LOGIN), at=long_ago, live=False))
    assert len(await time_comes(stage, 2, 13, 59)) == 1
    assert await held(stage) == []


async def test_a_card_speaks_up_again_at_each_step_once_in_its_thread(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "steps": "3, 2"})
    await stage.say(ANNA, DROPS)
    assert len(stage.cards()) == 1

    second = await stage.say(BEN, DROPS)
    assert texts(stage)[1:] == ["2 people have said #1 now."]
    await stage.delete(second)
    await stage.say(BEN, DROPS)
    assert len(stage.cards()) == 2

    await stage.say(CARA, DROPS)
    assert texts(stage)[1:] == ["2 people have said #1 now.", "3 people have said #1 now."]
    assert [sent.thread for sent in stage.cards()[1:]] == [stage.cards()[0].ref.message] * 2


async def test_without_limits_a_card_never_speaks_up_again(stage: Stage) -> None:
    await stage.with_team()
    for who in (ANNA, BEN, CARA):
        await stage.say(who, DROPS)
    assert len(stage.cards()) == 1


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"quiet": "at night"}, "Quiet hours are two times of the day"),
        ({"quiet": "25:00-07:00"}, "Quiet hours are two times of the day"),
        ({"quiet": "22:00-07:00", "zone": "Berlin"}, "I know no time zone “Berlin”"),
        ({"cap": "0"}, "cap must be a whole number from 1 to 1000"),
        ({"cap": "many"}, "cap must be a whole number from 1 to 1000"),
        ({"steps": "10, x"}, "steps must be a whole number from 1 to 100000"),
    ],
)
async def test_limits_that_make_no_sense_are_refused(stage: Stage, options: dict[str, str], refusal: str) -> None:
    await stage.with_team()
    assert refusal in await stage.command(ADA, "team limits", {"team": "Product", **options})
    assert "at any hour" in await stage.command(ADA, "team limits", {"team": "Product"})


async def test_limits_are_taken_away_again(stage: Stage) -> None:
    await stage.with_team()
    given = {"team": "Product", "quiet": "22:00-07:00", "cap": "5", "steps": "10,50"}
    shown = await stage.command(ADA, "team limits", given)
    assert "22:00 to 07:00, UTC" in shown
    assert "10, 50" in shown
    taken = {"team": "Product", "quiet": "off", "cap": "off", "steps": "off"}
    assert "at any hour" in await stage.command(ADA, "team limits", taken)


async def test_limits_stay_when_a_team_moves_to_another_channel(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team limits", {"team": "Product", "cap": "5"})
    await stage.open_channel(replace(PRODUCT, channel="other", name="other"))
    await stage.command(ADA, "team add", {"name": "Product", "channel": "other"})
    assert "5" in await stage.command(ADA, "team limits", {"team": "Product"})


async def test_only_admins_set_limits(stage: Stage) -> None:
    await stage.with_team()
    assert "Only admins" in await stage.command(SAM, "team limits", {"team": "Product", "cap": "1"}, GENERAL)
