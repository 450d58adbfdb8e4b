"""An early sign in the playground: five weeks pass, then everybody complains, and the product team reads of it."""

from pathlib import Path

from adapters.playground.cast import TEAM_ROOM
from adapters.playground.state import Message
from tests.scenario.playground import ADA, COMMUNITY, CUSTOMERS, PETRA, button, playing

BROKEN = "The export is broken since today, it crashes with an error"


async def test_everybody_complains_and_the_team_reads_and_silences_it(tmp_path: Path, sqlite_url: str) -> None:
    async with playing(tmp_path, sqlite_url) as scene:

        def sign() -> Message:
            (found,) = scene.shown("Early sign")
            return found

        await scene.ask(ADA, "signs set", team="product", people="4")
        scene.platform.say(CUSTOMERS[0], COMMUNITY, "hello everybody")
        await scene.settle()
        for _ in range(6):
            scene.platform.move_clock()
        for who in CUSTOMERS:
            scene.platform.say(who, COMMUNITY, BROKEN)
        await scene.settle()
        await scene.due()

        assert sign().channel == TEAM_ROOM
        assert "many more people than usual in #community" in str(sign().blocks)
        assert "Emi Tanaka" in str(sign().blocks)
        scene.platform.press(PETRA, sign().id, button(sign(), "Silence for a week"))
        await scene.settle()
        assert "silenced until" in str(sign().blocks)
