"""A member's year in the playground, on its own clock. It has no roles to give: there staff see to early access."""

from pathlib import Path

from adapters.playground.cast import TEAM_ROOM
from tests.scenario.playground import ADA, COMMUNITY, CUSTOMERS, PETRA, button, playing

DARK = "It would be great to have a dark mode, please add one"
ANNA, BEN = CUSTOMERS[:2]


async def test_what_comes_of_a_first_report_until_nothing_is_kept_of_who_made_it(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with playing(tmp_path, sqlite_url) as scene:
        platform = scene.platform
        assert "Scout is a level" in await scene.ask(ADA, "level add", name="Scout", points="5")
        reward = {"name": "Beta", "kind": "custom", "pieces": "5", "level": "Scout"}
        assert "Beta is reward 1" in await scene.ask(ADA, "reward add", **reward)
        text = "{others} say it, too: {status}"
        assert "Rule 1" in await scene.ask(ADA, "reminder add", when="first", text=text)
        await scene.ask(ADA, "reminder limits", quiet="off")
        for who in (ANNA, BEN):
            platform.say(who, COMMUNITY, "good morning everybody")
        await scene.settle()
        for _ in range(2):
            await scene.next_monday()

        for who in (ANNA, BEN):
            platform.say(who, COMMUNITY, DARK)
        await scene.settle()
        card = next(one for one in scene.shown("2 people") if one.channel == TEAM_ROOM)
        platform.press(PETRA, card.id, button(card, "Ship"))
        await scene.settle()
        (offer,) = scene.shown("Shall I tell")
        platform.press(PETRA, offer.id, button(offer, "Send"))
        await scene.settle()
        assert len([one for one in scene.shown("this is done now. Thank you") if one.to is None]) == 2

        assert "Scout" in await scene.ask(ANNA, "me show")
        assert "You are 5 short of the points" in await scene.ask(BEN, "rewards claim", reward="Beta")
        assert "The team sees to it" in await scene.ask(ANNA, "rewards claim", reward="Beta")
        assert "is done" in await scene.ask(ADA, "reward fulfil", grant="1.1")
        await scene.next_monday()
        assert sorted(one.channel for one in scene.shown("1 person say it, too: shipped")) == [
            f"direct-{who}" for who in (ANNA, BEN)
        ]

        assert "I keep nothing you say" in await scene.ask(ANNA, "privacy stop")
        assert "2 messages of yours are erased" in await scene.ask(ANNA, "privacy erase")
        (card,) = [one for one in scene.shown("Request #1") if one.id == card.id]
        assert "1 person" in str(card.blocks)
        assert "Anna" not in str(card.blocks)
