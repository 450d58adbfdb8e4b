"""What is said in tests of digests, and the occasions at which they come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dialogue.events import TimerFired
from dialogue.plain import plain_text
from dialogue.ports import UnitOfWork
from dialogue.rows import Schedule
from dialogue.schedules import next_due
from tests.unit.dialogue.stage import (
    TEXTS,
    Stage,
)

DROPS = "The export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"
SLOW = "The search crashes with an error all the time"
HOW = "How do I invite a colleague to my workspace?"
GREAT = "Great work, love it"
WEEK = timedelta(days=7)
FOREVER = datetime(2999, 1, 1, tzinfo=UTC)
RANKED = TEXTS.say("digest.ranking")
TIERED = TEXTS.say("digest.ranking_tiers")


async def digests_due(uow: UnitOfWork) -> list[Schedule]:
    """When digests come next."""
    return [one for one in await uow.schedules.due(FOREVER) if one.name.startswith("digest:")]


async def tick(stage: Stage, late: timedelta = timedelta()) -> TimerFired:
    """Move to the next occasion, or beyond it; the timer that fires."""
    async with stage.storage.begin() as uow:
        (schedule,) = await digests_due(uow)
        stage.clock.move_to(max(schedule.due_at + late, stage.clock.now()))
        again = next_due(schedule.rule, schedule.zone, stage.clock.now())
        await uow.schedules.put(replace(schedule, due_at=again))
        await uow.commit()
    return TimerFired(schedule.space, schedule.name, schedule.due_at.isoformat(), stage.clock.now())


async def monday(stage: Stage, late: timedelta = timedelta()) -> list[str]:
    """The next occasion comes, or is noticed that late; what was posted."""
    before = len(stage.cards())
    fired = await tick(stage, late)
    await stage.happen(fired, fired)
    return [plain_text(sent.post) for sent in stage.cards()[before:]]


def part(digest: str, heading: str, last: str = RANKED) -> Sequence[str]:
    """The lines of one part of a digest, which ends with how it is ranked."""
    lines = digest.splitlines()
    (begin,) = [number for number, line in enumerate(lines) if line.startswith(heading) and line.endswith(":")]
    rest = lines[begin + 1 :]
    return rest[: next((n for n, line in enumerate(rest) if line.endswith(":") or line == last), len(rest))]
