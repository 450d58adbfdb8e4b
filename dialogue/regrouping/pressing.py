"""The buttons under what may be the same: merge, not the same; and under what was merged: undo."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.by_staff import by_staff
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import CustomId, parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed
from dialogue.handling import only
from dialogue.regrouping.changes import Change
from dialogue.regrouping.merging import merge, refuse, suggested
from dialogue.regrouping.undoing import last_of, undo
from dialogue.regrouping.verbs import DIFFER, MERGE, UNDO
from dialogue.router import Context, Handler, Router
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight
from knowledge_base.members import Member, Role

BUTTONS: Final = tuple(ButtonAction(verb, Role.STAFF) for verb in (MERGE, DIFFER, UNDO))

Pressing = Callable[[Context, Insight, CustomId, Member], Awaitable[Change]]


def router() -> Router:
    """The handlers of these buttons."""
    regrouping = Router("regrouping")
    for verb, pressing in ((MERGE, _merge), (DIFFER, _differ), (UNDO, _undo)):
        regrouping.on(f"button:{verb}")(_guarded(pressing))
    return regrouping


def _guarded(pressing: Pressing) -> Handler:
    async def pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
        """The cards themselves show what was done; only a refusal needs words."""

        async def done(member: Member) -> Sequence[Outgoing]:
            found = parse(event.custom_id)
            insight = await _insight(context, InsightId(found.subject)) if found else None
            if found is None or insight is None:
                raise Refused(context.texts.say("refused.insight_gone"))
            return (await pressing(context, insight, found, member)).shown

        return await by_staff(event, context, done)

    return only(ButtonPressed, pressed)


async def _merge(context: Context, insight: Insight, pressed: CustomId, by: Member) -> Change:
    alike = await suggested(context, insight, await _other(context, pressed))
    return await merge(context, insight, alike.other, by)


async def _differ(context: Context, insight: Insight, pressed: CustomId, by: Member) -> Change:
    alike = await suggested(context, insight, await _other(context, pressed))
    return await refuse(context, alike, insight, by)


async def _undo(context: Context, insight: Insight, pressed: CustomId, by: Member) -> Change:
    last = await last_of(context, insight)
    if last is None or last.id != pressed.version:
        raise Refused(context.texts.say("refused.undone_before"))
    return await undo(context, insight, by)


async def _other(context: Context, pressed: CustomId) -> Insight:
    other = await _insight(context, InsightId(pressed.version))
    if other is None:
        raise Refused(context.texts.say("refused.insight_gone"))
    return other


async def _insight(context: Context, insight: InsightId) -> Insight | None:
    return await context.uow.insights.get(context.community, insight)
