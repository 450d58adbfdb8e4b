"""What came of what people gave is counted once, by its effect, and taken back with its cause."""

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import create_engine, text

from dialogue.events import Actor, MessagePosted
from dialogue.plain import plain_text
from knowledge_base.contributions import Contributed, Contribution, Guard, total
from knowledge_base.ids import AccountId, PlatformMessageId
from knowledge_base.members import Role
from tests.stage import ANNA, BEN, CARA, HELP, MONDAY, SAM, SPACE, Stage

DARK = "It would be great to have a dark mode, please add one"
QUESTION = "How do I export my tags as csv?"
ADVICE = "you can use the menu, File and then Export"
WEEK = timedelta(days=7)
CODE = re.compile(r"code:(\w{8})")
D, R, S = Contributed.DEMAND, Contributed.REPORT, Contributed.SHIPPED


async def ledger(play: Stage, who: Actor) -> list[Contribution]:
    """What stands in it of somebody, oldest first."""
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        member = await uow.members.behind(community, SPACE, who.account)
        found = await uow.contributions.of_member(community, member.id) if member else []
        assert not member or total(found) == await uow.contributions.total(community, member.id)
    return sorted(found, key=lambda line: (line.at, line.kind))


async def kinds(play: Stage, who: Actor) -> list[Contributed]:
    return [line.kind for line in await ledger(play, who) if line.guard is None]


async def guards(play: Stage, who: Actor) -> list[Guard | None]:
    return [line.guard for line in await ledger(play, who)]


def named_in_the_file(play: Stage, member: str) -> int:
    """How many lines are somebody's or from them, reversed or not."""
    wanted = text("SELECT COUNT(*) FROM contributions WHERE member = :member OR by = :member")
    with create_engine(f"sqlite:///{play.storage.name}").connect() as connection:
        return connection.execute(wanted, {"member": member}).scalar()


async def known(play: Stage, *people: Actor) -> None:
    """They have been here for a week."""
    for who in people:
        play.say(who, f"hello, {who.name} here")
    await play.settle()
    play.clock.advance(WEEK)


async def solved(play: Stage, asker: Actor, helper: Actor, what: str = "tags", thanks: str = "that worked") -> str:
    """A question is answered, and its asker says so; the message of the answer."""
    asked = play.say(asker, f"How do I export my {what} as csv?")
    said = play.say(helper, ADVICE, reply_to=asked)
    play.say(asker, f"thanks {helper.name}, {thanks}", reply_to=said)
    await play.settle()
    return said


async def test_who_says_first_what_others_say_too_and_staff_take_up_is_credited_for_each(play: Stage) -> None:
    await known(play, ANNA, BEN, CARA)
    for who in (ANNA, BEN):
        play.say(who, DARK)
    await play.settle()
    assert await kinds(play, ANNA) == []
    play.say(CARA, DARK)
    await play.settle()
    assert await kinds(play, ANNA) == [D]
    play.press(SAM, play.cards()[0], "Plan")
    await play.settle()
    assert await kinds(play, ANNA) == [D, R]
    play.press(SAM, play.cards()[0], "Ship")
    await play.settle()
    assert await kinds(play, ANNA) == [D, R, S]
    assert total(await ledger(play, ANNA)) == 10
    assert await kinds(play, BEN) == await kinds(play, CARA) == []


async def test_what_is_undone_is_reversed_and_comes_back_with_it(play: Stage) -> None:
    await known(play, ANNA, BEN, CARA)
    for who in (ANNA, BEN, CARA):
        last = play.say(who, DARK)
    await play.settle()
    play.press(SAM, play.cards()[0], "Ship")
    await play.settle()
    assert await kinds(play, ANNA) == [D, R, S]
    play.command(SAM, "insight takeback", insight="1")
    await play.settle()
    assert await kinds(play, ANNA) == [D]
    play.command(SAM, "insight split", message=last)
    await play.settle()
    assert await kinds(play, ANNA) == []
    play.command(SAM, "insight undo", insight="1")
    await play.settle()
    assert await kinds(play, ANNA) == [D]
    play.delete(last)
    await play.settle()
    assert await kinds(play, ANNA) == []


