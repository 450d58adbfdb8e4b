"""Newcomers, learning partners and excluded channels on Discord and Slack: the whole program over real sockets."""

from dataclasses import replace
from datetime import UTC, datetime

from adapters.storage.database import Database
from dialogue.partnering.summarising import TIMER
from tests.conftest import ReversingSealer
from tests.scenario.company import ANNA, BEN, CARA, PRODUCT, STAFF, TEAM, Company, join
from tests.servers.discord.rules import every
from tests.servers.discord.state import SEND, VIEW

DROPS = "The export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"
SHAPES = "What is said here shapes the product"
ULF = "U5"
FOREVER = datetime(2999, 1, 1, tzinfo=UTC)


def alone_in_discord(company: Company, who: str) -> dict[str, str]:
    """What the bot wrote to somebody alone there, by its ids."""
    return company.discord_cards(company.discord.world.direct(who))


def alone_in_slack(company: Company, who: str) -> dict[str, str]:
    """The same there, by its timestamps."""
    talks = [name for name, channel in company.slack.space.channels.items() if channel.other == who]
    return {
        ts: company.slack.space.shown(talk, ts) for talk in talks for ts in company.slack.space.channels[talk].messages
    }


def talk(company: Company, who: str) -> str:
    return next(name for name, channel in company.slack.space.channels.items() if channel.other == who)


async def press_in_discord(company: Company, who: str, verb: str) -> str:
    """Somebody presses a button of what the bot wrote to them last; what they read then."""
    direct = company.discord.world.direct(who)
    post = list(alone_in_discord(company, who))[-1]
    parts = every(company.discord.world.shown(direct, post)["components"])
    (button,) = [part["custom_id"] for part in parts if part.get("custom_id", "").startswith(f"{verb}:")]
    return await company.answered(company.discord.world.press(who, direct, post, button))


async def set_up(company: Company) -> None:
    company.slack.space.person(ULF, "Ulf")
    await join(company)
    assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
    assert "Staff are now: Support." in await company.choose_in_discord(STAFF, company.support)


async def monday_comes(company: Company) -> None:
    """While the program does not run, the summary falls due."""
    database = await Database.open(company.url, ReversingSealer())
    async with database.begin() as uow:
        (schedule,) = [one for one in await uow.schedules.due(FOREVER) if one.name == TIMER]
        await uow.schedules.put(replace(schedule, due_at=datetime(2026, 1, 5, 9, tzinfo=UTC)))
        await uow.commit()
    await database.close()


async def test_a_newcomer_on_either_platform_is_welcomed_once_alone_and_can_end_it(company: Company) -> None:
    world, space = company.discord.world, company.slack.space
    async with company.running():
        await set_up(company)
        assert "Newcomers get this from me once" in await company.in_slack("welcome on")
        world.say(ANNA, company.general, DROPS)
        space.say(ULF, "C1", DROPS)
        await company.discord.until(lambda: alone_in_discord(company, ANNA))
        await company.slack.until(lambda: alone_in_slack(company, ULF))
        (discord,), (slack,) = alone_in_discord(company, ANNA).values(), alone_in_slack(company, ULF).values()
        assert SHAPES in discord
        assert "/privacy stop" in discord
        assert SHAPES in slack
        assert "/parley privacy stop" in slack

        world.say(ANNA, company.general, DARK)
        space.say(ULF, "C1", DARK)
        await company.slack.until(lambda: len(company.cards()) == 2 and "2 people" in company.cards()[1])
        assert len(alone_in_discord(company, ANNA)) == len(alone_in_slack(company, ULF)) == 1

        assert "From now on I keep nothing you say" in await press_in_discord(company, ANNA, "consent_stop")
        assert "not kept" in await company.in_discord(ANNA, "privacy", "show")
    assert world.pings == []


