"""A language model is asked where understanding doubts: later, and only where nothing has happened meanwhile."""

import pytest

from adapters.storage.tables import model_answers, model_calls, model_jobs
from dialogue.events import Place
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId, PlatformMessageId, message_id
from knowledge_base.kinds import Kind
from knowledge_base.messages import Message
from tests.models import FakeModel, Told, advice, failed, surely
from tests.stage import ADA, ANNA, BEN, HELP, PRIVATE, PRODUCT, SAM, SPACE, Stage

TAGS = "Since yesterday the exported file comes without the tags column"
INVOICES = "In the invoices view the totals are not those of the lines"
JOKE = "I love how the wrong invoice shows up only for my colleague, haha"
MAIL = "Since yesterday my file comes without tags, mail me at anna@example.com or 030 1234567"
CRASH = "The app crashes whenever I open the settings page"
LOUNGE = Place(SPACE, ChannelId("lounge"), "lounge", Audience.PUBLIC)
DOUBTS = Told(
    {
        TAGS: (Kind.INFORMATION, 0.5),
        INVOICES: (Kind.INFORMATION, 0.4),
        JOKE: (Kind.PROBLEM, 0.55),
        MAIL: (Kind.INFORMATION, 0.4),
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


async def rows(play: Stage, table) -> list:
    async with play.storage.read() as uow:
        return list(await uow._transaction.rows(table.select()))


async def test_a_doubtful_message_is_corrected_later_and_its_card_follows(advised: Stage, model: FakeModel):
    said = advised.say(ANNA, TAGS)
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
    assert "Nothing of it is kept" in card


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
                advised.command(ANNA, "privacy delete")
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
