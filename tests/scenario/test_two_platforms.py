"""What is said on one platform is decided on the other, and who is one community on both."""

from dialogue.setting_up import TEAM
from tests.scenario.company import CARA, PIA, Company, join, report
from tests.servers.discord.rules import every
from tests.servers.discord.state import SEND, VIEW


async def test_what_a_customer_says_in_discord_is_decided_in_slack_across_a_restart(company: Company) -> None:
    async with company.running():
        asked = await report(company, "The export drops my tags, @everyone <!channel>, this is broken")
        (card,) = company.cards()
        assert "The export drops my tags, @everyone <!channel>, this is broken" in card
        assert "Anna" in card
        await company.discord.until(lambda: company.reactions(asked) == {"📝"})

    async with company.running():
        await company.press("plan")
        await company.slack.until(lambda: "planned, by Pia" in company.cards()[0])
        await company.discord.until(lambda: company.reactions(asked) == {"📝", "📅"})
        assert len(company.cards()) == 1
    assert company.discord.world.pings == []


async def test_commands_are_told_as_each_platform_types_them(company: Company) -> None:
    async with company.running():
        assert "/parley team add" in await company.in_slack("team list")
        assert "/team add" in await company.in_discord(CARA, "team", "list")
        helped = await company.in_slack("help")
        assert "/parley community" in helped
        assert "invite, join" in helped


async def test_what_is_deleted_in_discord_leaves_the_card_in_slack(company: Company) -> None:
    async with company.running():
        asked = await report(company, "The export drops my tags, this is broken")
        company.discord.world.delete(company.general, asked)
        await company.slack.until(lambda: "not kept any longer" in company.cards()[0])
        assert "export" not in company.cards()[0]


async def test_what_a_customer_says_in_slack_is_decided_in_discord_across_a_restart(company: Company) -> None:
    """The same the other way round: the team reads on the server, the customer talks in the workspace."""
    team = company.discord.world.channel(company.guild, "team", everyone=False)
    company.discord.world.overwrite(team, company.discord.world.bot, allow=VIEW | SEND)
    company.slack.space.person("U5", "Ulf")

    def marked() -> set[str]:
        given = company.slack.space.message("C1", said).get("reactions", [])
        return {one["name"] for one in given if company.slack.space.bot_user in one["users"]}

    async with company.running():
        await join(company)
        assert "appear in #team now" in await company.choose_in_discord(TEAM, team)
        assert "bug" in await company.in_slack("tag new name:bug reaction:beetle")
        said = company.slack.space.say("U5", "C1", "The export drops my tags, @everyone <!channel>, this is broken")
        await company.discord.until(lambda: company.discord_cards(team))
        ((_, card),) = company.discord_cards(team).items()
        assert "The export drops my tags, @everyone <!channel>, this is broken" in card
        assert "Ulf" in card
        company.slack.space.react(PIA, "C1", said, "beetle")
        await company.slack.until(lambda: marked() == {"memo"})
        await company.discord.until(lambda: "bug" in next(iter(company.discord_cards(team).values())))

    async with company.running():
        ((post, _),) = company.discord_cards(team).items()
        buttons = [
            part["custom_id"]
            for part in every(company.discord.world.shown(team, post)["components"])
            if "custom_id" in part
        ]
        plan = next(button for button in buttons if button.startswith("plan:"))
        company.discord.world.press(CARA, team, post, plan)
        await company.discord.until(lambda: "planned, by Cara" in company.discord_cards(team)[post])
        await company.slack.until(lambda: marked() == {"memo", "calendar"})
        assert len(company.discord_cards(team)) == 1
    assert company.discord.world.pings == []
