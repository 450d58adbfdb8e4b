"""The loop in the playground, where one person plays them all: five ask, it ships, four hear it and one has muted."""

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
from knowledge_base.ids import AccountId, ChannelId
from tests.conftest import ReversingSealer
from tests.stage import UNDERSTANDING

COMMUNITY, FORUM = ChannelId("community"), ChannelId("support-forum")
DARK = "It would be great to have a dark mode, please add one"
PETRA, ADA = AccountId("petra"), AccountId("ada")
CUSTOMERS = [person.account for person in PEOPLE[:5]]


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

    for place, who in enumerate(CUSTOMERS):
        platform.say(who, FORUM if place == 1 else COMMUNITY, DARK)
    await settle()
    platform.command(CUSTOMERS[4], COMMUNITY, "mute", "all", {})
    await settle()
    card = next(one for one in shown("5 people") if one.channel == TEAM_ROOM)
    platform.press(PETRA, card.id, button(card, "Ship"))
    await settle()
    (offer,) = shown("Shall I tell")
    assert offer.to == PETRA
    assert "4 people" in str(offer.blocks)
    platform.press(PETRA, offer.id, button(offer, "Send"))
    await settle()

    told = [one for one in shown("this is done now") if one.to is None]
    asked = {one.id: one for one in platform.state.messages.values() if one.text == DARK}
    assert sorted(asked[one.thread].author for one in told) == sorted(CUSTOMERS[:4])
    assert all(one.channel == asked[one.thread].channel for one in told)
    platform.close()
    await database.close()
