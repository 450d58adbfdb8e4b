"""What solved a question becomes a candidate answer, and follows what people say, edit and delete."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.ticker import Ticker
from knowledge_base.answers import Answer, AnswerState, Part
from knowledge_base.channels import Audience
from knowledge_base.ids import PlatformMessageId
from knowledge_base.outcomes import Outcome, Proof
from tests.unit.dialogue.stage import ANNA, BEN, CARA, SAM, SECLUDED, Stage, person

QUESTION = "How do I export my tags as csv?"
ADVICE = "you can use the menu, File and then Export"
THANKS = "thanks ben, that worked"
DAY = timedelta(days=1)


async def answers(stage: Stage) -> Sequence[Answer]:
    async with stage.look() as (uow, community):
        return await uow.answers.waiting(community, 100)


async def parts(stage: Stage, answer: Answer) -> dict[str, Part]:
    async with stage.look() as (uow, community):
        return {one.message.split("/")[-1]: one.part for one in await uow.answers.sources(community, answer.id)}


async def solver(stage: Stage, answer: Answer) -> str:
    async with stage.look() as (uow, community):
        return (await uow.members.get(community, answer.solver)).name


async def later(stage: Stage, after: timedelta = 2 * DAY) -> None:
    """Time passes, and what falls due happens."""
    stage.clock.advance(after)
    await Ticker(stage.storage, stage.clock, DAY).run_once()
    await stage.happen()


async def solved(stage: Stage, place=None, **more: object) -> list[PlatformMessageId]:
    """Anna asks, Ben advises, and it works."""
    here = {"place": place} if place else {}
    asked = await stage.say(ANNA, QUESTION, **here, **more)
    said = await stage.say(BEN, ADVICE, reply_to=asked, **here)
    return [asked, said, await stage.say(ANNA, THANKS, reply_to=said, **here)]


async def test_what_the_asker_confirms_is_a_candidate_at_once_with_its_sources(stage: Stage) -> None:
    asked, said, thanked = await solved(stage)
    (found,) = await answers(stage)
    assert (found.number, found.state, found.outcome, found.proof) == (
        1,
        AnswerState.CANDIDATE,
        Outcome.CONFIRMED,
        Proof.SAID_SO,
    )
    assert await parts(stage, found) == {asked: Part.QUESTION, said: Part.SOLUTION, thanked: Part.PROOF}
    assert await solver(stage, found) == "Ben"
    assert (found.audience, found.language, found.wording.text) == (Audience.PUBLIC, "en", "")


async def test_silence_proves_nothing_but_makes_a_candidate_once_the_talk_is_still(stage: Stage) -> None:
    asked = await stage.say(ANNA, QUESTION)
    await stage.say(BEN, ADVICE, reply_to=asked)
    await later(stage, timedelta(hours=3))
    assert await answers(stage) == []
    await later(stage)
    (found,) = await answers(stage)
    assert (found.outcome, found.proof) == (Outcome.OPEN, None)
    assert stage.chat.sent == [], "nobody is nudged"


async def test_while_the_talk_goes_on_it_is_not_still(stage: Stage) -> None:
    asked = await stage.say(ANNA, QUESTION)
    said = await stage.say(BEN, ADVICE, reply_to=asked)
    stage.clock.advance(DAY)
    await stage.say(ANNA, "where is that menu hiding in the new version?", reply_to=said)
    await later(stage, timedelta(hours=2))
    assert await answers(stage) == []
    await later(stage)
    assert [one.outcome for one in await answers(stage)] == [Outcome.OPEN]


async def test_a_timer_that_fires_twice_makes_one_candidate(stage: Stage) -> None:
    asked = await stage.say(ANNA, QUESTION)
    await stage.say(BEN, ADVICE, reply_to=asked)
    async with stage.storage.read() as uow:
        (due,) = await uow.schedules.due(stage.clock.now() + 3 * DAY)
    await later(stage)
    async with stage.storage.begin() as uow:
        await uow.schedules.put(due)
        await uow.commit()
    await later(stage)
    assert len(await answers(stage)) == 1
    async with stage.storage.read() as uow:
        assert await uow.schedules.next_due() is None


async def test_what_failed_is_no_candidate(stage: Stage) -> None:
    asked = await stage.say(ANNA, QUESTION)
    said = await stage.say(BEN, ADVICE, reply_to=asked)
    await stage.say(ANNA, "that didn't help, still no csv", reply_to=said)
    await later(stage)
    assert await answers(stage) == []


async def test_a_confirmation_that_is_taken_back_is_denied(stage: Stage) -> None:
    thanked = (await solved(stage))[-1]
    await stage.say(ANNA, "spoke too soon, the file is still empty", reply_to=thanked)
    assert [(one.number, one.outcome) for one in await answers(stage)] == [(1, Outcome.DENIED)]


async def test_thanks_before_any_solution_prove_nothing(stage: Stage) -> None:
    asked = await stage.say(ANNA, f"{QUESTION} thanks in advance!")
    await stage.say(BEN, ADVICE, reply_to=asked)
    assert await answers(stage) == []


async def test_who_solved_it_alone_is_the_solver(stage: Stage) -> None:
    asked = await stage.say(ANNA, QUESTION)
    found = await stage.say(ANNA, "nevermind, found it: the export is under the account menu", reply_to=asked)
    (answer,) = await answers(stage)
    assert (await solver(stage, answer), answer.proof) == ("Anna", Proof.FOUND)
    assert await parts(stage, answer) == {asked: Part.QUESTION, found: Part.SOLUTION}


@pytest.mark.parametrize(("who", "counts"), [(ANNA, True), (SAM, True), (CARA, False)])
async def test_a_check_mark_counts_by_the_asker_and_by_staff(stage: Stage, who, counts: bool) -> None:
    asked = await stage.say(ANNA, QUESTION)
    said = await stage.say(BEN, ADVICE, reply_to=asked)
    await stage.say(CARA, "good to know", reply_to=said)
    await stage.react(who, said, "white_check_mark")
    assert [one.proof for one in await answers(stage)] == ([Proof.CHECK_MARK] if counts else [])


async def test_a_check_mark_taken_back_confirms_no_more(stage: Stage) -> None:
    asked = await stage.say(ANNA, QUESTION)
    said = await stage.say(BEN, ADVICE, reply_to=asked)
    await stage.react(ANNA, said, "white_check_mark")
    await stage.react(ANNA, said, "white_check_mark", present=False)
    assert [(one.outcome, one.proof) for one in await answers(stage)] == [(Outcome.OPEN, None)]


async def test_an_emoji_that_is_a_tag_of_staff_is_no_check_mark(stage: Stage) -> None:
    from tests.unit.dialogue.stage import ADA

    await stage.command(ADA, "tag new", {"name": "done", "reaction": "white_check_mark"})
    asked = await stage.say(ANNA, QUESTION)
    said = await stage.say(BEN, ADVICE, reply_to=asked)
    await stage.react(SAM, said, "white_check_mark")
    assert await answers(stage) == []


async def test_an_edit_may_confirm(stage: Stage) -> None:
    asked = await stage.say(ANNA, QUESTION)
    said = await stage.say(BEN, ADVICE, reply_to=asked)
    thanked = await stage.say(ANNA, "I will try", reply_to=said)
    assert await answers(stage) == []
    await stage.edit(ANNA, thanked, "I will try. EDIT: that worked, thanks!")
    assert [one.outcome for one in await answers(stage)] == [Outcome.CONFIRMED]


async def test_a_deleted_solution_withdraws_the_answer_and_a_deleted_thank_you_only_the_proof(stage: Stage) -> None:
    _, said, thanked = await solved(stage)
    await stage.delete(thanked)
    assert [one.outcome for one in await answers(stage)] == [Outcome.OPEN]
    await stage.delete(said)
    assert await answers(stage) == []
    async with stage.look() as (uow, community):
        gone = await uow.answers.by_number(community, 1)
        assert (gone.state, gone.solver) == (AnswerState.WITHDRAWN, None)


async def test_after_one_solution_is_deleted_another_may_stand(stage: Stage) -> None:
    asked = await stage.say(ANNA, QUESTION)
    said = await stage.say(BEN, ADVICE, reply_to=asked)
    other = await stage.say(CARA, "or you can use the share button, it has csv too", reply_to=asked)
    await stage.say(ANNA, THANKS, reply_to=said)
    await stage.delete(said)
    (answer,) = await answers(stage)
    assert (answer.number, answer.state, await solver(stage, answer)) == (1, AnswerState.CANDIDATE, "Cara")
    assert (await parts(stage, answer))[other] is Part.SOLUTION


async def test_who_has_their_words_deleted_is_in_no_answer(stage: Stage) -> None:
    await solved(stage)
    await stage.command(BEN, "privacy erase")
    assert await answers(stage) == []
    async with stage.look() as (uow, community):
        gone = await uow.answers.by_number(community, 1)
        assert gone.solver is None
        assert all("Export" not in one.text for one in await uow.answers.sources(community, gone.id))


async def test_the_audience_is_that_of_the_channel(stage: Stage) -> None:
    await solved(stage, SECLUDED)
    assert [one.audience for one in await answers(stage)] == [Audience.PRIVATE]


async def test_what_is_said_to_the_bot_alone_is_no_answer(stage: Stage) -> None:
    from dataclasses import replace

    from knowledge_base.ids import ChannelId

    direct = replace(SECLUDED, channel=ChannelId("dm"), direct=True)
    await solved(stage, direct)
    await later(stage)
    assert await answers(stage) == []


async def test_a_thousand_lines_of_thanks_make_one_candidate(stage: Stage) -> None:
    _, said, _ = await solved(stage)
    flood = [stage.posted(ANNA, "thanks, that worked", reply_to=said) for _ in range(1_000)]
    await stage.happen(*flood)
    assert len(await answers(stage)) == 1


async def test_two_questions_of_two_people_are_two_candidates(stage: Stage) -> None:
    dora = person("dora")
    await solved(stage)
    asked = await stage.say(dora, "Where can I change the colour of the labels?")
    said = await stage.say(CARA, "open the label and click on its dot", reply_to=asked)
    await stage.say(dora, "perfect, thank you cara", reply_to=said)
    assert sorted([await solver(stage, one) for one in await answers(stage)]) == ["Ben", "Cara"]


async def test_history_read_later_is_paired_too(stage: Stage) -> None:
    await solved(stage, live=False)
    assert len(await answers(stage)) == 1
