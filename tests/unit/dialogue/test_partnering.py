"""Learning partners are asked and say yes themselves; their channel gets a summary of what may be told."""

from datetime import timedelta

import pytest

from bot.ticker import Ticker
from dialogue.plain import plain_text
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.ids import ChannelId
from tests.unit.dialogue.closing import offered
from tests.unit.dialogue.mondays import DARK, DROPS, SLOW
from tests.unit.dialogue.stage import (
    ADA,
    ANNA,
    BEN,
    CARA,
    GENERAL,
    PRODUCT,
    SAM,
    SECLUDED,
    SPACE,
    TESS,
    Place,
    Stage,
)
from tests.unit.dialogue.test_joining import code_in

CLUB = Place(SPACE, ChannelId("club"), "club", Audience.PRIVATE)
ANNAS, BENS = {"person": "<@anna>"}, {"person": "ben"}


@pytest.fixture
async def club(stage: Stage) -> Stage:
    """A team, Anna and Ben, who said something, and the partners' channel."""
    await stage.with_team()
    await stage.open_channel(CLUB, Mode.OFF)
    for who in (ANNA, BEN, CARA):
        await stage.say(who, "good morning")
    await stage.say(SAM, "good morning")
    assert "#club is the learning partners' channel" in await stage.command(ADA, "partner channel", place=CLUB)
    return stage


async def invited(stage: Stage, options=ANNAS) -> list[str]:
    """Staff invite somebody; who read an invitation so far."""
    await stage.happen(stage.invoked(SAM, "partner invite", options))
    return [sent.to for sent in stage.chat.sent if "like you as a learning partner" in plain_text(sent.post)]


async def joined(stage: Stage, who=ANNA, options=ANNAS) -> None:
    await stage.happen(stage.invoked(SAM, "partner invite", options))
    await stage.happen(stage.pressed(who, "partner_yes::", GENERAL))


async def monday(stage: Stage) -> list[str]:
    """A week passes; what the partners' channel shows now."""
    stage.clock.advance(timedelta(days=7))
    await Ticker(stage.storage, stage.clock, timedelta(seconds=30)).run_once()
    await stage.happen()
    return shown(stage)


def shown(stage: Stage) -> list[str]:
    return [plain_text(sent.post) for sent in stage.chat.sent if sent.ref.channel == CLUB.channel and not sent.to]


async def test_nobody_is_a_partner_before_they_say_yes(club: Stage) -> None:
    await club.happen(club.invoked(SAM, "partner invite", ANNAS))
    assert "invited 2026-03-02" in await club.command(SAM, "partner list")
    assert "Anna (anna)" in await club.command(SAM, "partner list")
    (asked,) = [sent for sent in club.chat.sent if "like you as a learning partner" in plain_text(sent.post)]
    assert asked.to == ANNA.account
    assert "#club" in plain_text(asked.post)

    await club.happen(club.pressed(ANNA, "partner_yes::", GENERAL))
    assert "partner since" in await club.command(SAM, "partner list")
    told = [plain_text(sent.post) for sent in club.chat.sent if sent.to == SAM.account]
    assert any("Please let them into #club" in one and "Anna" not in one for one in told)


async def test_nobody_is_asked_twice_and_who_said_no_can_still_say_yes(club: Stage) -> None:
    await club.happen(club.invoked(SAM, "partner invite", ANNAS))
    assert "asked already" in await club.command(TESS, "partner invite", ANNAS)
    assert "nobody can invite you again" in await club.press(ANNA, "partner_no::", GENERAL)
    assert "I don't ask them again" in await club.command(SAM, "partner invite", ANNAS)
    assert "said no" in await club.command(SAM, "partner list")
    assert await invited(club) == [ANNA.account]

    await club.happen(club.pressed(ANNA, "partner_yes::", GENERAL))
    assert "a learning partner already" in await club.command(SAM, "partner invite", ANNAS)
    assert "no learning partner" in await club.command(ANNA, "partner leave")
    assert "I don't ask them again" in await club.command(SAM, "partner invite", ANNAS)


async def test_who_is_staff_unknown_or_wants_nothing_kept_is_not_asked(club: Stage) -> None:
    await club.command(BEN, "privacy stop")
    assert "want nothing kept" in await club.command(SAM, "partner invite", BENS)
    assert "Staff are no learning partners" in await club.command(ADA, "partner invite", {"person": "sam"})
    assert "I know nobody here by" in await club.command(SAM, "partner invite", {"person": "@nobody"})
    assert "Only staff" in await club.command(ANNA, "partner invite", BENS)
    assert "admins" in await club.command(SAM, "partner channel", place=CLUB)
    assert await invited(club) == [ANNA.account]


async def test_an_invitation_that_staff_took_back_or_nobody_sent_does_nothing(club: Stage) -> None:
    assert "This invitation is over" in await club.press(BEN, "partner_yes::", GENERAL)
    await invited(club)
    await club.command(SAM, "partner remove", ANNAS)
    assert "This invitation is over" in await club.press(ANNA, "partner_yes::", GENERAL)
    assert "Nobody was invited" in await club.command(SAM, "partner list")
    assert "They were not invited" in await club.command(SAM, "partner remove", ANNAS)
    assert "were not invited" in await club.command(BEN, "partner leave")


