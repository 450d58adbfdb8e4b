"""Rewards: added, claimed, given, refused, taken back, over; and who may have them."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dialogue.events import Selected
from dialogue.posts import Document
from dialogue.rewarding.composing import COLUMNS
from dialogue.setting_up import STAFF
from knowledge_base.levels import Level
from knowledge_base.seasons import Season
from tests.unit.dialogue.rewards import (
    EARLY,
    MUG,
    TALK,
    VOUCHER,
    claim,
    credit,
    exported,
    give,
    left,
    over,
    state_of,
    upload,
    with_codes,
    with_reward,
)
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, SAM, SPACE, TESS, Stage
from tests.unit.dialogue.test_joining import code_in


async def test_what_lacks_a_budget_or_a_sense_is_refused(stage: Stage) -> None:
    assert "pieces" in await stage.command(ADA, "reward add", {"name": "Mug", "kind": "custom"})
    for wrong in ("0", "-1", "many", "9999999"):
        assert "whole number" in await with_reward(stage, pieces=wrong)
        assert "whole number" in await with_reward(stage, monthly=wrong)
    assert "no level" in await with_reward(stage, level="Guide")
    assert "no season" in await with_reward(stage, season="Spring")
    assert "is no day" in await with_reward(stage, until="soon")
    assert "over already" in await with_reward(stage, until="2026-03-01")
    assert "Only a reward of kind role" in await with_reward(stage, role="<@&777>")
    assert "Say which role" in await with_reward(stage, {**EARLY, "role": ""})
    assert "when and where" in await with_reward(stage, {**TALK, "about": ""})
    assert "no rewards yet" in await stage.command(SAM, "reward list")
    assert "Mug is reward 1 now" in await with_reward(stage)
    assert "there already" in await with_reward(stage, name="mug")
    assert "Only admins" in await stage.command(SAM, "reward add", MUG)
    assert "Only staff" in await stage.command(ANNA, "reward list")


async def test_who_may_claim_is_by_points_level_or_season_and_else_staff_give_it(stage: Stage) -> None:
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        await uow.levels.put(Level(community, "Guide", 8))
        await uow.boards.put_season(Season(community, "Spring", date(2026, 3, 1), date(2026, 3, 31)))
        await uow.commit()
    await with_reward(stage, {**MUG, "points": "", "level": "guide"})
    await with_reward(stage, {**MUG, "name": "Shirt", "points": "4", "season": "spring"})
    await with_reward(stage, {**MUG, "name": "Hat", "points": ""})
    await credit(stage, ANNA, 3)
    await credit(stage, ANNA, 4, date(2026, 2, 1))
    said = await stage.command(ANNA, "rewards show")
    assert "#1 Mug: something special: points to go 1" in said
    assert "#2 Shirt: something special: points to go 1" in said
    assert "Hat" not in said
    assert "You are 1 short of the points" in await claim(stage, ANNA)
    assert "the team decides" in await claim(stage, ANNA, "hat")
    await credit(stage, ANNA, 1)
    assert "Mug is yours" in await claim(stage, ANNA)
    assert "Shirt is yours" in await claim(stage, ANNA, "2")
    await stage.command(ADA, "level remove", {"name": "Guide"})
    await credit(stage, BEN, 90)
    assert "the team decides" in await claim(stage, BEN)
    assert "for level Guide" in await stage.command(SAM, "reward list")
    assert "for customers" in await claim(stage, SAM, "2")


async def test_staff_see_what_they_owe_until_it_is_done_or_taken_back(stage: Stage) -> None:
    await with_reward(stage)
    await credit(stage, ANNA)
    await credit(stage, BEN)
    await claim(stage, ANNA)
    said = await give(stage, BEN)
    assert "ben: The team gives you something: Mug" in said
    assert "that is grant 1.2" in said
    owed = await stage.command(SAM, "reward owed")
    assert "2 to be done" in owed
    assert "1.1: Mug for Anna (anna), since 2026-03-02" in owed
    assert "is done" in await stage.command(TESS, "reward fulfil", {"grant": "1.1"})
    assert "1.1: done. Nothing" in await stage.command(TESS, "reward fulfil", {"grant": "1.1"})
    assert "can be given to somebody else" in await stage.command(SAM, "reward revoke", {"grant": "1.2"})
    assert "taken back. Nothing" in await stage.command(SAM, "reward revoke", {"grant": "1.2"})
    assert "Nothing is owed" in await stage.command(SAM, "reward owed")
    assert "taken back on 2026-03-02" in await stage.command(BEN, "rewards show")
    assert "nobody gets it twice" in await claim(stage, BEN)
    assert "grant 1.3" in await give(stage, BEN)
    assert "nobody else gets that piece" in await stage.command(SAM, "reward revoke", {"grant": "1.1"})
    assert "no grant" in await stage.command(SAM, "reward revoke", {"grant": "1.9"})


async def test_what_is_refused_goes_to_somebody_else(stage: Stage) -> None:
    await with_reward(stage, TALK)
    await credit(stage, ANNA)
    await credit(stage, BEN)
    assert "You have a seat: Talk.\nFriday at noon in #talks" in await claim(stage, ANNA)
    assert "All of Talk is given" in await claim(stage, BEN)
    assert "You do not have Talk any more" in await stage.command(ANNA, "rewards refuse", {"reward": "talk"})
    assert "You have a seat" in await claim(stage, BEN)
    assert "nobody gets it twice" in await claim(stage, ANNA)
    assert "is not yours" in await stage.command(ANNA, "rewards refuse", {"reward": "talk"})


async def test_nobody_gets_anything_from_themselves_unknown_or_against_their_will(stage: Stage) -> None:
    await with_reward(stage)
    await stage.say(ANNA, "hello everybody")
    await stage.command(ANNA, "privacy stop")
    assert "do not want anything to be kept" in await give(stage, ANNA)
    assert "for customers" in await give(stage, SAM)
    assert "I know nobody here" in await give(stage, CARA)
    assert await left(stage) == [2]


async def test_who_contributed_is_found_by_their_name_where_only_one_is_called_so(stage: Stage) -> None:
    await with_reward(stage)
    await credit(stage, ANNA)
    await stage.happen(stage.invoked(SAM, "reward give", {"reward": "mug", "member": "@ANNA"}))
    assert await state_of(stage, ANNA) == ["given"]
    await credit(stage, replace(BEN, name="Twin"))
    await credit(stage, replace(CARA, name="Twin"))
    said = await stage.command(SAM, "reward give", {"reward": "mug", "member": "Twin"})
    assert "Several are called “Twin”" in said


async def test_a_role_comes_and_goes_and_is_nobody_elses(stage: Stage) -> None:
    assert "Early access is reward 1 now" in await with_reward(stage, EARLY, until="2026-03-10")
    assert "That role goes with Early access" in await with_reward(stage, EARLY, name="Other")
    guide = {"name": "Guide", "points": "900", "role": "<@&777>"}
    assert "That role goes with Early access" in await stage.command(ADA, "level add", guide)
    assert "Guide is a level now" in await stage.command(ADA, "level add", {**guide, "role": "<@&778>"})
    assert "That role goes with Guide" in await with_reward(stage, EARLY, name="Other", role="<@&778>")
    await credit(stage, ANNA)
    await credit(stage, BEN)
    assert "you have the role in a moment" in await claim(stage, ANNA)
    await claim(stage, BEN)
    assert stage.chat.roles == {("anna", "777"), ("ben", "777")}
    assert await state_of(stage, ANNA) == ["fulfilled"]
    await stage.command(SAM, "reward revoke", {"grant": "1.2"})
    assert stage.chat.roles == {("anna", "777")}
    await over(stage, timedelta(days=9))
    assert stage.chat.roles == set()
    assert await state_of(stage, ANNA) == ["expired"]
    assert "over since 2026-03-" in await stage.command(ANNA, "rewards show")
    assert "given no more" in await claim(stage, CARA)


@pytest.mark.parametrize("group", ["777", "888"])
async def test_no_role_is_given_by_which_people_are_staff_or_that_opens_the_partners_channel(
    stage: Stage, group: str
) -> None:
    """Else whoever may add a reward or a level could make staff of anybody, and one loss would be another's."""
    await stage.select(ADA, STAFF, Selected("777", "Support"))
    club = {"role": f"<@&{group}>"}
    if group == "777":
        why = "By that role people are staff"
        assert why in await stage.command(ADA, "partner channel", club)
    else:
        why = "That role goes with #general"
        assert "learning partners' channel" in await stage.command(ADA, "partner channel", club)
    assert why in await with_reward(stage, {**EARLY, "role": f"<@&{group}>"})
    assert why in await stage.command(ADA, "level add", {"name": "Guide", "points": "9", **club})


