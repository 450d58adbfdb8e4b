"""The whole program on a workspace, over real sockets: heard, tagged, sent to a team, decided, across a restart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from adapters.memory.clock import FakeClock
from adapters.slack.api import Me
from adapters.slack.config import SlackConfig
from adapters.slack.gateway import SlackChat, who_am_i
from adapters.storage.database import Database
from bot.program import Program
from bot.wiring import make_core, make_program
from dialogue.buttons import BUTTONS
from dialogue.commands.catalogue import COMMANDS
from tests.conftest import ReversingSealer
from tests.contract.chat.contract import running
from tests.integration.slack.running import at_once, config_of
from tests.servers.slack.server import SlackServer
from tests.servers.slack.state import Payload, texts
from tests.stage import UNDERSTANDING


class Show:
    """The program beside a workspace."""

    def __init__(self, server: SlackServer, program: Program) -> None:
        self.server = server
        self.program = program

    async def settle(self) -> None:
        """Everything delivered, decided and sent."""
        async with asyncio.timeout(30):
            await self.server.deliveries.settled()
        await self.program.drain()

    def cards(self) -> list[Payload]:
        """The bot's posts in the team's channel."""
        return [m for m in self.server.space.channels["C2"].messages.values() if m.get("bot_id")]


@asynccontextmanager
async def performing(
    server: SlackServer, database: Database, clock: FakeClock, config: SlackConfig, me: Me
) -> AsyncIterator[Show]:
    core = make_core(database, clock, understanding=UNDERSTANDING)
    chat = SlackChat(
        config,
        me,
        interactions=core.interactions(),
        commands=COMMANDS,
        buttons=BUTTONS,
        texts=core.texts,
        clock=clock,
        wait=at_once,
    )
    program = make_program(core, [chat])
    async with running(chat, program.sink):
        yield Show(server, program)


async def test_a_request_becomes_a_card_that_a_team_decides_on(server: SlackServer, sqlite_url: str) -> None:
    space = server.space
    space.channel("C2", "product", "private")
    config = config_of(server)
    me, clock = await who_am_i(config), FakeClock(datetime.fromtimestamp(space.now(), UTC))
    database = await Database.open(sqlite_url, ReversingSealer())
    async with performing(server, database, clock, config, me) as show:
        space.say("U2", "C2", "good morning")
        await show.settle()
        for line in (
            "channel audience internal channel:<#C2|product>",
            "team add product channel:<#C2|product>",
            "route add team:product",
        ):
            await server.command("U2", "C2", line)
            await show.settle()
        asked = space.say("U1", "C1", "Please add dark mode, <!channel>, the white page hurts my eyes at night")
        await show.settle()
        await server.shortcut("U2", "C1", asked, "menu:tag:add")
        form = list(space.views.values())[-1]
        elements = [block["element"] for block in form["blocks"]]
        assert [one["value"] for one in elements[0]["initial_options"]] == ["request"]
        assert [one.get("initial_value") for one in elements[1:]] == [None, None]
        await server.submit("U2", form, {"kind": "request"})
        await show.settle()
    async with performing(server, database, clock, config, me) as show:
        (card,) = show.cards()
        assert "dark mode, <!channel>" in space.shown("C2", card["ts"])
        values = [e["value"] for b in card["blocks"] if b["type"] == "actions" for e in b["elements"]]
        await server.press("U2", "C2", card["ts"], next(v for v in values if v.startswith("plan:")))
        await show.settle()
        assert "planned, by Sam" in space.shown("C2", card["ts"])
        values = [e["value"] for b in show.cards()[0]["blocks"] if b["type"] == "actions" for e in b["elements"]]
        await server.press("U2", "C2", card["ts"], next(v for v in values if v.startswith("decline:")))
        await show.settle()
        view = list(space.views.values())[-1]
        wrong = await server.submit("U2", view, {"reason": "   "})
        assert wrong["errors"] == {"reason": "Please write something here."}
        await server.submit("U2", view, {"reason": "too dear"})
        await show.settle()
        assert "declined, by Sam: too dear" in space.shown("C2", card["ts"])
        assert len(show.cards()) == 1
        marks = [one["name"] for one in space.message("C1", asked)["reactions"] if one["users"] == [space.bot_user]]
        assert marks == ["memo", "no_entry"]
        await server.command("U2", "C2", "insight show")
        shown = await server.suggest("U2", list(space.views.values())[-1], "insight", "")
        assert isinstance(shown["options"], list)
    await database.close()
    said = [answer["text"] for answer in server.answers("U2")]
    assert any("Kept as insight #1" in text for text in said)


async def test_an_admin_sets_parley_up_by_menus_and_staff_go_on_from_there(
    server: SlackServer, sqlite_url: str
) -> None:
    space = server.space
    space.channel("C2", "product", "private")
    space.person("U3", "Sue")
    space.person("U4", "Tom")
    space.group("S1", "support", "U3")
    config = config_of(server)
    me, clock = await who_am_i(config), FakeClock(datetime.fromtimestamp(space.now(), UTC))
    database = await Database.open(sqlite_url, ReversingSealer())
    async with performing(server, database, clock, config, me) as show:
        await server.command("U2", "C1", "setup")
        await show.settle()
        blocks = server.answers("U2")[-1]["blocks"]
        menus = {
            b["accessory"]["action_id"].split(":")[1]: b["accessory"]["action_id"] for b in blocks if "accessory" in b
        }
        await server.choose("U2", "C1", blocks, menus["setup_team"], "C2")
        await show.settle()
        assert await server.offer("U2", "C1", blocks, menus["setup_staff"], "supp") == ["S1"]
        await server.choose("U2", "C1", blocks, menus["setup_staff"], "S1")
        await show.settle()
        said = [answer["text"] for answer in server.answers("U2")]
        assert "#product" in said[-2]
        assert said[-1] == "Staff are now: name of S1."
        asked = space.say("U1", "C1", "Please add dark mode, the white page hurts my eyes at night")
        await show.settle()
        for user in ("U4", "U3"):
            await server.shortcut(user, "C1", asked, "menu:tag:add")
        await server.submit("U3", list(space.views.values())[-1], {})
        space.views.clear()
        await show.settle()
        assert server.answers("U4")[-1]["text"] == "Only staff can do that."
        assert "Kept as insight #1" in server.answers("U3")[-1]["text"]
        (card,) = show.cards()
        assert "dark mode" in space.shown("C2", card["ts"])
        for user, forms in (("U4", 0), ("U3", 1)):
            await server.command(user, "C1", "insight show")
            assert len(space.views) == forms
        await show.settle()
        assert server.answers("U4")[-1]["text"] == "Only staff can do that."
        await server.call("U1", "help show")
        await show.settle()
        (talk,) = [channel for channel in space.channels.values() if channel.other == "U1"]
        (told,) = talk.messages.values()
        assert "/parley privacy" in told["text"]
        server.open_home("U3")
        server.open_home("U1")
        await server.until(lambda: {"U1", "U3"} <= set(space.homes))
        staffs, customers = ("\n".join(texts(space.homes[user]["blocks"])) for user in ("U3", "U1"))
        assert "What waits for the team" in staffs
        assert "dark mode" in staffs
        assert "What waits for the team" not in customers
        assert "/parley privacy" in customers
    await database.close()
