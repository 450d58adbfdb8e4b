"""A language model is asked whether two insights are one: staff decide, unless a setting lets the model."""

from datetime import timedelta

import pytest

from dialogue.advice.values import Doubt, Verdict
from dialogue.events import Place
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId, PlatformMessageId, message_id
from knowledge_base.kinds import Kind
from knowledge_base.messages import Message
from tests.models import FakeModel, Told, advice
from tests.stage import ADA, ANNA, BEN, HELP, PRIVATE, PRODUCT, SAM, SPACE, Stage

BOOTH = Place(SPACE, ChannelId("booth"), "booth", Audience.PRIVATE)
LEFT = "since the last update of the firmware the left earbud of my new headphones stays silent"
RIGHT = LEFT.replace("left", "right")
TABLE = "the export of my invoices as a table drops every tag I made on the phone today"
BEYOND = f"{TABLE} since the update came"


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


async def kept(play: Stage, message: PlatformMessageId) -> Message:
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        found = await uow.messages.get(community, message_id(SPACE, HELP.channel, message))
    assert found is not None
    return found


@pytest.fixture
def comparing(play: Stage, model: FakeModel) -> Stage:
    """A stage with a model that is sure of every kind."""
    play.with_model(advice(model), Told(dict.fromkeys((LEFT, RIGHT, TABLE, BEYOND), (Kind.PROBLEM, 0.9))))
    return play


async def two_cards(play: Stage, one: str, other: str) -> PlatformMessageId:
    """Two people say something; the newer message."""
    play.say(ANNA, one)
    await play.settle()
    play.clock.advance(timedelta(hours=9))
    newer = play.say(BEN, other)
    await play.settle()
    assert len(play.shown(PRODUCT)) == 2
    return newer


async def test_what_words_kept_apart_is_suggested_where_the_model_says_that_it_is_the_same(
    comparing: Stage, model: FakeModel
):
    newer = await two_cards(comparing, LEFT, RIGHT)
    assert "Perhaps" not in comparing.shown(PRODUCT)[1]
    model.says = {RIGHT: Verdict("same", 0.9)}
    await comparing.advised()
    (question,) = model.asked[-1]
    assert (question.doubt, question.said.text, [line.text for line in question.earlier]) == (Doubt.SAME, RIGHT, [LEFT])
    assert question.choices == ("same", "different")
    first, second = comparing.shown(PRODUCT)
    assert "Perhaps the same as Problem #1" in second
    assert "1 person" in first
    reasons = (await kept(comparing, newer)).reasons
    assert reasons[0] == "the model wise-1 thinks that this says the same as Problem #1 (0.90)"


@pytest.mark.parametrize(("choice", "sure"), [("different", 0.9), ("same", 0.5)])
async def test_what_the_model_tells_apart_or_is_unsure_of_is_only_told(
    comparing: Stage, model: FakeModel, choice: str, sure: float
):
    newer = await two_cards(comparing, LEFT, RIGHT)
    model.says = {RIGHT: Verdict(choice, sure)}
    await comparing.advised()
    assert "Perhaps" not in "".join(comparing.shown(PRODUCT))
    assert "the model wise-1 thinks" in (await kept(comparing, newer)).reasons[0]


async def test_of_what_is_suggested_the_model_is_asked_too_and_staff_still_decide(comparing: Stage, model: FakeModel):
    newer = await two_cards(comparing, TABLE, BEYOND)
    before = comparing.shown(PRODUCT)
    assert "Perhaps the same as Problem #1" in before[1]
    model.says = {BEYOND: Verdict("same", 1.0)}
    await comparing.advised()
    assert comparing.shown(PRODUCT) == before
    assert "says the same as Problem #1 (1.00)" in (await kept(comparing, newer)).reasons[0]


async def test_what_staff_refused_while_the_model_thought_does_not_come_back(comparing: Stage, model: FakeModel):
    await two_cards(comparing, TABLE, BEYOND)

    async def meanwhile() -> None:
        comparing.press(SAM, comparing.cards()[1], "Not the same")
        await comparing.settle()

    model.meanwhile = meanwhile
    model.says = {BEYOND: Verdict("same", 1.0)}
    await comparing.advised()
    assert "Perhaps" not in comparing.shown(PRODUCT)[1]


def merging(play: Stage, model: FakeModel) -> None:
    """From now on it merges what the model is sure of."""
    play.with_model(advice(model, merge_from=0.95), play.understanding.classifier)


async def test_by_a_setting_what_the_model_is_sure_of_is_merged_and_staff_undo_it(comparing: Stage, model: FakeModel):
    merging(comparing, model)
    newer = await two_cards(comparing, LEFT, RIGHT)
    model.says = {RIGHT: Verdict("same", 0.97)}
    await comparing.advised()
    first, second = comparing.shown(PRODUCT)
    assert "2 people" in first
    assert "Merged into: Problem #1" in second
    comparing.command(SAM, "why show", insight="2")
    await comparing.settle()
    assert "the model wise-1 thinks that this says the same as Problem #1 (0.97)" in comparing.told(SAM)[-1]
    async with comparing.storage.read() as uow:
        community = (await kept(comparing, newer)).community
        (correction,) = await uow.corrections.of(community, 9)
        assert (correction.by, correction.cosine) == ("a language model", None)
        assert await uow.learning.lessons(community) == []

    comparing.press(SAM, comparing.cards()[1], "Undo")
    await comparing.settle()
    first, second = comparing.shown(PRODUCT)
    assert "1 person" in first
    assert RIGHT in second


@pytest.mark.parametrize("why", ["less sure", "taken up", "told apart", "heard by others"])
async def test_nothing_is_merged_by_a_model_that(comparing: Stage, model: FakeModel, why: str):
    merging(comparing, model)
    if why == "heard by others":
        open_to_all = frozenset(Audience)
        comparing.with_model(advice(model, merge_from=0.95, audiences=open_to_all), comparing.understanding.classifier)
        for place in (PRIVATE, BOOTH):
            comparing.command(ADA, "channel mode", place, mode="listening")
        await comparing.settle()
        comparing.say(ANNA, TABLE, PRIVATE)
        await comparing.settle()
        comparing.clock.advance(timedelta(hours=9))
        comparing.say(BEN, BEYOND, BOOTH)
        await comparing.settle()
    else:
        await two_cards(comparing, TABLE, BEYOND)

    async def meanwhile() -> None:
        if why == "taken up":
            comparing.press(SAM, comparing.cards()[0], "Plan")
        if why == "told apart":
            comparing.press(SAM, comparing.cards()[1], "Not the same")
        await comparing.settle()

    model.meanwhile = meanwhile
    model.says = {BEYOND: Verdict("same", 0.9 if why == "less sure" else 1.0)}
    await comparing.advised()
    assert model.texts == [BEYOND]
    assert not any("Merged into" in card for card in comparing.shown(PRODUCT))


async def test_what_may_not_leave_is_compared_with_nothing(comparing: Stage, model: FakeModel):
    await two_cards(comparing, LEFT, RIGHT)
    comparing.command(ANNA, "privacy stop")
    await comparing.settle()
    await comparing.advised()
    assert model.asked == []


async def test_what_has_nothing_near_it_is_not_asked_about(comparing: Stage, model: FakeModel):
    await two_cards(comparing, LEFT, TABLE)
    await comparing.advised()
    assert model.asked == []