async def test_whose_first_words_are_deleted_is_credited_no_more_and_the_next_one_is(play: Stage) -> None:
    await known(play, ANNA, BEN)
    first = play.say(ANNA, DARK)
    play.say(BEN, DARK)
    await play.settle()
    play.press(SAM, play.cards()[0], "Plan")
    await play.settle()
    assert (await kinds(play, ANNA), await kinds(play, BEN)) == ([R], [])
    play.delete(first)
    await play.settle()
    assert (await kinds(play, ANNA), await kinds(play, BEN)) == ([], [R])


async def test_what_is_read_later_but_was_said_before_is_the_first(play: Stage) -> None:
    play.say(BEN, DARK)
    await play.settle()
    play.press(SAM, play.cards()[0], "Plan")
    await play.settle()
    assert (await kinds(play, ANNA), await kinds(play, BEN)) == ([], [R])
    earlier = MessagePosted(HELP, ANNA, PlatformMessageId("old"), DARK, MONDAY - WEEK, live=False)
    play.chat.happen(earlier)
    await play.settle()
    assert (await kinds(play, ANNA), await kinds(play, BEN)) == ([R], [])


async def test_merging_gives_the_credit_to_whoever_said_it_first_of_all(play: Stage) -> None:
    play.say(ANNA, DARK)
    play.say(BEN, "Could you add night colours? My eyes hurt")
    await play.settle()
    play.press(SAM, play.cards()[1], "Plan")
    await play.settle()
    assert (await kinds(play, ANNA), await kinds(play, BEN)) == ([], [R])
    play.command(SAM, "insight merge", insight="1", into="2")
    await play.settle()
    assert (await kinds(play, ANNA), await kinds(play, BEN)) == ([R], [])
    play.command(SAM, "insight undo", insight="1")
    await play.settle()
    assert (await kinds(play, ANNA), await kinds(play, BEN)) == ([], [R])


async def test_a_solution_counts_when_its_asker_says_so_until_it_is_gone(play: Stage) -> None:
    said = await solved(play, ANNA, BEN)
    assert await kinds(play, BEN) == [Contributed.SOLUTION]
    play.command(SAM, "answer approve", answer="1")
    await play.settle()
    assert await kinds(play, BEN) == [Contributed.SOLUTION, Contributed.ANSWER]
    play.command(SAM, "answer undo", answer="1")
    await play.settle()
    assert await kinds(play, BEN) == [Contributed.SOLUTION]
    play.delete(said)
    await play.settle()
    assert await kinds(play, BEN) == []


async def test_a_solution_counts_as_long_as_the_talk_shows_that_it_worked(play: Stage) -> None:
    asked = play.say(ANNA, QUESTION)
    said = play.say(BEN, ADVICE, reply_to=asked)
    play.react(ANNA, said, "white_check_mark")
    await play.settle()
    assert await kinds(play, BEN) == [Contributed.SOLUTION]
    play.unreact(ANNA, said, "white_check_mark")
    await play.settle()
    assert await kinds(play, BEN) == []
    play.react(ANNA, said, "white_check_mark")
    await play.settle()
    assert await kinds(play, BEN) == [Contributed.SOLUTION]
    play.edit(ANNA, asked, "good morning")
    await play.settle()
    assert await kinds(play, BEN) == []


async def test_folded_hands_thank_until_they_are_taken_off(play: Stage) -> None:
    said = play.say(ANNA, "here is the file with all the sizes, for everybody")
    play.react(BEN, said, "pray")
    play.react(BEN, said, "pray")
    play.react(CARA, said, "smile")
    await play.settle()
    (line,) = await ledger(play, ANNA)
    assert (line.kind, line.points, line.guard) == (Contributed.THANKS, 1, None)
    play.unreact(BEN, said, "pray")
    await play.settle()
    assert await ledger(play, ANNA) == []
    play.react(CARA, said, "pray")
    play.delete(said)
    await play.settle()
    assert await ledger(play, ANNA) == []


