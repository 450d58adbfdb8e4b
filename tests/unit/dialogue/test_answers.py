"""``/answer``: staff, and whom they trust, decide which answers may be said again."""

from dataclasses import replace

import pytest

from knowledge_base.answers import Answer, AnswerState
from knowledge_base.members import Role
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, SAM, SECLUDED, SPACE, TESS, Stage
from tests.unit.dialogue.test_pairing import QUESTION, answers, later, solved

FIRST = {"answer": "1"}
HELPERS = replace(CARA, groups=("helpers",))


async def stored(stage: Stage, number: int = 1) -> Answer:
    async with stage.look() as (uow, community):
        return await uow.answers.by_number(community, number)


async def approved(stage: Stage) -> list[Answer]:
    async with stage.look() as (uow, community):
        return list(await uow.answers.approved(community))


async def test_staff_see_what_waits_the_surest_first(stage: Stage) -> None:
    asked = await stage.say(ANNA, "Where can I change the colour of the labels?")
    await stage.say(CARA, "open the label and click on its dot", reply_to=asked)
    await later(stage)
    await solved(stage)

    shown = await stage.command(SAM, "answer list")

    lines = [line for line in shown.splitlines() if "#" in line]
    assert [line.split(":")[0] for line in lines] == ["Answer #2", "Answer #1"], shown


async def test_where_nothing_waits_that_is_said(stage: Stage) -> None:
    assert await stage.command(SAM, "answer list") == "Nothing waits. When somebody solves a question here, it appears."


async def test_one_answer_is_shown_with_question_solution_solver_and_how_we_know(stage: Stage) -> None:
    asked, said, thanked = await solved(stage)

    shown = await stage.command(SAM, "answer show", FIRST)

    assert "Answer #1: waiting" in shown
    assert "Did it work?: it worked: the asker said so" in shown
    assert "Solved by: Ben" in shown
    for part, name in (("Question:", asked), ("What solved it:", said), ("How we know:", thanked)):
        assert name in shown[shown.index(part) :].split("\n\n")[0] or f"general/{name}" in shown


async def test_approving_keeps_the_words_masked_and_who_decided(stage: Stage) -> None:
    asked = await stage.say(ANNA, QUESTION)
    said = await stage.say(BEN, "you can mail me at ben.okafor@example.com, or use File > Export", reply_to=asked)
    await stage.say(ANNA, "that worked, thanks", reply_to=said)

    assert "Answer #1 is now approved." in await stage.command(SAM, "answer approve", FIRST)

    (answer,) = await approved(stage)
    assert answer.wording.questions == (QUESTION,)
    assert "use File > Export" in answer.wording.text
    assert "ben.okafor@example.com" not in answer.wording.text
    assert "approved, by Sam" in await stage.command(TESS, "answer show", FIRST)


async def test_approving_twice_changes_nothing(stage: Stage) -> None:
    await solved(stage)
    for _ in range(2):
        await stage.command(SAM, "answer approve", FIRST)
    async with stage.look() as (uow, community):
        assert len(await uow.answers.history(community, (await stored(stage)).id)) == 1


async def test_staff_word_an_answer_and_its_questions(stage: Stage) -> None:
    await solved(stage)
    worded = {"text": "Use File > Export.", "question": "How do I export? | csv download"}
    await stage.command(SAM, "answer edit", {**FIRST, **worded})
    await stage.command(SAM, "answer approve", FIRST)
    (answer,) = await approved(stage)
    assert answer.wording.questions == ("How do I export?", "csv download")
    assert answer.wording.text == "Use File > Export."
    assert "Say how it is to be worded" in await stage.command(SAM, "answer edit", FIRST)


async def test_a_rejected_answer_waits_no_more_and_says_why(stage: Stage) -> None:
    await solved(stage)
    assert "reason is missing" in await stage.command(SAM, "answer reject", FIRST)
    await stage.command(SAM, "answer reject", {**FIRST, "reason": "outdated"})
    assert await answers(stage) == []
    assert "rejected, by Sam: outdated" in await stage.command(SAM, "answer show", FIRST)


async def test_every_decision_can_be_undone_one_after_the_other(stage: Stage) -> None:
    await solved(stage)
    await stage.command(SAM, "answer approve", FIRST)
    await stage.command(SAM, "answer edit", {**FIRST, "text": "Use the menu."})
    await stage.command(SAM, "answer reject", {**FIRST, "reason": "hm"})
    states = []
    for _ in range(3):
        await stage.command(TESS, "answer undo", FIRST)
        answer = await stored(stage)
        states.append((answer.state, answer.wording.text == "Use the menu.", bool(answer.wording.text)))
    assert states == [
        (AnswerState.APPROVED, True, True),
        (AnswerState.APPROVED, False, True),
        (AnswerState.CANDIDATE, False, False),
    ]
    assert "could be undone" in await stage.command(SAM, "answer undo", FIRST)
    assert "rejected, by Sam: hm (undone)" in await stage.command(SAM, "answer show", FIRST)


@pytest.mark.parametrize("verb", ["list", "show", "approve", "edit", "reject", "undo", "trust"])
async def test_customers_may_not(stage: Stage, verb: str) -> None:
    await solved(stage)
    assert (await stage.command(CARA, f"answer {verb}", {"answer": "1"})).startswith("Only ")
    assert (await stored(stage)).state is AnswerState.CANDIDATE


