"""Staff ask why, correct, and the community judges otherwise from then on: also after a restart, until it is off."""

from dataclasses import replace

from knowledge_base.kinds import Kind
from tests.models import Told
from tests.stage import ADA, ANNA, BEN, CARA, PRODUCT, SAM, UNDERSTANDING, Stage

LIKED = ("Really happy with the calendar, love it", "The map is awesome, love it", "I love the dark mode")
ONCE_MORE = "The new editor makes me so happy with everything here, awesome"
LATER = "Awesome, I am happy with the search now"


async def test_what_is_said_to_be_no_insight_three_times_is_none_the_fourth_time(play: Stage) -> None:
    told = Told(dict.fromkeys((*LIKED, ONCE_MORE, LATER), (Kind.PRAISE, 0.569)))
    play.restart(replace(UNDERSTANDING, classifier=told))
    for words in LIKED:
        play.say(ANNA, words)
        await play.settle()
        play.press(SAM, play.cards()[-1], "Not an insight")
        await play.settle()
    assert len(play.shown(PRODUCT)) == len(LIKED)
    play.restart()

    said = play.say(BEN, ONCE_MORE)
    play.command(SAM, "why show", message=said)
    play.command(SAM, "learning show")
    await play.settle()

    assert len(play.shown(PRODUCT)) == len(LIKED), "it became a card all the same"
    why, learned = play.told(SAM)[-2:]
    assert "Kind: Praise, " in why
    assert "As staff taught me" in why
    assert "From 57 % sure on it counts." in why
    assert "3 said to be no insight at 57 %: from 57 % sure on here instead of 50 % (#1, #2, #3)" in learned
    assert "#3: #3 is no insight (Praise, 57 % sure), by Sam on 2026-03-02" in learned

    play.command(ADA, "learning off")
    play.say(CARA, LATER)
    await play.settle()

    assert len(play.shown(PRODUCT)) == len(LIKED) + 1
    assert LATER in play.shown(PRODUCT)[-1]
    assert play.told(ADA)[-1].startswith("Learning is off: I judge as shipped.")


async def test_a_message_taken_for_chatter_becomes_the_request_it_is_by_a_button(play: Stage) -> None:
    said = play.say(ANNA, "good morning")
    play.command(SAM, "why show", message=said)
    await play.settle()
    (explained,) = [sent for sent in play.chat.sent if sent.to == SAM.account]

    play.press(SAM, explained, "Request")
    await play.settle()

    assert "Request #1" in play.shown(PRODUCT)[-1]
    assert play.told(SAM)[-1] == "Noted: it is Request. I took it for Chatter, 96 % sure."
