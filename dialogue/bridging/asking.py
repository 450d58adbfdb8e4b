"""A team asks those who said something: the button of the card, its form, and the command where no form opens."""

from collections.abc import Collection, Sequence

from dialogue.actions import Outgoing, Said
from dialogue.bridging.placing import Asking, ask_each, askable
from dialogue.bridging.teams import TeamSide, team_named
from dialogue.bridging.verbs import ASK, LOOKED_AFTER, REACHING, STILL, STILLNESS, TEXT, TEXT_LIMIT
from dialogue.by_staff import by_staff
from dialogue.cards import name, words_of
from dialogue.closing.preparing import people
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import CustomId, parse
from dialogue.deciding import decide
from dialogue.errors import Refused
from dialogue.events import ButtonPressed, FormSubmitted, Interaction
from dialogue.forms import FormAsked
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.posts import Alternative, Field, FieldType, Form, chosen, plain
from dialogue.regrouping.alike import where_it_went
from dialogue.replies import reply
from dialogue.router import Context, Router
from dialogue.routing import may_show_cards
from dialogue.rows import Schedule
from dialogue.schedules import ONCE
from dialogue.texts.catalogue import Texts
from knowledge_base.bridges import Question
from knowledge_base.ids import CommunityId, InsightId, QuestionId
from knowledge_base.insights import Insight, Voice
from knowledge_base.members import Member, Role
from knowledge_base.statuses import Decision, may_lead

BUTTON = ButtonAction(ASK, Role.STAFF, ASK)
WHOM = "whom"
"""The field of the form in which those are chosen who are asked."""
_LABEL = 75


async def question_form(asked: FormAsked) -> Form:
    """The form in which the question is worded and those are chosen who are asked, the latest first.

    Raises :class:`Refused` for an insight that is closed, merged or gone, or where there is nobody to ask.
    """
    texts = asked.texts
    insight = await _meant(asked.uow, asked.reader.community, asked.pressed, texts)
    voices = await askable(asked.uow, insight)
    if not voices:
        raise Refused(texts.say("bridge.nobody", {"name": name(insight, texts)}))
    people_there = tuple(Alternative(voice.member, _label(asked, voice)) for voice in voices)
    fields = (
        Field(TEXT, texts.say("bridge.question"), FieldType.PARAGRAPH, limit=TEXT_LIMIT),
        Field(
            WHOM,
            texts.say("bridge.whom"),
            FieldType.CHOICE,
            value=voices[0].member if len(voices) == 1 else "",
            alternatives=people_there,
            most=len(voices),
        ),
    )
    heading = texts.say("bridge.heading", {"name": name(insight, texts)})
    return Form(str(asked.pressed), heading, fields, texts.say("bridge.ask"))


def router() -> Router:
    """The handlers of the form and, where a platform can't open one, of the button."""
    asking = Router("asking customers")
    asking.on(f"button:{ASK}")(only(ButtonPressed, _pressed))
    asking.on(f"form:{ASK}")(only(FormSubmitted, _submitted))
    return asking


async def ask(
    context: Context, insight: Insight, text: str, by: Member, event: Interaction, whom: Collection[str] | None = None
) -> tuple[str, Sequence[Outgoing]]:
    """Ask these members, or all who may be asked, in the name of the team whose channel it is; and what to say of it.

    What nobody has decided about yet waits for their answers from now on. The community is locked.
    Raises :class:`Refused` where nobody can be asked, or it isn't asked beside a card.
    """
    texts = context.texts
    if not insight.status.is_open:
        raise Refused(texts.say("bridge.not_open", {"name": name(insight, texts)}))
    side = await _side(context, insight, event)
    voices = await askable(context.uow, insight)
    meant = [voice for voice in voices if whom is None or voice.member in whom]
    question = Question(
        QuestionId(context.ids.fresh()), context.community, insight.id, side.team.id, text, by.id, context.now
    )
    posts = await ask_each(context, Asking(question, side.team.name), meant, name(insight, texts))
    addressees = [addressee for _, theirs in posts for addressee in theirs]
    if not addressees:
        raise Refused(texts.say("bridge.nobody", {"name": name(insight, texts)}))
    await context.uow.bridges.ask(question, addressees)
    await _look_after(context, question, side)
    leads = may_lead(Decision.ASK, insight.status)
    shown = (await decide(context, insight, Decision.ASK, by)).shown if leads else ()
    places = {"name": by.name, "people": people(len(addressees), texts), "text": text}
    told = side.post(Said(plain(texts.say("bridge.asked", places))))
    said = texts.say("bridge.sent", {"people": people(len(addressees), texts)})
    return said, [*(outgoing for outgoing, _ in posts), *shown, told]


async def _pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    """Where no form can be opened, it is asked by a command."""

    async def told(member: Member) -> Sequence[Outgoing]:
        return [reply(event, member, plain(context.texts.say("bridge.by_command")))]

    return await by_staff(event, context, told)


async def _submitted(event: FormSubmitted, context: Context) -> Sequence[Outgoing]:
    async def asked(member: Member) -> Sequence[Outgoing]:
        text, whom = worded(event), chosen(event.values.get(WHOM, ""))
        insight = await _meant(context.uow, context.community, parse(event.custom_id), context.texts)
        if not text or not whom:
            raise Refused(context.texts.say("bridge.by_command"))
        said, outgoing = await ask(context, insight, text, member, event, whom)
        return [*outgoing, reply(event, member, plain(said))]

    return await by_staff(event, context, asked)


def worded(event: FormSubmitted) -> str:
    """What staff wrote in the form, within its limit."""
    return event.values.get(TEXT, "").strip()[:TEXT_LIMIT]


async def _side(context: Context, insight: Insight, event: Interaction) -> TeamSide:
    """The team whose card stands where it is asked; their channel must be theirs alone."""
    where = (event.place.space, event.place.channel)
    for card in await context.uow.cards.of_insight(context.community, insight.id):
        team = await team_named(context, card.team)
        if team is not None and (card.space, card.channel) == where:
            if may_show_cards(await context.uow.channels.get(*where)):
                return TeamSide(team, *where, card.post)
            raise Refused(context.texts.say("card.withheld"))
    raise Refused(context.texts.say("bridge.no_card", {"name": name(insight, context.texts)}))


async def _look_after(context: Context, question: Question, side: TeamSide) -> None:
    for timer, wait in ((REACHING, LOOKED_AFTER), (STILLNESS, STILL)):
        due = context.now + wait
        await context.uow.schedules.put(
            Schedule(context.community, side.space, f"{timer}:{question.id}", ONCE, "UTC", due)
        )


def _label(asked: FormAsked, voice: Voice) -> str:
    words = words_of(voice, f"{voice.author_name}: {voice.text}")
    return asked.fence.line(words, asked.reader, _LABEL) or voice.author_name


async def _meant(uow: UnitOfWork, community: CommunityId, pressed: CustomId | None, texts: Texts) -> Insight:
    """The insight of the card. Raises :class:`Refused` for what was closed or merged meanwhile, saying into which."""
    insight = await uow.insights.get(community, InsightId(pressed.subject)) if pressed else None
    into = await where_it_went(uow, community, insight.id) if insight else None
    if insight is None or into is None:
        raise Refused(texts.say("refused.insight_gone"))
    if into.id != insight.id:
        raise Refused(texts.say("bridge.merged", {"name": name(insight, texts), "into": name(into, texts)}))
    if not insight.status.is_open:
        raise Refused(texts.say("bridge.not_open", {"name": name(insight, texts)}))
    return insight
