"""An early sign in the playground: five weeks pass, then everybody complains, and the product team reads of it."""

from pathlib import Path

from adapters.playground.cast import SPACE, TEAM_ROOM
from adapters.playground.clock import MovableClock
from adapters.playground.gateway import Playground
from adapters.playground.platform import Platform
from adapters.playground.state import Message
from adapters.storage.database import Database
from bot.founding import community_with_team
from bot.wiring import make_core, make_program
from tests.conftest import ReversingSealer
from tests.scenario.test_loop_in_playground import ADA, COMMUNITY, CUSTOMERS, PETRA, button
from tests.stage import UNDERSTANDING

BROKEN = "The export is broken since today, it crashes with an error"


async def test_everybody_complains_and_the_team_reads_and_silences_it(tmp_path: Path, sqlite_url: str) -> None:
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
        await program.ticker.run_once()
        await program.drain()

    def sign() -> Message:
        (found,) = [one for one in platform.state.messages.values() if "Early sign" in str(one.blocks)]
        return found

    platform.command(ADA, TEAM_ROOM, "signs", "set", {"team": "product", "people": "4"})
    platform.say(CUSTOMERS[0], COMMUNITY, "hello everybody")
    await settle()
    for _ in range(6):
        platform.move_clock()
    for who in CUSTOMERS:
        platform.say(who, COMMUNITY, BROKEN)
    await settle()

    assert sign().channel == TEAM_ROOM
    assert "many more people than usual in #community" in str(sign().blocks)
    assert "Emi Tanaka" in str(sign().blocks)
    platform.press(PETRA, sign().id, button(sign(), "Silence for a week"))
    await settle()
    assert "silenced until" in str(sign().blocks)
    platform.close()
    await database.close()
