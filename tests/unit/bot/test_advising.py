"""The adviser: what it may spend, when it leaves a model alone, what a death in between leaves, how it stops."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from adapters.storage.tables import model_answers, model_calls, model_jobs
from bot.advising import GATHER, KNOWN_FOR, STALE, TRIES
from dialogue.advice.breaker import FAILURES, FIRST_PAUSE
from dialogue.advice.planning import LEASE
from dialogue.advice.values import CallState, Spent
from knowledge_base.kinds import Kind
from tests.conftest import ReversingSealer
from tests.crash.faults import Crash, FragileStorage, Fuse
from tests.models import FakeModel, Told, advice, failed, surely
from tests.stage import BEN, PRODUCT, SPACE, Stage, stage

TEXTS = [f"Since update {number} the exported file comes without a column" for number in range(9)]
DOUBTS = Told(dict.fromkeys(TEXTS, (Kind.INFORMATION, 0.5)))
SECOND = timedelta(seconds=1)
PER_CALL = Spent(100, 2000)
"""The most that the fake model's call for one message can cost."""


@pytest.fixture
def model() -> FakeModel:
    return FakeModel(dict.fromkeys(TEXTS, surely(Kind.PROBLEM)))


@pytest.fixture
async def play(sqlite_url: str, model: FakeModel) -> AsyncIterator[Stage]:
    async with stage(sqlite_url, ReversingSealer()) as fresh:
        fresh.with_model(advice(model), DOUBTS)
        await fresh.set_up()
        yield fresh


async def rows(play: Stage, table) -> list:
    async with play.storage.read() as uow:
        return list(await uow._transaction.rows(table.select()))


async def said(play: Stage, count: int) -> None:
    """So many messages in doubt, by turns, as of different conversations."""
    for text in TEXTS[:count]:
        play.clock.advance(timedelta(hours=1))
        play.say(BEN, text)
        await play.settle()


# ---- budget


async def test_what_a_call_did_cost_is_kept(play: Stage) -> None:
    await said(play, 2)
    await play.advised()
    (call,) = await rows(play, model_calls)
    assert (call.model, call.state, call.tokens, call.milliseconds) == ("wise-1", CallState.ANSWERED, 80, 500)


async def test_a_call_that_could_exceed_what_is_left_is_not_begun_until_the_next_day(
    play: Stage, model: FakeModel
) -> None:
    play.with_model(advice(model, per_day=Spent(250, 60_000)), DOUBTS)
    await said(play, 5)
    assert await play.advised() == 2  # three could cost 300
    assert await play.advised() == 1  # 80 are spent: two more could exceed the 170 that are left
    assert await play.advised() == 1  # 120 are spent, 130 left
    assert await play.advised() == 0  # 160 are spent, 90 left
    adviser = play.program.adviser
    midnight = datetime.combine(play.clock.now().date() + timedelta(days=1), datetime.min.time(), UTC)
    assert await adviser.pause() == midnight - play.clock.now()
    play.clock.move_to(midnight - timedelta(minutes=1))
    assert await play.advised() == 0
    play.clock.move_to(midnight)
    assert await play.advised() == 1
    assert [len(questions) for questions in model.asked] == [2, 1, 1, 1]


async def test_seconds_are_a_budget_too_and_a_restart_forgets_nothing(play: Stage, model: FakeModel) -> None:
    play.with_model(advice(model, per_day=Spent(9999, 2400), batch=1), DOUBTS)
    await said(play, 3)
    assert [await play.advised() for _ in range(2)] == [1, 0]  # 500 ms are spent, a call may take 2000
    play.restart()
    assert await play.advised() == 0


async def test_what_nobody_knows_the_cost_of_counts_at_its_most(play: Stage, model: FakeModel) -> None:
    model.troubles.append(failed(tokens=None))
    await said(play, 1)
    await play.advised()
    (call,) = await rows(play, model_calls)
    assert (call.state, call.tokens, call.milliseconds) == (CallState.FAILED, PER_CALL.tokens, 500)


async def test_a_batch_holds_no_more_than_it_may(play: Stage, model: FakeModel) -> None:
    play.with_model(advice(model, batch=2), DOUBTS)
    await said(play, 5)
    while await play.advised():
        pass
    assert [len(questions) for questions in model.asked] == [2, 2, 1]


# ---- the breaker


async def test_after_three_failures_the_model_rests_then_one_call_tries(play: Stage, model: FakeModel) -> None:
    model.troubles.extend(failed() for _ in range(FAILURES + 1))
    await said(play, 2)
    for _ in range(FAILURES):
        assert await play.advised() == 0
    asked = len(model.asked)
    assert await play.advised() == 0
    adviser = play.program.adviser
    assert len(model.asked) == asked == FAILURES
    assert GATHER < await adviser.pause() < FIRST_PAUSE
    play.restart()  # another process, or the same anew, rests as long
    assert await play.advised() == 0
    play.clock.advance(FIRST_PAUSE + SECOND)
    assert await play.advised() == 0
    assert len(model.asked) == FAILURES + 1  # half open: one call, which failed too
    play.clock.advance(FIRST_PAUSE + SECOND)
    assert await play.advised() == 0
    assert len(model.asked) == FAILURES + 1
    play.clock.advance(FIRST_PAUSE)
    assert await play.advised() == 1
    assert len(model.asked) == FAILURES + 2


