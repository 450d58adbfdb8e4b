"""Members are shown what their knowledge did: rarely, with facts of their own, and never when it would disturb."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from adapters.memory.chat import Sent
from dialogue.actions import ReminderOf
from dialogue.events import Actor
from dialogue.plain import plain_text
from dialogue.reminding import choosing, scheduling
from dialogue.reminding.composing import compose_reminder
from dialogue.texts.catalogue import Texts
from knowledge_base.effects import LEAST
from knowledge_base.ids import AccountId
from knowledge_base.members import Role
from knowledge_base.reminders import is_held_back
from tests.stage import ADA, ANNA, BEN, CARA, HELP, SAM, SPACE, Stage

TEXTS = Texts.load()
DORA = Actor(AccountId("dora"), "Dora", Role.CUSTOMER)
DARK = "It would be great to have a dark mode, please add one"
INVOICES = "I wish the invoices could be exported as a table, please add that"
DISAPPOINTED = "I am really disappointed, your support is terrible and nobody ever answers"
COUNT = "Said by {others}. It is {status} now."
CAME = "{others}, {taken_up} taken up, {shipped} shipped"


async def days(play: Stage, number: int) -> list[tuple[str, datetime]]:
    """So many days go by, four hours at a time; who was reminded when."""
    told = []
    for _ in range(number * 6):
        before = len(play.chat.sent)
        play.clock.advance(timedelta(hours=4))
        await play.settle()
        told += [(sent.to, play.clock.now()) for sent in play.chat.sent[before:] if is_reminder(sent)]
    return told


def is_reminder(sent: Sent) -> bool:
    return "[No more reminders]" in plain_text(sent.post)


def reminded(play: Stage, who: Actor) -> list[str]:
    """The reminders that somebody got."""
    return [plain_text(sent.post) for sent in _reminders(play, who)]


def _reminders(play: Stage, who: Actor) -> list[Sent]:
    return [sent for sent in play.chat.sent if sent.to == who.account and is_reminder(sent)]


async def rule(play: Stage, when: str = "first", says: str = COUNT, **options: str) -> None:
    play.command(ADA, "reminder add", when=when, text=says, **options)
    await play.settle()
    assert "reminds people" in play.told(ADA)[-1]


async def said_by(play: Stage, *people: Actor, what: str = DARK) -> None:
    for who in people:
        play.say(who, what)
    await play.settle()


# ---- the occasions


async def test_who_said_something_first_is_shown_once_that_others_say_it_too(play: Stage) -> None:
    await rule(play)
    assert "at most 2 times a month" in play.told(ADA)[-1]
    await said_by(play, ANNA)
    await days(play, 3)
    assert reminded(play, ANNA) == [], "nothing to report: nothing sent"
    await said_by(play, BEN)
    await days(play, 1)
    assert reminded(play, BEN) == [], "the conversation is still open"
    await days(play, 4)
    (anna,) = reminded(play, ANNA)
    assert "Said by 1 person. It is new now." in anna
    assert DARK in anna
    await said_by(play, ANNA, what=INVOICES)
    await days(play, 20)
    assert [len(reminded(play, who)) for who in (ANNA, BEN)] == [1, 1]


async def test_who_was_not_told_yet_what_became_of_it_is_reminded_and_who_was_is_not(play: Stage) -> None:
    await rule(play, "status", "{insight} is {status}")
    await said_by(play, ANNA)
    play.press(SAM, play.cards()[0], "Plan")
    await play.settle()
    await days(play, 4)
    (anna,) = reminded(play, ANNA)
    assert "Request #1 is planned" in anna
    play.press(SAM, play.cards()[0], "Ship")
    await play.settle()
    play.press(SAM, [sent for sent in play.chat.sent if "Shall I tell" in plain_text(sent.post)][-1], "Send")
    await play.settle()
    await days(play, 5)
    assert len(reminded(play, ANNA)) == 1, "the thread has told her that it is shipped"


async def test_who_says_nothing_for_three_weeks_hears_what_came_of_it_meanwhile(play: Stage) -> None:
    await rule(play, "quiet", f"{{days}} days: {CAME}")
    await said_by(play, ANNA)
    await said_by(play, CARA, what=INVOICES)
    await days(play, 5)
    await said_by(play, BEN)
    play.press(SAM, play.cards()[0], "Ship")
    await play.settle()
    await days(play, 15)
    assert reminded(play, ANNA) == []
    await days(play, 20)
    (anna,) = reminded(play, ANNA)
    assert "21 days: 1 person, 1 taken up, 1 shipped" in anna
    (ben,) = reminded(play, BEN)
    assert "0 people, 1 taken up, 1 shipped" in ben
    assert reminded(play, CARA) == [], "nothing came of hers"


async def test_who_gave_an_answer_hears_how_many_asked_again_what_it_settles(play: Stage) -> None:
    await rule(play, "answer", "{answer}: asked by {times} since", times="2")
    asked = play.say(ANNA, "How do I export my tags as csv?")
    said = play.say(BEN, "you can use the menu, File and then Export", reply_to=asked)
    play.say(ANNA, "thanks Ben, that worked", reply_to=said)
    await play.settle()
    play.command(SAM, "answer approve", answer="1")
    await play.settle()
    await days(play, 3)
    await said_by(play, CARA, what="How do I export my tags as csv?")
    await days(play, 3)
    assert reminded(play, BEN) == []
    await said_by(play, DORA, what="How do I export my tags as csv?")
    await days(play, 1)
    (ben,) = reminded(play, BEN)
    assert "Answer #1: asked by 2 people since" in ben
    assert "File and then Export" in ben


async def test_a_month_that_is_over_is_summed_up_for_those_of_whose_words_something_came(play: Stage) -> None:
    await rule(play, "month", f"{{month}}: {{said}} said, {CAME}")
    await said_by(play, ANNA, BEN)
    await said_by(play, CARA, what=INVOICES)
    play.press(SAM, play.cards()[0], "Plan")
    await play.settle()
    await days(play, 29)
    assert reminded(play, ANNA) == []
    await days(play, 6)
    (anna,) = reminded(play, ANNA)
    assert "2026-03: 1 said, 1 person, 1 taken up, 0 shipped" in anna
    assert reminded(play, CARA) == []
    await days(play, 31)
    assert len(reminded(play, ANNA)) == 1, "nothing came of it in April"


# ---- when nobody is disturbed


async def test_peers_10_nobody_is_nudged_after_a_complaint_at_night_or_more_than_twice_a_month(play: Stage) -> None:
    for number in ("one", "two", "three"):
        await rule(play, says=f"{number}: {{others}}")
    play.command(BEN, "reminders zone", zone="pacific/auckland")
    play.command(CARA, "reminders zone", zone="Mars/Olympus")
    await play.settle()
    assert "by the clock of Pacific/Auckland" in play.told(BEN)[-1]
    assert "I know no time zone" in play.told(CARA)[-1]
    await said_by(play, ANNA, BEN, CARA)
    await said_by(play, CARA, what=DISAPPOINTED)
    told = await days(play, 10)
    assert [len(reminded(play, who)) for who in (ANNA, BEN, CARA)] == [2, 2, 0]
    for who, zone in ((ANNA, "UTC"), (BEN, "Pacific/Auckland")):
        assert all(9 <= at.astimezone(ZoneInfo(zone)).hour < 20 for to, at in told if to == who.account)
    play.command(ADA, "reminder test", rule="3")
    await play.settle()
    assert "Got enough lately: 2" in play.told(ADA)[-1]
    assert "Complained lately: 1" in play.told(ADA)[-1]


async def test_one_press_ends_all_and_a_command_brings_them_back(play: Stage) -> None:
    await rule(play)
    await rule(play, says="Rule two: {others}")
    await said_by(play, ANNA, BEN)
    await days(play, 2)
    play.press(ANNA, _reminders(play, ANNA)[0], "No more reminders", HELP)
    await play.settle()
    assert "You get no reminders any more" in play.told(ANNA)[-1]
    await days(play, 3)
    assert (len(reminded(play, ANNA)), len(reminded(play, BEN))) == (1, 2)
    play.command(ANNA, "reminders show")
    play.command(ANNA, "reminders resume")
    await play.settle()
    assert "You get no reminders." in play.told(ANNA)[-2]
    await days(play, 1)
    assert len(reminded(play, ANNA)) == 2
    play.command(ANNA, "reminders show")
    await play.settle()
    assert "You got 2 reminders in the last month, of 2 at most" in play.told(ANNA)[-1]


async def test_who_muted_everything_or_wants_nothing_kept_gets_none_and_is_told_why(play: Stage) -> None:
    await rule(play)
    await said_by(play, ANNA, BEN, CARA)
    play.command(ANNA, "mute all")
    play.command(BEN, "privacy stop")
    play.command(CARA, "mute insight", insight="1")
    play.command(ANNA, "reminders resume")
    await play.settle()
    assert "as long as you muted everything" in play.told(ANNA)[-1]
    await days(play, 5)
    assert [reminded(play, who) for who in (ANNA, BEN, CARA)] == [[], [], []]


async def test_what_is_paused_reminds_nobody_and_what_is_removed_is_gone(play: Stage) -> None:
    await rule(play)
    await said_by(play, ANNA, BEN)
    play.command(ADA, "reminder pause", rule="#1")
    await play.settle()
    await days(play, 4)
    assert reminded(play, ANNA) == []
    play.command(ADA, "reminder test", rule="1")
    play.command(ADA, "reminder resume", rule="1")
    await play.settle()
    assert "it would remind this many people: 2" in play.told(ADA)[-2]
    assert "Said by 1 person. It is new now." in play.told(ADA)[-2]
    await days(play, 1)
    assert len(reminded(play, ANNA)) == 1
    play.command(ADA, "reminder remove", rule="1")
    play.command(ADA, "reminder list")
    play.command(ADA, "reminder pause", rule="1")
    await play.settle()
    assert play.told(ADA)[-2:] == [
        "There are no reminders. An admin adds one with /reminder add.",
        "There is no rule “1”. /reminder list shows them all.",
    ]
    await rule(play)
    assert "Rule 2" in play.told(ADA)[-1], "a number is not given again"


async def test_what_is_on_its_way_is_not_sent_where_it_would_disturb_or_holds_no_more(play: Stage) -> None:
    await rule(play)
    await said_by(play, ANNA, BEN)
    await days(play, 3)

    async def would_be_sent(who: Actor, hour: int = 12) -> bool:
        async with play.storage.read() as uow:
            community = await uow.communities.of_space(SPACE)
            member = await uow.members.behind(community, SPACE, who.account)
            of = ReminderOf(1, member.id, "first")
            now = play.clock.now().replace(hour=hour)
            return await compose_reminder(uow, community, of, TEXTS, now) is not None

    assert await would_be_sent(ANNA)
    assert not await would_be_sent(ANNA, 23)
    play.command(ADA, "reminder pause", rule="1")
    await play.settle()
    assert not await would_be_sent(ANNA)
    play.command(ADA, "reminder resume", rule="1")
    play.command(ANNA, "reminders stop")
    await said_by(play, BEN, what=DISAPPOINTED)
    assert not await would_be_sent(ANNA)
    assert not await would_be_sent(BEN)


async def test_a_look_reminds_so_many_and_the_next_one_goes_on(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "A_LOOK", 2)
    people = (ANNA, BEN, CARA, DORA, Actor(AccountId("emil"), "Emil", Role.CUSTOMER))
    await rule(play)
    await rule(play, says="Again: {others}")
    await said_by(play, *people)
    told = await days(play, 3)
    by_look = Counter(at for _, at in told)
    assert sorted(by_look.values())[:3] == [1, 2, 2]
    assert {to for to, _ in told} == {who.account for who in people}


async def test_of_more_than_can_be_looked_into_everybodys_turn_comes(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who has no news keeps those after them from being looked at."""
    for name in ("LOOKED", "PART"):
        monkeypatch.setattr(choosing, name, 1)
    await rule(play, says="It is {status}")
    await said_by(play, ANNA, BEN, CARA)
    await said_by(play, DORA, what=INVOICES)
    play.press(SAM, next(card for card in play.cards() if "invoices" in plain_text(card.post)), "Plan")
    await play.settle()
    assert {to for to, _ in await days(play, 5)} == {DORA.account}


