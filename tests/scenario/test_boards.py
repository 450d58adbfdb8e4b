"""What people see of what they gave: their own first, others' only where those want it."""

from dataclasses import replace
from datetime import timedelta

from dialogue.plain import plain_text
from dialogue.posts import Picture
from tests.scenario.test_recognition import DARK, WEEK, known, solved
from tests.stage import ADA, ANNA, BEN, CARA, PRODUCT, SAM, Stage

DAY = timedelta(days=1)
SPRING = {"name": "Spring", "first": "2026-03-01", "last": "2026-05-31"}


async def answer(play: Stage, who, line: str, **options: str) -> str:
    play.command(who, line, **options)
    await play.settle()
    return play.told(who)[-1]


async def test_who_gave_nothing_yet_is_told_what_would_count(play: Stage) -> None:
    told = await answer(play, BEN, "me show")
    assert "Points: 0" in told
    assert "Next: say what is missing or broken." in told
    assert "Level" not in told
    assert "Points by month" not in told


async def test_what_came_of_ones_knowledge_stands_in_words_and_in_a_picture_with_a_next_step(play: Stage) -> None:
    await known(play, ANNA, BEN, CARA)
    for name, points in (("Guide", "12"), ("Scout", "5")):
        await answer(play, ADA, "level add", name=name, points=points)
    for who in (ANNA, BEN, CARA):
        play.say(who, DARK)
    await play.settle()
    play.press(SAM, play.cards()[0], "Ship")
    await play.settle()
    told = await answer(play, ANNA, "me show")
    assert "Things you said: 1; taken up: 1; there now: 1" in told
    assert "Points: 10" in told
    assert "Level: Scout; next: Guide, from 12 points" in told
    assert "Request #1: 3 people said it, you first (+3)" in told
    assert "Request #1: you said it first, and it is there now (+5)" in told
    assert "(Points by month. 2026-03: said first 10.)" in told
    assert "Next: answer a question that somebody asks here." in told
    picture = next(block for block in play.chat.sent[-1].post.blocks if isinstance(block, Picture))
    assert picture.png.startswith(b"\x89PNG")
    play.clock.advance(DAY)
    await solved(play, BEN, ANNA)
    told = await answer(play, ANNA, "me show")
    assert "what you advised worked (+3)" in told
    assert "Level: Guide" in told
    assert "Next: go on as you do." in told


async def test_what_does_not_count_is_said_to_whom_it_is_withheld(play: Stage) -> None:
    said = play.say(ANNA, "I have good news for everybody")
    play.react(ANNA, said, "pray")
    await play.settle()
    told = await answer(play, ANNA, "me show")
    assert "Points: 0" in told
    assert "Not counted: 1, for being" in told


# ---- levels


async def test_admins_name_levels_and_bad_ones_are_refused(play: Stage) -> None:
    assert await answer(play, BEN, "level list") == "There are no levels yet. An admin adds one with /level add."
    assert (await answer(play, SAM, "level add", name="Guide", points="5")).startswith("Only admins")
    for points in ("0", "-3", "many", "٣", "10000000", "1.5"):
        refused = await answer(play, ADA, "level add", name="Guide", points=points)
        assert refused == "points must be a whole number from 1 to 1000000."
    assert await answer(play, ADA, "level add", name="Guide", points="50") == "Guide is a level now: from 50 points."
    taken = await answer(play, ADA, "level add", name="Scout", points="50")
    assert taken == "Guide begins at 50 points already. Give another number."
    assert await answer(play, ADA, "level add", name="guide", points="40") == "Guide is a level now: from 40 points."
    assert (await answer(play, BEN, "level list")).endswith("Guide: from 40 points")
    assert (await answer(play, ADA, "level remove", name="Scout")).startswith("There is no level “Scout”")
    assert await answer(play, ADA, "level remove", name="Guide") == "Guide is no level any more."
    for number in range(20):
        await answer(play, ADA, "level add", name=f"L{number}", points=str(number + 1))
    assert (await answer(play, ADA, "level add", name="L20", points="99")).startswith("There are 20 levels already")


