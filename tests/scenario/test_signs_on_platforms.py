"""An early sign on Discord and Slack: customers complain in one, the team reads and silences it in the other."""

from dataclasses import replace
from datetime import timedelta

from adapters.storage.database import Database
from bot.moments import SystemClock
from dialogue.signs.verbs import FOR_A_WEEK, HEAR
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId, message_id
from tests.conftest import ReversingSealer
from tests.scenario.company import ANNA, PIA, PRODUCT, TEAM, Company, join

BROKEN = "The export is broken since today, it crashes with an error"
HEADING = "Early sign: many more people than usual in"


async def five_weeks_later(company: Company, said: str) -> None:
    """While the program is down: Anna's message is five weeks old, and what is looked for each hour is due."""
    database = await Database.open(company.url, ReversingSealer())
    now = SystemClock().now()
    async with database.begin() as uow:
        community = await uow.communities.of_space(SpaceId(company.guild))
        place = (SpaceId(company.guild), ChannelId(company.general), PlatformMessageId(said))
        message = await uow.messages.get(community, message_id(*place))
        await uow.messages.replace(replace(message, at=now - timedelta(days=35)))
        (due,) = [one for one in await uow.schedules.due(now + timedelta(hours=2)) if one.name == "signs"]
        await uow.schedules.put(replace(due, due_at=now))
        await uow.commit()
    await database.close()


async def test_a_surge_in_discord_is_told_in_slack_silenced_there_and_loses_what_is_deleted(company: Company) -> None:
    world = company.discord.world

    def signs() -> list[str]:
        return [card for card in company.cards() if HEADING in card]

    async with company.running():
        await join(company)
        assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
        assert "Nobody is told of early signs" in await company.in_slack("signs show")
        assert "The team product is told of: surges" in await company.in_slack("signs set team:product")
        first = world.say(ANNA, company.general, "hello everybody, this drops my tags and is broken")
        await company.slack.until(company.cards)
        for number in range(5):
            user = str(2000 + number)
            world.user(user, f"Customer {number}")
            world.join(company.guild, user, ())
        said = [world.say(str(2000 + number), company.general, f"{BROKEN}, {number}") for number in range(5)]
        await company.slack.until(lambda: all(f"{BROKEN}, {n}" in str(company.cards()) for n in range(5)))
    await five_weeks_later(company, first)

    async with company.running():
        await company.slack.until(signs)
        (sign,) = signs()
        assert f"{HEADING} #general" in sign
        assert "5 people said something you should know" in sign
        assert f"{BROKEN}, 4" in sign
        assert "Customer 4" in sign

        world.delete(company.general, said[4])
        await company.slack.until(lambda: f"{BROKEN}, 4" not in signs()[0])
        for verb, shown in ((FOR_A_WEEK, True), (HEAR, False)):
            posts = company.slack.space.channels[PRODUCT].messages.values()
            (post,) = [one for one in posts if one.get("bot_id") and HEADING in str(one["blocks"])]
            values = [e["value"] for b in post["blocks"] if b["type"] == "actions" for e in b["elements"]]
            value = next(one for one in values if one.startswith(f"{verb}:"))
            await company.slack.press(PIA, PRODUCT, post["ts"], value)
            await company.slack.until(lambda shown=shown: ("silenced until" in signs()[0]) == shown)
        assert "many more people than usual in #general" in await company.in_slack("signs show")