async def test_the_role_that_opens_the_channel_comes_with_yes_and_goes_with_them(club: Stage) -> None:
    club.chat.miss(club.posted(ANNA, "hello"))  # so that the platform knows her
    await club.command(ADA, "partner channel", {"role": "<@&inner>"}, CLUB)
    await invited(club)
    assert club.chat.roles == set()
    await club.happen(club.pressed(ANNA, "partner_yes::", GENERAL))
    assert club.chat.roles == {("anna", "inner")}

    await club.command(ADA, "partner channel", {"role": "other"}, CLUB)
    assert club.chat.roles == {("anna", "other")}
    await club.command(ANNA, "partner leave")
    assert club.chat.roles == set()
    await club.happen(club.pressed(ANNA, "partner_yes::", GENERAL))
    await club.command(ADA, "partner close")
    assert club.chat.roles == set()
    await club.command(ADA, "partner channel", {"role": "inner"}, CLUB)
    assert club.chat.roles == {("anna", "inner")}
    await club.command(SAM, "partner remove", ANNAS)
    assert club.chat.roles == set()


async def test_a_no_holds_also_after_everything_else_is_erased(club: Stage) -> None:
    await joined(club)
    assert "Learning partner: partner since 2026" in await club.command(ANNA, "privacy show")
    assert "Learning partner" not in await club.command(BEN, "privacy show")
    await club.command(ANNA, "partner leave")
    await club.command(ANNA, "privacy erase")
    await club.say(ANNA, "hello again")
    assert "I don't ask them again" in await club.command(SAM, "partner invite", ANNAS)


@pytest.mark.parametrize(("refuses", "roles"), [(True, set()), (False, {("anna", "inner"), ("ben", "inner")})])
async def test_of_two_accounts_of_one_person_the_role_goes_by_what_they_are_now(club: Stage, refuses, roles) -> None:
    for who in (ANNA, BEN):
        club.chat.miss(club.posted(who, "hello"))  # so that the platform knows them
    await club.command(ADA, "partner channel", {"role": "inner"}, CLUB)
    await invited(club)
    if refuses:
        await club.happen(club.pressed(ANNA, "partner_no::", GENERAL))
    await joined(club, BEN, BENS)
    assert club.chat.roles == {("ben", "inner")}
    code = code_in(await club.command(ANNA, "link new"))
    await club.command(BEN, "link enter", {"code": code})
    await club.command(BEN, "link confirm", {"code": code})
    assert club.chat.roles == roles


async def test_on_mondays_partners_read_what_was_heard_and_what_people_were_told_and_no_more(club: Stage) -> None:
    await joined(club)
    await club.say(ANNA, DROPS)
    await club.say(BEN, DARK)
    await club.say(CARA, SLOW)
    numbers = {insight.title: str(insight.number) for insight in await club.open_insights()}
    await club.command(SAM, "insight ship", {"insight": numbers[DARK]})
    await club.press(SAM, offered(club)["tell_send"])
    await club.command(SAM, "insight plan", {"insight": numbers[SLOW]})  # and tells nobody

    (summary,) = await monday(club)
    told, _, heard = summary.partition("Heard from you:")
    assert "shipped, 1 person" in told
    assert DARK in told
    assert DROPS in heard
    assert SLOW not in summary
    for name in ("Anna", "Ben", "Cara", "#"):
        assert name not in summary
    assert await monday(club) == [summary]  # nothing new, so nothing comes


async def test_what_was_said_where_partners_do_not_read_stays_there(club: Stage) -> None:
    await joined(club)
    await club.open_channel(SECLUDED)
    await club.say(ANNA, DROPS, SECLUDED)
    assert await monday(club) == []


async def test_what_is_taken_back_leaves_the_summary(club: Stage) -> None:
    await joined(club)
    said = await club.say(ANNA, DROPS)
    await club.say(ANNA, DARK)
    (summary,) = await monday(club)
    assert DROPS in summary
    await club.delete(said)
    (summary,) = shown(club)
    assert DROPS not in summary
    assert DARK in summary
    await club.command(ANNA, "privacy erase")
    assert "taken it back, or it is not kept" in shown(club)[0]
    assert "Nobody was invited" in await club.command(SAM, "partner list")


async def test_it_is_hidden_when_outsiders_read_the_channel(club: Stage) -> None:
    await joined(club)
    await club.say(ANNA, DROPS)
    await club.open_channel(CLUB, Mode.OFF, Shared.YES)
    assert await monday(club) == []
    await club.open_channel(CLUB, Mode.OFF)
    (summary,) = await monday(club)
    assert DROPS in summary


@pytest.mark.parametrize("place", [PRODUCT, GENERAL])
async def test_its_channel_is_one_that_customers_can_read_and_is_not_excluded(club: Stage, place) -> None:
    if place is GENERAL:
        await club.command(ADA, "channel exclude", place=GENERAL)
    assert "can't be theirs" in await club.command(ADA, "partner channel", place=place)
    assert "partners read what I write there" in await club.command(ADA, "channel exclude", place=CLUB)


async def test_without_a_channel_nobody_can_be_invited_and_nothing_comes(club: Stage) -> None:
    await joined(club)
    await club.command(ADA, "partner close")
    await club.say(ANNA, DROPS)
    assert await monday(club) == []
    for line in ("partner list", "partner close"):
        assert "have no channel yet" in await club.command(ADA, line)
    assert "have no channel yet" in await club.command(SAM, "partner invite", BENS)