async def test_a_role_that_customers_are_given_makes_nobody_staff(stage: Stage) -> None:
    await with_reward(stage, EARLY)
    await stage.select(ADA, STAFF, Selected("777", "Early"))
    early = replace(BEN, groups=("777",))
    assert "Only staff" in await stage.command(early, "insight list")
    await stage.select(ADA, STAFF, Selected("778", "Support"))
    assert "Nothing is open" in await stage.command(replace(BEN, groups=("778",)), "insight list")


async def test_a_role_that_could_not_be_given_is_owed_and_gone_if_it_is_taken_back_first(stage: Stage) -> None:
    """Who left the space can't be given any."""
    await with_reward(stage, EARLY)
    for who in (BEN, CARA):
        await stage.say(who, "hello everybody")
        assert "The team gives you something: Early access" in await give(stage, who)
    assert stage.chat.roles == set()
    assert "1.2: Early access for Cara (cara)" in await stage.command(SAM, "reward owed")
    await stage.command(SAM, "reward fulfil", {"grant": "1.1"})
    assert "is taken back" in await stage.command(SAM, "reward revoke", {"grant": "1.2"})
    assert "Nothing is owed" in await stage.command(SAM, "reward owed")
    assert await left(stage) == [4]


async def test_what_was_taken_back_before_it_was_sent_is_not_given(stage: Stage) -> None:
    await with_reward(stage, EARLY)
    await credit(stage, ANNA)
    events = [
        stage.invoked(ANNA, "rewards claim", {"reward": "1"}),
        stage.invoked(SAM, "reward revoke", {"grant": "1.1"}),
    ]
    asked_of_the_platform: list[bool] = []

    async def grant_role(*_: object, granted: bool) -> None:
        asked_of_the_platform.append(granted)

    stage.chat.grant_role = grant_role
    await stage.sink.accept(events)
    while await stage.worker.run_once():
        pass
    await stage.happen()
    assert asked_of_the_platform == [False]
    assert await state_of(stage, ANNA) == ["revoked"]