async def test_a_community_that_asks_first_welcomes_and_asks_in_one_message(company: Company) -> None:
    async with company.running():
        await set_up(company)
        await company.in_discord(CARA, "community", "policy", policy="opt-in")
        await company.in_discord(CARA, "welcome", "on")
        company.slack.space.say(ULF, "C1", DROPS)
        await company.slack.until(lambda: alone_in_slack(company, ULF))
        (asked,) = alone_in_slack(company, ULF).values()
        assert SHAPES in asked
        assert "May I keep what you say" in asked
        (ts,) = alone_in_slack(company, ULF)
        await company.slack.press(ULF, talk(company, ULF), ts, "consent_yes::")
        await company.slack.until(lambda: "From now on I keep what you say" in str(company.slack.answers(ULF)))
        company.slack.space.say(ULF, "C1", DROPS)
        await company.slack.until(company.cards)
        assert len(alone_in_slack(company, ULF)) == 1


async def test_partners_of_both_platforms_say_yes_themselves_and_read_one_summary(company: Company) -> None:
    world, space = company.discord.world, company.slack.space
    club, role = world.channel(company.guild, "club", everyone=False), world.role(company.guild, "Partners")
    world.overwrite(club, world.bot, allow=VIEW | SEND)
    async with company.running():
        await set_up(company)
        world.say(ANNA, company.general, "good morning")
        space.say(ULF, "C1", "good morning")
        world.say(CARA, club, "good morning")
        chosen = await company.answered(world.command(CARA, club, "partner", "channel", role=f"<@&{role}>"))
        assert "#club is the learning partners' channel" in chosen
        assert "They are asked, alone" in await company.in_discord(BEN, "partner", "invite", person=f"<@{ANNA}>")
        assert "They are asked, alone" in await company.in_slack(f"partner invite person:<@{ULF}|ulf>")
        await company.discord.until(lambda: alone_in_discord(company, ANNA))
        await company.slack.until(lambda: alone_in_slack(company, ULF))
        assert role not in world.members[company.guild, ANNA]["roles"]
        assert "You are a learning partner now" in await press_in_discord(company, ANNA, "partner_yes")
        await company.discord.until(lambda: role in world.members[company.guild, ANNA]["roles"])
        (ts,) = alone_in_slack(company, ULF)
        await company.slack.press(ULF, talk(company, ULF), ts, "partner_no::")
        await company.slack.until(lambda: "You are no learning partner" in str(company.slack.answers(ULF)))
        listed = await company.in_slack("partner list")
        assert "partner since" in listed
        assert "said no" in listed
        said = world.say(ANNA, company.general, DROPS)
        space.say(ULF, "C1", DARK)
        await company.slack.until(lambda: len(company.cards()) == 2)

    await monday_comes(company)
    async with company.running():
        await company.discord.until(lambda: company.discord_cards(club))
        (summary,) = company.discord_cards(club).values()
        assert DROPS in summary
        assert DARK not in summary
        world.delete(company.general, said)
        await company.discord.until(lambda: DROPS not in "".join(company.discord_cards(club).values()))


async def test_an_excluded_channel_is_forgotten_and_what_is_for_admins_staff_cannot_do(company: Company) -> None:
    world = company.discord.world
    kids = world.channel(company.guild, "kids")
    async with company.running():
        await set_up(company)
        world.say(ANNA, kids, DROPS)
        await company.slack.until(lambda: company.cards() and DROPS in company.cards()[0])
        assert "#kids is excluded" in await company.answered(world.command(CARA, kids, "channel", "exclude"))
        await company.slack.until(lambda: "not kept any longer" in company.cards()[0])
        world.say(ANNA, kids, DARK)
        world.say(ANNA, company.general, "The search crashes with an error all the time")
        await company.slack.until(lambda: len(company.cards()) == 2)
        assert "search crashes" in company.cards()[1]

        assert "is for: admin" in await company.in_slack("permission set command:insight ship role:admin")
        assert "Only admins can do that" in await company.in_discord(BEN, "insight", "ship", insight="2")
        assert "is for: staff" in await company.in_slack("permission set command:digest now role:staff")
        assert "Only admins" not in await company.in_discord(BEN, "digest", "now", team="product")