async def test_a_rest_is_told_once_with_its_reason(play: Stage, model: FakeModel) -> None:
    model.troubles.extend(failed() for _ in range(FAILURES))
    await said(play, 2)
    with capture_logs() as logs:
        for _ in range(FAILURES + 2):
            await play.advised()
    (told,) = [entry for entry in logs if entry["event"] == "model_rests"]
    assert told["reason"] == "3 calls in a row failed, at last: the server can't answer (500)"


async def test_what_failed_before_is_asked_alone_and_not_for_ever(play: Stage, model: FakeModel) -> None:
    model.troubles.append(failed())
    await said(play, 3)
    await play.advised()
    while await play.advised():
        pass
    assert [len(questions) for questions in model.asked] == [3, 1, 1, 1]
    model.troubles.extend(failed() for _ in range(TRIES))
    play.say(BEN, TEXTS[5])
    await play.settle()
    for _ in range(TRIES):
        await play.advised()
    assert await rows(play, model_jobs) == []


async def test_whatever_an_sdk_raises_stops_nobody(play: Stage, model: FakeModel) -> None:
    model.troubles.append(ZeroDivisionError("secret text"))
    await said(play, 1)
    assert await play.advised() == 0
    (call,) = await rows(play, model_calls)
    assert call.state is CallState.FAILED
    assert call.reason.startswith("ZeroDivisionError at ")
    assert "secret" not in call.reason


async def test_a_message_without_a_verdict_stays_as_it_was_judged(play: Stage, model: FakeModel) -> None:
    model.says.clear()
    await said(play, 1)
    assert await play.advised() == 0
    assert (await rows(play, model_jobs), play.shown(PRODUCT)) == ([], [])


# ---- what is kept, and how long


async def test_no_table_of_the_models_holds_anybodys_words(play: Stage) -> None:
    await said(play, 2)
    assert len(await rows(play, model_jobs)) == 2
    kept = str(await rows(play, model_jobs))
    await play.advised()
    kept += str(await rows(play, model_answers)) + str(await rows(play, model_calls))
    assert not any(word in kept.lower() for word in ("since", "export", "column", "ben"))


async def test_stale_doubts_old_answers_and_old_calls_are_forgotten(play: Stage, model: FakeModel) -> None:
    await said(play, 1)
    await play.advised()
    play.say(BEN, TEXTS[3])
    await play.settle()
    play.clock.advance(STALE + SECOND)
    assert await play.advised() == 0
    assert await rows(play, model_jobs) == []
    assert len(await rows(play, model_answers)) == len(await rows(play, model_calls)) == 1
    play.clock.advance(KNOWN_FOR)
    await play.advised()
    assert await rows(play, model_answers) == await rows(play, model_calls) == []


# ---- dying and stopping


@pytest.mark.parametrize(
    ("step", "calls"),
    [
        pytest.param(1, 1, id="before the claim is kept"),
        pytest.param(2, 1, id="before the call"),
        pytest.param(3, 2, id="between the call and its record"),
        pytest.param(4, 1, id="between the record and the first message"),
        pytest.param(5, 1, id="in the first message"),
        pytest.param(6, 1, id="after the first message"),
        pytest.param(7, 1, id="in the second message"),
        pytest.param(8, 1, id="at the end"),
    ],
)
async def test_a_death_at_any_step_leaves_nothing_undone_and_does_nothing_twice(
    play: Stage, model: FakeModel, step: int, calls: int
) -> None:
    await play.advised()
    await said(play, 2)
    fuse, storage = Fuse(step), play.storage
    play.storage = FragileStorage(storage, fuse)
    play.restart()
    play.program.adviser._forgot_at = play.clock.now()
    with pytest.raises(Crash):
        await play.program.adviser.run_once()
    play.storage = storage
    play.restart()
    play.clock.advance(LEASE)
    while await play.advised():
        pass
    await play.settle()
    assert len(model.asked) == calls
    assert await rows(play, model_jobs) == []
    kept = [await _message(play, number) for number in range(2)]
    assert [sum("wise-1" in reason for reason in message.reasons) for message in kept] == [1, 1]
    assert [message.kind for message in kept] == [Kind.PROBLEM, Kind.PROBLEM]
    assert len(play.shown(PRODUCT)) == 1  # both say the same


async def _message(play: Stage, number: int):
    async with play.storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        member = await uow.members.behind(community, SPACE, BEN.account)
        return next(m for m in await uow.messages.by_author(community, member.id) if m.text == TEXTS[number])


async def test_stopping_waits_for_no_answer_and_loses_no_doubt(play: Stage, model: FakeModel) -> None:
    thinking = asyncio.Event()

    async def forever() -> None:
        thinking.set()
        await asyncio.Event().wait()

    model.meanwhile = forever
    await said(play, 1)
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(play.program.run())
        await thinking.wait()
        play.program.stop()
    assert model.closed
    (call,), (job,) = await rows(play, model_calls), await rows(play, model_jobs)
    assert (call.state, call.tokens) == (CallState.BROKEN_OFF, PER_CALL.tokens)
    assert (job.leased_until, job.tries) == (None, 0)


async def test_the_running_program_asks_by_itself(play: Stage, model: FakeModel) -> None:
    await said(play, 1)
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(play.program.run())
        while not play.shown(PRODUCT):
            await asyncio.to_thread(str)
        play.program.stop()
    assert TEXTS[0] in play.shown(PRODUCT)[0]
