"""People talk, Parley understands, a team gets the insight."""

from tests.stage import ANNA, BEN, HELP, PRODUCT, SAM, Stage


async def test_a_problem_said_twice_is_one_card_with_two_voices(play: Stage):
    play.say(ANNA, "The CSV export drops my tags, the tags column is empty in every file")
    play.say(BEN, "The CSV export drops my tags, the tags column is empty in every file")
    await play.settle()
    (card,) = play.shown(PRODUCT)
    assert "Anna" in card
    assert "Ben" in card
    assert "https://chat.example/help/" in card


async def test_a_press_changes_the_card(play: Stage):
    play.say(ANNA, "The CSV export drops my tags, the tags column is empty in every file")
    await play.settle()
    play.press(SAM, play.cards()[0], "Plan")
    await play.settle()
    (card,) = play.shown(PRODUCT)
    assert "planned" in card
    assert not play.shown(HELP)
