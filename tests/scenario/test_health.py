"""Months of a product team, some of whose insights lie: what /health shows, and who is reminded of what, once."""

from datetime import timedelta

from dialogue.plain import plain_text
from knowledge_base.channels import Audience
from tests.stage import ADA, ANNA, BEN, CARA, HELP, PRODUCT, SAM, SPACE, STAFF, Stage

EXPORT = "The CSV export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"
HANGS = "The invoice page crashes with an error all the time"
DAY = timedelta(days=1)


async def days(play: Stage, count: int) -> None:
    """So many days go by, one by one."""
    for _ in range(count):
        play.clock.advance(DAY)
        await play.settle()


async def reports_go_to_staff(play: Stage) -> None:
    """Admins chose the staff channel for reports."""
    play.say(SAM, "hello", STAFF)
    await play.settle()
    async with play.storage.begin() as uow:
        await uow.channels.choose(SPACE, STAFF.channel, audience=Audience.INTERNAL)
        community = await uow.communities.of_space(SPACE)
        await uow.communities.choose_admin_channel(community, SPACE, STAFF.channel)
        await uow.commit()


def about(play: Stage, words: str) -> list[str]:
    """Who was told of something with these words, in order: a channel or a person."""
    return [sent.to or sent.ref.channel for sent in play.chat.sent if words in plain_text(sent.post)]


STUCK = "Nothing has happened with"
YOURS = "is yours, and nothing has happened"
AT_LAST = "is stuck: nothing has happened"


async def test_peers_10_a_stuck_insight_is_told_of_once_a_step_and_never_again(play: Stage) -> None:
    await reports_go_to_staff(play)
    play.say(ANNA, EXPORT)
    await play.settle()
    play.command(SAM, "insight acknowledge", PRODUCT, insight="1")
    await play.settle()

    await days(play, 13)
    assert about(play, "nothing has happened") == []
    await days(play, 5)
    assert about(play, YOURS) == ["sam"]
    await days(play, 100)

    assert about(play, YOURS) == ["sam"]
    assert about(play, STUCK) == ["product"]
    assert about(play, AT_LAST) == ["staff"]


async def test_what_nobody_owns_is_told_to_the_team_under_its_card_at_once(play: Stage) -> None:
    play.say(ANNA, EXPORT)
    await play.settle()
    (card,) = play.cards()
    await days(play, 20)

    (told,) = [sent for sent in play.chat.sent if STUCK in plain_text(sent.post)]
    assert told.thread == card.ref.message
    assert about(play, YOURS) == []
    assert EXPORT not in plain_text(told.post)


async def test_what_somebody_decided_is_not_stuck_and_what_has_its_day_waits_for_it(play: Stage) -> None:
    for who, text in ((ANNA, EXPORT), (BEN, DARK), (CARA, HANGS)):
        play.say(who, text)
        await play.settle()
    later = (play.clock.now() + 40 * DAY).date().isoformat()
    play.command(SAM, "insight decline", PRODUCT, insight="1", reason="not now")
    play.command(SAM, "insight plan", PRODUCT, insight="2")
    play.command(SAM, "insight due", PRODUCT, insight="2", day=later)
    play.command(SAM, "insight plan", PRODUCT, insight="3")
    await play.settle()

    await days(play, 39)
    assert about(play, "nothing has happened") == []
    await days(play, 6)
    assert [text for text in play.told(SAM) if YOURS in text] == [
        text for text in play.told(SAM) if "Request #2" in text and YOURS in text
    ]
    assert about(play, YOURS) == ["sam"]


async def test_only_so_many_are_told_of_a_day_and_none_where_admins_want_none(play: Stage) -> None:
    for who, text in ((ANNA, EXPORT), (BEN, DARK), (CARA, HANGS)):
        play.say(who, text)
        await play.settle()
    play.command(ADA, "health set", daily="1", days="3")
    await play.settle()
    await days(play, 3)
    assert len(about(play, STUCK)) == 1
    play.command(ADA, "health set", days="0")
    await play.settle()
    await days(play, 30)
    assert len(about(play, STUCK)) == 1
    assert play.told(ADA)[-1].startswith("Nobody is reminded of what is stuck.")


