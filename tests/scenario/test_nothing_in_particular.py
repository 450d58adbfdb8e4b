"""People say that something is wrong, and not what; or call for somebody, and say nothing at all."""

from datetime import timedelta

from knowledge_base.ids import PlatformMessageId
from knowledge_base.insights import Insight
from tests.scenario.test_late_evidence import kept, voiced
from tests.stage import ADA, ANNA, BEN, CARA, PRODUCT, SAM, Stage

WRONG = "it doesn't work"


async def insight(play: Stage, message: PlatformMessageId) -> Insight:
    found = await voiced(play, message)
    assert found is not None
    return found


async def test_that_it_does_not_work_is_not_the_same_years_apart(play: Stage) -> None:
    first = play.say(ANNA, WRONG)
    await play.settle()
    play.clock.advance(timedelta(days=800))
    second = play.say(BEN, WRONG)
    await play.settle()
    one, other = await insight(play, first), await insight(play, second)
    assert one.id != other.id
    assert (one.demand, other.demand) == (1, 1)
    assert not any("Perhaps the same" in card for card in play.shown(PRODUCT))


async def test_within_the_hour_in_one_channel_staff_are_asked_whether_it_is_the_same(play: Stage) -> None:
    first = play.say(ANNA, WRONG)
    await play.settle()
    play.clock.advance(timedelta(minutes=50))
    second = play.say(BEN, WRONG)
    await play.settle()
    one, other = await insight(play, first), await insight(play, second)
    assert one.id != other.id
    older, newer = play.shown(PRODUCT)
    assert "Perhaps the same" not in older
    assert f"Perhaps the same as Problem #{one.number}" in newer

    play.press(SAM, play.cards()[-1], "Merge")
    await play.settle()
    assert (await insight(play, second)).id == one.id
    assert (await insight(play, first)).demand == 2


async def test_who_says_it_twice_or_elsewhere_is_no_outage(play: Stage) -> None:
    play.say(ANNA, WRONG)
    await play.settle()
    play.say(ANNA, WRONG)
    await play.settle()
    assert not any("Perhaps the same" in card for card in play.shown(PRODUCT))


async def test_in_answer_to_a_problem_it_is_a_voice_of_that(play: Stage) -> None:
    asked = play.say(ANNA, "The CSV export drops my tags, the tags column is empty in every file")
    play.say(BEN, WRONG, reply_to=asked)
    await play.settle()
    assert (await insight(play, asked)).demand == 2
    (card,) = play.shown(PRODUCT)
    assert "tags" in card


async def test_who_only_calls_for_somebody_tells_the_teams_nothing(play: Stage) -> None:
    said = [
        play.say(who, text)
        for who, text in ((ANNA, "can anybody help?"), (BEN, "anyone?"), (CARA, "I need some help please"))
    ]
    await play.settle()
    assert [await voiced(play, called) for called in said] == [None, None, None]
    assert "says nothing in particular" in (await kept(play, said[0])).reasons
    assert play.shown(PRODUCT) == []


async def test_staff_may_still_say_that_it_is_an_insight(play: Stage) -> None:
    play.command(ADA, "tag new", name="billing")
    called = play.say(ANNA, "can anybody help?")
    await play.settle()
    play.say(SAM, f"{play.chat.identity().mention} #billing", reply_to=called)
    await play.settle()
    assert (await insight(play, called)).demand == 1


async def test_whomever_it_is_said_to_it_is_the_same_but_a_word_in_front_is_no_name(play: Stage) -> None:
    said = "the export always crashes"
    insights = []
    for who, front in ((ANNA, "Windows: "), (BEN, "dorian: Linux: "), (CARA, "sineva, Linux: ")):
        message = play.say(who, front + said)
        await play.settle()
        play.clock.advance(timedelta(days=1))
        insights.append((await insight(play, message)).id)
    windows, linux, to_another = insights
    assert windows != linux
    assert linux == to_another


async def test_a_problem_that_stands_behind_a_link_is_merged_with_nothing(play: Stage) -> None:
    insights = []
    for who in (ANNA, BEN):
        message = play.say(who, "I get an error, here it is: https://example.com/log")
        await play.settle()
        play.clock.advance(timedelta(days=1))
        insights.append((await insight(play, message)).id)
    assert insights[0] != insights[1]
