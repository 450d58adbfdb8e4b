"""Twelve people on two platforms ask for the same in their own words over a month: the loop from first to last.

The whole program with the models that ship, over real sockets; the clocks of both platforms and of the program go on
together, from Monday to Monday.
"""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.playground.clock import next_monday
from tests.scenario.company import PIA, PRODUCT, TEAM, Company, join
from tests.scenario.test_bridge_on_platforms import asked_in_slack, below_card, card, opened
from tests.servers.discord.rules import every
from tests.servers.discord.server import DiscordServer
from tests.servers.slack.server import SlackServer

MONTH = (
    (
        "It would be great to have a dark mode, please add one",
        "I'd love to have a dark mode in the app",
        "I wish there was a dark mode",
    ),
    (
        "We need a dark mode, please",
        "A dark mode would be so nice, please add it",
        "We would love to have a dark mode, please add it",
    ),
    (
        "Feature request: a dark mode please",
        "Would be lovely to switch the app to dark mode, please add that",
        "Could you please add a dark mode? It would be great",
    ),
    (
        "I really wish you had a dark mode, please add one",
        "It would be great to have a dark mode, please",
        "I would love a dark mode, please add one",
    ),
)
"""What is asked for week by week: by two people on Discord and one in Slack each."""
WHEN = "Always, or only at night?"


class Month(Company):
    """Both platforms and the program, from Monday to Monday."""

    async def monday(self) -> str:
        """The next Monday comes, and the digest with it."""
        now, before = self.clock.now(), len(self.digests())
        self.later(next_monday(now) - now + timedelta(seconds=1))
        await self.slack.until(lambda: len(self.digests()) > before)
        return self.digests()[-1].replace("*", "")

    async def card_counts(self, people: int) -> None:
        """Returns once the card says that so many have said it."""
        await self.slack.until(lambda: self.cards() and f"\n{people} people\n" in self.cards()[0])

    async def below_card_stands(self, text: str) -> None:
        """Returns once it does."""
        await self.slack.until(lambda: any(text in shown for shown in below_card(self)))

    def digests(self) -> list[str]:
        return [shown for shown in self.cards() if shown.lstrip("*").startswith(("This week", "News for"))]

    def ask(self, week: int) -> dict[str, str]:
        """Three people say what is theirs of a week; by who said it, the message."""
        said = {}
        for place, text in enumerate(MONTH[week]):
            who = f"{week}{place}"
            if place < 2:
                said[who] = self.discord.world.say(f"20{who}", self.general, text)
            else:
                said[who] = self.slack.space.say(f"U9{who}", "C1", text)
        return said

    def told(self, message: str) -> list[str]:
        """What the bot said in the thread of a message, on either platform."""
        if message in self.slack.space.channels["C1"].messages:
            return asked_in_slack(self, message)
        return [*self.discord_cards(message).values()] if message in self.discord.world.messages else []

    async def answered_in_slack(self, value: str) -> tuple[list[dict], list[str]]:
        """Pia presses a button of the card; what she alone reads, and what its buttons carry."""
        before = len(self.slack.answers(PIA))
        await self.press_card(value)
        await self.slack.until(lambda: len(self.slack.answers(PIA)) > before)
        blocks = self.slack.answers(PIA)[-1]["blocks"]
        return blocks, [e["value"] for b in blocks if b["type"] == "actions" for e in b["elements"]]

    async def press_card(self, verb: str) -> None:
        values = [e["value"] for b in card(self)["blocks"] if b["type"] == "actions" for e in b["elements"]]
        value = next(value for value in values if value.startswith(f"{verb}:"))
        await self.slack.press(PIA, PRODUCT, card(self)["ts"], value)

    async def decide_and_send(self, verb: str) -> str:
        """She sends what was prepared; how it was offered."""
        blocks, values = await self.answered_in_slack(verb)
        await self.slack.press_answer(PIA, PRODUCT, blocks, values[0])
        await self.slack.until(lambda: "will hear of it" in str(self.slack.answers(PIA)[-1]))
        return str(blocks)


@pytest.fixture
async def month(sqlite_url: str) -> AsyncIterator[Month]:
    async with DiscordServer().running() as discord, SlackServer(retries=(0.02,) * 200).serving() as slack:
        month = Month(discord, slack, sqlite_url)
        for week in range(len(MONTH)):
            for place in range(2):
                discord.world.user(f"20{week}{place}", f"Dora{week}{place}")
                discord.world.join(month.guild, f"20{week}{place}", ())
            slack.space.person(f"U9{week}2", f"Sven{week}")
        yield month


async def test_peers_08_on_two_platforms_twelve_ask_two_are_asked_back_and_all_hear_it_who_did_not_mute(
    month: Month,
) -> None:
    world, said = month.discord.world, {}
    async with month.running():
        await join(month)
        assert "appear in #product now" in await month.choose_in_slack(TEAM, PRODUCT)
        counted = []
        for week in range(len(MONTH)):
            said |= month.ask(week)
            await month.card_counts(len(said))
            counted += re.findall(r"Request #1, \d+ people(?:, \d+ more)?", await month.monday())
        assert counted == [
            "Request #1, 3 people",
            "Request #1, 6 people, 3 more",
            "Request #1, 9 people, 3 more",
            "Request #1, 12 people, 3 more",
        ]

        # Pia asks one on each platform back
        view = await opened(month, card(month)["ts"], "ask")
        (whom,) = [block for block in view["blocks"] if block.get("block_id") == "whom"]
        offered = {one["text"]["text"].split(":")[0]: one["value"] for one in whom["element"]["options"]}
        dora, sven = said["31"], said["32"]
        await month.slack.submit(PIA, view, {"text": WHEN, "whom": f"{offered['Dora31']}\n{offered['Sven3']}"})
        await month.discord.until(lambda: month.told(dora))
        await month.slack.until(lambda: month.told(sven))
        world.say("2031", dora, "At night is enough for me")
        month.slack.space.say("U932", "C1", "Always, please", thread=sven)
        for answer in ("At night is enough for me", "Always, please"):
            await month.below_card_stands(answer)

        # it is planned; the first who asked has heard enough
        assert "12 people" in await month.decide_and_send("plan")
        await month.discord.until(lambda: month.told(said["00"]))
        ((post, shown),) = month.discord_cards(said["00"]).items()
        assert "we are going to do this" in shown
        (mute,) = [
            part["custom_id"] for part in every(world.shown(said["00"], post)["components"]) if "custom_id" in part
        ]
        assert "You will hear nothing more" in await month.answered(world.press("2000", said["00"], post, mute))

        # it ships: everybody else hears it where they asked
        assert "11 people" in await month.decide_and_send("ship")
        heard = {who: message for who, message in said.items() if who != "00"}

        def all_heard() -> bool:
            return all("this is done now" in "\n".join(month.told(message)) for message in heard.values())

        await month.slack.until(lambda: sum("done now" in "\n".join(month.told(said[f"{w}2"])) for w in range(4)) == 4)
        await month.discord.until(all_heard)
        shipped = await month.monday()
        assert "Shipped" in shipped
        assert "Request #1, 12 people" in shipped
    for who, message in said.items():
        assert sum("this is done now" in shown for shown in month.told(message)) == (who != "00")
    assert sum("Reopen" in shown for shown in month.cards()) == 1
    assert world.pings == []
