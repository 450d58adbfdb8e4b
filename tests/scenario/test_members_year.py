"""A member's year: first report, merge, ship, thanks, level, early access, reminder, opt-out, erase."""

from datetime import timedelta

from dialogue.plain import plain_text
from tests.scenario.test_boards import answer
from tests.scenario.test_recognition import known
from tests.stage import ADA, ANNA, BEN, CARA, HELP, PRODUCT, SAM, Stage

DARK = "It would be great to have a dark mode, please add one"
NIGHT = "Reading at night hurts my eyes, a black background would be nice"


async def test_what_comes_of_a_first_report_until_nothing_is_kept_of_who_made_it(play: Stage) -> None:
    await answer(play, ADA, "level add", name="Scout", points="5")
    await answer(play, ADA, "reward add", name="Beta", kind="role", pieces="5", level="Scout", role="<@&beta>")
    await answer(play, ADA, "reminder add", when="first", text="{others} say it, too. It is {status} now.")
    await known(play, ANNA, BEN, CARA)
    assert "early access: points to go 5" in await answer(play, ANNA, "rewards show")

    play.say(ANNA, DARK)
    play.say(BEN, DARK)
    play.say(CARA, NIGHT)
    await play.settle()
    await answer(play, SAM, "insight merge", insight="2", into="1")
    card = next(sent for sent in play.cards() if DARK in plain_text(sent.post))
    assert "Request #1: 3 people" in plain_text(card.post)

    play.press(SAM, card, "Ship")
    await play.settle()
    offer = next(sent for sent in play.chat.sent if sent.to == SAM.account and "Shall I tell" in plain_text(sent.post))
    play.press(SAM, offer, "Send")
    await play.settle()
    told = [text for text in play.shown(HELP) if "this is done now. Thank you" in text]
    assert [name for text in told for name in ("Anna", "Ben", "Cara") if name in text] == ["Anna", "Ben", "Cara"]

    mine = await answer(play, ANNA, "me show")
    assert "you said it first, and it is there now" in mine
    assert "Level: Scout" in mine
    assert "Level: Scout" not in await answer(play, BEN, "me show")
    assert "You are 5 short of the points" in await answer(play, BEN, "rewards claim", reward="Beta")
    assert "you have the role in a moment" in await answer(play, ANNA, "rewards claim", reward="Beta")
    assert play.chat.roles == {(ANNA.account, "beta")}

    for _ in range(3 * 24):
        play.clock.advance(timedelta(hours=1))
        await play.settle()
    assert "2 people say it, too. It is shipped now." in play.told(ANNA)[-1]

    assert "From now on I keep nothing you say" in await answer(play, ANNA, "privacy stop")
    play.say(ANNA, "A secret of mine")
    assert "2 messages of yours are erased with your name" in await answer(play, ANNA, "privacy erase")
    assert play.chat.roles == set()
    everywhere = [*play.shown(PRODUCT), *play.shown(HELP)]
    assert not any(word in text for text in everywhere for word in ("Anna", "secret"))
    assert "Request #1: 2 people" in play.shown(PRODUCT)[0]
    before = len(play.told(ANNA))
    for _ in range(24):
        play.clock.advance(timedelta(days=1))
        await play.settle()
    assert len(play.told(ANNA)) == before, "who left hears nothing more"
