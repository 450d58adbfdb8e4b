"""Rewards: added, claimed, given, opened once, refused, taken back, over; and never more than there are."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from adapters.language.masking.masker import PatternMasker
from adapters.memory.ids import CountingIds
from adapters.storage.database import Database
from adapters.storage.sealing import FernetSealer
from bot.sink import Sink
from dialogue.actions import PrizeOf
from dialogue.events import Actor, FormSubmitted, ReplyHandle, TimerFired
from dialogue.fence import Private
from dialogue.plain import plain_text
from dialogue.posts import Buttons, Document
from dialogue.rewarding.composing import COLUMNS, compose_prize
from knowledge_base.contributions import Cause, CauseKind, Contributed, Contribution
from knowledge_base.ids import ContributionId
from knowledge_base.levels import Level
from knowledge_base.members import Role
from knowledge_base.rewards import GrantState
from knowledge_base.seasons import Season
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, SAM, SPACE, START, TESS, TEXTS, Stage, person
from tests.unit.dialogue.test_joining import code_in

TODAY = START.date()
VOUCHER = {"name": "Voucher", "kind": "code", "pieces": "3", "points": "5"}
MUG = {"name": "Mug", "kind": "custom", "pieces": "2", "points": "5", "worth": "20 EUR"}
TALK = {"name": "Talk", "kind": "event", "pieces": "1", "points": "5", "about": "Friday at noon in #talks"}
EARLY = {"name": "Early access", "kind": "role", "pieces": "5", "points": "5", "role": "<@&777>"}


async def with_reward(stage: Stage, reward: dict[str, str] = MUG, **more: str) -> str:
    await stage.open_channel(GENERAL)
    return await stage.command(ADA, "reward add", {**reward, **more})


async def with_codes(stage: Stage, *lines: str, **more: str) -> str:
    """A reward of codes; what became of the lines."""
    assert "Voucher is reward 1 now" in await with_reward(stage, VOUCHER, **more)
    return await stage.submit(ADA, upload(stage), {"codes": "\n".join(lines)})


def upload(stage: Stage) -> str:
    (buttons,) = [block for block in stage.chat.sent[-1].post.blocks if isinstance(block, Buttons)]
    return buttons.buttons[0].custom_id


async def credit(stage: Stage, who: Actor, points: int = 5, day: date = TODAY) -> None:
    """Somebody said something, and has points for it."""
    await stage.say(who, "hello everybody")
    stage.chat.miss(stage.posted(who, "hello everybody"))
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        member = await uow.members.behind(community, SPACE, who.account)
        stage.count += 1
        name, at = f"c{stage.count}", START.replace(month=day.month, day=day.day)
        cause = Cause(CauseKind.INSIGHT, name)
        line = Contribution(ContributionId(name), community, member.id, Contributed.REPORT, points, cause, at)
        await uow.contributions.add([line])
        await uow.commit()


async def claim(stage: Stage, who: Actor, reward: str = "1") -> str:
    return await stage.command(who, "rewards claim", {"reward": reward})


async def give(stage: Stage, to: Actor, by: Actor = SAM, reward: str = "1") -> str:
    """Give by hand; all that was said to anybody by that."""
    before = len(stage.chat.sent)
    await stage.happen(stage.invoked(by, "reward give", {"reward": reward, "member": f"<@{to.account}>"}))
    return "\n".join(f"{sent.to}: {plain_text(sent.post)}" for sent in stage.chat.sent[before:])


async def state_of(stage: Stage, who: Actor) -> list[str]:
    async with stage.look() as (uow, community):
        member = await uow.members.behind(community, SPACE, who.account)
        return [grant.state.value for grant in await uow.grants.of_member(community, member.id)]


async def left(stage: Stage) -> list[int]:
    async with stage.look() as (uow, community):
        return [stock.left for stock in (await uow.rewards.stock(community, stage.clock.now())).values()]


async def test_a_code_is_shown_once_to_its_winner_alone_and_stands_nowhere_in_the_clear(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = await Database.open(sqlite_url, FernetSealer.throwaway())
    stage = Stage(database)
    assert "1 new codes are kept" in await with_codes(stage, "SUMMER-7Q4X-AAAA")
    await credit(stage, ANNA)
    in_files = lambda: b"".join(one.read_bytes() for one in tmp_path.glob("parley.db*"))  # noqa: E731
    assert b"SUMMER" not in in_files()

    said = await claim(stage, ANNA)
    assert "SUMMER-7Q4X-AAAA" in said
    assert "can't show it again" in said
    assert stage.chat.sent[-1].to == ANNA.account
    assert await state_of(stage, ANNA) == ["fulfilled"]
    assert "shown to you once" in await stage.command(ANNA, "rewards open", {"reward": "1"})
    assert "nobody gets it twice" in await claim(stage, ANNA)
    assert "is not yours" in await stage.command(BEN, "rewards open", {"reward": "1"})
    async with stage.look() as (uow, community):
        (grant,) = await uow.grants.in_state(community, [GrantState.FULFILLED])
        assert await uow.grants.code(grant) is None
    assert b"SUMMER" not in in_files()
    await database.close()


async def test_codes_wait_sealed_and_unmasked_until_they_are_kept(sqlite_url: str, tmp_path: Path) -> None:
    """They look like the secrets that are masked elsewhere, and are none of anybody's business while they wait."""
    database = await Database.open(sqlite_url, FernetSealer.throwaway())
    stage = Stage(database)
    await with_reward(stage, VOUCHER)
    sink = Sink(database, stage.clock, CountingIds(), lambda: None, PatternMasker())
    key = "sk-proj-Zx81kQm4Tn7Yb2Vc9Wd3Rf6Hg5Jk0LpQ"
    form = FormSubmitted(GENERAL, ADA, "f1", upload(stage), {"codes": key}, stage._handle(), stage.clock.now())
    assert PatternMasker().mask(key) != key
    await sink.accept([form])
    assert key.encode() not in b"".join(one.read_bytes() for one in tmp_path.glob("parley.db*"))
    await stage.worker.run_once()
    await credit(stage, ANNA)
    assert key in await claim(stage, ANNA)
    await database.close()


