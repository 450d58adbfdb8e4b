"""What is decided on one platform is heard on the other: the whole program over real sockets."""

from tests.scenario.company import ANNA, BEN, CARA, PIA, PRODUCT, TEAM, Company, join
from tests.servers.discord.rules import every

DROPS = "The export drops my tags, this is broken"


def told_in_slack(company: Company) -> list[tuple[str, str]]:
    """What the bot said in threads of the public channel there: under which message, and what it shows."""
    posts = company.slack.space.channels["C1"].messages
    return [
        (post["thread_ts"], company.slack.space.shown("C1", ts))
        for ts, post in posts.items()
        if post.get("bot_id") and post.get("thread_ts")
    ]


async def offered(company: Company, verb: str) -> tuple[list[dict], list[str]]:
    """Pia presses a button of the card in Slack; the answer that only she sees, and what its buttons carry."""
    before = len(company.slack.answers(PIA))
    await company.press(verb)
    await company.slack.until(lambda: len(company.slack.answers(PIA)) > before)
    blocks = company.slack.answers(PIA)[-1]["blocks"]
    values = [e["value"] for b in blocks if b["type"] == "actions" for e in b["elements"]]
    assert [value.split(":")[0] for value in values] == ["tell_send", "tell_edit", "tell_not_now"]
    return blocks, values


async def decide_and_send(company: Company, verb: str) -> None:
    """She sends it as it is."""
    blocks, values = await offered(company, verb)
    await company.slack.press_answer(PIA, PRODUCT, blocks, values[0])
    await company.slack.until(lambda: "people will hear of it" in str(company.slack.answers(PIA)[-1]))


async def asked_by_three(company: Company) -> tuple[str, str, str]:
    """Anna and Ben say it in Discord, Ulf in Slack; their messages."""
    company.slack.space.person("U5", "Ulf")
    await join(company)
    assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
    anna = company.discord.world.say(ANNA, company.general, DROPS)
    ben = company.discord.world.say(BEN, company.general, DROPS)
    ulf = company.slack.space.say("U5", "C1", DROPS)
    await company.slack.until(lambda: company.cards() and "3 people" in company.cards()[0])
    return anna, ben, ulf


async def test_who_asked_on_one_platform_hears_there_what_was_decided_on_the_other(company: Company) -> None:
    world = company.discord.world
    async with company.running():
        anna, ben, ulf = await asked_by_three(company)
        await decide_and_send(company, "ship")
        await company.slack.until(lambda: told_in_slack(company))
        await company.discord.until(lambda: all(world.messages.get(asked) for asked in (anna, ben)))
        for told in (await company.in_slack("health show"), await company.in_discord(CARA, "health", "show")):
            assert "heard: 3 messages of customers" in told.replace("*", "")
        for told in (await company.in_slack("team report"), await company.in_discord(CARA, "team", "report")):
            assert "Pia" in told

    ((root, said),) = told_in_slack(company)
    assert root == ulf
    assert "this is fixed now" in said
    assert DROPS in said
    for asked in (anna, ben):
        ((_, said),) = company.discord_cards(asked).items()
        assert "this is fixed now" in said
        assert DROPS in said
    assert world.pings == []


async def test_worded_anew_in_a_form_all_read_that_and_who_mutes_there_hears_nothing_more(company: Company) -> None:
    world = company.discord.world
    async with company.running():
        anna, ben, ulf = await asked_by_three(company)
        blocks, values = await offered(company, "plan")
        await company.slack.press_answer(PIA, PRODUCT, blocks, values[1])
        await company.slack.until(lambda: company.slack.space.views)
        view = list(company.slack.space.views.values())[-1]
        assert "we are going to do this" in str(view)
        await company.slack.submit(PIA, view, {"text": "Version 7 will keep your tags."})
        await company.slack.until(lambda: told_in_slack(company))
        await company.discord.until(lambda: all(world.messages.get(asked) for asked in (anna, ben)))
        ((post, said),) = company.discord_cards(anna).items()
        assert "Version 7 will keep your tags." in said
        assert "Version 7 will keep your tags." in told_in_slack(company)[0][1]

        (mute,) = [part["custom_id"] for part in every(world.shown(anna, post)["components"]) if "custom_id" in part]
        muted = await company.answered(world.press(ANNA, anna, post, mute))
        assert "You will hear nothing more" in muted
        await decide_and_send(company, "ship")
        await company.slack.until(lambda: len(told_in_slack(company)) == 2)
        await company.discord.until(lambda: len(company.discord_cards(ben)) == 2)
    assert len(company.discord_cards(anna)) == 1
    assert {root for root, _ in told_in_slack(company)} == {ulf}
