"""Staff write a private note: by command, or by the form that a card's button opens."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.by_staff import by_staff
from dialogue.card_buttons import NOTE
from dialogue.cards import name
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import CustomId, parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed, FormSubmitted
from dialogue.forms import FormAsked
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.posts import Field, FieldType, Form, plain
from dialogue.regrouping.alike import where_it_went
from dialogue.replies import reply
from dialogue.router import Context, Router
from dialogue.routing import show_on_cards
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, InsightId, MessageId, NoteId
from knowledge_base.insights import Insight
from knowledge_base.members import Member, Role
from knowledge_base.notes import NOTE_LIMIT, Note

BUTTON: Final = ButtonAction(NOTE, Role.STAFF, NOTE)
TEXT: Final = "text"
"""The field of the form in which it is written."""


async def note_insight(context: Context, insight: Insight, text: str, by: Member) -> Sequence[Outgoing]:
    """Keep a note about an insight: about the voice that it is called by, and so it goes where that goes.

    The community is locked. Raises :class:`Refused` where nothing is left of the insight.
    """
    voices = [voice.message for voice in await context.uow.insights.voices(context.community, insight.id)]
    if not voices:
        raise Refused(context.texts.say("refused.no_voices", {"name": name(insight, context.texts)}))
    about = insight.titled_by if insight.titled_by in voices else voices[0]
    await note_message(context, about, text, by)
    return await show_on_cards(context, insight.id)


async def note_message(context: Context, about: MessageId, text: str, by: Member) -> None:
    """Keep a note about a stored message."""
    kept = " ".join(text.split())[:NOTE_LIMIT]
    note = Note(NoteId(context.ids.fresh()), context.community, about, by.id, kept, context.now)
    await context.uow.notes.add(note)


async def note_form(asked: FormAsked) -> Form:
    """The form in which a note is written. Raises :class:`Refused` for an insight that is not there any more."""
    insight = await _meant(asked.uow, asked.reader.community, asked.pressed, asked.texts)
    said = Field(TEXT, asked.texts.say("note.field"), FieldType.PARAGRAPH, required=True, limit=NOTE_LIMIT)
    heading = asked.texts.say("note.heading", {"name": name(insight, asked.texts)})
    return Form(str(asked.pressed), heading, (said,), asked.texts.say("note.submit"))


def router() -> Router:
    """The handlers of the form and, where a platform can't open one, of the button."""
    noting = Router("noting")
    noting.on(f"button:{NOTE}")(only(ButtonPressed, _pressed))
    noting.on(f"form:{NOTE}")(only(FormSubmitted, _submitted))
    return noting


async def _pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    return await _kept(event, context, "")


async def _submitted(event: FormSubmitted, context: Context) -> Sequence[Outgoing]:
    return await _kept(event, context, event.values.get(TEXT, ""))


async def _kept(event: ButtonPressed | FormSubmitted, context: Context, text: str) -> Sequence[Outgoing]:
    async def keep(member: Member) -> Sequence[Outgoing]:
        insight = await _meant(context.uow, context.community, parse(event.custom_id), context.texts)
        if not text.strip():
            raise Refused(context.texts.say("refused.write_a_note", {"number": insight.number}))
        shown = await note_insight(context, insight, text, member)
        said = context.texts.say("note.kept", {"name": name(insight, context.texts)})
        return [*shown, reply(event, member, plain(said))]

    return await by_staff(event, context, keep)


async def _meant(uow: UnitOfWork, community: CommunityId, pressed: CustomId | None, texts: Texts) -> Insight:
    """The insight that a note is about: where its voices are now, if it was merged meanwhile."""
    insight = await where_it_went(uow, community, InsightId(pressed.subject)) if pressed else None
    if insight is None:
        raise Refused(texts.say("refused.insight_gone"))
    return insight
