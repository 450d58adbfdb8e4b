"""``/why``: staff ask, and are answered alone."""

from dataclasses import replace

import pytest

from adapters.memory.chat import Sent
from dialogue.capturing.thinking import think
from dialogue.posts import Buttons
from knowledge_base.members import Role
from tests.unit.dialogue.stage import ANNA, BEN, GENERAL, PRODUCT, SAM, SECLUDED, Stage, person

DROPS = "The export drops my tags, this is broken"
ROBOT = person("robot", Role.BOT)


def answer(stage: Stage) -> Sent:
    return [sent for sent in stage.chat.sent if sent.to is not None][-1]


async def test_a_messages_menu_tells_kind_rule_parent_insight_and_thresholds(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)

    told = await stage.command(SAM, "why show", message=said)

    assert "Kind: Problem, " in told
    assert "By the rule: " in told
    assert "Answers: nothing: it starts its conversation" in told
    assert f"In insight #1: {DROPS}" in told
    assert "route 1: sent to Product" in told
    assert "I kept silent: nobody addressed me" in told
    assert "No other insight is near." in told
    assert "From 50 % sure on, such a message counts." in told


async def test_a_link_an_id_and_the_number_of_an_insight_all_name_what_is_meant(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS)
    for message in (said, f"https://chat.example/general/{said}"):
        assert "What I made of this message" in await stage.command(SAM, "why show", {"message": message})
    for options in ({"insight": "1"}, {"insight": "#1"}, {"message": "#1"}, {"message": "1"}):
        assert "How this insight came about" in await stage.command(SAM, "why show", options)


async def test_a_cards_menu_explains_its_insight(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS)
    await stage.press(SAM, stage.buttons()["acknowledge"])
    (card,) = stage.cards()

    told = await stage.command(SAM, "why show", message=card.ref.message, place=PRODUCT)

    assert "Problem #1: 2 people" in told
    assert f"nobody surely said the same before: {DROPS}" in told
    assert f"says the same as an earlier voice (1.00): {DROPS}" in told
    assert "Sent by: route 1, to Product" in told
    assert "What staff did: 2026-03-02: acknowledged, by Sam" in told


async def test_only_staff_may_ask(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS)
    assert await stage.command(ANNA, "why show", message=said) == "Only staff can do that."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"message": "m99"}, "I have not kept the message “m99”"),
        ({"message": "1234567890"}, "I have not kept the message “1234567890”"),
        ({"message": "#7"}, "There is no insight “#7”"),
        ({"insight": "seven"}, "There is no insight “seven”"),
        ({}, "Say what: /why with a message's link"),
    ],
)
async def test_what_is_not_there_is_said_clearly(stage: Stage, typed: dict[str, str], said: str) -> None:
    assert (await stage.command(SAM, "why show", typed)).startswith(said)


async def test_a_deleted_message_and_a_bots_have_a_sentence_of_their_own(stage: Stage) -> None:
    gone = await stage.say(ANNA, DROPS)
    await stage.delete(gone)
    machine = await stage.say(ROBOT, "Build 17 failed with an error")

    assert await stage.command(SAM, "why show", message=gone) == (
        "That message was deleted, and nothing of it is kept."
    )
    assert await stage.command(SAM, "why show", message=machine) == (
        "A bot or the platform said that. I read nothing into it."
    )


async def test_a_message_kept_without_reasons_is_explained_as_far_as_known(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS)
    async with stage.storage.begin() as uow:
        await uow.messages.replace(replace(await stage.message(said), reasons=()))
        await uow.commit()

    told = await stage.command(SAM, "why show", message=said)

    assert "Kind: Problem" in told
    assert "By the rule" not in told
    assert "from before I noted why" in await stage.command(SAM, "why show", {"insight": "1"})


async def test_words_of_a_private_channel_are_shown_to_nobody_elsewhere(stage: Stage) -> None:
    hidden = await stage.say(ANNA, DROPS, SECLUDED)
    said = await stage.say(BEN, DROPS)

    for told in (
        await stage.command(SAM, "why show", message=said),
        await stage.command(SAM, "why show", {"insight": "1"}),
        await stage.command(SAM, "why show", message=hidden, place=SECLUDED),
    ):
        assert "withheld" not in told
    told = await stage.command(SAM, "why show", message=hidden, place=SECLUDED)
    assert "In insight #1: said where not everybody here can read it" in told


async def test_an_explanation_offers_every_other_kind(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS)
    await stage.command(SAM, "why show", message=said)

    (buttons,) = [block for block in answer(stage).post.blocks if isinstance(block, Buttons)]

    assert [button.label for button in buttons.buttons] == [
        "Question", "Request", "Solution", "Information", "Praise", "Complaint", "Chatter",
    ]  # fmt: skip
    assert buttons.buttons[0].custom_id == f"kind:{stage.name(said, GENERAL)}:question"


def test_the_rule_of_a_kind_is_put_into_words_before_anybody_waits_for_it(stage: Stage) -> None:
    thought = think(stage.posted(ANNA, DROPS), stage.understanding)
    assert thought is not None
    assert isinstance(thought.prepared.guess.because, str)
    assert thought.prepared.guess.because == stage.understanding.prepare(thought.prepared.heard).guess.rule
