"""Reminders as people get them on Discord and Slack: alone, with facts of their own, ended by one press."""

from datetime import timedelta

from sqlalchemy import create_engine, text

from tests.scenario.company import ANNA, CARA, PRODUCT, TEAM, Company, join
from tests.servers.discord.rules import every

DROPS = "The export drops my tags, this is broken"
ULF = "U5"
SAYS = "{others} met it, too. It is {status} now."
MOMENTS = {
    "messages": ("at",),
    "insights": ("first_at", "last_at"),
    "status_changes": ("at",),
    "reminders": ("since",),
    "schedules": ("due_at",),
}


def five_days_pass(company: Company) -> None:
    """While the program is stopped: all that is stored happened five days before."""
    back = timedelta(days=5) // timedelta(microseconds=1)
    with create_engine(company.url.replace("+aiosqlite", "")).begin() as connection:
        for table, columns in MOMENTS.items():
            for column in columns:
                connection.execute(text(f"UPDATE {table} SET {column} = {column} - {back}"))


def in_discord(company: Company) -> dict[str, str]:
    """What Anna reads alone there, by the post."""
    return company.discord_cards(company.discord.world.direct(ANNA))


def in_slack(company: Company) -> list[tuple[str, str, str]]:
    """What Ulf reads alone there: channel, post, and what it shows."""
    talks = [name for name, channel in company.slack.space.channels.items() if channel.other == ULF]
    return [
        (talk, ts, company.slack.space.shown(talk, ts))
        for talk in talks
        for ts in company.slack.space.channels[talk].messages
    ]


async def test_each_is_reminded_alone_where_they_spoke_and_ends_it_by_one_press(company: Company) -> None:
    world, space = company.discord.world, company.slack.space
    space.person(ULF, "Ulf")
    async with company.running():
        await join(company)
        assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
        refused = await company.in_discord(CARA, "reminder", "add", when="first", text="Thanks, {name}!")
        assert "“name” is no fact of this occasion" in refused
        added = await company.in_slack(f"reminder add when:first text:{SAYS} hold_back:0")
        assert "Rule 1 reminds people once others say their first insight too" in added
        assert "Quiet hours: none" in await company.in_discord(CARA, "reminder", "limits", quiet="off")
        world.say(ANNA, company.general, DROPS)
        await company.slack.until(lambda: company.cards() and "1 person" in company.cards()[0])
        space.say(ULF, "C1", DROPS)
        await company.slack.until(lambda: "2 people" in company.cards()[0])
        await company.press("plan")
        await company.slack.until(lambda: "planned, by Pia" in company.cards()[0])

    five_days_pass(company)
    async with company.running():
        await company.discord.until(lambda: in_discord(company))
        await company.slack.until(lambda: in_slack(company))
        ((post, anna),) = in_discord(company).items()
        ((talk, ts, ulf),) = in_slack(company)
        for read in (anna, ulf):
            assert "1 person met it, too. It is planned now." in read
            assert DROPS in read
        direct = world.direct(ANNA)
        (stop,) = [part["custom_id"] for part in every(world.shown(direct, post)["components"]) if "custom_id" in part]
        assert "You get no reminders any more" in await company.answered(world.press(ANNA, direct, post, stop))
        blocks = space.message(talk, ts)["blocks"]
        (value,) = [one["value"] for block in blocks if block["type"] == "actions" for one in block["elements"]]
        await company.slack.press(ULF, talk, ts, value)
        await company.slack.until(lambda: "You get no reminders any more" in str(company.slack.answers(ULF)))
        await company.slack.command(ULF, "C1", "reminders zone zone:europe/berlin")
        await company.slack.until(lambda: "by the clock of Europe/Berlin" in str(company.slack.answers(ULF)))
        assert "You get no reminders." in await company.in_discord(ANNA, "reminders", "show")
        assert "Rule 1 holds nobody back" in await company.in_discord(CARA, "reminder", "effect", rule="1")
    assert world.pings == []
