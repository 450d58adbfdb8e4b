"""What is decided on one platform is heard on the other: the whole program over real sockets."""

from collections.abc import AsyncIterator

import pytest

from tests.scenario.test_two_platforms import ANNA, BEN, PIA, PRODUCT, TEAM, Company, join
from tests.servers.discord.server import DiscordServer
from tests.servers.slack.server import SlackServer

DROPS = "The export drops my tags, this is broken"


@pytest.fixture
async def company(sqlite_url: str) -> AsyncIterator[Company]:
    async with DiscordServer().running() as discord, SlackServer(retries=(0.02,) * 200).serving() as slack:
        yield Company(discord, slack, sqlite_url)


def told_in_slack(company: Company) -> list[tuple[str, str]]:
    """What the bot said in threads of the public channel there: under which message, and what it shows."""
    posts = company.slack.space.channels["C1"].messages
    return [
        (post["thread_ts"], company.slack.space.shown("C1", ts))
        for ts, post in posts.items()
        if post.get("bot_id") and post.get("thread_ts")
    ]


async def decide_and_send(company: Company, verb: str) -> None:
    """Pia presses a button of the card in Slack, then Send under what only she is shown."""
    before = len(company.slack.answers(PIA))
    await company.press(verb)
    await company.slack.until(lambda: len(company.slack.answers(PIA)) > before)
    blocks = company.slack.answers(PIA)[-1]["blocks"]
    values = [e["value"] for b in blocks if b["type"] == "actions" for e in b["elements"]]
    assert [value.split(":")[0] for value in values] == ["tell_send", "tell_edit", "tell_not_now"]
    await company.slack.press_answer(PIA, PRODUCT, blocks, values[0])
    await company.slack.until(lambda: "people will hear of it" in str(company.slack.answers(PIA)[-1]))


async def test_who_asked_on_one_platform_hears_there_what_was_decided_on_the_other(company: Company) -> None:
    world = company.discord.world
    company.slack.space.person("U5", "Ulf")
    async with company.running():
        await join(company)
        assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
        anna = world.say(ANNA, company.general, DROPS)
        ben = world.say(BEN, company.general, DROPS)
        ulf = company.slack.space.say("U5", "C1", DROPS)
        await company.slack.until(lambda: company.cards() and "3 people" in company.cards()[0])
        await decide_and_send(company, "ship")
        await company.slack.until(lambda: told_in_slack(company))
        await company.discord.until(lambda: all(world.messages.get(asked) for asked in (anna, ben)))

    ((root, said),) = told_in_slack(company)
    assert root == ulf
    assert "this is fixed now" in said
    assert DROPS in said
    for asked in (anna, ben):
        ((_, said),) = company.discord_cards(asked).items()
        assert "this is fixed now" in said
        assert DROPS in said
    assert world.pings == []