async def test_what_is_removed_is_given_no_more_and_kept_by_who_has_it(stage: Stage) -> None:
    await with_codes(stage, "AAA-1", "BBB-2")
    await credit(stage, ANNA)
    await give(stage, ANNA)
    assert "Whoever has it keeps it" in await stage.command(ADA, "reward remove", {"reward": "voucher"})
    assert "given no more" in await stage.command(ADA, "reward remove", {"reward": "voucher"})
    assert "given no more" in await stage.command(ADA, "reward budget", {"reward": "voucher", "pieces": "9"})
    assert "given no more" in await stage.command(SAM, "reward list")
    assert "given no more" in await give(stage, ANNA)
    assert "AAA-1" in await stage.command(ANNA, "rewards open", {"reward": "1"})
    assert "Voucher is reward 2 now" in await with_reward(stage, VOUCHER)
    assert "New codes kept: 1" in await stage.submit(ADA, upload(stage), {"codes": "AAA-1\nBBB-2"})


async def test_two_accounts_that_become_one_have_what_they_got_once(stage: Stage) -> None:
    """What was not handed over of what both got is taken back; and then it is had."""
    await with_codes(stage, "AAA-1", "BBB-2", "CCC-3")
    await credit(stage, ANNA)
    await credit(stage, BEN)
    shown = await claim(stage, BEN)
    await give(stage, ANNA)
    code = code_in(await stage.command(ANNA, "link new"))
    await stage.command(BEN, "link enter", {"code": code})
    assert "you are Anna" in await stage.command(BEN, "link confirm", {"code": code})
    assert "AAA-1" in shown
    assert sorted(await state_of(stage, ANNA)) == ["fulfilled", "revoked"]
    assert "nobody gets it twice" in await claim(stage, ANNA)
    assert await left(stage) == [2]


