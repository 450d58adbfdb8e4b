"""What customers solve for each other is kept, decided about, and follows what they say later."""

from dataclasses import replace

from bot.knowing import stored_answers
from dialogue.events import Place
from knowledge_base.answers import AnswerState
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId
from tests.stage import ADA, ANNA, BEN, HELP, SAM, SPACE, Stage

EXPERT = replace(BEN, account="vera", name="Vera", groups=("experts",))


async def numbers(play: Stage) -> dict[int, AnswerState]:
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        found = [await uow.answers.by_number(community, number) for number in range(1, 9)]
    return {answer.number: answer.state for answer in found if answer}


async def test_customers_solve_it_an_expert_approves_it_and_its_author_takes_it_back(play: Stage) -> None:
    play.command(ADA, "answer trust", group="<@&experts>")
    asked = play.say(ANNA, "How do I export my tags as csv?")
    guess = play.say(BEN, "you could try the print dialog", reply_to=asked)
    play.say(ANNA, "no luck, there is no csv", reply_to=guess)
    right = play.say(SAM, "go to File, then Export, and choose CSV", reply_to=asked)
    play.say(BEN, "did that work?", reply_to=right)
    play.say(ANNA, "yes, that did it, thanks Sam", reply_to=right)
    await play.settle()

    play.command(BEN, "answer list")
    play.command(EXPERT, "answer show", answer="1")
    play.command(EXPERT, "answer approve", answer="1")
    await play.settle()
    assert play.told(BEN)[-1].startswith("Only staff")
    shown, done = play.told(EXPERT)[-2:]
    assert "Solved by: Sam" in shown
    assert "it worked: the asker said so" in shown
    assert "print dialog" not in shown
    assert "Answer #1 is now approved." in done

    play.delete(right)
    await play.settle()
    assert await numbers(play) == {1: AnswerState.WITHDRAWN}


async def test_an_answer_is_found_by_who_asks_the_stored_ones_unless_it_was_said_in_private(play: Stage) -> None:
    secluded = Place(SPACE, ChannelId("secluded"), "secluded", Audience.MEMBERS)
    play.command(ADA, "channel mode", secluded, mode="listening")
    await play.settle()
    for place in (HELP, secluded):
        asked = play.say(ANNA, f"How do I export my {place.name} tags as csv?", place)
        said = play.say(BEN, "you can use the menu, File and then Export", place, reply_to=asked)
        play.say(ANNA, "thanks ben, that worked", place, reply_to=said)
    await play.settle()
    for number in "12":
        play.command(SAM, "answer approve", answer=number)
    await play.settle()
    assert await numbers(play) == {1: AnswerState.APPROVED, 2: AnswerState.APPROVED}

    stored = await stored_answers(f"sqlite:///{play.storage.name}", None)
    assert [(len(stored.answers), stored.withheld)] == [(1, 1)]
    assert stored.answers[0].questions == ("How do I export my help tags as csv?",)


async def test_after_a_restart_what_was_under_way_is_paired_all_the_same(play: Stage) -> None:
    asked = play.say(ANNA, "How do I export my tags as csv?")
    said = play.say(BEN, "you can use the menu, File and then Export", reply_to=asked)
    await play.settle()
    play.restart()
    play.say(ANNA, "thanks ben, that worked", reply_to=said)
    await play.settle()
    assert await numbers(play) == {1: AnswerState.CANDIDATE}