async def test_a_level_gives_its_role_and_takes_it_back_with_the_points(play: Stage) -> None:
    told = await answer(play, ADA, "level add", name="Helper", points="3", role="<@&helpers>")
    assert told == "Helper is a level now: from 3 points, with the role helpers."
    said = await solved(play, BEN, ANNA)
    await play.settle()
    assert play.chat.roles == {(ANNA.account, "helpers")}
    play.delete(said)
    await play.settle()
    await play.settle()
    assert play.chat.roles == set()


async def test_who_has_the_points_already_gets_the_role_and_loses_it_with_the_level(play: Stage) -> None:
    await solved(play, BEN, ANNA)
    play.chat.roles.add((CARA.account, "helpers"))
    await answer(play, ADA, "level add", name="Helper", points="3", role="helpers")
    await play.settle()
    assert play.chat.roles == {(ANNA.account, "helpers"), (CARA.account, "helpers")}
    await answer(play, ADA, "level remove", name="Helper")
    await play.settle()
    assert play.chat.roles == {(CARA.account, "helpers")}, "what was not given by a level is not taken"


async def test_whose_ledger_is_deleted_has_no_role_by_it(play: Stage) -> None:
    await answer(play, ADA, "level add", name="Helper", points="3", role="helpers")
    await solved(play, BEN, ANNA)
    await play.settle()
    assert play.chat.roles
    await answer(play, ANNA, "privacy erase")
    await play.settle()
    assert play.chat.roles == set()


# ---- boards


async def test_peers_20_nobody_is_on_the_board_who_did_not_ask_and_ones_own_part_stands_first(play: Stage) -> None:
    """Three gave much, one a little; the board shows whoever wants it, by name and in no order."""
    await answer(play, ADA, "board season", **SPRING)
    for helper, times in ((ANNA, 2), (CARA, 1)):
        for number in range(times):
            await solved(play, BEN, helper, f"{helper.name} things {number}")
    told = await answer(play, CARA, "board show")
    assert told.splitlines()[:2] == ["Spring, until 2026-05-31", "You: 3 points (helped 1)"]
    assert "Anna" not in told
    assert "Nobody who wants to be named here" in told

    assert "others read your name, Cara," in await answer(play, CARA, "board join")
    await answer(play, ANNA, "board join")
    told = await answer(play, CARA, "board show")
    assert "For the first time: Anna, Cara" in told
    assert "Helped others: Anna, Cara" in told
    assert "6" not in told.replace("2026", "")
    beginner = await answer(play, BEN, "board show")
    assert "You: nothing counted yet this season" in beginner
    assert "You are not named here." in beginner

    await answer(play, ANNA, "board leave")
    assert "Anna" not in await answer(play, CARA, "board show")
    assert "You: 6 points (helped 2)" in await answer(play, ANNA, "board show")


async def test_a_board_is_a_seasons_and_who_gave_before_is_not_new_then(play: Stage) -> None:
    assert (await answer(play, BEN, "board show")).startswith("There is no season now.")
    await solved(play, BEN, ANNA)
    play.clock.advance(WEEK)
    await answer(play, ANNA, "board join")
    await answer(play, ADA, "board season", name="Spring", first="2026-03-09", last="2026-05-31")
    assert "Nobody who wants" in await answer(play, ANNA, "board show")
    await solved(play, CARA, ANNA, "colours")
    told = await answer(play, BEN, "board show")
    assert "Helped others: Anna" in told
    assert "For the first time" not in told


async def test_who_stops_or_deletes_is_not_on_the_board(play: Stage) -> None:
    await answer(play, ADA, "board season", **SPRING)
    for who in (ANNA, CARA):
        await solved(play, BEN, who, who.name)
        await answer(play, who, "board join")
    await answer(play, ANNA, "privacy stop")
    await answer(play, CARA, "privacy erase")
    told = await answer(play, BEN, "board show")
    assert "Anna" not in told
    assert "Cara" not in told
    assert (await answer(play, ANNA, "board join")).startswith("You chose that nothing is kept of you")


