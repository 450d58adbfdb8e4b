"""Members are shown what their knowledge did: rarely, with facts of their own, and never when it would disturb."""

from datetime import timedelta

from adapters.memory.chat import Sent
from dialogue.events import Actor
from dialogue.plain import plain_text
from tests.stage import ADA, ANNA, BEN, HELP, Stage

DARK = "It would be great to have a dark mode, please add one"
THANKS = "{others} say what you said, too. It is {status} now."


async def days(play: Stage, number: int) -> None:
    """So many days go by, hour by hour."""
    for _ in range(number * 24):
        play.clock.advance(timedelta(hours=1))
        await play.settle()


def reminded(play: Stage, who: Actor) -> list[Sent]:
    """The reminders that somebody got."""
    return [sent for sent in play.chat.sent if sent.to == who.account and "No more reminders" in plain_text(sent.post)]


async def rule(play: Stage, when: str = "first", text: str = THANKS, **options: str) -> None:
    play.command(ADA, "reminder add", when=when, text=text, **options)
    await play.settle()


async def test_who_said_something_first_is_shown_once_that_others_say_it_too(play: Stage) -> None:
    await rule(play)
    assert "at most 2 times a month" in play.told(ADA)[-1]
    play.say(ANNA, DARK)
    await play.settle()
    await days(play, 3)
    assert reminded(play, ANNA) == [], "nothing to report: nothing sent"
    play.say(BEN, DARK)
    await play.settle()
    await days(play, 1)
    assert reminded(play, ANNA) == [], "the conversation is still open"
    await days(play, 4)
    (anna,) = reminded(play, ANNA)
    assert "1 person say what you said, too. It is new now." in plain_text(anna.post)
    assert DARK in plain_text(anna.post)
    await days(play, 20)
    assert (len(reminded(play, ANNA)), len(reminded(play, BEN))) == (1, 1)


async def test_one_press_ends_all_and_a_command_brings_them_back(play: Stage) -> None:
    await rule(play)
    await rule(play, text="Rule two: {others}")
    for who in (ANNA, BEN):
        play.say(who, DARK)
    await play.settle()
    await days(play, 2)
    (anna,) = reminded(play, ANNA)
    play.press(ANNA, anna, "No more reminders", HELP)
    await play.settle()
    assert "You get no reminders any more" in play.told(ANNA)[-1]
    await days(play, 3)
    assert (len(reminded(play, ANNA)), len(reminded(play, BEN))) == (1, 2)
    play.command(ANNA, "reminders resume")
    await play.settle()
    await days(play, 1)
    assert len(reminded(play, ANNA)) == 2
