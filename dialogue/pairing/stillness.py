"""A talk in which somebody advised something has gone still: nobody confirmed it, and nobody is asked to."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from dialogue.actions import Outgoing
from dialogue.events import TimerFired
from dialogue.pairing.keeping import STILL, pair_again
from dialogue.router import Context
from dialogue.rows import Schedule
from dialogue.schedules import ONCE
from knowledge_base.ids import ConversationId, SpaceId

AFTER: Final = timedelta(days=1)
"""How long nobody may have said anything: askers answer within a day, or not at all."""

TIMER: Final = "still"


async def watch(context: Context, conversation: ConversationId, space: SpaceId, last: datetime) -> None:
    """Look at the conversation again when it has gone still after the moment ``last``."""
    name = f"{TIMER}:{conversation}"
    await context.uow.schedules.put(Schedule(context.community, space, name, ONCE, "UTC", _due(last)))


async def gone_still(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """Store what the conversation shows, or wait on if it went on meanwhile."""
    conversation = ConversationId(event.schedule.removeprefix(f"{TIMER}:"))
    last = await context.uow.messages.conversation(context.community, conversation, last=1)
    if last and _due(last[0].at) > context.now:
        await watch(context, conversation, event.space, last[0].at)
    elif last:
        await pair_again(context, conversation, STILL)
    return ()


def _due(last: datetime) -> datetime:
    """At full hours, so that many fall due together."""
    due = (last + AFTER).astimezone(UTC)
    return due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
