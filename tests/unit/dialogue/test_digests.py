from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dialogue.events import MessageDeleted, TimerFired
from dialogue.plain import plain_text
from dialogue.schedules import next_due
from knowledge_base.channels import Mode, Shared
from tests.unit.dialogue.stage import ANNA, BEN, GENERAL, PRODUCT, SAM, SPACE, Stage

DROPS = "The export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"
SLOW = "The search crashes with an error all the time"


async def monday(stage: Stage, late: timedelta = timedelta()) -> list[str]:
    """Move to the next occasion, or beyond it, and fire it; what was posted."""
    before = len(stage.cards())
    async with stage.storage.begin() as uow:
        due = await uow.schedules.next_due()
        stage.clock.move_to(due + late)
        (schedule,) = await uow.schedules.due(stage.clock.now())
        again = next_due(schedule.rule, schedule.zone, stage.clock.now())
        await uow.schedules.put(replace(schedule, due_at=again))
        await uow.commit()
    fired = TimerFired(schedule.space, schedule.name, schedule.due_at.isoformat(), stage.clock.now())
    await stage.happen(fired, fired)
    return [plain_text(sent.post) for sent in stage.cards()[before:]]


async def test_a_team_hears_on_monday_at_nine_what_is_new_what_grew_and_what_waits(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.say(ANNA, SLOW)

    (first,) = await monday(stage)
    assert stage.clock.now() == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert first.startswith("This week for Product\nNew:\n")
    assert f"Problem #1, 1 person: {DROPS}" in first

    stage.clock.advance(timedelta(hours=1))
    await stage.say(BEN, DROPS)
    await stage.say(BEN, DARK)
    (second,) = await monday(stage)
    new, grown_and_waiting = second.split("Said again:\n")
    grown, waiting = grown_and_waiting.split("Waiting longest:\n")
    assert (DARK in new, DROPS in grown, SLOW in waiting) == (True, True, True)
    assert second.count(DROPS) == 1


async def test_peers_21_a_digest_that_fires_late_tells_of_all_that_came_since_the_one_before(stage: Stage) -> None:
    await stage.with_team()
    await monday(stage)
    stage.clock.advance(timedelta(hours=1))
    await stage.say(ANNA, DROPS)

    (digest,) = await monday(stage, late=timedelta(days=5))
    assert f"New:\nProblem #1, 1 person: {DROPS}" in digest


async def test_peers_21_one_occasion_sends_one_digest_and_nothing_to_say_sends_none(stage: Stage) -> None:
    await stage.with_team()

    assert await monday(stage) == []

    await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight plan", {"insight": "1"})
    assert len(await monday(stage)) == 1
    assert await monday(stage) == []


async def test_a_team_whose_channel_outsiders_read_gets_no_digest(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.open_channel(PRODUCT, Mode.OFF, Shared.YES)

    assert await monday(stage) == []


async def test_peers_24_what_is_taken_back_before_a_digest_leaves_is_not_in_it(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, SLOW)
    said = await stage.say(BEN, DROPS)
    async with stage.storage.read() as uow:
        (schedule,) = await uow.schedules.due(await uow.schedules.next_due())
    stage.clock.move_to(schedule.due_at)
    fired = TimerFired(schedule.space, schedule.name, schedule.due_at.isoformat(), stage.clock.now())
    for event in (fired, MessageDeleted(GENERAL, said, stage.clock.now())):
        await stage.sink.accept([event])
        await stage.worker.run_once()

    await stage.relay.run_once()

    (*_, digest) = [plain_text(sent.post) for sent in stage.cards()]
    assert (digest.startswith("This week"), SLOW in digest, DROPS in digest) == (True, True, False)


async def test_the_timer_of_a_team_that_is_gone_does_nothing(stage: Stage) -> None:
    await stage.happen(TimerFired(SPACE, "digest:nobody", "w", stage.clock.now()))

    assert stage.chat.sent == []
