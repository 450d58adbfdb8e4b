"""A member's year on Discord and on Slack: the whole program over real sockets, on a clock that is moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.integration.discord.stage import readable
from tests.scenario.company import ANNA, CARA, PRODUCT, TEAM, Company, join
from tests.scenario.test_loop_on_platforms import decide_and_send

DROPS = "The export drops my tags, this is broken"
ALSO = "The export drops my tags for me, too, it is broken"
ULF = "U5"


@dataclass
class OnDiscord:
    """Anna."""

    company: Company
    name = "Anna"

    def say(self, text: str) -> str:
        return self.company.discord.world.say(ANNA, self.company.general, text)

    async def ask(self, noun: str, verb: str, **options: str) -> str:
        return await self.company.in_discord(ANNA, noun, verb, **options)

    async def alone(self, wanted: str) -> None:
        """Somebody is told something alone."""
        world = self.company.discord.world
        here = world.direct(ANNA)
        await self.company.discord.until(lambda: any(wanted in readable(one) for one in world.messages[here].values()))


@dataclass
class OnSlack:
    """Ulf."""

    company: Company
    name = "Ulf"

    def say(self, text: str) -> str:
        return self.company.slack.space.say(ULF, "C1", text)

    async def ask(self, noun: str, verb: str, **options: str) -> str:
        slack = self.company.slack
        before = len(slack.answers(ULF))
        typed = " ".join(f"{name}:{value}" for name, value in options.items())
        await slack.command(ULF, "C1", f"{noun} {verb} {typed}".strip())
        await slack.until(lambda: len(slack.answers(ULF)) > before)
        return str(slack.answers(ULF)[-1])

    async def alone(self, wanted: str) -> None:
        """Somebody is told something alone."""
        space = self.company.slack.space
        await self.company.slack.until(
            lambda: any(
                wanted in space.shown(channel.id, ts)
                for channel in space.channels.values()
                if channel.other == ULF
                for ts in channel.messages
            )
        )


async def set_up(company: Company, first: str) -> str:
    """A level, a reward at that level, a reminder. Slack has no role to give: there staff see to it. The role's id."""
    company.slack.space.person(ULF, "Ulf")
    await join(company)
    beta = company.discord.world.role(company.guild, "Beta")
    assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
    assert "Scout is a level" in await company.in_slack("level add name:Scout points:5")
    assert "Rule 1" in await company.in_slack('reminder add when:first text:"{others} say it, too: {status}"')
    await company.in_slack("reminder limits quiet:off")
    reward = {"name": "Beta", "pieces": "5", "level": "Scout"}
    if first == "Discord":
        added = await company.in_discord(CARA, "reward", "add", kind="role", role=f"<@&{beta}>", **reward)
    else:
        added = await company.in_slack("reward add kind:custom name:Beta pieces:5 level:Scout")
    assert "Beta is reward 1" in added
    return beta


async def both_are_known(company: Company, people: Sequence[OnDiscord | OnSlack]) -> None:
    for who in people:
        who.say("good morning everybody")
    company.later(timedelta(days=8))


@pytest.mark.parametrize("first", ["Discord", "Slack"])
async def test_what_comes_of_a_first_report_until_nothing_is_kept_of_who_made_it(company: Company, first: str) -> None:
    anna, ulf = OnDiscord(company), OnSlack(company)
    teller, other = (anna, ulf) if first == "Discord" else (ulf, anna)
    async with company.running():
        beta = await set_up(company, first)
        await both_are_known(company, [anna, ulf])
        teller.say(DROPS)
        await company.slack.until(lambda: company.cards() and "1 person" in company.cards()[0])
        other.say(ALSO)
        await company.slack.until(lambda: "2 people" in company.cards()[0])
        await decide_and_send(company, "ship")
        assert "You are 5 short of the points" in await other.ask("rewards", "claim", reward="Beta")
        mine = await teller.ask("me", "show")
        assert "you said it first, and it is there now" in mine
        assert "Scout" in mine
        claimed = await teller.ask("rewards", "claim", reward="Beta")
        if first == "Discord":
            assert "you have the role in a moment" in claimed
            await company.discord.until(lambda: beta in company.discord.world.members[company.guild, ANNA]["roles"])
        else:
            assert "The team sees to it" in claimed
            assert "Beta for Ulf" in await company.in_slack("reward owed")
            assert "is done" in await company.in_slack("reward fulfil grant:1.1")
        company.later(timedelta(days=3))
        await teller.alone("1 person say it, too: shipped")

        assert "From now on I keep nothing you say" in await teller.ask("privacy", "stop")
        assert "2 messages of yours are erased with your name" in await teller.ask("privacy", "erase")
        await company.slack.until(lambda: "1 person" in company.cards()[0])
        assert teller.name not in company.cards()[0]
        assert other.name in company.cards()[0]
        if first == "Discord":
            await company.discord.until(lambda: beta not in company.discord.world.members[company.guild, ANNA]["roles"])
