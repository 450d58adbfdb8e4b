"""The bridge over real sockets: a manager in one place asks two customers in two others, and answers one of them."""

from tests.scenario.company import ANNA, CARA, PIA, PRODUCT, TEAM, Company, join
from tests.servers.discord.rules import every
from tests.servers.discord.state import SEND, VIEW

DROPS = "The export drops my tags, this is broken"
WHICH = "Which browser do you use?"
ULF = "U5"


def card(company: Company) -> dict:
    """The card in Slack."""
    posts = company.slack.space.channels[PRODUCT].messages.values()
    return next(post for post in posts if post.get("bot_id") and post.get("thread_ts", post["ts"]) == post["ts"])


def below_card(company: Company) -> list[str]:
    """What stands in the thread of the card."""
    posts = company.slack.space.channels[PRODUCT].messages
    return [
        company.slack.space.shown(PRODUCT, ts)
        for ts, post in posts.items()
        if post.get("bot_id") and post.get("thread_ts") == card(company)["ts"] != ts
    ]


async def opened(company: Company, ts: str, verb: str) -> dict:
    """Pia presses a button in Slack that opens a form; the form."""
    post, before = company.slack.space.channels[PRODUCT].messages[ts], len(company.slack.space.views)
    values = [e["value"] for b in post["blocks"] if b["type"] == "actions" for e in b["elements"]]
    value = next(value for value in values if value.startswith(f"{verb}:"))
    await company.slack.press(PIA, PRODUCT, ts, value)
    await company.slack.until(lambda: len(company.slack.space.views) > before)
    return list(company.slack.space.views.values())[-1]


async def reported(company: Company) -> tuple[str, str]:
    """Anna says it in Discord, Ulf in Slack; their messages."""
    company.slack.space.person(ULF, "Ulf")
    await join(company)
    assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
    anna = company.discord.world.say(ANNA, company.general, DROPS)
    ulf = company.slack.space.say(ULF, "C1", DROPS)
    await company.slack.until(lambda: company.cards() and "2 people" in company.cards()[0])
    return anna, ulf


async def ask_both(company: Company) -> None:
    """Pia chooses both in the form."""
    view = await opened(company, card(company)["ts"], "ask")
    (whom,) = [block for block in view["blocks"] if block.get("block_id") == "whom"]
    options = whom["element"]["options"]
    assert {one["text"]["text"].split(":")[0] for one in options} == {"Anna", "Ulf"}
    members = "\n".join(one["value"] for one in options)
    await company.slack.submit(PIA, view, {"text": WHICH, "whom": members})


def asked_in_slack(company: Company, root: str) -> list[str]:
    """What the bot said in the thread of a message in the public channel there."""
    posts = company.slack.space.channels["C1"].messages
    return [
        company.slack.space.shown("C1", ts)
        for ts, post in posts.items()
        if post.get("bot_id") and post.get("thread_ts") == root
    ]


async def test_two_customers_on_two_platforms_are_asked_and_their_answers_come_below_the_card(
    company: Company,
) -> None:
    world = company.discord.world
    async with company.running():
        anna, ulf = await reported(company)
        await ask_both(company)
        await company.discord.until(lambda: world.messages.get(anna))
        await company.slack.until(lambda: asked_in_slack(company, ulf))
        await company.slack.until(lambda: "needs info, by Pia" in company.cards()[0])
        ((_, question),) = company.discord_cards(anna).items()
        assert f"The product team asks: {WHICH}" in question
        assert f"The product team asks: {WHICH}" in asked_in_slack(company, ulf)[0]

        answer = world.say(ANNA, anna, "Firefox, the newest")
        company.slack.space.say(ULF, "C1", "Safari on a Mac", thread=ulf)
        await company.slack.until(lambda: len(below_card(company)) == 3)
        assert any("Firefox, the newest" in shown and "Anna" in shown for shown in below_card(company))
        assert any("Safari on a Mac" in shown and "Ulf" in shown for shown in below_card(company))

        world.change(anna, answer, "Firefox 140")
        await company.slack.until(lambda: any("Firefox 140" in shown for shown in below_card(company)))

    async with company.running():
        posts = company.slack.space.channels[PRODUCT].messages
        (ts,) = [ts for ts, post in posts.items() if "Firefox 140" in company.slack.space.shown(PRODUCT, ts)]
        view = await opened(company, ts, "bridge_answer")
        company.slack.space.say(PIA, PRODUCT, "he will never understand that", thread=card(company)["ts"])
        await company.slack.submit(PIA, view, {"text": "Thank you, found it."})
        await company.discord.until(lambda: len(company.discord_cards(anna)) == 2)
        assert list(company.discord_cards(anna).values())[1].strip() == "The product team: Thank you, found it."
        await company.slack.until(lambda: any("Pia replied to answer" in shown for shown in below_card(company)))
        world.delete(anna, answer)
        await company.slack.until(lambda: any("was taken back" in shown for shown in below_card(company)))
    assert not any("Firefox" in shown for shown in below_card(company))
    assert len(asked_in_slack(company, ulf)) == 1
    assert not any("never understand" in shown for shown in company.discord_cards(anna).values())
    assert world.pings == []


async def test_who_reads_in_discord_asks_there_whom_speaks_in_slack_in_a_form_with_a_choice(company: Company) -> None:
    world = company.discord.world
    team = world.channel(company.guild, "team", everyone=False)
    world.overwrite(team, world.bot, allow=VIEW | SEND)
    company.slack.space.person(ULF, "Ulf")

    def button(post: str, verb: str) -> str:
        parts = every(world.shown(team, post)["components"])
        return next(part["custom_id"] for part in parts if part.get("custom_id", "").startswith(f"{verb}:"))

    async def form(post: str, verb: str) -> dict:
        pressed = world.press(CARA, team, post, button(post, verb))
        await company.discord.until(lambda: pressed.acknowledged)
        return pressed.acknowledged["data"]

    async with company.running():
        await join(company)
        assert "appear in #team now" in await company.choose_in_discord(TEAM, team)
        ulf = company.slack.space.say(ULF, "C1", DROPS)
        await company.discord.until(lambda: company.discord_cards(team))
        ((post, _),) = company.discord_cards(team).items()
        modal = await form(post, "ask")
        (select,) = [label["component"] for label in modal["components"] if label["component"]["type"] == 3]
        assert [one["label"] for one in select["options"]] == [f"Ulf: {DROPS}"]
        members = [one["value"] for one in select["options"] if one["default"]]
        answered = await company.answered(world.submit(CARA, team, modal["custom_id"], {"whom": members}, text=WHICH))
        assert "Sent: 1 person will read it." in answered
        await company.slack.until(lambda: asked_in_slack(company, ulf))

        company.slack.space.say(ULF, "C1", "Safari on a Mac", thread=ulf)
        await company.discord.until(lambda: any("Safari" in shown for shown in company.discord_cards(team).values()))
        (below,) = [one for one, shown in company.discord_cards(team).items() if "Safari" in shown]
        assert world.messages[team][below]["message_reference"]["message_id"] == post
        modal = await form(below, "bridge_answer")
        await company.answered(world.submit(CARA, team, modal["custom_id"], text="Thank you"))
        await company.slack.until(lambda: len(asked_in_slack(company, ulf)) == 2)
    assert asked_in_slack(company, ulf)[1].strip() == "The product team: Thank you"