# ---- does it help?


async def test_who_is_held_back_gets_nothing_and_the_effect_is_not_told_before_it_is_known(play: Stage) -> None:
    people = [Actor(AccountId(f"p{number}"), f"P{number}", Role.CUSTOMER) for number in range(12)]
    await rule(play, hold_back="50")
    await said_by(play, *people)
    await days(play, 4)
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        (made,) = await uow.reminders.rules(community)
        members = [await uow.members.behind(community, SPACE, who.account) for who in people]
    held = [is_held_back(made, member.id) for member in members]
    assert [not reminded(play, who) for who in people] == held
    await days(play, 29)
    play.command(SAM, "reminder effect", rule="1")
    await play.settle()
    assert "Too few people to say whether rule 1 does anything" in play.told(SAM)[-1]
    assert f"Held back: {sum(held)} pe" in play.told(SAM)[-1]


@pytest.mark.parametrize(("everybody", "says"), [(False, "Rule 1 does something"), (True, "No effect of rule 1")])
async def test_an_effect_that_is_there_is_told_and_none_that_is_not(play: Stage, everybody: bool, says: str) -> None:
    people = [Actor(AccountId(f"p{number}"), f"P{number}", Role.CUSTOMER) for number in range(120)]
    await rule(play, hold_back="50")
    await said_by(play, *people)
    await days(play, 3)
    spoke = [who for who in people if everybody or reminded(play, who)]
    assert LEAST <= sum(bool(reminded(play, who)) for who in people) <= len(people) - LEAST
    await said_by(play, *spoke, what=INVOICES)
    play.clock.advance(timedelta(days=28))
    play.command(SAM, "reminder effect", rule="1")
    await play.settle()
    assert says in play.told(SAM)[-1]
    assert "1.00 times each on average" in play.told(SAM)[-1]