async def test_staff_are_no_contributors_and_neither_is_who_stopped(play: Stage) -> None:
    await solved(play, ANNA, SAM)
    assert await ledger(play, SAM) == []
    play.say(BEN, DARK)
    play.command(BEN, "privacy stop")
    await play.settle()
    play.press(SAM, next(card for card in play.cards() if "Request" in plain_text(card.post)), "Plan")
    await play.settle()
    assert await ledger(play, BEN) == []


async def test_where_nothing_is_kept_before_a_yes_nobody_has_a_ledger_without_one(play: Stage) -> None:
    play.say(BEN, DARK)
    await play.settle()
    play.command(replace(SAM, role=Role.ADMIN), "community policy", policy="opt-in")
    await play.settle()
    play.press(SAM, next(card for card in play.cards() if "Request" in plain_text(card.post)), "Plan")
    await play.settle()
    assert await ledger(play, BEN) == []


async def test_who_deletes_what_is_kept_of_them_has_no_ledger(play: Stage) -> None:
    await solved(play, ANNA, BEN)
    play.react(BEN, play.say(CARA, "here is the file with all the sizes"), "pray")
    await play.settle()
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        ben = await uow.members.behind(community, SPACE, BEN.account)
    assert named_in_the_file(play, ben.id) == 2
    play.command(BEN, "privacy erase")
    await play.settle()
    assert named_in_the_file(play, ben.id) == 0, "also what is reversed"


# ---- farming


async def test_peers_17_thanking_oneself_each_other_and_again_and_again_brings_next_to_nothing(play: Stage) -> None:
    await known(play, ANNA, BEN, CARA)
    said = {who.name: [play.say(who, f"{who.name} has good news, number {n}") for n in range(9)] for who in (ANNA, BEN)}
    for message in said["Anna"]:
        play.react(ANNA, message, "pray")
    for message in said["Anna"]:
        play.react(BEN, message, "pray")
    for message in said["Ben"]:
        play.react(ANNA, message, "pray")
    await play.settle()
    assert total(await ledger(play, ANNA)) == 2
    assert total(await ledger(play, BEN)) == 0
    assert set(await guards(play, ANNA)) == {None, Guard.SELF, Guard.PAIR}
    assert set(await guards(play, BEN)) == {Guard.CIRCLE}


async def test_peers_17_a_crowd_of_new_accounts_counts_as_few(play: Stage) -> None:
    await known(play, ANNA)
    crowd = [Actor(AccountId(f"alt{n}"), f"Alt {n}", Role.CUSTOMER) for n in range(12)]
    said = play.say(ANNA, "I found out how to do it, see the picture")
    play.say(ANNA, DARK)
    for alt in crowd:
        play.react(alt, said, "pray")
        play.say(alt, DARK)
    await play.settle()
    lines = await ledger(play, ANNA)
    assert total(lines) == 3
    assert {line.kind for line in lines if line.guard is Guard.NEWCOMERS} == {Contributed.THANKS, D}


async def test_peers_17_two_accounts_of_one_person_lose_what_they_gave_each_other(play: Stage) -> None:
    await solved(play, BEN, ANNA)
    assert await kinds(play, ANNA) == [Contributed.SOLUTION]
    play.command(ANNA, "link new")
    await play.settle()
    code = CODE.findall(play.told(ANNA)[-1])[0]
    play.command(BEN, "link enter", code=code)
    play.command(BEN, "link confirm", code=code)
    await play.settle()
    assert await ledger(play, ANNA) == []


async def test_peers_17_what_staff_mark_counts_as_often_as_they_do(play: Stage) -> None:
    await known(play, ANNA, BEN)
    for what in ("tags", "colours", "names", "sizes"):
        asked = play.say(ANNA, f"How do I export my {what} as csv?")
        said = play.say(BEN, ADVICE, reply_to=asked)
        play.react(SAM, said, "white_check_mark")
        await play.settle()
        play.clock.advance(timedelta(days=1))
    assert await kinds(play, BEN) == [Contributed.SOLUTION] * 4
    play.react(CARA, said, "pray")
    await play.settle()
    assert (await kinds(play, BEN))[4:] == [Contributed.THANKS], "staff who say nothing are no newcomers"
