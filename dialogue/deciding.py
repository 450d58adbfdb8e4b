"""Decisions: staff set an insight's status by button, form or command, and every copy of its card shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dialogue.actions import Outgoing
from dialogue.by_staff import by_staff
from dialogue.cards import demand, name
from dialogue.cards import status as status_text
from dialogue.commands.declarations import ButtonAction
from dialogue.consequences import StatusSet, set_status
from dialogue.correcting import note_decision
from dialogue.custom_ids import CustomId, parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed, FormSubmitted, Interaction
from dialogue.forms import FormAsked
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.posts import Field, FieldType, Form, plain
from dialogue.regrouping.alike import where_it_went
from dialogue.replies import reply
from dialogue.router import Context, Router
from dialogue.texts.catalogue import Texts
from knowledge_base.histories import decider
from knowledge_base.ids import CommunityId, InsightId
from knowledge_base.insights import Insight
from knowledge_base.members import Member, Role
from knowledge_base.statuses import Decision, may_lead

DECLINE_FORM: Final = "decline"
REASON: Final = "reason"
"""The field of the form in which staff say why."""

REASON_LIMIT: Final = 300

DECISION_BUTTONS: Final = tuple(
    ButtonAction(decision.value, Role.STAFF, DECLINE_FORM if decision is Decision.DECLINE else None)
    for decision in Decision
    if decision is not Decision.ASK
)
"""The one that opens a form has a handler too, for platforms that can't open one. To ask needs more than a decision."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision: the insight as it is now, and what shows that on its cards and on what was tagged.

    Nothing is to be shown if it was so already.
    ``by`` is the name of whoever made it so, which is somebody else where it was so already.
    """

    insight: Insight
    by: str
    shown: tuple[Outgoing, ...]


async def decide(
    context: Context,
    insight: Insight,
    decision: Decision,
    by: Member,
    reason: str = "",
    asked: Interaction | None = None,
) -> Decided:
    """Set the status, write history, refresh the cards. Deciding the same twice changes nothing.

    ``asked``: by what it was decided, in answer to which its voices can be told. Who acknowledges takes it over; any
    other decision makes its maker the owner of what has none.

    Raises :class:`Refused` where the present status doesn't lead there. The community is locked by the caller.
    """
    if insight.status is decision.leads_to:
        return Decided(insight, await decided_by(context.uow, insight), ())
    refuse_unless_allowed(insight, decision, context.texts)
    takes_over = decision is Decision.ACKNOWLEDGE or insight.owner is None
    owner = by.id if takes_over else insight.owner
    changed = replace(insight, status=decision.leads_to, reason=reason, owner=owner)
    shown = await set_status(context, StatusSet(insight, changed, by, asked))
    await note_decision(context, insight, changed.status, by.id)
    return Decided(changed, by.name, tuple(shown))


def refuse_unless_allowed(insight: Insight, decision: Decision, texts: Texts) -> None:
    """Raises :class:`Refused`, naming what the insight is now, where this can't be decided about it."""
    if not may_lead(decision, insight.status):
        raise Refused(
            texts.say(
                "refused.not_from_here",
                {"name": name(insight, texts), "status": texts.say(f"status.{insight.status.name.lower()}")},
            )
        )


async def decided_by(uow: UnitOfWork, insight: Insight) -> str:
    """What whoever set the status that it has is called now; empty where nobody did, or has no name any more."""
    by = decider(await uow.insights.history(insight.community, insight.id))
    member = await uow.members.get(insight.community, by) if by is not None else None
    return member.name if member else ""


async def insight_on_button(
    uow: UnitOfWork, community: CommunityId, pressed: CustomId | None, texts: Texts
) -> tuple[Insight, Decision]:
    """The insight a button is about and what it decides.

    Raises :class:`Refused` for what is no button of ours, and for one that shows an earlier state unless that makes
    no difference (the decision is the present state).
    """
    if pressed is None or pressed.verb not in set(Decision):
        raise Refused(texts.say("refused.unknown_button"))
    insight = await uow.insights.get(community, InsightId(pressed.subject))
    if insight is None:
        raise Refused(texts.say("refused.insight_gone"))
    decision = Decision(pressed.verb)
    if insight.status is not decision.leads_to:
        await refuse_if_changed(uow, insight, pressed.version, texts)
    return insight, decision


async def refuse_if_changed(uow: UnitOfWork, insight: Insight, version: str, texts: Texts) -> None:
    """Raises :class:`Refused` for a button of a card that showed another state: by whom it is what now.

    What is merged meanwhile names the one that its voices are in now.
    """
    into = await where_it_went(uow, insight.community, insight.id)
    if into is not None and into.id != insight.id:
        places = {"name": name(insight, texts), "into": name(into, texts), "demand": demand(into, texts)}
        raise Refused(texts.say("refused.merged_meanwhile", places))
    if version != str(len(await uow.insights.history(insight.community, insight.id))):
        now = status_text(insight.status, await decided_by(uow, insight), insight.reason, texts)
        raise Refused(texts.say("refused.stale_button", {"status": now}))


async def decline_form(asked: FormAsked) -> Form:
    """The form that asks why. Raises :class:`Refused` where declining would come too late."""
    texts = asked.texts
    insight, decision = await insight_on_button(asked.uow, asked.reader.community, asked.pressed, texts)
    refuse_unless_allowed(insight, decision, texts)
    why = Field(REASON, texts.say("form.why"), FieldType.PARAGRAPH, required=True, limit=REASON_LIMIT)
    heading = texts.say("form.decline", {"name": name(insight, texts)})
    return Form(str(asked.pressed), heading, (why,), texts.say("form.submit"))


def router() -> Router:
    """The handlers of the cards' buttons and of the form that asks why."""
    deciding = Router("deciding")
    for button in DECISION_BUTTONS:
        deciding.on(f"button:{button.verb}")(only(ButtonPressed, _pressed))
    deciding.on(f"form:{DECLINE_FORM}")(only(FormSubmitted, _submitted))
    return deciding


async def _pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    """The card itself shows what was done; only a refusal needs words."""
    return await _decide_by(event, context, reason="", needs_reason=Decision.DECLINE)


async def _submitted(event: FormSubmitted, context: Context) -> Sequence[Outgoing]:
    reason = " ".join(event.values.get(REASON, "").split())[:REASON_LIMIT]
    return await _decide_by(event, context, reason=reason, needs_reason=None if reason else Decision.DECLINE)


async def _decide_by(
    event: ButtonPressed | FormSubmitted, context: Context, reason: str, needs_reason: Decision | None
) -> Sequence[Outgoing]:
    async def decided_by_them(member: Member) -> Sequence[Outgoing]:
        insight, decision = await insight_on_button(
            context.uow, context.community, parse(event.custom_id), context.texts
        )
        if decision is needs_reason and insight.status is not decision.leads_to:
            raise Refused(context.texts.say("refused.say_why", {"number": insight.number}))
        decided = await decide(context, insight, decision, member, reason, event)
        if not isinstance(event, FormSubmitted):
            return decided.shown
        return [*decided.shown, reply(event, member, plain(confirmation(decided, context.texts)))]

    return await by_staff(event, context, decided_by_them)


def confirmation(decided: Decided, texts: Texts) -> str:
    """The sentence that tells who decided what it is now."""
    insight = decided.insight
    said = status_text(insight.status, decided.by, insight.reason, texts)
    return texts.say("insight.now", {"name": name(insight, texts), "status": said})