# ---- what admins get wrong


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"when": "first", "text": "Thank you!"}, "A reminder tells somebody a fact of their own"),
        ({"when": "first", "text": "{shipped} shipped"}, "“shipped” is no fact of this occasion"),
        ({"when": "month", "text": "{said} by {name}"}, "“name” is no fact of this occasion"),
        ({"when": "first", "text": "{others"}, "“{” is no fact of this occasion"),
        ({"when": "birthday", "text": "{others}"}, "when must be one of: first, status, quiet, answer, month"),
        ({"when": "first", "text": "{others}", "hold_back": "60"}, "hold_back"),
        ({"when": "first", "text": "{others}", "times": "3"}, "times goes with when:answer alone"),
        ({"when": "first", "text": "{others}", "tier": "gold"}, "There is no tier “gold”"),
    ],
)
async def test_a_rule_that_cannot_be_is_refused_with_what_can(play: Stage, options: dict, says: str) -> None:
    play.command(ADA, "reminder add", **options)
    play.command(SAM, "reminder add", when="first", text=COUNT)
    play.command(ADA, "reminder list")
    await play.settle()
    assert says in play.told(ADA)[-2]
    assert play.told(SAM)[-1] == "Only admins can do that."
    assert "There are no reminders" in play.told(ADA)[-1]