async def test_admins_get_a_line_on_mondays_where_reports_go_and_nowhere_else(play: Stage) -> None:
    play.say(ANNA, EXPORT)
    await play.settle()
    await days(play, 8)
    assert about(play, "The loop in") == []

    await reports_go_to_staff(play)
    await days(play, 7)
    assert about(play, "The loop in") == ["staff"]
    (line,) = [text for text in play.shown(STAFF) if text.startswith("The loop in")]
    assert "heard 1, captured 1, routed 1, seen 0, decided 0, shipped 0, told 0, thanked 0" in line
    assert "Open insights that nobody owns: 1." in line
    assert "No answer for 14 days from: product." in line

    play.command(ADA, "health set", weekly="off")
    await play.settle()
    await days(play, 14)
    assert about(play, "The loop in") == ["staff"]


async def test_health_shows_the_whole_way_from_what_is_heard_to_thanks(play: Stage) -> None:
    for who, text in ((ANNA, EXPORT), (BEN, DARK), (CARA, HANGS)):
        play.say(who, text)
        await play.settle()
    play.clock.advance(2 * DAY)
    play.command(SAM, "insight ship", PRODUCT, insight="1")
    play.command(SAM, "insight decline", PRODUCT, insight="2", reason="too few want it")
    await play.settle()
    play.command(SAM, "health show", HELP)
    await play.settle()

    shown = play.told(SAM)[-1].splitlines()
    assert "heard: 3 messages of customers, of which 3 say something you should know" in shown
    assert "captured: 3 different insights" in shown
    assert any(line.startswith("routed: 3 of 3; half of them within") for line in shown)
    assert "seen: 2 of 3; half of them within 2 days" in shown
    assert "decided: 2 of 2; half of them within 0 minutes" in shown
    assert "shipped: 1 of 1; half of them within 0 minutes" in shown
    assert "told: 0 of 1" in shown
    assert "Declined by product: 1 of 2 decided (50 %); 1× too few want it" in shown
    assert "Nobody owns: 1 in all; those of the most people: Problem #3" in shown


async def test_customers_do_not_learn_how_the_loop_runs(play: Stage) -> None:
    play.command(ANNA, "health show")
    await play.settle()
    assert "staff" in play.told(ANNA)[-1]


async def test_staff_see_their_own_deeds_and_admins_everybodys_in_a_private_answer(play: Stage) -> None:
    play.say(ANNA, EXPORT)
    await play.settle()
    (card,) = play.cards()
    play.press(SAM, card, "Acknowledge")
    play.command(ADA, "insight plan", PRODUCT, insight="1")
    play.command(ADA, "insight ship", PRODUCT, insight="1")
    await play.settle()
    for who in (SAM, ADA, ANNA):
        play.command(who, "team report", PRODUCT)
    await play.settle()

    assert play.told(SAM)[-1].splitlines() == [
        "What you did for the loop in the last 30 days. Only you and admins can see this:",
        "Sam: tagged 0, answered 0, decided 1, closed 0 loops",
    ]
    assert play.told(ADA)[-1].splitlines() == [
        "What your people did for the loop in the last 30 days. Only you see this:",
        "Ada: tagged 0, answered 0, decided 2, closed 0 loops",
        "Sam: tagged 0, answered 0, decided 1, closed 0 loops",
    ]
    assert "staff" in play.told(ANNA)[-1]
    assert not any("for the loop" in text for text in play.shown(PRODUCT))


async def test_a_number_that_is_none_is_refused_in_words_and_changes_nothing(play: Stage) -> None:
    for options in ({"days": "-1"}, {"days": "soon"}, {"daily": "0"}, {"daily": "9" * 50}, {"days": "²"}):
        play.command(ADA, "health set", **options)
        await play.settle()
        assert "is a number from" in play.told(ADA)[-1]
    play.command(ADA, "health set")
    await play.settle()
    assert "after 14 days; there are up to 5 reminders a day" in play.told(ADA)[-1]


async def test_a_long_reason_is_cut_and_only_the_reasons_given_most_are_shown(play: Stage) -> None:
    play.say(ANNA, EXPORT)
    await play.settle()
    play.command(SAM, "insight decline", PRODUCT, insight="1", reason="too dear " * 30)
    await play.settle()
    play.command(SAM, "health show", PRODUCT, days="7")
    await play.settle()
    (line,) = [line for line in play.told(SAM)[-1].splitlines() if line.startswith("Declined by product")]
    assert line.endswith("…")
    assert len(line) < 200
    assert "in the last 7 days" in play.told(SAM)[-1]
