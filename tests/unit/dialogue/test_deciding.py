import pytest

from adapters.memory.chat import Sent
from dialogue.errors import Refused
from dialogue.plain import plain_text
from dialogue.posts import Button, Buttons
from knowledge_base.insights import Insight, Status
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
    assert [*sent.buttons()] == ["start", "ship", "decline", "dismiss", "ask", "into", "kinds", "note", "takeback"]


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
    assert [*sent.buttons()] == ["reopen", "note", "takeback"]


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


async def numbered(stage: Stage, number: int) -> Insight:
    async with stage.look() as (uow, community):
        return await uow.insights.by_number(community, number)


async def voices(stage: Stage, number: int) -> list[str]:
    async with stage.look() as (uow, community):
        insight = await uow.insights.by_number(community, number)
        return [voice.text for voice in await uow.insights.voices(community, insight.id)]


async def test_peers_16_duplicates_are_merged_from_the_card_and_every_decision_is_undone(sent: Stage) -> None:
    """From the cards alone: no command is given."""
    await sent.say(BEN, "Search crashes whenever I open it, please fix")
    before = [sent.shown(0), sent.shown(1)]
    second = sent.buttons(1)
    form = await sent.interactions.open_form(SPACE, SAM, second["into"])
    assert (form.title, [field.name for field in form.fields]) == ("Merge Problem #2", ["number"])

    merged = await sent.submit(SAM, second["into"], {"number": " #1 "})
    assert merged.startswith("Problem #2 is merged into Problem #1, which 2 people have said now.")
    assert "Merged into: Problem #1" in sent.shown(1)
    assert len(await voices(sent, 1)) == 2
    await sent.press(TESS, sent.buttons(1)["undo"])
    assert [sent.shown(0), sent.shown(1)] == before
    assert (len(await voices(sent, 1)), len(await voices(sent, 2))) == (1, 1)

    shown = [sent.shown(0)]
    for verb, reason in (("acknowledge", ""), ("plan", ""), ("start", ""), ("decline", "too rare"), ("reopen", "")):
        button = sent.buttons()[verb]
        await (sent.submit(SAM, button, {"reason": reason}) if reason else sent.press(SAM, button))
        shown.append(sent.shown(0))
    assert len({*shown}) == 5, "reopened, it is acknowledged again"
    for earlier in reversed(shown[:-1]):
        assert await sent.press(TESS, sent.buttons()["takeback"]) == ""
        assert sent.shown(0) == earlier
    assert "takeback" not in sent.buttons()
    async with sent.look() as (uow, community):
        history = await uow.insights.history(community, (await numbered(sent, 1)).id)
        assert [change.undoes for change in history] == [None] * 5 + [5, 4, 3, 2, 1]


async def test_what_was_taken_back_can_be_decided_anew_and_taken_back_to_what_was_before(sent: Stage) -> None:
    await sent.press(SAM, sent.buttons()["plan"])
    await sent.press(TESS, sent.buttons()["ship"])
    await sent.press(TESS, sent.buttons()["takeback"])
    assert "Status: planned, by Sam" in sent.card()
    await sent.press(TESS, sent.buttons()["start"])

    answer = await sent.command(TESS, "insight takeback", {"insight": "1"}, PRODUCT)

    assert answer == "Taken back. Problem #1 is now planned, by Sam."
    history = await sent.command(SAM, "insight show", {"insight": "1"}, PRODUCT)
    lines = history.splitlines()[-5:]
    assert [line.split(": ", 1)[1] for line in lines] == [
        "planned, by Sam",
        "shipped, by Tess",
        "taken back: shipped, by Tess",
        "in progress, by Tess",
        "taken back: in progress, by Tess",
    ]


async def test_who_acknowledges_takes_it_over_and_undo_gives_it_back(sent: Stage) -> None:
    await sent.command(SAM, "insight own", {"insight": "1"}, PRODUCT)
    assert "Owner: Sam" in sent.card()
    await sent.press(TESS, sent.buttons()["acknowledge"])
    assert "Owner: Tess" in sent.card()
    await sent.press(SAM, sent.buttons()["plan"])
    assert "Owner: Tess" in sent.card()

    await sent.press(SAM, sent.buttons()["takeback"])
    await sent.press(SAM, sent.buttons()["takeback"])

    assert "Owner: Sam" in sent.card()
    assert "Status: new\n" in sent.card()


async def test_day_and_link_stand_on_every_copy_and_are_taken_back(sent: Stage) -> None:
    await sent.command(ADA, "team add", {"name": "Support", "channel": "product"})
    await sent.command(ADA, "route add", {"team": "Support"})
    await sent.say(BEN, DROPS)
    said = await sent.command(SAM, "insight due", {"insight": "1", "day": "2026-04-30"}, PRODUCT)
    assert said == "Noted. The cards of Problem #1 show the day it is due."
    await sent.command(SAM, "insight link", {"insight": "1", "address": "https://tracker.example/7"}, PRODUCT)

    assert all("Due: 2026-04-30" in sent.shown(card) for card in range(2))
    assert all("Link: https://tracker.example/7" in sent.shown(card) for card in range(2))
    shown = await sent.command(SAM, "insight show", {"insight": "1"}, PRODUCT)
    assert "link https://tracker.example/7, by Sam" in shown
    assert "due on 2026-04-30, by Sam" in shown

    await sent.command(TESS, "insight takeback", {"insight": "1"}, PRODUCT)
    assert "Link" not in sent.shown(0)
    await sent.command(TESS, "insight due", {"insight": "1", "day": "none"}, PRODUCT)
    assert "Due" not in sent.shown(1)


