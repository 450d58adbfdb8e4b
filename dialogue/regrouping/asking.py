"""Merge into another insight, whose number is asked for in a form that a card's button opens."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.by_staff import by_staff
from dialogue.card_buttons import INTO
from dialogue.cards import name
from dialogue.commands import lookups
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import CustomId, parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed, FormSubmitted
from dialogue.forms import FormAsked
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.posts import Field, Form, plain
from dialogue.regrouping.alike import where_it_went
from dialogue.regrouping.merging import merge
from dialogue.replies import reply
from dialogue.router import Context, Router
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, InsightId
from knowledge_base.insights import Insight
from knowledge_base.members import Member, Role

BUTTON: Final = ButtonAction(INTO, Role.STAFF, INTO)
NUMBER: Final = "number"
"""The field of the form."""


async def into_form(asked: FormAsked) -> Form:
    """The form that asks for the number. Raises :class:`Refused` for what is gone or merged already."""
    insight = await _meant(asked.uow, asked.reader.community, asked.pressed, asked.texts)
    number = Field(NUMBER, asked.texts.say("form.into_number"), limit=20)
    heading = asked.texts.say("form.into", {"name": name(insight, asked.texts)})
    return Form(str(asked.pressed), heading, (number,), asked.texts.say("card.merge"))


def router() -> Router:
    """The handlers of the form and, where a platform can't open one, of the button."""
    asking = Router("merging by number")
    asking.on(f"button:{INTO}")(only(ButtonPressed, _pressed))
    asking.on(f"form:{INTO}")(only(FormSubmitted, _submitted))
    return asking


async def _pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    return await _merged(event, context, "")


async def _submitted(event: FormSubmitted, context: Context) -> Sequence[Outgoing]:
    return await _merged(event, context, event.values.get(NUMBER, "").strip())


async def _merged(event: ButtonPressed | FormSubmitted, context: Context, typed: str) -> Sequence[Outgoing]:
    uow, community, texts = context.uow, context.community, context.texts

    async def merged(member: Member) -> Sequence[Outgoing]:
        insight = await _meant(uow, community, parse(event.custom_id), texts)
        if not typed:
            raise Refused(texts.say("refused.say_into", {"number": insight.number}))
        into = await lookups.insight(lookups.Scope(uow, community, texts), typed)
        change = await merge(context, insight, into, member)
        return [*change.shown, reply(event, member, plain(change.said))]

    return await by_staff(event, context, merged)


async def _meant(uow: UnitOfWork, community: CommunityId, pressed: CustomId | None, texts: Texts) -> Insight:
    """The insight of the card. Raises :class:`Refused`, saying into which it went, if it is merged already."""
    insight = await uow.insights.get(community, InsightId(pressed.subject)) if pressed else None
    into = await where_it_went(uow, community, insight.id) if insight else None
    if insight is None or into is None:
        raise Refused(texts.say("refused.insight_gone"))
    if into.id != insight.id:
        places: dict[str, str | int] = {
            "name": name(insight, texts),
            "into": name(into, texts),
            "number": insight.number,
        }
        raise Refused(texts.say("refused.merged_already", places))
    return insight