async def test_erasing_gives_back_what_was_not_opened_and_leaves_a_line_without_a_name(stage: Stage) -> None:
    await with_codes(stage, "AAA-1")
    await with_reward(stage)
    await credit(stage, ANNA)
    await give(stage, ANNA)
    await claim(stage, ANNA, "2")
    await stage.command(SAM, "reward fulfil", {"grant": "2.1"})
    await stage.command(ANNA, "privacy erase")
    assert await left(stage) == [1, 1]
    (voucher, mug) = await exported(stage)
    assert (voucher["state"], voucher["name"]) == ("refused", "")
    assert (mug["state"], mug["name"], mug["worth"]) == ("fulfilled", "", "20 EUR")
    await credit(stage, ANNA)
    assert "nobody gets it twice" in await claim(stage, ANNA)


async def test_who_is_erased_keeps_no_role_that_they_won_and_what_staff_handed_over(stage: Stage) -> None:
    await with_reward(stage, EARLY)
    await with_reward(stage)
    await credit(stage, ANNA)
    await claim(stage, ANNA)
    await claim(stage, ANNA, "2")
    await stage.command(SAM, "reward fulfil", {"grant": "2.1"})
    assert stage.chat.roles == {("anna", "777")}
    assert "Rewards that you got: 2" in await stage.command(ANNA, "privacy show")
    await stage.command(ANNA, "privacy erase")
    assert stage.chat.roles == set()
    early, mug = await exported(stage)
    assert (early["state"], early["name"], mug["state"]) == ("refused", "", "fulfilled")
    assert await left(stage) == [5, 1]
    await credit(stage, ANNA)
    assert "nobody gets it twice" in await claim(stage, ANNA)


async def test_the_accounts_get_every_line_and_a_member_theirs(stage: Stage) -> None:
    await with_codes(stage, "AAA-1")
    await with_reward(stage)
    await credit(stage, ANNA)
    await give(stage, ANNA)
    await claim(stage, ANNA, "2")
    lines = await exported(stage)
    assert [tuple(line) for line in lines] == [COLUMNS] * 2
    assert [(line["grant"], line["reward"], line["kind"], line["state"]) for line in lines] == [
        ("1.1", "Voucher", "code", "given"),
        ("2.1", "Mug", "custom", "given"),
    ]
    assert (lines[0]["by"] != "", lines[1]["by"], lines[1]["budget_month"]) == (True, "", "2026-03")
    assert "AAA-1" not in str(lines)
    assert "Only admins" in await stage.command(SAM, "reward export")
    await stage.command(ANNA, "privacy export")
    (document,) = [block for block in stage.chat.sent[-1].post.blocks if isinstance(block, Document)]
    assert [one["name"] for one in json.loads(document.content)["rewards"]] == ["Voucher", "Mug"]


async def test_what_can_be_chosen_is_what_one_may_see(stage: Stage) -> None:
    await with_reward(stage)
    await with_reward(stage, {**MUG, "name": "Hat", "points": ""})
    await credit(stage, ANNA)
    await claim(stage, ANNA)
    for who, noun, verb, option, shown in (
        (ANNA, "rewards", "claim", "reward", ["#1 Mug"]),
        (SAM, "reward", "give", "reward", ["#1 Mug", "#2 Hat"]),
        (SAM, "reward", "fulfil", "grant", ["1.1 Mug: Anna"]),
        (ANNA, "reward", "fulfil", "grant", []),
    ):
        choices = await stage.interactions.complete(SPACE, who, noun, verb, option, "")
        assert [choice.label for choice in choices] == shown
