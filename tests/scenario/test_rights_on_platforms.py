"""Getting and erasing what is held, and the credits page, on Discord and Slack: the whole program over real sockets."""

import json
from collections.abc import Sequence

from tests.scenario.company import ANNA, PIA, PRODUCT, TEAM, Company, join

DROPS = "The export drops my tags, this is broken"
ALSO = "The export drops my tags for me, too, it is broken"
ULF = "U5"


async def both_speak(company: Company) -> None:
    company.slack.space.person(ULF, "Ulf")
    await join(company)
    assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
    company.discord.world.say(ANNA, company.general, DROPS)
    await company.slack.until(lambda: company.cards() and "1 person" in company.cards()[0])
    company.slack.space.say(ULF, "C1", ALSO)
    await company.slack.until(lambda: company.cards() and "2 people" in company.cards()[0])


def given_in_discord(company: Company) -> Sequence[bytes]:
    """Every file that the bot sent there."""
    return list(company.discord.world.files.values())


def given_in_slack(company: Company, who: str) -> Sequence[bytes]:
    """The files that somebody was given in their talk with the app."""
    space = company.slack.space
    shared = [file for file in space.files.values() if file.complete and file.channel]
    return [file.content for file in shared if space.channels[file.channel].other == who]


async def test_peers_24_each_gets_their_file_where_they_ask_and_is_erased_on_both_platforms(company: Company) -> None:
    async with company.running():
        await both_speak(company)

        assert "Everything I hold of you" in await company.in_discord(ANNA, "privacy", "export")
        (file,) = given_in_discord(company)
        assert [one["text"] for one in json.loads(file)["messages"]] == [DROPS]

        await company.slack.command(ULF, "C1", "privacy export")
        await company.slack.until(lambda: company.slack.answers(ULF))
        (file,) = given_in_slack(company, ULF)
        assert [one["text"] for one in json.loads(file)["messages"]] == [ALSO]
        assert "not take the file" not in str(company.slack.answers(ULF))

        assert "1 message of yours is erased" in await company.in_discord(ANNA, "privacy", "erase")
        await company.slack.until(lambda: "1 person" in company.cards()[0])
        assert "Anna" not in company.cards()[0]
        assert DROPS not in company.cards()[0]
        assert ALSO in company.cards()[0]


async def test_the_credits_page_names_who_wants_it_on_either_platform(company: Company) -> None:
    async with company.running():
        await both_speak(company)
        await company.in_discord(ANNA, "privacy", "naming", **{"as": "name"})
        await company.press("ship")
        await company.slack.until(lambda: "shipped" in company.cards()[0])

        await company.in_slack("credits page form:json")
        (file,) = given_in_slack(company, PIA)
        (one,) = json.loads(file)["shipped"]
        assert (one["people"], one["others"]) == (["Anna"], 1)
