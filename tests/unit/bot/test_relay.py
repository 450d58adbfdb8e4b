"""Destinations go side by side and in order, claims are kept while a send is slow, and what was sent is written."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from adapters.storage.database import Database
from bot.loops import Bell, Loop
from bot.relay import LEASE
from dialogue.errors import Rejected, StorageUnavailable, Unavailable
from dialogue.rows import OutboxState
from tests.unit.bot.office import HALL, ROOM, SECOND, Moody, Office, say

SENT, OPEN = OutboxState.SENT, OutboxState.OPEN
SHORT = timedelta(milliseconds=20)


@pytest.fixture
def hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs here hangs on purpose: nothing is won by waiting for it."""
    monkeypatch.setattr("bot.relay.PATIENCE", SHORT)


@pytest.fixture
def stops(hangs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the program stops."""
    monkeypatch.setattr("bot.relay.FAREWELL", SHORT)


async def states(office: Office) -> dict[str, OutboxState]:
    return {name: row.state for name, row in (await office.rows()).items()}


# ---- lines


async def test_a_round_sends_all_there_is_and_the_next_one_writes_it(office: Office) -> None:
    for name, channel in (("a", ROOM), ("b", HALL), ("c", ROOM)):
        await office.add(name, say(name, channel))
    done = 0
    while (did := await office.relay.run_once()) or done == 0:
        done += did
    assert (office.chat.asked.index("a") < office.chat.asked.index("c"), len(office.chat.asked)) == (True, 3)
    assert set((await states(office)).values()) == {SENT}
    assert await office.relay.run_once() == 0


async def test_what_was_sent_is_written_when_the_program_stops(office: Office) -> None:
    await office.add("a")
    await office.relay.run_once()
    assert await states(office) == {"a": OPEN}
    await office.relay.finish()
    assert await states(office) == {"a": SENT}


async def test_what_is_postponed_holds_its_line_which_goes_on_with_it(office: Office) -> None:
    office.chat.before.append(Unavailable("down"))
    for name in ("a", "b", "c"):
        await office.add(name)
    await office.round()
    await office.add("d", say("d", HALL))
    await office.round()
    rows = await office.rows()
    assert (rows["a"].attempts, rows["d"].state) == (1, SENT)
    for behind in (rows["b"], rows["c"]):
        assert (behind.attempts, behind.not_before, behind.first_claimed_at, behind.reason) == (0, None, None, None)
    assert set(office.chat.asked) == {"a", "d"}
    office.clock.advance(SECOND)
    await office.round()
    assert [name for name in office.chat.asked if name != "d"] == ["a", "a", "b", "c"]


async def test_a_line_does_not_grow_slow_behind_a_head_that_fails_for_long(office: Office) -> None:
    office.chat.before.extend([Unavailable("down")] * 9)
    await office.add("a")
    await office.add("b")
    for _ in range(9):
        await office.round()
        office.clock.move_to((await office.row("a")).not_before)
    office.chat.before.extend([None, Unavailable("down")])
    await office.round()
    assert (await office.row("b")).not_before == office.clock.now() + SECOND


# ---- a send that hangs


@pytest.mark.usefixtures("hangs")
async def test_a_send_that_hangs_holds_no_other_destination(office: Office) -> None:
    gate = office.chat.close(ROOM)
    await office.add("slow")
    await office.add("behind")
    await office.until_sent("slow")
    for name in ("a", "b", "c"):
        await office.add(name, say(name, HALL))
        await office.until_sent(name)
    assert office.chat.asked == ["slow", "a", "b", "c"]
    gate.set()
    await office.until_sent("behind")
    await office.round()
    assert set((await states(office)).values()) == {SENT}


@pytest.mark.usefixtures("hangs")
async def test_a_round_waits_for_what_it_began_and_for_nothing_older(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.chat.close(ROOM)
    await office.add("slow")
    await office.until_sent("slow")
    monkeypatch.setattr("bot.relay.PATIENCE", timedelta(hours=1))
    await office.add("a", say("a", HALL))
    async with asyncio.timeout(30):
        await office.relay.run_once()
    assert office.chat.asked == ["slow", "a"]
    monkeypatch.setattr("bot.relay.FAREWELL", SHORT)
    await office.relay.finish()


@pytest.mark.usefixtures("hangs")
async def test_a_claim_is_prolonged_while_its_send_is_slow(office: Office) -> None:
    other = office.another()
    gate = office.chat.close(ROOM)
    await office.add("slow")
    await office.add("behind")
    await office.until_sent("slow")
    for _ in range(4):
        office.clock.advance(LEASE - SECOND)
        await office.relay.run_once()
        await office.round(other)
    gate.set()
    await office.until_sent("behind")
    await office.round()
    assert office.chat.asked == ["slow", "behind"]
    assert set((await states(office)).values()) == {SENT}


@pytest.mark.usefixtures("hangs")
async def test_a_relay_that_slept_through_its_leases_does_not_send_beside_itself(office: Office) -> None:
    gate = office.chat.close(ROOM)
    await office.add("slow")
    await office.until_sent("slow")
    office.clock.advance(10 * LEASE)
    await office.relay.run_once()
    assert office.chat.asked == ["slow"]
    gate.set()
    await office.round()
    assert await states(office) == {"slow": SENT}


@pytest.mark.usefixtures("hangs")
async def test_what_another_took_over_is_left_to_it(office: Office) -> None:
    """The other was refused; that the first send came through later changes nothing any more."""
    gate = office.chat.close(ROOM)
    await office.add("a")
    await office.add("b")
    await office.until_sent("a")
    office.clock.advance(LEASE)
    heir = Moody(Rejected("no"))
    await office.round(office.another(heir))
    await office.relay.run_once()
    gate.set()
    await office.round()
    assert await states(office) == {"a": OutboxState.DEAD, "b": SENT}
    assert (office.chat.asked, heir.asked) == (["a"], ["a", "b"])


@pytest.mark.usefixtures("hangs")
async def test_while_a_send_hangs_the_next_round_comes_at_once_and_waits_itself(office: Office) -> None:
    gate = office.chat.close(ROOM)
    await office.add("slow")
    await office.until_sent("slow")
    assert await office.relay.pause() == timedelta()
    gate.set()
    await office.round()
    assert await office.relay.pause() == LEASE


@pytest.mark.usefixtures("stops")
async def test_stopping_does_not_wait_for_what_hangs_and_writes_the_rest(office: Office) -> None:
    office.chat.close(ROOM)
    await office.add("slow")
    await office.until_sent("slow")
    await office.add("a", say("a", HALL))
    while not office.relay._results:
        await office.relay.run_once()
    await office.relay.finish()
    assert await states(office) == {"slow": OPEN, "a": SENT}
    assert (await office.row("slow")).first_claimed_at is not None
    office.clock.advance(LEASE)
    while len(office.chat.asked) < 3:
        await office.relay.run_once()
    await office.relay.run_once()
    assert office.chat.asked == ["slow", "a", "slow"]


@pytest.mark.usefixtures("stops")
async def test_a_program_can_be_stopped_while_a_send_hangs(office: Office) -> None:
    office.chat.close(ROOM)
    await office.add("slow")
    loop = Loop("relay", office.relay, Bell(), lambda _: None)

    async def stop() -> None:
        await office.chat.began.wait()
        loop.stop()

    async with asyncio.timeout(30):
        await asyncio.gather(loop.run(), stop())
        await office.relay.finish()
    assert await states(office) == {"slow": OPEN}


# ---- trouble


async def test_a_killed_relay_sends_nothing_more(office: Office) -> None:
    gate = office.chat.close(ROOM)
    await office.add("a")
    await office.add("b")
    async with asyncio.TaskGroup() as process:
        running = process.create_task(_for_ever(office.relay.run_once))
        await office.chat.began.wait()
        running.cancel()
    gate.set()
    await office.relay.finish()
    assert (office.chat.asked, office.chat.sent) == (["a"], [])


async def _for_ever(once: Callable) -> None:
    while True:
        await once()


async def test_what_was_sent_while_the_database_was_away_is_written_when_it_is_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.add("a")
    await office.relay.run_once()

    def away(self: Database) -> None:
        raise StorageUnavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "begin", away)
        with pytest.raises(StorageUnavailable):
            await office.relay.run_once()
    await office.relay.finish()
    assert await states(office) == {"a": SENT}
    assert office.chat.asked == ["a"]
