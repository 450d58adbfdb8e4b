import pytest

from dialogue.errors import Refused
from knowledge_base.insights import Status
from tests.unit.dialogue.stage import ADA, ANNA, BEN, PRODUCT, SAM, SPACE, TESS, Stage

DROPS = "The export drops my tags, this is broken"


@pytest.fixture
async def sent(stage: Stage) -> Stage:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    return stage


async def status(stage: Stage) -> Status:
    async with stage.look() as (uow, community):
        return (await uow.insights.by_number(community, 1)).status


async def test_a_button_sets_the_status_and_the_card_shows_it_and_only_who_pressed_is_asked_more(sent: Stage) -> None:
    assert (await sent.press(SAM, sent.buttons()["plan"])).startswith("Shall I tell who said this")

    assert await status(sent) is Status.PLANNED
    assert "Status: planned, by Sam" in sent.card()
    assert [*sent.buttons()] == ["start", "ship", "decline", "dismiss"]


async def test_every_copy_of_the_card_shows_the_decision(sent: Stage) -> None:
    await sent.command(ADA, "team add", {"name": "Support", "channel": "product"})
    await sent.command(ADA, "route add", {"team": "Support"})
    await sent.say(BEN, DROPS)
    assert len(sent.cards()) == 2

    await sent.press(SAM, sent.buttons(1)["acknowledge"])

    assert all("acknowledged, by Sam" in str(card.post) for card in sent.cards())


async def test_pressing_twice_changes_nothing_more(sent: Stage) -> None:
    plan = sent.buttons()["plan"]
    await sent.press(SAM, plan)
    assert await sent.press(SAM, plan) == ""
    assert await sent.press(TESS, plan) == ""

    async with sent.look() as (uow, community):
        (insight,) = await uow.insights.open(community)
        assert len(await uow.insights.history(community, insight.id)) == 1


async def test_a_button_of_an_earlier_card_is_refused_in_words(sent: Stage) -> None:
    old = sent.buttons()
    await sent.press(SAM, old["acknowledge"])

    answer = await sent.press(TESS, old["plan"])

    assert "Somebody decided meanwhile: it is now acknowledged" in answer
    assert await status(sent) is Status.ACKNOWLEDGED


async def test_customers_may_not_decide(sent: Stage) -> None:
    assert await sent.press(ANNA, sent.buttons()["ship"]) == "Only staff can do that."
    assert "Only staff" in await sent.submit(ANNA, sent.buttons()["decline"], {"reason": "no"})
    assert await status(sent) is Status.NEW


@pytest.mark.parametrize("custom_id", ["", "plan", "plan:x", "plan:nobody:0", "own:x:0", "decline:a:b:c"])
async def test_a_button_that_is_none_of_ours_changes_nothing(sent: Stage, custom_id: str) -> None:
    await sent.press(SAM, custom_id)
    await sent.submit(SAM, custom_id, {"reason": "x"})

    assert await status(sent) is Status.NEW


async def test_declining_asks_why_in_a_form_and_the_reason_stands_on_the_card(sent: Stage) -> None:
    decline = sent.buttons()["decline"]
    form = await sent.interactions.open_form(SPACE, SAM, decline)
    assert (form.title, form.custom_id) == ("Decline Problem #1", decline)
    assert [*await sent.interactions.validate(SPACE, SAM, decline, {"reason": " "})] == ["reason"]
    assert [*await sent.interactions.validate(SPACE, SAM, decline, {"reason": "x" * 301})] == ["reason"]
    assert await sent.interactions.validate(SPACE, SAM, decline, {"reason": "too rare"}) == {}

    answer = await sent.submit(SAM, decline, {"reason": "too rare"})

    assert answer.endswith("Problem #1 is now declined, by Sam: too rare.")
    assert "Status: declined, by Sam: too rare" in sent.card()
    assert [*sent.buttons()] == ["reopen"]


async def test_declining_without_a_form_says_how(sent: Stage) -> None:
    assert "/insight decline insight:1" in await sent.press(SAM, sent.buttons()["decline"])
    assert await status(sent) is Status.NEW


async def test_a_form_opens_only_for_staff_and_only_while_it_can_still_act(sent: Stage) -> None:
    buttons = sent.buttons()
    with pytest.raises(Refused, match="Only staff"):
        await sent.interactions.open_form(SPACE, ANNA, buttons["decline"])
    with pytest.raises(Refused, match="don't know this button"):
        await sent.interactions.open_form(SPACE, SAM, buttons["plan"])
    await sent.press(SAM, buttons["ship"])
    with pytest.raises(Refused, match="is now shipped"):
        await sent.interactions.open_form(SPACE, SAM, buttons["decline"])


async def test_the_same_is_decided_by_command(sent: Stage) -> None:
    answer = await sent.command(SAM, "insight decline", {"insight": "#1", "reason": "too rare"}, PRODUCT)
    assert answer.endswith("Problem #1 is now declined, by Sam: too rare.")
    assert "declined, by Sam: too rare" in sent.card()

    refused = await sent.command(SAM, "insight plan", {"insight": "1"}, PRODUCT)
    assert refused == "Problem #1 is declined; that can't be done from there."

    await sent.command(TESS, "insight reopen", {"insight": "1"}, PRODUCT)
    assert "acknowledged, by Tess" in sent.card()
    assert "too rare" not in sent.card()


async def test_who_decides_what_was_decided_already_is_told_by_whom(sent: Stage) -> None:
    await sent.press(SAM, sent.buttons()["acknowledge"])

    answer = await sent.command(TESS, "insight acknowledge", {"insight": "1"}, PRODUCT)

    assert answer == "Problem #1 is now acknowledged, by Sam."
    assert "acknowledged, by Sam" in sent.card()


async def test_what_was_dismissed_is_sent_to_nobody_new(sent: Stage) -> None:
    await sent.press(SAM, sent.buttons()["dismiss"])
    await sent.command(ADA, "team add", {"name": "Support", "channel": "product"})
    await sent.command(ADA, "route add", {"team": "Support"})

    await sent.say(BEN, DROPS)

    assert len(sent.cards()) == 1
    assert "not an insight" in sent.card()
