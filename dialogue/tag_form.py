"""The form by which staff keep a message: what the bot guessed of it is filled in, and may be corrected there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dialogue.actions import Outgoing
from dialogue.by_staff import by_staff
from dialogue.commands import lookups
from dialogue.custom_ids import CustomId, parse
from dialogue.errors import Refused
from dialogue.events import FormSubmitted
from dialogue.forms import FormAsked
from dialogue.handling import only
from dialogue.kinds_by_hand import KindGiver
from dialogue.noting import note_message
from dialogue.ports import UnitOfWork
from dialogue.posts import Alternative, Field, FieldType, Form, plain
from dialogue.replies import reply
from dialogue.router import Context, Router
from dialogue.routing import show_on_cards
from dialogue.tagging import Tagger
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, MessageId
from knowledge_base.insights import Insight
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.members import Member
from knowledge_base.messages import Message
from knowledge_base.notes import NOTE_LIMIT
from knowledge_base.taggings import Given, Tagging

TAG_FORM: Final = "tag"
KIND, TAG, NOTE = "kind", "tag", "note"
"""The fields of the form."""
_LINE: Final = 40
_KINDS: Final = tuple(kind for kind in Kind if kind in INSIGHT_KINDS)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in; None and empty for what was left out."""

    kind: Kind | None
    tag: str
    note: str


async def tag_form(asked: FormAsked) -> Form:
    """The form, with what was guessed. Raises :class:`Refused` for a message that was not kept."""
    community, texts = asked.reader.community, asked.texts
    message = await _meant(asked.uow, community, asked.pressed, texts)
    insight = await asked.uow.insights.of_message(community, message.id)
    kind = insight.kind if insight else message.kind
    guessed = kind.value if kind in INSIGHT_KINDS else ""
    kinds = tuple(Alternative(one.value, texts.say(f"kind.{one}")) for one in _KINDS)
    fields = (
        Field(KIND, texts.say("tag_form.kind"), FieldType.CHOICE, required=False, value=guessed, alternatives=kinds),
        Field(
            TAG,
            texts.say("tag_form.tag"),
            required=False,
            limit=_LINE,
            value=await _tag_guessed(asked.uow, message, insight),
        ),
        Field(NOTE, texts.say("note.field"), FieldType.PARAGRAPH, required=False, limit=NOTE_LIMIT),
    )
    return Form(str(asked.pressed), texts.say("menu.tag"), fields, texts.say("note.submit"))


def router(tagger: Tagger, giver: KindGiver) -> Router:
    """The handler of the form."""

    async def submitted(event: FormSubmitted, context: Context) -> Sequence[Outgoing]:
        async def keep(member: Member) -> Sequence[Outgoing]:
            message = await _meant(context.uow, context.community, parse(event.custom_id), context.texts)
            outgoing = await _kept(context, message, await _filled(event, context), member)
            insight = await context.uow.insights.of_message(context.community, message.id)
            said = context.texts.say("tag.added", {"number": insight.number if insight else 0})
            return [*outgoing, reply(event, member, plain(said))]

        return await by_staff(event, context, keep)

    async def _kept(context: Context, message: Message, filled: Filled, by: Member) -> Sequence[Outgoing]:
        """Its kind first, so that it is placed among those of that kind."""
        outgoing: list[Outgoing] = []
        if filled.kind is not None and filled.kind is not message.kind:
            outgoing.extend(await giver.give(context, message, filled.kind, by.id))
        stored = await context.uow.messages.get(context.community, message.id) or message
        outgoing.extend(await tagger.tag(context, stored, Tagging(filled.tag, Given.COMMAND, by.id)))
        if filled.note:
            await note_message(context, message.id, filled.note, by)
            insight = await context.uow.insights.of_message(context.community, message.id)
            outgoing.extend(await show_on_cards(context, insight.id) if insight else ())
        return outgoing

    forms = Router("tag form")
    forms.on(f"form:{TAG_FORM}")(only(FormSubmitted, submitted))
    return forms


async def _filled(event: FormSubmitted, context: Context) -> Filled:
    """Raises :class:`Refused` for a kind or tag that there is not, before anything is changed."""
    given = {name: " ".join(event.values.get(name, "").split()) for name in (KIND, TAG, NOTE)}
    scope = lookups.Scope(context.uow, context.community, context.texts)
    tag = (await lookups.tag(scope, given[TAG].removeprefix("#"))).name if given[TAG] else ""
    return Filled(_kind(given[KIND], context.texts) if given[KIND] else None, tag, given[NOTE])


def _kind(chosen: str, texts: Texts) -> Kind:
    """Also checked when it is sent: what comes by the inbox may be of any form."""
    for kind in _KINDS:
        if chosen == kind.value:
            return kind
    raise Refused(texts.say("form.not_offered"))


async def _tag_guessed(uow: UnitOfWork, message: Message, insight: Insight | None) -> str:
    """The tag that its insight has, or that is called as what it is about, or that it names itself."""
    tags = {tag.name.casefold(): tag.name for tag in await uow.teams.tags(message.community)}
    words = message.text.casefold().split()
    area = message.facets.area or ""
    guesses = [*(insight.tags if insight else ()), area, *(word.strip(".,;:!?#") for word in words)]
    return next((tags[guess.casefold()] for guess in guesses if guess.casefold() in tags), "")


async def _meant(uow: UnitOfWork, community: CommunityId, pressed: CustomId | None, texts: Texts) -> Message:
    message = await uow.messages.get(community, MessageId(pressed.subject)) if pressed else None
    if message is None or message.deleted:
        raise Refused(texts.say("refused.not_kept"))
    return message
