"""A language model is asked where understanding doubts: later, and only where nothing has happened meanwhile."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.memory.clock import FakeClock
from adapters.storage.database import Database
from adapters.storage.tables import model_answers, model_calls, model_jobs
from bot.wiring import make_playground, make_replay
from dialogue.advice import doubting
from dialogue.advice.values import Verdict
from dialogue.events import ChannelChanged, MessagePosted, Place
from knowledge_base.answers import AnswerState
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import ChannelId, PlatformMessageId, message_id
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.messages import Message
from tests.models import FakeModel, Told, advice, failed, surely
from tests.stage import ADA, ANNA, BEN, CARA, HELP, MONDAY, PRIVATE, PRODUCT, SAM, SPACE, Stage

TAGS = "Since yesterday the exported file comes without the tags column"
INVOICES = "In the invoices view the totals are not those of the lines"
JOKE = "I love how the wrong invoice shows up only for my colleague, haha"
MAIL = "Since yesterday my file comes without tags, mail me at anna@example.com or 030 1234567"
CRASH = "The app crashes whenever I open the settings page"
LOUNGE = Place(SPACE, ChannelId("lounge"), "lounge", Audience.PUBLIC)
DOUBTS = Told(
    {
        TAGS: (Kind.INFORMATION, 0.5),
        INVOICES: (Kind.INFORMATION, 0.46),
        JOKE: (Kind.PROBLEM, 0.55),
        MAIL: (Kind.INFORMATION, 0.59),
        CRASH: (Kind.PROBLEM, 0.9),
    }
)


@pytest.fixture
def model() -> FakeModel:
    return FakeModel({TAGS: surely(Kind.PROBLEM), INVOICES: surely(Kind.PROBLEM)})


@pytest.fixture
def advised(play: Stage, model: FakeModel) -> Stage:
    """A stage with a model; the team gets every insight."""
    play.with_model(advice(model), DOUBTS)
    return play


async def kept(play: Stage, message: PlatformMessageId, place=HELP) -> Message:
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        return await uow.messages.get(community, message_id(SPACE, place.channel, message))


async def solved(play: Stage, question: PlatformMessageId) -> AnswerState | None:
    asked = await kept(play, question)
    async with play.storage.read() as uow:
        answers = await uow.answers.asked_in(asked.community, asked.conversation, [asked.id])
    return next((answer.state for answer in answers if answer.question == asked.id), None)


async def rows(play: Stage, table) -> list:
    async with play.storage.read() as uow:
        return list(await uow._transaction.rows(table.select()))


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.TRUSTED])
async def test_a_doubtful_message_is_corrected_later_and_its_card_follows(advised: Stage, model: FakeModel, role: Role):
    said = advised.say(replace(ANNA, role=role), TAGS)
    await advised.settle()
    before = await kept(advised, said)
    assert before.kind is Kind.INFORMATION
    assert advised.shown(PRODUCT) == []
    assert await advised.advised() == 1
    after = await kept(advised, said)
    assert (after.kind, after.confidence) == (Kind.PROBLEM, 0.9)
    assert after.reasons[0] == "the model wise-1 thinks that this is: Problem (0.90)"
    assert after.reasons[1:] == before.reasons
    (card,) = advised.shown(PRODUCT)
    assert TAGS in card


async def test_what_is_not_in_doubt_is_not_asked(advised: Stage, model: FakeModel):
    advised.say(ANNA, CRASH)
    advised.say(SAM, TAGS)
    advised.say(ANNA, "ok")
    await advised.settle()
    assert await advised.advised() == 0
    assert model.asked == []


async def test_a_voice_that_is_none_goes_and_the_card_says_so(advised: Stage, model: FakeModel):
    advised.say(ANNA, JOKE)
    await advised.settle()
    (card,) = advised.shown(PRODUCT)
    model.says[JOKE] = surely(Kind.CHATTER)
    await advised.advised()
    (card,) = advised.shown(PRODUCT)
    assert "not kept any longer" in card


@pytest.mark.parametrize("what", ["edited", "deleted", "tagged", "stopped", "channel closed", "erased"])
async def test_what_happens_while_the_model_thinks_goes_before_its_answer(advised: Stage, model: FakeModel, what: str):
    advised.command(ADA, "tag new", name="export", reaction="bug")
    said = advised.say(ANNA, TAGS)
    await advised.settle()

    async def meanwhile() -> None:
        match what:
            case "edited":
                advised.edit(ANNA, said, "All is well, the file was an old one, sorry for the noise")
            case "deleted":
                advised.delete(said)
            case "tagged":
                advised.react(SAM, said, "bug")
            case "stopped":
                advised.command(ANNA, "privacy stop")
            case "channel closed":
                advised.command(ADA, "channel mode", mode="off", channel="help")
            case "erased":
                advised.command(ANNA, "privacy erase")
        await advised.settle()

    model.meanwhile = meanwhile
    await advised.advised()
    assert model.texts == [TAGS]
    after = await kept(advised, said)
    assert not any("wise-1" in reason for reason in after.reasons)
    assert (after.kind is Kind.PROBLEM, len(advised.shown(PRODUCT))) == (False, 1 if what == "tagged" else 0)


async def test_what_staff_have_taken_up_stays_as_it_is(advised: Stage, model: FakeModel):
    said = advised.say(ANNA, JOKE)
    await advised.settle()
    before = await kept(advised, said)
    model.says[JOKE] = surely(Kind.CHATTER)
    advised.press(SAM, advised.cards()[0], "Plan")
    await advised.settle()
    await advised.advised()
    assert await kept(advised, said) == before


async def test_an_edited_message_is_asked_about_anew(advised: Stage, model: FakeModel):
    said = advised.say(ANNA, JOKE)
    await advised.settle()
    advised.edit(ANNA, said, TAGS)
    await advised.settle()
    await advised.advised()
    assert model.texts == [TAGS]
    assert (await kept(advised, said)).kind is Kind.PROBLEM


async def test_an_unsure_answer_is_told_and_changes_nothing(advised: Stage, model: FakeModel):
    model.says[TAGS] = surely(Kind.PROBLEM, 0.5)
    said = advised.say(ANNA, TAGS)
    await advised.settle()
    before = await kept(advised, said)
    await advised.advised()
    after = await kept(advised, said)
    assert (after.kind, after.confidence) == (before.kind, before.confidence)
    assert "Problem (0.50)" in after.reasons[0]
    assert advised.shown(PRODUCT) == []


async def test_without_a_model_nothing_is_written_for_one(play: Stage):
    play.say(ANNA, TAGS)
    await play.settle()
    assert play.program.adviser is None
    assert [await rows(play, table) for table in (model_jobs, model_answers, model_calls)] == [[], [], []]
    play.command(ANNA, "privacy show")
    await play.settle()
    assert "language model" not in play.told(ANNA)[-1]


async def test_neither_a_replay_nor_the_playground_asks_a_model(database: Database, tmp_path: Path):
    replayed = make_replay(database, FakeClock(MONDAY), tmp_path / "sent.jsonl", batch=8)
    played = await make_playground(database, tmp_path)
    played.close()
    assert replayed.program.adviser is played.program.adviser is None


async def test_members_are_told_what_may_be_sent_to_which_model(advised: Stage):
    advised.command(ANNA, "privacy show")
    await advised.settle()
    told = advised.told(ANNA)[-1]
    assert "I may show what you said to the language model wise-1: without your name" in told
    assert "read by everybody (public), members of this space (members)." in told


async def test_a_model_in_trouble_holds_nobody_up(advised: Stage, model: FakeModel):
    model.troubles.append(failed())
    advised.say(ANNA, TAGS)
    advised.say(BEN, CRASH)
    await advised.settle()
    assert len(advised.shown(PRODUCT)) == 1
    assert await advised.advised() == 0
    assert await advised.advised() == 1
    assert len(advised.shown(PRODUCT)) == 2


async def test_several_messages_are_asked_about_in_one_call(advised: Stage, model: FakeModel):
    advised.say(ANNA, TAGS)
    advised.say(BEN, INVOICES)
    await advised.settle()
    assert await advised.advised() == 2
    assert [len(questions) for questions in model.asked] == [2]


async def test_private_words_do_not_leave_unless_a_setting_says_so(play: Stage, model: FakeModel):
    play.with_model(advice(model), DOUBTS)
    play.command(ADA, "channel mode", PRIVATE, mode="listening")
    await play.settle()
    play.say(ANNA, TAGS, PRIVATE)
    await play.settle()
    assert (await play.advised(), await rows(play, model_jobs)) == (0, [])
    play.with_model(advice(model, audiences=frozenset({Audience.PRIVATE})), DOUBTS)
    said = play.say(ANNA, INVOICES, PRIVATE)
    await play.settle()
    assert await play.advised() == 1
    assert (await kept(play, said, PRIVATE)).kind is Kind.PROBLEM


@pytest.mark.parametrize("shared", [Shared.YES, Shared.UNKNOWN])
async def test_what_people_from_outside_may_read_does_not_leave(advised: Stage, model: FakeModel, shared: Shared):
    advised.say(BEN, "good morning")
    await advised.settle()
    async with advised.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        await uow.channels.see(community, SPACE, HELP.channel, HELP.name, HELP.audience, shared)
        await uow.commit()
    advised.chat.happen(ChannelChanged(replace(HELP, shared=shared), "shared", advised.clock.now()))
    advised.chat.happen(said_in(replace(HELP, shared=shared), TAGS))
    await advised.settle()
    assert (await advised.advised(), model.asked, await rows(advised, model_jobs)) == (0, [], [])


async def test_a_history_that_is_read_back_is_not_asked_about(advised: Stage, model: FakeModel):
    advised.chat.happen(replace(said_in(HELP, TAGS), live=False))
    await advised.settle()
    assert (await kept(advised, PlatformMessageId("old"))).text == TAGS
    assert (await advised.advised(), await rows(advised, model_jobs)) == (0, [])


def said_in(place: Place, text: str) -> MessagePosted:
    return MessagePosted(place, ANNA, PlatformMessageId("old"), text, MONDAY)


async def test_peers_19_no_secret_and_no_name_leaves(advised: Stage, model: FakeModel):
    advised.say(ANNA, MAIL)
    await advised.settle()
    await advised.advised()
    (text,) = model.texts
    assert "example.com" not in text
    assert "Anna" not in str(model.asked)
    assert "anna" not in str(model.asked)


async def test_the_same_is_not_asked_twice(advised: Stage, model: FakeModel):
    first = advised.say(ANNA, TAGS)
    await advised.settle()
    await advised.advised()
    second = advised.say(BEN, TAGS, LOUNGE)
    await advised.settle()
    assert await advised.advised() == 1
    assert len(model.asked) == 1
    assert (await kept(advised, first)).kind is (await kept(advised, second, LOUNGE)).kind is Kind.PROBLEM


# ---- what a message answers


FEED = "How can I add a calendar feed to my account?"
SUMS = "The billing page shows me the wrong sum again"
ADVICE = "You will find it under settings, then feeds, then add"
ASIDE = "it is the one of my team, by the way"


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch, advised: Stage) -> Stage:
    """Whatever a platform does not say of what is answered is in doubt."""
    monkeypatch.setattr(doubting, "UNSURE_LINK", 1.0)
    return advised


async def test_a_message_moves_to_the_conversation_it_belongs_to_with_all_that_answers_it(
    unsure: Stage, model: FakeModel
):
    asked, other = unsure.say(ANNA, FEED), unsure.say(BEN, SUMS)
    said = unsure.say(CARA, ADVICE)
    thanks = unsure.say(ANNA, "perfect, thank you", reply_to=said)
    await unsure.settle()
    before = await kept(unsure, said)
    place, wanted = (2, other) if before.reply_to == (await kept(unsure, asked)).id else (1, asked)
    model.says = {FEED: Verdict("new", 0.9), SUMS: Verdict("new", 0.9), ADVICE: Verdict(str(place), 0.8)}
    while await unsure.advised():
        pass
    parent, after, follower = [await kept(unsure, one) for one in (wanted, said, thanks)]
    assert (after.reply_to, after.conversation) == (parent.id, parent.conversation)
    assert (follower.reply_to, follower.conversation) == (after.id, parent.conversation)
    assert after.reasons[0] == "the model wise-1 thinks that this answers an earlier message (0.80)"
    assert "perfect, thank you" not in model.texts  # the platform says what it answers


async def test_pairs_are_read_again_in_both_conversations_of_a_message_that_moved(unsure: Stage, model: FakeModel):
    asked, other = unsure.say(ANNA, FEED), unsure.say(BEN, f"I have a problem: {SUMS}")
    said = unsure.say(CARA, ADVICE)
    unsure.react(SAM, said, "white_check_mark")
    await unsure.settle()
    before = await kept(unsure, said)
    place, left, wanted = (2, asked, other)
    if before.reply_to != (await kept(unsure, asked)).id:
        place, left, wanted = (1, other, asked)
    assert await solved(unsure, left) is AnswerState.CANDIDATE
    assert await solved(unsure, wanted) is None
    model.says = {ADVICE: Verdict(str(place), 0.8)}
    await unsure.advised()
    assert await solved(unsure, left) is AnswerState.WITHDRAWN
    assert await solved(unsure, wanted) is AnswerState.CANDIDATE


async def test_a_message_that_answers_nothing_starts_a_conversation_and_is_remembered_so(
    unsure: Stage, model: FakeModel
):
    unsure.say(ANNA, FEED)
    said = unsure.say(ANNA, ASIDE)
    await unsure.settle()
    assert (await kept(unsure, said)).reply_to is not None
    model.says = {ASIDE: Verdict("new", 0.9)}
    await unsure.advised()
    after = await kept(unsure, said)
    assert (after.reply_to, after.conversation) == (None, f"c:{after.id}")
    assert "starts a conversation (0.90)" in after.reasons[0]
    later = unsure.say(BEN, "nobody has that", reply_to=said)
    await unsure.settle()
    assert (await kept(unsure, later)).conversation == after.conversation


@pytest.mark.parametrize("sure", [0.5, 0.9])
async def test_an_answer_to_what_is_gone_or_from_an_unsure_model_moves_nothing(
    unsure: Stage, model: FakeModel, sure: float
):
    asked, other = unsure.say(ANNA, FEED), unsure.say(BEN, SUMS)
    said = unsure.say(CARA, ADVICE)
    await unsure.settle()
    before = await kept(unsure, said)
    place, wanted = (2, other) if before.reply_to == (await kept(unsure, asked)).id else (1, asked)

    async def meanwhile() -> None:
        if sure > 0.6:
            unsure.delete(wanted)
            await unsure.settle()

    model.meanwhile = meanwhile
    model.says = {ADVICE: Verdict(str(place), sure)}
    await unsure.advised()
    assert ADVICE in model.texts
    after = await kept(unsure, said)
    assert (after.reply_to, after.conversation) == (before.reply_to, before.conversation)


async def test_peers_19_of_what_was_said_before_only_what_may_leave_leaves(unsure: Stage, model: FakeModel):
    unsure.say(ANNA, "my number is 030 1234567, call me")
    unsure.say(BEN, SUMS)
    gone = unsure.say(CARA, "this was a slip of the tongue")
    unsure.say(CARA, ADVICE)
    await unsure.settle()
    unsure.delete(gone)
    unsure.command(BEN, "privacy stop")
    await unsure.settle()
    model.asked.clear()
    await unsure.advised()
    sent = str([question for questions in model.asked for question in questions if question.said.text == ADVICE])
    assert "call me" in sent
    assert not any(word in sent for word in ("1234567", SUMS, "slip of the tongue"))
