"""The loop is closed: many ask, one card grows, the firm decides, and everybody who asked hears it where they asked."""

from collections import Counter
from datetime import timedelta

from adapters.memory.chat import MemoryChat, Sent
from dialogue.errors import Rejected
from dialogue.events import Actor, Place
from dialogue.plain import plain_text
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId
from knowledge_base.members import Role
from tests.scenario.test_bridge import ask, below_card, thread
from tests.scenario.test_bridge import asked as questions
from tests.scenario.test_digests import digests, words
from tests.stage import ADA, ANNA, BEN, HELP, SAM, SPACE, Stage

NAMES = ("Anna", "Ben", "Cara", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kim", "Lea")
TWELVE = [Actor(AccountId(name.casefold()), name, Role.CUSTOMER) for name in NAMES]
IDEAS = Place(SPACE, ChannelId("ideas"), "ideas", Audience.PUBLIC)
DARK = "It would be great to have a dark mode, please add one"
OWN_WORDS = {
    3: "Could you add a dark theme? My eyes hurt at night",
    7: "I'd love to see night colours in the app, please add them",
}
"""What two of them call it, by their place among the twelve."""


def told(play: Stage, says: str) -> list[Sent]:
    """The posts by which people hear it."""
    return [
        sent for sent in play.chat.sent if says in plain_text(sent.post) and "Shall I tell" not in plain_text(sent.post)
    ]


def offer(play: Stage) -> Sent:
    """What was prepared last, as whoever decided was shown it."""
    return [sent for sent in play.chat.sent if "Shall I tell" in plain_text(sent.post)][-1]


async def a_month_of_wishes(play: Stage) -> dict[str, str]:
    """Twelve people ask for the same, on many days and in two channels; by name, the message with which each did.

    Staff say of what was worded otherwise that it is the same. Each Monday at nine the team has its digest.
    """
    asked = {}
    for place, who in enumerate(TWELVE):
        asked[who.name] = play.say(who, OWN_WORDS.get(place, DARK), IDEAS if place % 3 == 0 else HELP)
        await play.settle()
        if place in OWN_WORDS:
            play.command(SAM, "insight merge", insight=str(2 + [*OWN_WORDS].index(place)), into="1")
        await days_go_by(play, timedelta(days=2, hours=9))
    return asked


async def days_go_by(play: Stage, many: timedelta) -> None:
    """Whatever falls due on a Monday at nine is done then."""
    until = play.clock.now() + many
    monday = (until - timedelta(days=until.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    for moment in (monday, until):
        play.clock.move_to(moment)
        await play.settle()


def card_now(play: Stage) -> Sent:
    return next(card for card in play.cards() if "Request #1: 12 people" in plain_text(card.post))


async def test_peers_08_all_twelve_hear_it_where_they_spoke_once_and_who_muted_does_not(play: Stage) -> None:
    asked = await a_month_of_wishes(play)
    assert [[line for line in words(one) if "#" in line or line.endswith(":")] for one in digests(play)] == [
        ["New:", f"Request #1, 3 people: {DARK}"],
        ["Said again:", f"Request #1, 6 people, 3 more: {DARK}"],
        ["Said again:", f"Request #1, 9 people, 3 more: {DARK}"],
        ["Said again:", f"Request #1, 12 people, 3 more: {DARK}"],
    ]

    await ask(play, "Jun", "Kim", text="Always, or only at night?")
    assert {(sent.ref.channel, sent.thread) for sent in questions(play)} == {
        (IDEAS.channel, asked["Jun"]),
        (HELP.channel, asked["Kim"]),
    }
    play.say(TWELVE[9], "At night is enough for me", thread(asked["Jun"], IDEAS))
    play.say(TWELVE[10], "Always, please", thread(asked["Kim"]))
    await play.settle()
    below = "\n".join(plain_text(sent.post) for sent in below_card(play))
    assert "At night is enough for me" in below
    assert "Always, please" in below

    play.press(SAM, card_now(play), "Plan")
    await play.settle()
    assert "Read by 12 people" in plain_text(offer(play).post)
    play.press(SAM, offer(play), "Send")
    await play.settle()
    planned = told(play, "we are going to do this")
    assert Counter(sent.thread for sent in planned) == Counter(asked.values())

    own = next(sent for sent in planned if sent.thread == asked["Lea"])
    play.press(TWELVE[-1], own, "Tell me no more of this", HELP)
    await play.settle()
    play.press(SAM, card_now(play), "Ship")
    await play.settle()
    assert "Want to hear nothing: 1 person" in plain_text(offer(play).post)
    play.press(SAM, offer(play), "Send")
    play.press(ADA, offer(play), "Send")
    await play.settle()

    shipped = told(play, "this is done now")
    assert Counter(sent.thread for sent in shipped) == Counter(m for name, m in asked.items() if name != "Lea")
    for sent in shipped:
        (name,) = [name for name, message in asked.items() if message == sent.thread]
        place = NAMES.index(name)
        assert sent.ref.channel == (IDEAS if place % 3 == 0 else HELP).channel
        assert OWN_WORDS.get(place, DARK) in plain_text(sent.post)
        assert name in plain_text(sent.post)
    assert play.told(ADA)[-1] == "Everybody has been told already."
    play.clock.advance(timedelta(minutes=11))
    await play.settle()
    assert "Told: 11 of 11 who said it" in plain_text(card_now(play).post)
    await days_go_by(play, timedelta(days=7))
    assert [line for line in words(digests(play)[4]) if "#" in line or line.endswith(":")] == [
        "Shipped:",
        f"Request #1, 12 people, 11 told: {DARK}",
    ]
    assert len(digests(play)) == 5


async def test_who_asks_after_it_shipped_hears_at_once_and_so_does_who_is_merged_in(play: Stage) -> None:
    for who in (ANNA, BEN):
        play.say(who, DARK)
    await play.settle()
    play.press(SAM, play.cards()[0], "Ship")
    await play.settle()
    play.press(SAM, offer(play), "Send")
    await play.settle()
    late = play.say(TWELVE[4], DARK)
    play.say(TWELVE[5], OWN_WORDS[3])
    await play.settle()
    assert [sent.thread for sent in told(play, "this is done now")][2:] == [late]

    play.command(SAM, "insight merge", insight="2", into="1")
    play.command(SAM, "loop tell", insight="1")
    await play.settle()
    assert "Read by 1 person" in plain_text(offer(play).post)
    play.press(SAM, offer(play), "Send")
    await play.settle()
    assert len(told(play, "this is done now")) == 4
    assert OWN_WORDS[3] in plain_text(told(play, "this is done now")[-1].post)


class Locked(MemoryChat):
    """A chat in which nobody can write into the thread of ``shut``."""

    shut: str = ""

    async def send(self, space, channel, thread, post, key):
        if thread == self.shut:
            raise Rejected("the thread is locked")
        return await super().send(space, channel, thread, post, key)


async def test_whose_thread_is_locked_is_written_to_directly_and_who_takes_no_messages_is_counted(play: Stage) -> None:
    play.chat.__class__ = Locked
    locked = play.say(ANNA, DARK)
    play.say(BEN, DARK)
    await play.settle()
    play.chat.shut = locked
    play.press(SAM, play.cards()[0], "Ship")
    await play.settle()
    play.press(SAM, offer(play), "Send")
    await play.settle()
    assert len(told(play, "this is done now")) == 1

    play.clock.advance(timedelta(minutes=11))
    await play.settle()
    (direct,) = [sent for sent in told(play, "this is done now") if sent.to is not None]
    assert (direct.to, DARK in plain_text(direct.post)) == (ANNA.account, True)
    play.clock.advance(timedelta(hours=1))
    await play.settle()
    assert len(told(play, "this is done now")) == 2
    play.command(SAM, "loop show", insight="1")
    await play.settle()
    assert "told: 2 people; waiting: 0 people; not reached: 0 people" in play.told(SAM)[-1]


async def test_who_can_not_be_reached_at_all_is_counted_and_asked_for_again(play: Stage) -> None:
    play.chat.__class__ = Locked
    play.chat.closed_direct.add(ANNA.account)
    play.chat.shut = play.say(ANNA, DARK)
    await play.settle()
    play.press(SAM, play.cards()[0], "Ship")
    await play.settle()
    play.press(SAM, offer(play), "Send")
    await play.settle()
    play.clock.advance(timedelta(minutes=11))
    await play.settle()
    play.command(SAM, "loop show", insight="1")
    await play.settle()
    assert "told: 0 people; waiting: 0 people; not reached: 1 person" in play.told(SAM)[-1]
    play.clock.advance(timedelta(hours=1))
    await play.settle()
    assert told(play, "this is done now") == []


async def test_what_somebody_takes_back_stands_nowhere_any_more_also_where_they_were_told(play: Stage) -> None:
    secret = "I want a dark mode for my zebra farm, please add one"
    play.say(ANNA, secret)
    await play.settle()
    play.press(SAM, play.cards()[0], "Ship")
    await play.settle()
    play.press(SAM, offer(play), "Send")
    await play.settle()
    assert "zebra" in plain_text(told(play, "this is done now")[0].post)
    play.command(ANNA, "privacy erase")
    await play.settle()
    assert not [sent for sent in play.chat.sent if "zebra" in plain_text(sent.post)]
    async with play.storage.read() as uow:
        texts = [row async for row in uow.totals.card_texts()]
    assert not [text for text in texts if "zebra" in text]
