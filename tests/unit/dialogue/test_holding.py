"""What a team does not want to hear of now is held back, comes in its digest, and is sent once at most."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogue.plain import plain_text
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, PRODUCT, SAM, Stage

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
    assert texts(stage)[1].startswith("One more insight came in this hour")
    await stage.say(CARA, LOGIN)

    assert len(stage.cards()) == 2
    assert texts(stage)[1].startswith("2 more insights came in this hour")

    stage.clock.advance(timedelta(hours=1))
    await stage.say(SAM, "/")  # nothing
    await stage.say(ANNA, INVOICE)
    assert len(stage.cards()) == 3
    told = await digest(stage)
    assert "dark mode" in told
    assert LOGIN in told


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