async def test_blanks_and_doubles_in_a_list_of_codes_are_told_and_left_out(stage: Stage) -> None:
    said = await with_codes(stage, "AAA-1", "", '"BBB-2",2026', "AAA-1", "  ", "CCC-3;x")
    assert "3 new codes are kept. Left out: 2 blank lines, 1 twice in the list, 0 that I had before. 3 codes" in said
    await credit(stage, ANNA)
    assert "AAA-1" in await claim(stage, ANNA)
    await stage.command(ADA, "reward codes", {"reward": "1"})
    form = upload(stage)
    assert "1 new codes are kept. Left out: 0 blank lines, 0 twice in the list, 3 that I had before" in (
        await stage.submit(ADA, form, {"codes": "AAA-1\nBBB-2\nCCC-3\nDDD-4"})
    )
    assert "no code in that" in await stage.submit(ADA, form, {"codes": " \n,,\n"})
    assert "200 characters at most" in await stage.submit(ADA, form, {"codes": "x" * 201})
    assert "Only admins" in await stage.submit(SAM, form, {"codes": "EEE-5"})
    assert "can't be opened here" in await stage.press(ADA, form)
    await with_reward(stage)
    assert "kind code only" in await stage.command(ADA, "reward codes", {"reward": "mug"})


async def test_peers_18_what_is_spent_is_given_to_nobody_and_the_ledger_never_goes_below_nothing(stage: Stage) -> None:
    """Budget, budget of the month and codes: whichever ends first."""
    await with_codes(stage, "AAA-1", "BBB-2", "CCC-3", "DDD-4", monthly="2")
    for who in (ANNA, BEN, CARA):
        await credit(stage, who)
    assert "AAA-1" in await claim(stage, ANNA)
    assert "BBB-2" in await claim(stage, BEN)
    assert "There is more next month" in await claim(stage, CARA)
    assert await state_of(stage, CARA) == []
    assert "nothing to be had" in await stage.command(CARA, "rewards show")
    stage.clock.advance(timedelta(days=31))
    assert "yours with /rewards claim 1" in await stage.command(CARA, "rewards show")
    assert "CCC-3" in await claim(stage, CARA)
    assert "All of Voucher is given" in await give(stage, *await somebody_new(stage))
    assert "3 of Voucher are given already" in await stage.command(ADA, "reward budget", {"reward": "1", "pieces": "2"})
    said = await stage.command(ADA, "reward budget", {"reward": "1", "pieces": "5", "monthly": "none"})
    assert "3 of 5 given; 1 codes left; 1 can be given now" in said
    assert "DDD-4" not in await give(stage, *await somebody_new(stage))
    assert await left(stage) == [0]
    assert "No code is left" in await give(stage, *await somebody_new(stage))


async def somebody_new(stage: Stage) -> tuple[Actor]:
    stage.count += 1
    new = person(f"new{stage.count}")
    await stage.say(new, "good morning")
    return (new,)


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
    assert "#1 Mug: something special: 1 points to go" in said
    assert "#2 Shirt: something special: 1 points to go" in said
    assert "Hat" not in said
    assert "1 more points are needed" in await claim(stage, ANNA)
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


