"""The loop in the playground, where one person plays them all: twelve ask in the course of a month, two are asked
back, it ships, eleven hear it and one has muted; and the digest of each Monday is right."""

import re
from pathlib import Path

from adapters.playground.cast import SPACE, TEAM_ROOM
from adapters.playground.state import Message
from dialogue.events import Actor
from knowledge_base.ids import AccountId, PlatformMessageId
from knowledge_base.members import Role
from tests.scenario.playground import COMMUNITY, CUSTOMERS, FORUM, PETRA, Scene, button, playing

DARK = "It would be great to have a dark mode, please add one"
BEN = CUSTOMERS[1]


async def monday(scene: Scene) -> str:
    """What the team's channel gets on the next Monday."""
    known = set(scene.platform.state.messages)
    await scene.next_monday()
    return "\n".join(str(one.blocks) for name, one in scene.platform.state.messages.items() if name not in known)


def the_card(scene: Scene) -> Message:
    (found,) = [
        one for one in scene.shown("Request #1") if one.channel == TEAM_ROOM and "Merge into…" in str(one.blocks)
    ]
    return found


async def test_who_asked_in_the_playground_hears_it_below_what_they_said(tmp_path: Path, sqlite_url: str) -> None:
    async with playing(tmp_path, sqlite_url) as scene:
        platform = scene.platform
        twelve = [*CUSTOMERS, *(platform.join(f"Guest {number}") for number in range(7))]
        asked: dict[AccountId, PlatformMessageId] = {}
        counted = []
        for week in range(4):
            for who in twelve[3 * week : 3 * week + 3]:
                asked[who] = platform.say(who, FORUM if who == BEN else COMMUNITY, DARK)
            await scene.settle()
            counted += re.findall(r"Request #1, [^'\"]*", await monday(scene))
        assert counted == [
            "Request #1, 3 people",
            "Request #1, 6 people, 3 more",
            "Request #1, 9 people, 3 more",
            "Request #1, 12 people, 3 more",
        ]

        opens = button(the_card(scene), "Ask the customers…")
        form = await scene.core.interactions().open_form(SPACE, Actor(PETRA, "Petra", Role.STAFF), opens)
        (whom,) = [field for field in form.fields if field.name == "whom"]
        last, before = (one.value for one in whom.alternatives[:2])
        platform.submit(PETRA, TEAM_ROOM, opens, {"text": "At night or always?", "whom": f"{last}\n{before}"})
        await scene.settle()
        assert {one.thread for one in scene.shown("asks: At night or always?")} == {asked[who] for who in twelve[10:]}
        platform.say(twelve[11], COMMUNITY, "At night is enough", thread=asked[twelve[11]])
        await scene.settle()
        assert [one.thread for one in scene.shown("At night is enough")] == [the_card(scene).id]

        await scene.ask(CUSTOMERS[4], "mute all")
        platform.press(PETRA, the_card(scene).id, button(the_card(scene), "Ship"))
        await scene.settle()
        (offer,) = scene.shown("Shall I tell")
        assert offer.to == PETRA
        assert "11 people" in str(offer.blocks)
        platform.press(PETRA, offer.id, button(offer, "Send"))
        await scene.settle()

        told = [one for one in scene.shown("this is done now") if one.to is None]
        assert {one.thread: one.channel for one in told} == {
            message: FORUM if who == BEN else COMMUNITY for who, message in asked.items() if who != CUSTOMERS[4]
        }
        assert len(told) == 11
        shipped = await monday(scene)
        assert "Shipped" in shipped
        assert "Request #1, 12 people" in shipped