@pytest.mark.parametrize(
    ("verb", "option", "typed", "said"),
    [
        ("due", "day", "soon", "Write the day as 2026-04-30"),
        ("due", "day", "2026-02-30", "Write the day as 2026-04-30"),
        ("due", "day", "2026-03-01", "2026-03-01 is past"),
        ("link", "address", "javascript:alert(1)", "Write a web address"),
        ("link", "address", "https://a b", "Write a web address"),
    ],
)
async def test_what_is_no_day_or_address_is_refused(sent: Stage, verb: str, option: str, typed: str, said: str) -> None:
    before = await numbered(sent, 1)
    assert said in await sent.command(SAM, f"insight {verb}", {"insight": "1", option: typed}, PRODUCT)
    assert await numbered(sent, 1) == before


async def test_two_press_at_once_and_the_second_is_told_who_was_first(sent: Stage) -> None:
    """Both are in the inbox before either is decided."""
    buttons = sent.buttons()
    presses = [sent.pressed(who, buttons[verb]) for who, verb in ((SAM, "plan"), (TESS, "dismiss"))]
    await sent.happen(*presses)

    assert "Status: planned, by Sam" in sent.card()
    (told,) = [plain_text(one.post) for one in sent.chat.sent if one.to == TESS.account]
    assert told.startswith("Somebody decided meanwhile: it is now planned, by Sam.")


async def test_two_take_back_at_once_and_only_one_decision_is_taken_back(sent: Stage) -> None:
    await sent.press(SAM, sent.buttons()["acknowledge"])
    await sent.press(SAM, sent.buttons()["plan"])
    undo = sent.buttons()["takeback"]

    await sent.happen(sent.pressed(SAM, undo), sent.pressed(TESS, undo))

    assert "Status: acknowledged, by Sam" in sent.card()
    (told,) = [plain_text(one.post) for one in sent.chat.sent if one.to == TESS.account]
    assert "it is now acknowledged, by Sam" in told


async def test_a_form_sent_after_a_merge_says_where_it_went_and_changes_nothing(sent: Stage) -> None:
    await sent.say(BEN, "Search crashes whenever I open it, please fix")
    old = sent.buttons(1)
    await sent.command(SAM, "insight merge", {"insight": "2", "into": "1"}, PRODUCT)
    before = [await numbered(sent, 1), await numbered(sent, 2)]

    declined = await sent.submit(TESS, old["decline"], {"reason": "too rare"})
    again = await sent.submit(TESS, old["into"], {"number": "1"})

    said = "Problem #2 was merged into Problem #1 meanwhile, which 2 people said. Decide on the card of Problem #1."
    assert declined == said
    assert again.startswith("Problem #2 is merged into Problem #1 already.")
    assert [await numbered(sent, 1), await numbered(sent, 2)] == before


async def test_only_staff_press_what_is_below(sent: Stage) -> None:
    buttons = sent.buttons()
    await sent.press(SAM, buttons["acknowledge"])
    for verb in ("takeback", "ask", "into", "kinds", "note"):
        assert await sent.press(ANNA, sent.buttons()[verb]) == "Only staff can do that."
    assert await status(sent) is Status.ACKNOWLEDGED


async def test_nothing_decided_and_what_is_merged_are_not_taken_back(sent: Stage) -> None:
    await sent.say(BEN, "Search crashes whenever I open it, please fix")
    refused = await sent.command(SAM, "insight takeback", {"insight": "1"}, PRODUCT)
    assert refused.startswith("Nobody has decided anything about Problem #1")
    await sent.command(SAM, "insight plan", {"insight": "2"}, PRODUCT)
    await sent.command(SAM, "insight merge", {"insight": "2", "into": "1"}, PRODUCT)
    assert "merged into Problem #1" in await sent.command(SAM, "insight takeback", {"insight": "2"}, PRODUCT)
    await sent.command(SAM, "insight undo", {"insight": "2"}, PRODUCT)
    await sent.command(SAM, "insight takeback", {"insight": "2"}, PRODUCT)
    assert (await numbered(sent, 2)).status is Status.NEW


async def test_taking_back_not_an_insight_takes_back_what_was_learned_by_it(sent: Stage) -> None:
    await sent.press(SAM, sent.buttons()["dismiss"])
    async with sent.look() as (uow, community):
        assert len(await uow.corrections.about(community, (await numbered(sent, 1)).id)) == 1

    await sent.press(SAM, sent.buttons()["takeback"])

    async with sent.look() as (uow, community):
        assert await uow.corrections.about(community, (await numbered(sent, 1)).id) == []
    assert await status(sent) is Status.NEW


async def test_a_wrong_guess_is_corrected_in_the_card(sent: Stage) -> None:
    asked = await sent.press(SAM, sent.buttons()["kinds"])
    assert asked.startswith(f"I took this for: Problem.\n> {DROPS}")
    buttons = {b.custom_id for post in sent.chat.sent if post.to for b in buttons_of(post)}
    (request,) = [custom_id for custom_id in buttons if custom_id.endswith(":request")]

    await sent.press(SAM, request)

    assert "Request #1" in sent.card()


def buttons_of(sent: Sent) -> list[Button]:
    return [button for block in sent.post.blocks if isinstance(block, Buttons) for button in block.buttons]
