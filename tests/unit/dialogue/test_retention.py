"""How long what is said is kept, by who could read it: chosen by admins, looked after once a day."""

from datetime import timedelta

from bot.ticker import Ticker
from dialogue.plain import plain_text
from dialogue.retention import PART
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, SAM, SECLUDED, Stage

DROPS = "The export drops my tags, this is broken"
SEARCH = "The search crashes with an error all the time"


async def days_pass(stage: Stage, days: int) -> None:
    stage.clock.advance(timedelta(days=days))
    for _ in range(3):  # what is left of a part falls due at once
        await Ticker(stage.storage, stage.clock, timedelta(seconds=30)).run_once()
        await stage.happen()


async def kept(stage: Stage, name: str, place=GENERAL) -> bool:
    message = await stage.message(name, place)
    return message is not None and not message.deleted


async def test_what_is_older_than_its_audience_keeps_it_is_erased_with_what_showed_it(stage: Stage) -> None:
    await stage.with_team()
    old = await stage.say(ANNA, DROPS)
    whispered = await stage.say(ANNA, "only between us", SECLUDED)
    shown = await stage.command(ADA, "community retention", {"audience": "public", "days": "30"})
    assert "30 days" in shown
    await days_pass(stage, 20)
    young = await stage.say(BEN, "good morning")
    await days_pass(stage, 11)

    assert not await kept(stage, old)
    assert await kept(stage, young)
    assert await kept(stage, whispered, SECLUDED)
    assert stage.shown(0) == "The people who said this have taken it back, or it is not kept any longer."
    assert not any("drops my tags" in plain_text(card.post) for card in stage.cards())


async def test_what_staff_decided_is_never_lost(stage: Stage) -> None:
    await stage.with_team()
    decided = await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight plan", {"insight": "1"})
    untouched = await stage.say(BEN, SEARCH)
    asked = await stage.say(CARA, "How do I export all my invoices to a csv file?")
    said = await stage.say(BEN, "use the invoice menu, then Export", reply_to=asked)
    await stage.say(CARA, "that worked, thanks", reply_to=said)
    assert "approved" in await stage.command(SAM, "answer approve", {"answer": "1"})
    await stage.command(ADA, "community retention", {"audience": "public", "days": "1"})
    await days_pass(stage, 3)

    assert [await kept(stage, one) for one in (decided, untouched, asked, said)] == [True, False, True, True]
    assert "planned" in await stage.command(SAM, "insight show", {"insight": "1"})
    assert "approved" in await stage.command(SAM, "answer show", {"answer": "1"})


async def test_a_longer_time_than_one_part_is_worked_off_in_parts(stage: Stage) -> None:
    await stage.happen(*(stage.posted(ANNA, f"good morning {number}") for number in range(PART + 3)))
    await stage.command(ADA, "community retention", {"audience": "public", "days": "1"})
    await days_pass(stage, 2)

    async with stage.look() as (uow, community):
        assert await uow.messages.recent(community, GENERAL.space, GENERAL.channel, PART * 2) == []


async def test_it_ends_when_it_is_turned_off_and_is_chosen_by_admins_alone(stage: Stage) -> None:
    old = await stage.say(ANNA, DROPS)
    await stage.command(ADA, "community retention", {"audience": "public", "days": "30"})
    assert "Only admins" in await stage.command(SAM, "community retention", {"audience": "public", "days": "1"})
    shown = await stage.command(ADA, "community retention", {"audience": "public", "days": "off"})
    assert "30 days" not in shown
    await days_pass(stage, 60)
    assert await kept(stage, old)


async def test_what_makes_no_sense_is_refused_with_what_does(stage: Stage) -> None:
    await stage.say(ADA, "good morning")
    for typed in ({"days": "30"}, {"audience": "public"}):
        assert "/community retention audience:public days:365" in await stage.command(ADA, "community retention", typed)
    for days in ("0", "-1", "many", "99999"):
        assert "days" in await stage.command(ADA, "community retention", {"audience": "public", "days": days})
    assert "until somebody deletes it" in await stage.command(ADA, "community retention")
