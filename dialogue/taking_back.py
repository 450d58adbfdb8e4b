"""The last decision about an insight is taken back: it has the status, reason, owner, day and link of before again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dialogue.actions import Outgoing
from dialogue.by_staff import by_staff
from dialogue.card_buttons import TAKE_BACK
from dialogue.commands.declarations import ButtonAction
from dialogue.consequences import StatusSet, set_status
from dialogue.correcting import note_decision
from dialogue.custom_ids import parse
from dialogue.deciding import Decided, confirmation, decided_by, refuse_if_changed
from dialogue.errors import Refused
from dialogue.events import ButtonPressed
from dialogue.handling import only
from dialogue.regrouping.changes import refuse_if_merged, refused
from dialogue.router import Context, Router
from knowledge_base.histories import Standing, standing
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight, Status
from knowledge_base.members import Member, Role

BUTTON: Final = ButtonAction(TAKE_BACK, Role.STAFF)


async def take_back(context: Context, insight: Insight, by: Member) -> Decided:
    """What was decided before holds again; both stand in the history. The community is locked.

    Raises :class:`Refused` where nobody has decided anything, where it is merged, and where nothing is left of it.
    """
    await refuse_if_merged(context, insight, "refused.merged_already")
    if not insight.demand:
        raise refused(context, "refused.no_voices", insight)
    held = standing(await context.uow.insights.history(context.community, insight.id))
    if not held:
        raise refused(context, "refused.nothing_decided_about", insight)
    before = _before(insight) if len(held) == 1 else _as_after(insight, held)
    shown = await set_status(context, StatusSet(insight, before, by, undoes=held[-1].number))
    await note_decision(context, insight, before.status, by.id)
    return Decided(before, await decided_by(context.uow, before), tuple(shown))


def router() -> Router:
    """The handler of the cards' button."""
    taking = Router("taking back")
    taking.on(f"button:{TAKE_BACK}")(only(ButtonPressed, _pressed))
    return taking


def told(decided: Decided, context: Context) -> str:
    """The sentence that says what it is again."""
    return context.texts.say("insight.taken_back", {"now": confirmation(decided, context.texts)})


async def _pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    """The card itself shows what it is again; only a refusal needs words."""

    async def take(member: Member) -> Sequence[Outgoing]:
        pressed = parse(event.custom_id)
        insight = await context.uow.insights.get(context.community, InsightId(pressed.subject)) if pressed else None
        if pressed is None or insight is None:
            raise Refused(context.texts.say("refused.insight_gone"))
        await refuse_if_changed(context.uow, insight, pressed.version, context.texts)
        return (await take_back(context, insight, member)).shown

    return await by_staff(event, context, take)


def _before(insight: Insight) -> Insight:
    """As it was before anybody decided anything."""
    return replace(insight, status=Status.NEW, reason="", owner=None, due_on=None, link="")


def _as_after(insight: Insight, held: Sequence[Standing]) -> Insight:
    """As it was after the last change but one that holds."""
    then = held[-2].change
    return replace(
        insight, status=then.status, reason=then.reason, owner=then.owner, due_on=then.due_on, link=then.link
    )
