"""The loop in the playground, where one person plays them all: twelve ask in the course of a month, two are asked
back, it ships, eleven hear it and one has muted; and the digest of each Monday is right."""

import re
from pathlib import Path

from adapters.playground.cast import PEOPLE, SPACE, TEAM_ROOM
from adapters.playground.clock import MovableClock
from adapters.playground.facts import ButtonsBlock
from adapters.playground.gateway import Playground
from adapters.playground.platform import Platform
from adapters.playground.state import Message
from adapters.storage.database import Database
from bot.founding import community_with_team
from bot.wiring import make_core, make_program
from dialogue.events import Actor
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId
from knowledge_base.members import Role
from tests.conftest import ReversingSealer
from tests.stage import UNDERSTANDING

COMMUNITY, FORUM = ChannelId("community"), ChannelId("support-forum")
DARK = "It would be great to have a dark mode, please add one"
PETRA = AccountId("petra")
CUSTOMERS = [person.account for person in PEOPLE[:5]]
BEN = CUSTOMERS[1]


def button(message: Message, label: str) -> str:
    return next(
        one.custom_id
        for block in message.blocks
        if isinstance(block, ButtonsBlock)
        for one in block.buttons
        if one.label == label
    )


async def test_who_asked_in_the_playground_hears_it_below_what_they_said(tmp_path: Path, sqlite_url: str) -> None:
    clock = MovableClock()
    platform = Platform(tmp_path, clock)
    database = await Database.open(sqlite_url, ReversingSealer())
    core = make_core(database, clock, understanding=UNDERSTANDING)
    async with database.begin() as uow:
        await community_with_team(uow, core.ids, SPACE, "product", TEAM_ROOM, core.zone, clock.now(), {}.items())
        await uow.commit()
    program = make_program(core, [Playground(platform)])

    async def settle() -> None:
        upto, events = await platform.undelivered()
        await program.sink.accept(events)
        platform.delivered(upto)
        await program.drain()

    def shown(text: str) -> list[Message]:
        return [one for one in platform.state.messages.values() if text in str(one.blocks) and one.deleted_at is None]

    async def monday() -> str:
        """What the team's channel gets on the next Monday."""
        known = set(platform.state.messages)
        platform.move_clock()
        await program.ticker.run_once()
        await program.drain()
        return "\n".join(str(one.blocks) for name, one in platform.state.messages.items() if name not in known)

    twelve = [*CUSTOMERS, *(platform.join(f"Guest {number}") for number in range(7))]
    asked: dict[AccountId, PlatformMessageId] = {}
    counted = []
    for week in range(4):
        for who in twelve[3 * week : 3 * week + 3]:
            asked[who] = platform.say(who, FORUM if who == BEN else COMMUNITY, DARK)
        await settle()
        counted += re.findall(r"Request #1, [^'\"]*", await monday())
    assert counted == [
        "Request #1, 3 people",
        "Request #1, 6 people, 3 more",
        "Request #1, 9 people, 3 more",
        "Request #1, 12 people, 3 more",
    ]

    def card() -> Message:
        (found,) = [one for one in shown("Request #1") if one.channel == TEAM_ROOM and "Merge into…" in str(one.blocks)]
        return found

    opens = button(card(), "Ask the customers…")
    form = await core.interactions().open_form(SPACE, Actor(PETRA, "Petra", Role.STAFF), opens)
    (whom,) = [field for field in form.fields if field.name == "whom"]
    last, before = (one.value for one in whom.alternatives[:2])
    values = {"text": "At night or always?", "whom": f"{last}\n{before}"}
    platform.submit(PETRA, TEAM_ROOM, opens, values)
    await settle()
    assert {one.thread for one in shown("asks: At night or always?")} == {asked[who] for who in twelve[10:]}
    platform.say(twelve[11], COMMUNITY, "At night is enough", thread=asked[twelve[11]])
    await settle()
    assert [one.thread for one in shown("At night is enough")] == [card().id]

    platform.command(CUSTOMERS[4], COMMUNITY, "mute", "all", {})
    await settle()
    platform.press(PETRA, card().id, button(card(), "Ship"))
    await settle()
    (offer,) = shown("Shall I tell")
    assert offer.to == PETRA
    assert "11 people" in str(offer.blocks)
    platform.press(PETRA, offer.id, button(offer, "Send"))
    await settle()

    told = [one for one in shown("this is done now") if one.to is None]
    assert {one.thread: one.channel for one in told} == {
        message: FORUM if who == BEN else COMMUNITY for who, message in asked.items() if who != CUSTOMERS[4]
    }
    assert len(told) == 11
    shipped = await monday()
    assert "Shipped" in shipped
    assert "Request #1, 12 people" in shipped
    platform.close()
    await database.close()