async def test_the_board_names_people_as_they_chose(play: Stage) -> None:
    await answer(play, ADA, "board season", **SPRING)
    ann = replace(ANNA, name="Anna Berg")
    await solved(play, BEN, ann)
    await answer(play, ann, "board join")
    assert "Helped others: Anna Berg" in await answer(play, BEN, "board show")
    await answer(play, ann, "privacy naming", **{"as": "first"})
    board = await answer(play, BEN, "board show")
    assert board.splitlines()[3:5] == ["For the first time: Anna", "Helped others: Anna"]
    await answer(play, ann, "privacy naming", **{"as": "anonymous"})
    assert "Anna" not in await answer(play, BEN, "board show")
    assert (await answer(play, ann, "board join")).startswith("You chose to be named nowhere.")


async def test_seasons_that_overlap_or_make_no_sense_are_refused(play: Stage) -> None:
    assert (await answer(play, ADA, "board season", **SPRING)) == "Spring is a season now: 2026-03-01 to 2026-05-31."
    for first, last, says in (
        ("2026-05-31", "2026-07-01", "Spring is then: 2026-03-01 to 2026-05-31."),
        ("2026-07-01", "2026-06-30", "The last day comes before the first."),
        ("2026-07-01", "2027-07-30", "A season is a year long at most."),
        ("1 July", "2026-07-30", "“1 July” is no day."),
    ):
        assert (await answer(play, ADA, "board season", name="Summer", first=first, last=last)).startswith(says)
    assert (await answer(play, SAM, "board season", **SPRING)).startswith("Only admins")
    longer = await answer(play, ADA, "board season", name="spring", first="2026-03-01", last="2026-06-30")
    assert longer == "Spring is a season now: 2026-03-01 to 2026-06-30."
    assert "Spring: 2026-03-01 to 2026-06-30" in await answer(play, SAM, "board seasons")
    assert (await answer(play, ADA, "board remove", name="Summer")).startswith("There is no season “Summer”")
    assert (await answer(play, ADA, "board remove", name="Spring")).startswith("Spring is no season any more.")
    assert (await answer(play, SAM, "board seasons")).startswith("There are no seasons yet.")


async def test_peers_17_staff_see_who_gets_much_that_is_held_back_from_whom_and_why(play: Stage) -> None:
    await known(play, ANNA, BEN)
    assert (await answer(play, SAM, "board unusual")).startswith("Nothing unusual")
    for number in range(6):
        play.react(BEN, play.say(ANNA, f"good news, number {number}"), "pray")
    await play.settle()
    told = await answer(play, SAM, "board unusual")
    assert "Anna: from one person again and again 4; from Ben" in told
    assert (await answer(play, ANNA, "board unusual")).startswith("Only staff")


async def test_peers_17_admins_are_told_of_a_sudden_pattern_once_and_without_names(play: Stage) -> None:
    await known(play, ANNA, BEN)
    before = len(play.shown(PRODUCT))
    for number in range(6):
        play.react(BEN, play.say(ANNA, f"good news, number {number}"), "pray")
        await play.settle()
    assert len(play.shown(PRODUCT)) == before
    for _ in range(3):
        play.clock.advance(timedelta(hours=1))
        await play.settle()
    (alarm,) = play.shown(PRODUCT)[before:]
    assert alarm.endswith("Members it was given to: 1. /board unusual shows whose.")
    assert "Anna" not in alarm


async def test_what_was_asked_is_erased_with_whoever_it_names(play: Stage) -> None:
    """No name and no words stand in what is to be sent: it is composed when it leaves."""
    await answer(play, ADA, "board season", **SPRING)
    await solved(play, BEN, ANNA)
    await answer(play, ANNA, "board join")
    play.command(BEN, "board show")
    play.command(ANNA, "privacy erase")
    await play.chat.deliver(play.program.sink)
    await play.program.worker.run_once()
    await play.settle()
    board = next(text for text in play.told(BEN) if text.startswith("Spring"))
    assert "Anna" not in board
    assert "Anna" not in plain_text(play.chat.sent[-1].post)