async def test_whom_admins_trust_may_approve_what_they_can_read_but_not_their_own(stage: Stage) -> None:
    assert "Only admins" in await stage.command(SAM, "answer trust", {"group": "<@&helpers>"})
    await solved(stage)
    await stage.command(ADA, "answer trust", {"group": "<@&helpers>"})
    assert "You solved this yourself" in await stage.command(replace(BEN, groups=("helpers",)), "answer approve", FIRST)
    assert "is now approved" in await stage.command(HELPERS, "answer approve", FIRST)
    assert "Only staff" in await stage.command(HELPERS, "insight list")

    await stage.command(ADA, "answer distrust", {"group": "helpers"})
    assert "Only staff, and those" in await stage.command(HELPERS, "answer undo", FIRST)


async def test_trusting_takes_no_role_from_anybody(stage: Stage) -> None:
    async with stage.storage.begin() as uow:
        from knowledge_base.members import Group

        community = await uow.communities.of_space(SPACE)
        await uow.members.choose_groups(community, SPACE, [Group(SPACE, "crew", Role.STAFF)])
        await uow.commit()
    await stage.command(ADA, "answer trust", {"group": "crew"})
    assert "Nothing is open" in await stage.command(replace(CARA, groups=("crew",)), "insight list")
    assert "is not trusted" in await stage.command(ADA, "answer distrust", {"group": "crew"})


async def test_what_a_trusted_customer_says_is_heard_as_a_customers(stage: Stage) -> None:
    await stage.command(ADA, "answer trust", {"group": "helpers"})
    said = await stage.say(HELPERS, "The export crashes every time, this is broken")
    assert await stage.insight_of(said) is not None


async def test_private_words_stay_private(stage: Stage) -> None:
    await solved(stage, SECLUDED)
    assert "export" not in (await stage.command(SAM, "answer list")).split("Waiting")[1].lower()
    assert "Export" not in await stage.command(SAM, "answer show", FIRST)
    assert "where you can't read them" in await stage.command(SAM, "answer approve", FIRST)

    for who in (ANNA, BEN):
        await stage.command(who, "privacy private", {"allow": "on"})
    assert "is now approved" in await stage.command(SAM, "answer approve", FIRST)
    await stage.command(BEN, "privacy private", {"allow": "off"})
    assert "Export" not in await stage.command(SAM, "answer show", FIRST)


async def test_an_edited_source_shows_on_a_candidate_and_flags_an_approved_answer(stage: Stage) -> None:
    _, said, _ = await solved(stage)
    await stage.edit(BEN, said, "you can use the share button")
    assert "share button" in await stage.command(SAM, "answer show", FIRST)
    await stage.command(SAM, "answer approve", FIRST)
    assert await answers(stage) == []

    await stage.edit(BEN, said, "you can use the new export page")

    assert "to be looked at again" in await stage.command(SAM, "answer list")
    assert (await stored(stage)).wording.text == "you can use the share button"
    await stage.command(SAM, "answer approve", FIRST)
    assert (await stored(stage)).wording.text == "you can use the new export page"
    assert await answers(stage) == []


async def test_an_approved_answer_that_turns_out_not_to_work_is_looked_at_again(stage: Stage) -> None:
    thanked = (await solved(stage))[-1]
    await stage.command(SAM, "answer approve", FIRST)
    await stage.say(ANNA, "spoke too soon, it's back to empty files", reply_to=thanked)
    assert "to be looked at again: it did not work" in await stage.command(SAM, "answer list")


async def test_peers_12_a_deleted_source_takes_an_approved_answer_with_it(stage: Stage) -> None:
    _, said, _ = await solved(stage)
    await stage.command(SAM, "answer approve", FIRST)
    await stage.delete(said)
    assert await approved(stage) == []
    gone = await stored(stage)
    assert (gone.state, gone.wording.text, gone.wording.questions) == (AnswerState.WITHDRAWN, "", ())
    assert "withdrawn: what it was made of is gone" in await stage.command(SAM, "answer approve", FIRST)
    assert "could be undone" in await stage.command(SAM, "answer undo", FIRST)
    async with stage.look() as (uow, community):
        assert all(not one.wording.text for one in await uow.answers.history(community, gone.id))


async def test_peers_15_two_approved_answers_to_the_same_question_that_differ_are_shown_to_staff(stage: Stage) -> None:
    """A trailing space, case and marks at the end make no other question of it."""
    await solved(stage)
    dora = replace(CARA, account="dora", name="Dora")
    asked = await stage.say(dora, "how do I export  my TAGS as csv ")
    said = await stage.say(CARA, "go to the account page and press Download", reply_to=asked)
    await stage.say(dora, "that did it, thanks", reply_to=said)

    await stage.command(SAM, "answer approve", FIRST)
    told = "Answers #1 and #2 answer the same question differently"
    assert told in await stage.command(SAM, "answer approve", {"answer": "2"})
    assert told in await stage.command(SAM, "answer list")
    assert told in await stage.command(SAM, "answer show", {"answer": "2"})

    await stage.command(SAM, "answer reject", {"answer": "2", "reason": "the menu is simpler"})
    assert told not in await stage.command(SAM, "answer list")


async def test_answers_are_completed_by_their_questions_for_those_who_may(stage: Stage) -> None:
    await solved(stage)
    found = await stage.interactions.complete(SPACE, SAM, "answer", "approve", "answer", "export")
    assert [(one.value, one.label) for one in found] == [("1", f"#1 {QUESTION}")]
    assert await stage.interactions.complete(SPACE, CARA, "answer", "approve", "answer", "") == ()


async def test_an_unknown_number_is_refused_with_a_hint(stage: Stage) -> None:
    for typed in ("7", "x", "-1", "9" * 40):
        assert "/answer list shows those that wait" in await stage.command(SAM, "answer show", {"answer": typed})