async def over(stage: Stage, after: timedelta) -> None:
    stage.clock.advance(after)
    async with stage.look() as (uow, _):
        due = await uow.schedules.due(stage.clock.now())
    await stage.happen(*(TimerFired(SPACE, one.name, one.due_at.isoformat(), stage.clock.now()) for one in due))


async def test_after_the_last_day_no_code_is_opened_and_staff_still_owe_what_they_owed(stage: Stage) -> None:
    await with_codes(stage, "AAA-1", "BBB-2", until="2026-03-10")
    await with_reward(stage, until="2026-03-10")
    await credit(stage, ANNA)
    await give(stage, ANNA)
    await claim(stage, ANNA, "2")
    await credit(stage, BEN)
    assert "BBB-2" in await claim(stage, BEN)
    await over(stage, timedelta(days=9))
    assert sorted(await state_of(stage, ANNA)) == ["expired", "given"]
    assert await state_of(stage, BEN) == ["fulfilled"]
    assert "is not yours" in await stage.command(ANNA, "rewards open", {"reward": "1"})
    assert "2.1: Mug for Anna" in await stage.command(SAM, "reward owed")
    assert "Voucher is over" in await give(stage, ANNA)


async def test_a_code_that_could_not_be_told_is_neither_lost_nor_given_to_another(stage: Stage) -> None:
    """The answer's time is over, and the winner takes no direct messages."""
    await with_codes(stage, "AAA-1", "BBB-2")
    await credit(stage, ANNA)
    await give(stage, ANNA)
    stage.chat.closed_direct = {ANNA.account}
    late = replace(stage.invoked(ANNA, "rewards open", {"reward": "1"}), handle=ReplyHandle("token", START))
    await stage.happen(late)
    assert await state_of(stage, ANNA) == ["given"]
    assert "AAA-1" in await stage.command(ANNA, "rewards open", {"reward": "1"})

    await credit(stage, BEN)
    await give(stage, BEN)
    stage.chat.closed_direct = {BEN.account}
    await stage.happen(replace(stage.invoked(BEN, "rewards open", {"reward": "1"}), handle=ReplyHandle("token", START)))
    assert "nobody else gets that piece" in await stage.command(SAM, "reward revoke", {"grant": "1.2"})
    await credit(stage, CARA)
    assert "No code is left" in await claim(stage, CARA)


async def test_a_code_is_composed_for_its_winner_alone(stage: Stage) -> None:
    await with_codes(stage, "AAA-1")
    await credit(stage, ANNA)
    await credit(stage, BEN)
    await give(stage, ANNA)
    async with stage.look() as (uow, community):
        (grant,) = await uow.grants.in_state(community, [GrantState.GIVEN])
        ben = await uow.members.behind(community, SPACE, BEN.account)
        of = PrizeOf(grant.reward, grant.number)
        for reader in (Private(community, ben.id, Role.ADMIN), Private(community, None, Role.STAFF)):
            assert await compose_prize(uow, of, reader, TEXTS) is None
        assert await compose_prize(uow, of, Private(community, grant.member, Role.CUSTOMER), TEXTS) is not None


async def test_a_code_that_nobody_saw_goes_to_the_next(stage: Stage) -> None:
    await with_codes(stage, "AAA-1")
    await credit(stage, ANNA)
    await credit(stage, BEN)
    await give(stage, ANNA)
    assert "No code is left" in await claim(stage, BEN)
    await stage.command(ANNA, "rewards refuse", {"reward": "1"})
    assert "AAA-1" in await claim(stage, BEN)


async def test_what_is_removed_is_given_no_more_and_kept_by_who_has_it(stage: Stage) -> None:
    await with_codes(stage, "AAA-1", "BBB-2")
    await credit(stage, ANNA)
    await give(stage, ANNA)
    assert "Whoever has it keeps it" in await stage.command(ADA, "reward remove", {"reward": "voucher"})
    assert "given no more" in await stage.command(ADA, "reward remove", {"reward": "voucher"})
    assert "given no more" in await stage.command(SAM, "reward list")
    assert "given no more" in await give(stage, ANNA)
    assert "AAA-1" in await stage.command(ANNA, "rewards open", {"reward": "1"})
    assert "Voucher is reward 2 now" in await with_reward(stage, VOUCHER)
    assert "1 new codes are kept" in await stage.submit(ADA, upload(stage), {"codes": "AAA-1\nBBB-2"})


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


async def exported(stage: Stage) -> list[dict[str, str]]:
    assert "is in this file" in await stage.command(ADA, "reward export")
    (document,) = [block for block in stage.chat.sent[-1].post.blocks if isinstance(block, Document)]
    return list(csv.DictReader(io.StringIO(document.content.decode())))


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
