"""In the playground, too: a newcomer is welcomed alone, a partner says yes, and an excluded room is forgotten."""

from pathlib import Path

from adapters.playground.cast import PEOPLE, SPACE, TEAM_ROOM
from adapters.playground.clock import MovableClock
from adapters.playground.gateway import Playground
from adapters.playground.platform import Platform
from adapters.storage.database import Database
from bot.founding import community_with_team
from bot.wiring import make_core, make_program
from knowledge_base.ids import ChannelId
from knowledge_base.members import Role
from tests.conftest import ReversingSealer
from tests.scenario.test_loop_in_playground import button
from tests.stage import UNDERSTANDING

COMMUNITY = ChannelId("community")
DARK = "It would be great to have a dark mode, please add one"
ANNA = PEOPLE[0].account
BOSS = next(person.account for person in PEOPLE if person.role is Role.ADMIN)


async def test_a_newcomer_a_partner_and_an_excluded_room(tmp_path: Path, sqlite_url: str) -> None:
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

    async def command(noun: str, verb: str, **options: str) -> str:
        platform.command(BOSS, COMMUNITY, noun, verb, options)
        await settle()
        return [str(one.blocks) for one in platform.state.messages.values() if one.to == BOSS][-1]

    def alone():
        return [one for one in platform.state.messages.values() if one.to == ANNA]

    assert "once, alone" in await command("welcome", "on")
    platform.say(ANNA, COMMUNITY, DARK)
    await settle()
    (welcome,) = alone()
    assert "I write you this only once" in str(welcome.blocks)
    assert button(welcome, "Keep nothing I say") == "consent_stop::"

    assert "learning partners' channel" in await command("partner", "channel")
    assert "They are asked, alone" in await command("partner", "invite", person=ANNA)
    invitation = alone()[-1]
    platform.press(ANNA, invitation.id, button(invitation, "Yes, I am in"))
    await settle()
    assert "You are a learning partner now" in str(alone()[-1].blocks)
    await command("partner", "close")

    assert "#community is excluded" in await command("channel", "exclude")
    (card,) = [one for one in platform.state.messages.values() if one.channel == TEAM_ROOM and one.to is None]
    assert "not kept any longer" in str(card.blocks)
    platform.say(ANNA, COMMUNITY, DARK)
    await settle()
    cards = [one for one in platform.state.messages.values() if one.channel == TEAM_ROOM and one.to is None]
    assert DARK not in str([one.blocks for one in cards])
    platform.close()
    await database.close()
