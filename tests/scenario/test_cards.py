"""Staff work with a card: they take it over, date it, note, merge, decide, and take any of it back."""

from tests.scenario.company import Company, report
from tests.stage import ADA, ANNA, BEN, CARA, PRODUCT, SAM, Stage, button

CSV = "The CSV export drops my tags, the tags column is empty in every file"
CRASH = "The app crashes whenever I open the settings page"
NOTE = "their contract ends in May"


async def test_a_card_is_taken_over_dated_linked_noted_and_decided_and_all_of_it_is_taken_back(play: Stage) -> None:
    play.say(ANNA, CSV)
    await play.settle()
    new = play.shown(PRODUCT)[0]

    play.press(SAM, play.cards()[0], "Acknowledge")
    await play.settle()
    play.command(SAM, "insight due", PRODUCT, insight="1", day="2026-04-30")
    play.command(SAM, "insight link", PRODUCT, insight="1", address="https://tracker.example/7")
    play.command(SAM, "insight note", PRODUCT, insight="1", text=NOTE)
    await play.settle()
    play.press(ADA, play.cards()[0], "Plan")
    await play.settle()
    shown = play.shown(PRODUCT)[0]
    for line in (
        "Status: planned, by Ada",
        "Owner: Sam",
        "Due: 2026-04-30",
        "Link: https://tracker.example/7",
        f"Note by Sam, 2026-03-02: {NOTE}",
    ):
        assert line in shown

    play.restart()
    for _ in range(4):
        play.press(SAM, play.cards()[0], "Undo")
        await play.settle()
    without_note = [line for line in play.shown(PRODUCT)[0].splitlines() if NOTE not in line]
    assert without_note == new.splitlines()
    play.command(ANNA, "insight show", insight="1")
    play.command(ANNA, "privacy show")
    await play.settle()
    assert all(NOTE not in told for told in play.told(ANNA))


async def test_what_two_say_apart_is_merged_by_its_number_and_taken_apart_again(play: Stage) -> None:
    play.say(ANNA, CSV)
    play.say(BEN, CRASH)
    await play.settle()
    into = button(play.cards()[1], "Merge into…")
    play.submit(SAM, into, number="1")
    play.submit(ADA, into, number="1")
    await play.settle()

    assert "2 people" in play.shown(PRODUCT)[0]
    assert "Merged into: Problem #1" in play.shown(PRODUCT)[1]
    assert play.told(ADA)[-1].startswith("Problem #2 is merged into Problem #1 already.")

    play.press(SAM, play.cards()[1], "Undo")
    await play.settle()
    assert "1 person" in play.shown(PRODUCT)[0]
    assert CRASH in play.shown(PRODUCT)[1]


async def test_a_reply_to_a_customer_that_names_the_bot_makes_a_card(play: Stage) -> None:
    play.command(ADA, "tag new", name="billing")
    said = play.say(CARA, "on fridays I copy the rows into a spreadsheet")
    await play.settle()
    assert play.shown(PRODUCT) == []

    play.say(SAM, f"{play.chat.identity().mention} #billing", reply_to=said)
    await play.settle()

    (card,) = play.shown(PRODUCT)
    assert "copy the rows" in card
    assert "Tags: billing" in card


async def test_what_is_said_on_discord_is_noted_on_slack_and_taken_back_and_nobody_else_reads_it(
    company: Company,
) -> None:
    slack = company.slack

    async with company.running():
        asked = await report(company, "The export drops my tags, this is broken")
        await company.press("acknowledge")
        await slack.until(lambda: "acknowledged, by Pia" in company.cards()[0])
        assert "Owner" in company.cards()[0]
        await company.press("note")
        await slack.until(lambda: slack.space.views)
        await slack.submit("U2", list(slack.space.views.values())[-1], {"text": NOTE})
        await slack.until(lambda: NOTE in company.cards()[0])
        await company.in_slack("insight due insight:1 day:2099-04-30")
        await slack.until(lambda: "2099-04-30" in company.cards()[0])
        await company.press("plan")
        await slack.until(lambda: "planned, by Pia" in company.cards()[0])
        await company.discord.until(lambda: company.reactions(asked) == {"📝", "📅"})
        await company.press("takeback")
        await slack.until(lambda: "acknowledged, by Pia" in company.cards()[0])
        await company.discord.until(lambda: company.reactions(asked) == {"📝"})
    said = [str(post) for posts in company.discord.world.messages.values() for post in posts.values()]
    assert not any(NOTE in post for post in said)
