"""Who was not reached in a thread is asked directly; a question of which nothing was heard for long is closed."""

from collections.abc import Sequence
from datetime import timedelta

from dialogue.actions import Outgoing, Said
from dialogue.bridging.placing import Asking, directly
from dialogue.bridging.storing import Addressee
from dialogue.bridging.teams import team_named, team_side
from dialogue.bridging.verbs import LOOKED_AFTER, REACHING, STILL, STILLNESS
from dialogue.closing.preparing import people
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.posts import plain
from dialogue.router import Context, Router
from dialogue.rows import OutboxState, Schedule
from dialogue.schedules import ONCE
from knowledge_base.bridges import Question, QuestionState
from knowledge_base.ids import QuestionId

_UNREACHED = (OutboxState.DEAD, OutboxState.UNDELIVERABLE)


def router() -> Router:
    """The handlers of both timers."""
    ending = Router("ending questions")
    ending.on(f"timer:{REACHING}")(only(TimerFired, _reached))
    ending.on(f"timer:{STILLNESS}")(only(TimerFired, _still))
    return ending


async def _reached(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """Ask those directly whose thread can't be written in; of those who take nothing directly either, the team hears.

    It is looked at again as long as somebody may still be reached.
    """
    question = await _question(event, REACHING, context)
    team = await team_named(context, question.team) if question else None
    if question is None or team is None or question.state is QuestionState.CLOSED:
        return ()
    asked = await context.uow.bridges.addressees(context.community, question.id)
    outgoing: list[Outgoing] = []
    for addressee, state in asked:
        if state is OutboxState.DEAD and addressee.channel is not None:
            outgoing.extend(await _directly(context, Asking(question, team.name), addressee))
    if outgoing or any(state is OutboxState.OPEN for _, state in asked):
        await _again(context, event, LOOKED_AFTER)
        return outgoing
    unreached = sum(state in _UNREACHED for _, state in asked)
    if not unreached:
        return ()
    said = context.texts.say("bridge.not_reached", {"people": people(unreached, context.texts)})
    return await _told(context, question, said)


async def _still(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """Close it, unless something was said since; then it is looked at again when that is long ago."""
    question = await _question(event, STILLNESS, context)
    if question is None or question.state is QuestionState.CLOSED:
        return ()
    carried = await context.uow.bridges.carried(context.community, question.id)
    heard = max([question.at, *(one.at for one in carried)])
    if context.now < heard + STILL:
        await _again(context, event, heard + STILL - context.now)
        return ()
    await context.uow.communities.lock(context.community)
    await context.uow.bridges.close(context.community, question.id)
    return await _told(context, question, context.texts.say("bridge.ended"))


async def _question(event: TimerFired, timer: str, context: Context) -> Question | None:
    name = QuestionId(event.schedule.removeprefix(f"{timer}:"))
    return await context.uow.bridges.question(context.community, name)


async def _directly(context: Context, asking: Asking, addressee: Addressee) -> Sequence[Outgoing]:
    message = await context.uow.messages.get(context.community, addressee.message)
    accounts = await context.uow.members.speaking_as(context.community, addressee.space, [addressee.member])
    if message is None or message.deleted or addressee.member not in accounts:
        return ()
    sent, instead = await directly(context, asking, accounts[addressee.member], message)
    for one in instead:
        await context.uow.bridges.ask_by(context.community, one)
    return [sent]


async def _told(context: Context, question: Question, said: str) -> Sequence[Outgoing]:
    side, _ = await team_side(context, question, question.insight)
    return [side.post(Said(plain(said)))] if side is not None else ()


async def _again(context: Context, event: TimerFired, wait: timedelta) -> None:
    due = context.now + wait
    await context.uow.schedules.put(Schedule(context.community, event.space, event.schedule, ONCE, "UTC", due))
