"""The loop in the playground, where one person plays them all: five ask, it ships, four hear it and one has muted."""

from pathlib import Path

from adapters.playground.cast import TEAM_ROOM
from tests.scenario.playground import COMMUNITY, CUSTOMERS, FORUM, PETRA, button, playing

DARK = "It would be great to have a dark mode, please add one"


async def test_who_asked_in_the_playground_hears_it_below_what_they_said(tmp_path: Path, sqlite_url: str) -> None:
    async with playing(tmp_path, sqlite_url) as scene:
        platform = scene.platform
        for place, who in enumerate(CUSTOMERS):
            platform.say(who, FORUM if place == 1 else COMMUNITY, DARK)
        await scene.settle()
        await scene.ask(CUSTOMERS[4], "mute all")
        card = next(one for one in scene.shown("5 people") if one.channel == TEAM_ROOM)
        platform.press(PETRA, card.id, button(card, "Ship"))
        await scene.settle()
        (offer,) = scene.shown("Shall I tell")
        assert offer.to == PETRA
        assert "4 people" in str(offer.blocks)
        platform.press(PETRA, offer.id, button(offer, "Send"))
        await scene.settle()

        told = [one for one in scene.shown("this is done now") if one.to is None]
        asked = {one.id: one for one in platform.state.messages.values() if one.text == DARK}
        assert sorted(asked[one.thread].author for one in told) == sorted(CUSTOMERS[:4])
        assert all(one.channel == asked[one.thread].channel for one in told)
