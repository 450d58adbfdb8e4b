"""Rewards over real sockets: what an admin gives in Slack is claimed in Discord, and the other way round."""

from tests.scenario.company import ANNA, CARA, PIA, PRODUCT, TEAM, Company, join
from tests.servers.discord.rules import every

DROPS = "The export drops my tags, this is broken"
ULF = "U5"
VOUCHER = "name:Voucher kind:code pieces:5 points:2"


async def taken_up(company: Company) -> None:
    """Anna says in Discord what is broken, and Pia plans it in Slack: that is worth two points."""
    company.slack.space.person(ULF, "Ulf")
    await join(company)
    assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
    company.discord.world.say(ANNA, company.general, DROPS)
    await company.slack.until(company.cards)
    await company.press("plan")
    await company.slack.until(lambda: "planned, by Pia" in company.cards()[0])


async def told_in_slack(company: Company, who: str, line: str) -> str:
    before = len(company.slack.answers(who))
    await company.slack.command(who, "C1", line)
    await company.slack.until(lambda: len(company.slack.answers(who)) > before)
    return str(company.slack.answers(who)[-1])


async def codes_in_slack(company: Company, *codes: str) -> str:
    """Pia adds them in the form that her answer's button opens; what she reads."""
    blocks, space = company.slack.answers(PIA)[-1]["blocks"], company.slack.space
    values = [e["value"] for block in blocks if block["type"] == "actions" for e in block["elements"]]
    before, answers = len(space.views), len(company.slack.answers(PIA))
    await company.slack.press_answer(PIA, PRODUCT, blocks, values[0])
    await company.slack.until(lambda: len(space.views) > before)
    await company.slack.submit(PIA, list(space.views.values())[-1], {"codes": "\n".join(codes)})
    await company.slack.until(lambda: len(company.slack.answers(PIA)) > answers)
    return str(company.slack.answers(PIA)[-1])


async def codes_in_discord(company: Company, said: dict, *codes: str) -> str:
    button = next(part["custom_id"] for part in every(said["components"]) if "custom_id" in part)
    pressed = company.discord.world.press(CARA, company.general, said["id"], button)
    await company.discord.until(lambda: pressed.acknowledged)
    form = pressed.acknowledged["data"]["custom_id"]
    return await company.answered(company.discord.world.submit(CARA, company.general, form, codes="\n".join(codes)))


FIRST, SECOND = "sk-proj-Zx81kQm4Tn7Yb2Vc9Wd3R", "B_*2_`<@U2>"
"""One looks like a secret, which is masked elsewhere; the other like markup."""


async def test_codes_given_in_slack_are_claimed_in_discord_and_given_by_hand_in_slack(company: Company) -> None:
    async with company.running():
        await taken_up(company)
        assert "Voucher is reward 1 now" in await company.in_slack(f"reward add {VOUCHER}")
        assert "New codes kept: 2" in await codes_in_slack(company, FIRST, SECOND)
        assert "yours with /rewards claim 1" in await company.in_discord(ANNA, "rewards", "show")
        claimed = await company.in_discord(ANNA, "rewards", "claim", reward="1")

    async with company.running():
        assert "shown to you once" in await company.in_discord(ANNA, "rewards", "open", reward="1")
        company.slack.space.say(ULF, "C1", "good morning everybody")
        given = await told_in_slack(company, PIA, f"reward give reward:1 member:<@{ULF}|ulf>")
        assert "Ulf has Voucher now: that is grant 1.2" in given
        await company.slack.until(lambda: "/parley rewards open 1" in direct_in_slack(company, ULF))
        opened = await told_in_slack(company, ULF, "rewards open reward:1")
        assert "shown to you once" in await told_in_slack(company, ULF, "rewards open reward:1")
    assert {FIRST in claimed, FIRST in opened} == {True, False}
    assert {SECOND in claimed, SECOND in opened} == {True, False}
    assert company.discord.world.pings == []


def direct_in_slack(company: Company, who: str) -> str:
    """What the app wrote to somebody alone."""
    talks = [one for one in company.slack.space.channels.values() if one.other == who]
    return str([post for talk in talks for post in talk.messages.values()])


async def test_early_access_and_codes_given_in_discord_come_to_who_is_there_and_go_again(company: Company) -> None:
    world = company.discord.world
    early = world.role(company.guild, "Early")
    roles = world.members[company.guild, ANNA]["roles"]
    async with company.running():
        await taken_up(company)
        assert "no roles here" in await company.in_slack("reward add name:Beta kind:role pieces:5 role:S1 points:2")
        beta = {"name": "Beta", "kind": "role", "pieces": "5", "points": "2", "role": f"<@&{early}>"}
        assert "Beta is reward 1 now" in await company.in_discord(CARA, "reward", "add", **beta)
        assert "you have the role in a moment" in await company.in_discord(ANNA, "rewards", "claim", reward="Beta")
        await company.discord.until(lambda: early in world.members[company.guild, ANNA]["roles"])
        assert "Nothing is owed" in await company.in_slack("reward owed")
        assert "is taken back" in await company.in_slack("reward revoke grant:1.1")
        await company.discord.until(lambda: early not in world.members[company.guild, ANNA]["roles"])

        voucher = {"name": "Voucher", "kind": "code", "pieces": "5"}
        asked = world.command(CARA, company.general, "reward", "add", **voucher)
        await company.answered(asked)
        kept = await codes_in_discord(company, asked.answers[0], SECOND, "", SECOND)
        assert "New codes kept: 1. Left out: blank lines 1, twice in the list 1" in kept
        world.closed_direct = {ANNA}
        given = await company.in_discord(CARA, "reward", "give", reward="2", member=f"<@{ANNA}>")
        assert "Anna has Voucher now: that is grant 2.1" in given
        assert "/rewards open 2 shows the code, once" in await company.in_discord(ANNA, "rewards", "show")
        assert SECOND in await company.in_discord(ANNA, "rewards", "open", reward="2")
    assert roles == []
    assert world.pings == []
