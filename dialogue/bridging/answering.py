"""Staff answer a customer who answered: by the button below that, in a form, and nothing else goes over."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Asked, Outgoing, Post, Said, SendDirect
from dialogue.bridging.asking import worded
from dialogue.bridging.placing import of_one
from dialogue.bridging.storing import Addressee, Carried
from dialogue.bridging.teams import team_side
from dialogue.bridging.verbs import ANSWER, TEXT, TEXT_LIMIT
from dialogue.by_staff import by_staff
from dialogue.closing.audience import may_speak
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import CustomId, parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed, FormSubmitted
from dialogue.forms import FormAsked
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.posts import Field, FieldType, Form, plain
from dialogue.replies import reply
from dialogue.router import Context, Router
from dialogue.texts.catalogue import Texts
from knowledge_base.bridges import Question, QuestionState
from knowledge_base.ids import CommunityId, QuestionId, platform_id
from knowledge_base.members import Member, Role
from knowledge_base.messages import Message

BUTTON: Final = ButtonAction(ANSWER, Role.STAFF, ANSWER)


async def answer_form(asked: FormAsked) -> Form:
    """The form in which it is written. Raises :class:`Refused` where the question is closed, or it is taken back."""
    _, carried, _ = await _meant(asked.uow, asked.reader.community, asked.pressed, asked.texts)
    field = Field(TEXT, asked.texts.say("bridge.wording"), FieldType.PARAGRAPH, limit=TEXT_LIMIT)
    heading = asked.texts.say("bridge.answer_heading", {"number": carried.number})
    return Form(str(asked.pressed), heading, (field,), asked.texts.say("bridge.send"))


def router() -> Router:
    """The handlers of the form and, where a platform can't open one, of the button."""
    answering = Router("answering customers")
    answering.on(f"button:{ANSWER}")(only(ButtonPressed, _pressed))
    answering.on(f"form:{ANSWER}")(only(FormSubmitted, _submitted))
    return answering


async def _pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:

    async def told(member: Member) -> Sequence[Outgoing]:
        return [reply(event, member, plain(context.texts.say("bridge.no_form")))]

    return await by_staff(event, context, told)


async def _submitted(event: FormSubmitted, context: Context) -> Sequence[Outgoing]:
    async def answered(member: Member) -> Sequence[Outgoing]:
        text = worded(event)
        question, carried, message = await _meant(context.uow, context.community, parse(event.custom_id), context.texts)
        if not text:
            raise Refused(context.texts.say("form.missing"))
        outgoing = await _answer(context, question, carried, message, text, member)
        return [*outgoing, reply(event, member, plain(context.texts.say("bridge.answer_sent")))]

    return await by_staff(event, context, answered)


async def _answer(
    context: Context, question: Question, carried: Carried, message: Message, text: str, by: Member
) -> Sequence[Outgoing]:
    """Say it where the customer answered, in the team's name, and below the card, so that colleagues know.

    Raises :class:`Refused` where the team's channel is theirs alone no more, or the customer can't be reached.
    """
    texts = context.texts
    about = await context.uow.insights.of_message(context.community, message.id)
    side, _ = await team_side(context, question, about.id if about else question.insight)
    if side is None:
        raise Refused(texts.say("card.withheld"))
    said = Said(plain(texts.say("bridge.answers", {"team": side.team.name, "text": text})))
    action = await _to(context, carried, message, said)
    post = context.outbox_id()
    kept = Carried(
        question=question.id,
        number=len(await context.uow.bridges.carried(context.community, question.id)) + 1,
        asked=carried.asked,
        post=post,
        space=action.space,
        channel=action.channel if isinstance(action, Post) else None,
        at=context.now,
        by=by.id,
        text=text,
    )
    await context.uow.bridges.carry(context.community, kept)
    places: dict[str, str | int] = {"name": by.name, "number": carried.number, "text": text}
    told = side.post(Said(plain(texts.say("bridge.replied", places))))
    return [Outgoing(action, of_one(message), asked=Asked.YES, id=post), told]


async def _to(context: Context, carried: Carried, message: Message, said: Said) -> Post | SendDirect:
    """In the thread in which the team asked, where the bot still may speak there, else directly."""
    asked = await context.uow.bridges.addressees(context.community, carried.question)
    place: Addressee | None = next((one for one, _ in asked if one.post == carried.asked), None)
    if place is not None and place.channel is not None and place.thread is not None:
        channel = await context.uow.channels.get(place.space, place.channel)
        if may_speak(channel):
            return Post(place.space, place.channel, said, platform_id(place.thread))
    accounts = await context.uow.members.speaking_as(context.community, message.space, [message.author])
    if message.author not in accounts:
        raise Refused(context.texts.say("bridge.unreached"))
    return SendDirect(message.space, accounts[message.author], said, member=message.author)


async def _meant(
    uow: UnitOfWork, community: CommunityId, pressed: CustomId | None, texts: Texts
) -> tuple[Question, Carried, Message]:
    """What is answered. Raises :class:`Refused` where the question is closed, or the customer took it back."""
    question = await uow.bridges.question(community, QuestionId(pressed.subject)) if pressed else None
    if pressed is None or question is None:
        raise Refused(texts.say("refused.unknown_button"))
    if question.state is QuestionState.CLOSED:
        raise Refused(texts.say("bridge.closed"))
    carried = await uow.bridges.carried(community, question.id)
    one = next((one for one in carried if str(one.number) == pressed.version), None)
    message = await uow.messages.get(community, one.source) if one and one.source else None
    if one is None or message is None or message.deleted:
        raise Refused(texts.say("bridge.gone", {"number": one.number if one else 0}))
    return question, one, message