async def test_limits_are_changed_and_shown(play: Stage) -> None:
    await rule(play, to="contributors", hold_back="20")
    play.command(ADA, "reminder limits", cap="1", quiet="18:00-10:30", zone="europe/berlin")
    play.command(ADA, "reminder list")
    play.command(ADA, "reminder limits", quiet="off")
    play.command(ADA, "reminder limits", cap="11")
    await play.settle()
    changed, listed, off, refused = play.told(ADA)[-4:]
    assert "at most one reminder a month, over all rules. Quiet hours: 18:00 to 10:30, Europe/Berlin" in changed
    assert "Rule 1: once others say their first insight too" in listed
    assert "to whoever contributed before" in listed
    assert "(20 % are held back)" in listed
    assert "Quiet hours: none" in off
    assert "cap is a number from 1 to 10" in refused


# ---- whose it is


async def test_what_is_kept_of_it_is_given_and_erased_but_that_they_stopped_it_stays(play: Stage) -> None:
    await rule(play)
    await said_by(play, ANNA, BEN)
    await days(play, 3)
    play.command(ANNA, "reminders zone", zone="Europe/Berlin")
    play.command(ANNA, "reminders stop")
    await play.settle()
    assert rows(play) == {"reminded": 2, "reminder_zones": 1, "reminder_stops": 1}
    play.command(ANNA, "privacy erase")
    await play.settle()
    assert rows(play) == {"reminded": 1, "reminder_zones": 0, "reminder_stops": 1}


def rows(play: Stage) -> dict[str, int]:
    with create_engine(f"sqlite:///{play.storage.name}").connect() as connection:
        counted = ("reminded", "reminder_zones", "reminder_stops")
        return {table: connection.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar() for table in counted}
