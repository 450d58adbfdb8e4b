"""Later evidence may show that a message belongs elsewhere: it moves, with what hangs on it; nothing is said twice."""

from dialogue.events import Actor
from knowledge_base.answers import AnswerState
from knowledge_base.ids import AccountId, ConversationId, PlatformMessageId, message_id
from knowledge_base.insights import Insight
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.messages import Message
from tests.stage import ANNA, BEN, CARA, HELP, PRODUCT, SAM, SPACE, Stage

DORA = Actor(AccountId("dora"), "Dora", Role.CUSTOMER)
TAGS = "the export of my invoices loses all tags, it is broken"
CALENDAR = "the app crashes when I open the calendar on my phone"
ADVICE = "you have to clear the cache in the settings"


async def kept(play: Stage, message: PlatformMessageId) -> Message:
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        found = await uow.messages.get(community, message_id(SPACE, HELP.channel, message))
    assert found is not None
    return found


async def conversations(play: Stage, *messages: PlatformMessageId) -> list[ConversationId]:
    return [(await kept(play, message)).conversation for message in messages]


async def voiced(play: Stage, message: PlatformMessageId) -> Insight | None:
    said = await kept(play, message)
    async with play.storage.read() as uow:
        return await uow.insights.of_message(said.community, said.id)


async def solved(play: Stage, question: PlatformMessageId) -> list[AnswerState]:
    said = await kept(play, question)
    async with play.storage.read() as uow:
        answers = await uow.answers.asked_in(said.community, said.conversation, [said.id])
    return [answer.state for answer in answers if answer.question == said.id]


async def test_a_reply_by_whom_it_was_meant_for_moves_advice_and_what_goes_on_from_it(play: Stage) -> None:
    tags, calendar = play.say(ANNA, TAGS), play.say(BEN, CALENDAR)
    advice, more = play.say(CARA, ADVICE), play.say(CARA, "and log in again after that")
    await play.settle()
    first, other = await conversations(play, tags, calendar)
    assert await conversations(play, advice, more) == [other, other]
    before = play.shown(PRODUCT)

    thanks = play.say(ANNA, "thanks, that worked", reply_to=advice)
    await play.settle()

    assert await conversations(play, advice, more, thanks) == [first, first, first]
    assert await conversations(play, calendar) == [other]
    moved = await kept(play, advice)
    assert moved.reply_to == (await kept(play, tags)).id
    assert "parent: whoever it was meant for replied to it (+1.00)" in moved.reasons
    assert await solved(play, tags) == [AnswerState.CANDIDATE]
    assert await solved(play, calendar) == []
    assert play.shown(PRODUCT) == before


async def test_who_takes_part_already_moves_nothing_by_a_reply(play: Stage) -> None:
    tags, calendar = play.say(ANNA, TAGS), play.say(BEN, CALENDAR)
    advice = play.say(CARA, ADVICE)
    play.say(ANNA, "@Ben does that help?")
    await play.settle()
    before = await conversations(play, tags, calendar, advice)
    play.say(ANNA, "that is good to know", reply_to=advice)
    play.say(DORA, "that is good to know", reply_to=advice)  # who has said nothing that it could be meant for
    await play.settle()
    assert await conversations(play, tags, calendar, advice) == before


async def test_what_the_platform_recorded_is_moved_by_nobody(play: Stage) -> None:
    play.say(ANNA, TAGS)
    calendar = play.say(BEN, CALENDAR)
    advice = play.say(CARA, ADVICE, reply_to=calendar)
    await play.settle()
    play.restart()  # also where it is known from storage alone
    play.say(ANNA, "thanks, that worked", reply_to=advice)
    play.edit(CARA, advice, f"@Anna {ADVICE}")
    await play.settle()
    assert (await kept(play, advice)).reply_to == (await kept(play, calendar)).id


