"""Codes: kept sealed, shown once to their winner, and never more of them than there are."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from adapters.language.masking.masker import PatternMasker
from adapters.memory.ids import CountingIds
from adapters.storage.database import Database
from adapters.storage.sealing import FernetSealer
from bot.sink import Sink
from dialogue.actions import PrizeOf
from dialogue.events import FormSubmitted, ReplyHandle
from dialogue.fence import Private
from dialogue.rewarding.composing import compose_prize
from knowledge_base.members import Role
from knowledge_base.rewards import GrantState
from tests.unit.dialogue.rewards import (
    VOUCHER,
    claim,
    credit,
    give,
    left,
    over,
    somebody_new,
    state_of,
    upload,
    with_codes,
    with_reward,
)
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, SAM, SPACE, START, TEXTS, Stage


async def test_a_code_is_shown_once_to_its_winner_alone_and_stands_nowhere_in_the_clear(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = await Database.open(sqlite_url, FernetSealer.throwaway())
    stage = Stage(database)
    assert "New codes kept: 1" in await with_codes(stage, "SUMMER-7Q4X-AAAA")
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
    assert "New codes kept: 3. Left out: blank lines 2, twice in the list 1, known before 0. Codes left: 3" in said
    await credit(stage, ANNA)
    assert "AAA-1" in await claim(stage, ANNA)
    await stage.command(ADA, "reward codes", {"reward": "1"})
    form = upload(stage)
    assert "New codes kept: 1. Left out: blank lines 0, twice in the list 0, known before 3" in (
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
    assert "3 of 5 given; codes left: 1; 1 can be given now" in said
    assert "DDD-4" not in await give(stage, *await somebody_new(stage))
    assert await left(stage) == [0]
    assert "No code is left" in await give(stage, *await somebody_new(stage))


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
