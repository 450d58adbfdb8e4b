"""Decisions: staff set an insight's status by button, form or command, and every copy of its card shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dialogue.actions import Outgoing
from dialogue.cards import name
from dialogue.cards import status as status_text
from dialogue.commands.declarations import ButtonAction
from dialogue.consequences import StatusSet, set_status
from dialogue.correcting import note_decision
from dialogue.custom_ids import CustomId, parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed, FormSubmitted, Interaction
from dialogue.forms import FormAsked
from dialogue.handling import only
from dialogue.people import member_behind, refuse_unless
from dialogue.ports import UnitOfWork
from dialogue.posts import Field, FieldType, Form, plain
from dialogue.replies import reply
from dialogue.router import Context, Router
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, InsightId
from knowledge_base.insights import Insight
from knowledge_base.members import Member, Role
from knowledge_base.statuses import Decision, allowed

DECLINE_FORM: Final = "decline"
REASON: Final = "reason"
"""The field of the form in which staff say why."""

REASON_LIMIT: Final = 300

DECISION_BUTTONS: Final = tuple(
    ButtonAction(decision.value, Role.STAFF, DECLINE_FORM if decision is Decision.DECLINE else None)
    for decision in Decision
)
"""The one that opens a form has a handler too, for platforms that can't open one."""


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

    ``asked``: by what it was decided, in answer to which its voices can be told.

    Raises :class:`Refused` where the present status doesn't lead there. The community is locked by the caller.
    """
    if insight.status is decision.leads_to:
        history = await context.uow.insights.history(context.community, insight.id)
        before = await context.uow.members.get(context.community, history[-1].by) if history else None
        return Decided(insight, before.name if before else "", ())
    refuse_unless_allowed(insight, decision, context.texts)
    changed = replace(insight, status=decision.leads_to, reason=reason, owner=insight.owner or by.id)
    shown = await set_status(context, StatusSet(insight, changed, by, asked))
    await note_decision(context, insight, decision, by.id)
    return Decided(changed, by.name, tuple(shown))


def refuse_unless_allowed(insight: Insight, decision: Decision, texts: Texts) -> None:
    """Raises :class:`Refused`, naming what the insight is now, where this can't be decided about it."""
    if decision not in allowed(insight.status):
        raise Refused(
            texts.say(
                "refused.not_from_here",
                {"name": name(insight, texts), "status": texts.say(f"status.{insight.status.name.lower()}")},
            )
        )


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
    version = str(len(await uow.insights.history(community, insight.id)))
    if pressed.version != version and insight.status is not decision.leads_to:
        now = texts.say(f"status.{insight.status.name.lower()}")
        raise Refused(texts.say("refused.stale_button", {"status": now}))
    return insight, decision


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
    member = await member_behind(event.actor, event.place.space, context)
    try:
        refuse_unless(event.actor.role, Role.STAFF, context.texts)
        await context.uow.communities.lock(context.community)
        insight, decision = await insight_on_button(
            context.uow, context.community, parse(event.custom_id), context.texts
        )
        if decision is needs_reason and insight.status is not decision.leads_to:
            raise Refused(context.texts.say("refused.say_why", {"number": insight.number}))
        decided = await decide(context, insight, decision, member, reason, event)
    except Refused as refusal:
        return [reply(event, member, plain(str(refusal)))]
    if not isinstance(event, FormSubmitted):
        return decided.shown
    return [*decided.shown, reply(event, member, plain(confirmation(decided, context.texts)))]


def confirmation(decided: Decided, texts: Texts) -> str:
    """The sentence that tells who decided what it is now."""
    insight = decided.insight
    said = status_text(insight.status, decided.by, insight.reason, texts)
    return texts.say("insight.now", {"name": name(insight, texts), "status": said})
