"""In the playground, too: a newcomer is welcomed alone, a partner says yes, and an excluded room is forgotten."""

from pathlib import Path

from adapters.playground.cast import TEAM_ROOM
from adapters.playground.state import Message
from tests.scenario.playground import ADA, COMMUNITY, CUSTOMERS, Scene, button, playing

DARK = "It would be great to have a dark mode, please add one"
ANNA = CUSTOMERS[0]


def alone(scene: Scene) -> list[Message]:
    return [one for one in scene.platform.state.messages.values() if one.to == ANNA]


def in_team_room(scene: Scene) -> list[Message]:
    return [one for one in scene.platform.state.messages.values() if one.channel == TEAM_ROOM and one.to is None]


async def test_a_newcomer_a_partner_and_an_excluded_room(tmp_path: Path, sqlite_url: str) -> None:
    async with playing(tmp_path, sqlite_url) as scene:
        assert "once, alone" in await scene.ask(ADA, "welcome on")
        scene.platform.say(ANNA, COMMUNITY, DARK)
        await scene.settle()
        (welcome,) = alone(scene)
        assert "I write you this only once" in str(welcome.blocks)
        assert button(welcome, "Keep nothing I say") == "consent_stop::"

        assert "learning partners' channel" in await scene.ask(ADA, "partner channel")
        assert "They are asked, alone" in await scene.ask(ADA, "partner invite", person=ANNA)
        invitation = alone(scene)[-1]
        scene.platform.press(ANNA, invitation.id, button(invitation, "Yes, I am in"))
        await scene.settle()
        assert "You are a learning partner now" in str(alone(scene)[-1].blocks)
        await scene.ask(ADA, "partner close")

        assert "#community is excluded" in await scene.ask(ADA, "channel exclude")
        (card,) = in_team_room(scene)
        assert "not kept any longer" in str(card.blocks)
        scene.platform.say(ANNA, COMMUNITY, DARK)
        await scene.settle()
        assert DARK not in str([one.blocks for one in in_team_room(scene)])
