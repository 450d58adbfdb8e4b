"""``/insight kind``, and the buttons that do the same: staff say of which kind a message is."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.by_staff import by_staff
from dialogue.card_buttons import KINDS
from dialogue.cards import quote
from dialogue.commands.declarations import Option, OptionType, Verb
from dialogue.commands.invocation import Answer, CommandHandler, Invocation
from dialogue.correcting import KIND_BUTTON
from dialogue.custom_ids import parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed
from dialogue.explaining.posts import kind_buttons
from dialogue.findings import changes
from dialogue.handling import only
from dialogue.kinds_by_hand import KindGiver
from dialogue.learning import learned
from dialogue.posts import Paragraph, Post
from dialogue.regrouping.alike import where_it_went
from dialogue.replies import reply
from dialogue.router import Context, Router
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Member, Role
from knowledge_base.messages import Message

VERB = Verb(
    "kind",
    "help.insight.kind",
    Role.STAFF,
    (
        Option("message", OptionType.MESSAGE, "help.option.message"),
        Option("kind", OptionType.CHOICE, "help.option.is_kind", choices=tuple(kind.value for kind in Kind)),
    ),
)


def handler(giver: KindGiver) -> CommandHandler:
    """The verb's handler."""

    async def kind(asked: Invocation) -> Answer:
        message = await asked.message("message")
        return await _give(asked.context, giver, message, Kind(asked.needed("kind")), asked.member)

    return kind


def router(giver: KindGiver) -> Router:
    """The handler of the buttons under an explanation."""

    async def pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
        async def given(member: Member) -> Sequence[Outgoing]:
            message, kind = await _on_button(event, context)
            answer = await _give(context, giver, message, kind, member)
            return [*answer.actions, reply(event, member, answer.post)]

        return await by_staff(event, context, given)

    async def asked(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
        async def shown(member: Member) -> Sequence[Outgoing]:
            return [reply(event, member, await _kinds_of(event, context))]

        return await by_staff(event, context, shown)

    kinds = Router("kinds")
    kinds.on(f"button:{KINDS}")(only(ButtonPressed, asked))
    kinds.on(f"button:{KIND_BUTTON}")(only(ButtonPressed, pressed))
    return kinds


async def _kinds_of(event: ButtonPressed, context: Context) -> Post:
    """What the insight of a card is called by, as it was said, and the kinds that this may be instead."""
    found = parse(event.custom_id)
    insight = await where_it_went(context.uow, context.community, InsightId(found.subject)) if found else None
    voices = await context.uow.insights.voices(context.community, insight.id) if insight else ()
    if insight is None or not voices:
        raise Refused(context.texts.say("refused.insight_gone"))
    voice = next((voice for voice in voices if voice.message == insight.titled_by), voices[0])
    message = await context.uow.messages.get(context.community, voice.message)
    if message is None:
        raise LookupError(f"the message of voice {voice.message} is not stored")
    buttons = kind_buttons(message.id, message.kind, context.texts)
    if not buttons:
        raise Refused(context.texts.say("refused.say_kind"))
    taken_for = context.texts.say("kind.taken_for", {"kind": context.texts.say(f"kind.{message.kind}")})
    return Post((Paragraph(taken_for), quote(voice), *buttons))


async def _on_button(event: ButtonPressed, context: Context) -> tuple[Message, Kind]:
    found = parse(event.custom_id)
    if found is None or found.version not in set(Kind):
        raise Refused(context.texts.say("refused.unknown_button"))
    message = await context.uow.messages.get(context.community, MessageId(found.subject))
    if message is None or message.deleted:
        raise Refused(context.texts.say("refused.message_deleted"))
    return message, Kind(found.version)


async def _give(context: Context, giver: KindGiver, message: Message, kind: Kind, member: Member) -> Answer:
    """Say what was noted, and what was learned by it."""
    if not message.role.is_person:
        raise Refused(context.texts.say("refused.said_by_bot"))
    before = await learned(context.uow, context.community, context.embedders)
    actions = await giver.give(context, message, kind, member.id)
    after = await learned(context.uow, context.community, context.embedders)
    places: dict[str, str | int] = {
        "kind": context.texts.say(f"kind.{kind}"),
        "was": context.texts.say(f"kind.{message.kind}"),
        "percent": round(100 * message.confidence),
    }
    noted = context.texts.say("kind_noted.same" if kind is message.kind else "kind_noted.other", places)
    sentences = (Paragraph(said) for said in changes(before, after, context.texts))
    return Answer(Post((Paragraph(noted), *sentences)), tuple(actions))