async def test_same_here_voices_what_it_turns_out_to_answer_and_both_cards_follow(play: Stage) -> None:
    tags, calendar = play.say(ANNA, TAGS), play.say(BEN, CALENDAR)
    play.say(DORA, "ben: me too")
    joined = play.say(CARA, "same here")
    await play.settle()
    assert await voiced(play, joined) == await voiced(play, calendar)
    assert "3 people" in play.shown(PRODUCT)[1]

    play.say(ANNA, "ok, good to know", reply_to=joined)
    await play.settle()

    assert await voiced(play, joined) == await voiced(play, tags)
    on_tags, on_calendar = play.shown(PRODUCT)
    assert TAGS in on_tags
    assert "2 people" in on_tags
    assert CALENDAR in on_calendar
    assert "2 people" in on_calendar


async def test_an_edit_that_names_somebody_moves_the_message_and_what_hangs_on_it(play: Stage) -> None:
    tags, calendar = play.say(ANNA, TAGS), play.say(BEN, CALENDAR)
    advice, more = play.say(CARA, ADVICE), play.say(CARA, "and log in again after that")
    await play.settle()
    first, other = await conversations(play, tags, calendar)
    before = play.shown(PRODUCT)

    play.edit(CARA, advice, f"@Anna {ADVICE}")
    await play.settle()

    assert await conversations(play, advice, more) == [first, first]
    assert (await kept(play, advice)).reply_to == (await kept(play, tags)).id
    assert play.shown(PRODUCT) == before
    play.say(ANNA, "@Cara thanks, that worked")
    await play.settle()
    assert await solved(play, tags) == [AnswerState.CANDIDATE]
    assert await conversations(play, calendar) == [other]


async def test_an_edit_takes_a_solution_away_from_a_question_that_it_does_not_answer(play: Stage) -> None:
    tags, calendar = play.say(ANNA, TAGS), play.say(BEN, CALENDAR)
    advice = play.say(CARA, ADVICE)
    await play.settle()
    play.react(SAM, advice, "white_check_mark")
    await play.settle()
    assert await solved(play, calendar) == [AnswerState.CANDIDATE]

    play.edit(CARA, advice, f"@Anna {ADVICE}")
    await play.settle()

    assert await solved(play, calendar) == [AnswerState.WITHDRAWN]
    assert await solved(play, tags) == [AnswerState.CANDIDATE]


async def test_an_edit_that_says_the_same_leaves_a_moved_message_where_it_is(play: Stage) -> None:
    tags = play.say(ANNA, TAGS)
    play.say(BEN, CALENDAR)
    advice = play.say(CARA, ADVICE)
    play.say(ANNA, "thanks, that worked", reply_to=advice)
    await play.settle()
    play.edit(CARA, advice, f"{ADVICE}!")
    await play.settle()
    moved = await kept(play, advice)
    assert moved.reply_to == (await kept(play, tags)).id
    assert "parent: whoever it was meant for replied to it (+1.00)" in moved.reasons


async def test_what_staff_have_decided_moves_as_it_is(play: Stage) -> None:
    tags = play.say(ANNA, TAGS)
    play.say(BEN, CALENDAR)
    joined = play.say(CARA, "same here")
    await play.settle()
    before = await voiced(play, joined)
    assert before is not None
    card = next(card for card in play.cards() if CALENDAR in str(card.post))
    play.press(SAM, card, "Plan")
    play.say(ANNA, "ok, good to know", reply_to=joined)
    await play.settle()
    after = await voiced(play, joined)
    assert after is not None
    assert after.id == before.id
    assert (await kept(play, joined)).reply_to == (await kept(play, tags)).id
    assert (await kept(play, joined)).kind is Kind.PROBLEM


async def test_an_edit_leaves_whose_matter_it_is_as_it_was(play: Stage) -> None:
    tags = play.say(ANNA, TAGS)
    asked = play.say(BEN, "which version is that?", reply_to=tags)
    own = play.say(ANNA, "ben: the export crashes on every big file", reply_to=asked)
    helps = play.say(BEN, "anna: the export crashes on every big file", reply_to=tags)
    await play.settle()
    for _ in range(2):
        assert await voiced(play, own) is not None
        assert await voiced(play, helps) is None
        assert any("said of somebody else's matter" in reason for reason in (await kept(play, helps)).reasons)
        play.edit(ANNA, own, "ben: the export crashes on every really big file")
        play.edit(BEN, helps, "anna: the export crashes on every really big file")
        await play.settle()
