"""A company on Discord and Slack: the whole program over real sockets, as ``parley run`` starts it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.playground.clock import MovableClock
from adapters.slack.render import SELECT
from adapters.storage.database import Database
from bot.program import Program
from bot.settings import Settings
from bot.wiring import make_bot
from dialogue.setting_up import STAFF, TEAM
from tests.conftest import ReversingSealer
from tests.integration.discord.stage import readable
from tests.servers.discord.server import DiscordServer
from tests.servers.discord.world import Interaction
from tests.servers.slack.server import SlackServer

ANNA, BEN, CARA = "1001", "1002", "1003"
PIA = "U2"
"""Manages the product, in Slack."""
PRODUCT = "C2"


@dataclass
class Company:
    """Both platforms, with the people on them. Anna is a customer, Ben support staff, Cara manages the server."""

    discord: DiscordServer
    slack: SlackServer
    url: str
    guild: str = ""
    general: str = ""
    support: str = ""
    clock: MovableClock = field(default_factory=MovableClock)
    program: Program | None = None

    def __post_init__(self) -> None:
        world = self.discord.world
        self.guild = world.guild("Acme")
        self.general = world.channel(self.guild, "general")
        self.support, manager = world.role(self.guild, "Support"), world.role(self.guild, "Boss", 1 << 5)
        for user, name, roles in ((ANNA, "Anna", ()), (BEN, "Ben", (self.support,)), (CARA, "Cara", (manager,))):
            world.user(user, name)
            world.join(self.guild, user, roles)
        self.slack.space.person(PIA, "Pia", is_admin=True)
        self.slack.space.channel(PRODUCT, "product", "private")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The program, until it is stopped as by a signal."""
        settings = Settings.model_validate(
            {
                "discord": {
                    "token": self.discord.world.token,
                    "api_base": self.discord.api_base,
                    "gateway": self.discord.gateway_address,
                },
                "slack": {
                    "bot_token": self.slack.bot_token,
                    "app_token": self.slack.app_token,
                    "api_base": self.slack.api_base,
                },
            }
        )
        database = await Database.open(self.url, ReversingSealer())
        self.program = program = await make_bot(settings, database, self.clock)
        running = asyncio.get_running_loop().create_task(program.run())
        try:
            await self.discord.listening()
            await self.slack.until(lambda: self.slack.deliveries.sockets)
            yield
        finally:
            program.stop()
            await running
            await database.close()

    def later(self, time: timedelta) -> None:
        """Time passes, on both platforms and for the program, which looks what is due."""
        self.discord.world.skip(time.total_seconds())
        self.slack.space.later += time.total_seconds()
        self.clock.ahead += time
        self.program.bells.ticker.ring()

    async def in_discord(self, user: str, noun: str, verb: str, **options: str) -> str:
        """Somebody gives a command there; what they alone read."""
        return await self.answered(self.discord.world.command(user, self.general, noun, verb, **options))

    async def answered(self, asked: Interaction) -> str:
        await self.discord.until(lambda: asked.answers)
        return "\n".join(readable(answer) for answer in asked.answers)

    async def choose_in_discord(self, menu: str, *chosen: str) -> str:
        """Cara asks how the bot is set up, and chooses from a menu; what she alone reads then."""
        asked = self.discord.world.command(CARA, self.general, "setup")
        await self.discord.until(lambda: asked.answers)
        message = asked.answers[0]["id"]
        return await self.answered(self.discord.world.choose(CARA, self.general, message, f"{menu}::", *chosen))

    async def choose_in_slack(self, menu: str, *chosen: str) -> str:
        """Pia does the same in the product channel."""
        await self.in_slack("setup")
        blocks, before = self.slack.answers(PIA)[-1]["blocks"], len(self.slack.answers(PIA))
        await self.slack.choose(PIA, PRODUCT, blocks, f"{SELECT}{menu}::", *chosen)
        await self.slack.until(lambda: len(self.slack.answers(PIA)) > before)
        return str(self.slack.answers(PIA)[-1])

    async def in_slack(self, line: str) -> str:
        """Pia types a command in the product channel; what she alone reads."""
        before = len(self.slack.answers(PIA))
        await self.slack.command(PIA, PRODUCT, line)
        await self.slack.until(lambda: len(self.slack.answers(PIA)) > before)
        return str(self.slack.answers(PIA)[-1])

    def cards(self) -> list[str]:
        """What the bot's posts in the product channel show now."""
        posts = self.slack.space.channels[PRODUCT].messages
        return [self.slack.space.shown(PRODUCT, ts) for ts, post in posts.items() if post.get("bot_id")]

    async def press(self, button: str) -> None:
        """Pia presses a button of the first card that has it."""
        posts = self.slack.space.channels[PRODUCT].messages
        found = [
            (ts, element["value"])
            for ts, post in posts.items()
            for block in post.get("blocks") or ()
            if post.get("bot_id") and block["type"] == "actions"
            for element in block["elements"]
            if element["value"].startswith(f"{button}:")
        ]
        await self.slack.press(PIA, PRODUCT, *found[0])

    def discord_cards(self, channel: str) -> dict[str, str]:
        """What the bot's posts in a channel of the server show now, by their ids."""
        posts = self.discord.world.messages[channel].values()
        return {post["id"]: readable(post) for post in posts if post["author"]["id"] == self.discord.world.bot}

    def reactions(self, message: str) -> set[str]:
        """The emoji that the bot has on a message in Discord."""
        there = self.discord.world.reactions.get((self.general, message), {})
        return {emoji for emoji, people in there.items() if self.discord.world.bot in people}


@asynccontextmanager
async def company_on(url: str) -> AsyncIterator[Company]:
    """The company, with both platforms' servers, over a fresh database."""
    async with DiscordServer().running() as discord, SlackServer(retries=(0.02,) * 200).serving() as slack:
        yield Company(discord, slack, url)


async def join(company: Company) -> None:
    """The workspace becomes part of the server's community: Cara invites, Pia enters, Cara lets in."""
    code = re.search(r"code:(\w{8})", await company.in_discord(CARA, "community", "invite")).group(1)
    assert "Cara (Discord)" in await company.in_slack(f"community join code:{code}")
    asked = await company.in_discord(CARA, "community", "confirm", code=code)
    assert "Pia on Slack wants to join" in asked
    team = company.slack.space.team
    assert "is part of this community" in await company.in_discord(CARA, "community", "confirm", code=code, space=team)


async def set_up(company: Company) -> None:
    """What Ben and his like tag in Discord goes to the product channel in Slack."""
    await join(company)
    assert "appear in #product now" in await company.choose_in_slack(TEAM, PRODUCT)
    assert "Staff are now: Support." in await company.choose_in_discord(STAFF, company.support)
    assert "bug" in await company.in_discord(CARA, "tag", "new", name="bug", reaction="🐛")
    assert "Route 1" in await company.in_slack("route remove route:1")
    assert "Route 2" in await company.in_slack("route add team:product tag:bug")


async def report(company: Company, text: str) -> str:
    """Anna says it in Discord, Ben tags it, its card is in Slack; the message's id."""
    await set_up(company)
    said = company.discord.world.say(ANNA, company.general, text)
    company.discord.world.react(BEN, company.general, said, "🐛")
    await company.slack.until(company.cards)
    return said
