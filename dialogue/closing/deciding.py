"""The buttons under what was prepared: send it, word it anew, not now; and those of who wants to hear nothing more."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dialogue.actions import Outgoing
from dialogue.by_staff import by_staff
from dialogue.cards import name
from dialogue.closing.audience import audience_of
from dialogue.closing.preparing import people
from dialogue.closing.telling import News, looked_after, news_of, tell
from dialogue.closing.verbs import EDIT, MUTE, NOT_NOW, SEND, TIMER
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import CustomId, parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed, FormSubmitted, TimerFired
from dialogue.forms import FormAsked
from dialogue.handling import only
from dialogue.people import member_behind
from dialogue.ports import UnitOfWork
from dialogue.posts import Field, FieldType, Form, plain
from dialogue.replies import reply
from dialogue.router import Context, Router
from dialogue.texts.catalogue import Texts
from knowledge_base.announcements import Announcement, AnnouncementState
from knowledge_base.ids import AnnouncementId, InsightId
from knowledge_base.insights import Insight
from knowledge_base.members import Member, Role

TEXT: Final = "text"
"""The field of the form in which staff word it."""
TEXT_LIMIT: Final = 1_000

BUTTONS: Final = (
    ButtonAction(SEND, Role.STAFF),
    ButtonAction(EDIT, Role.STAFF, EDIT),
    ButtonAction(NOT_NOW, Role.STAFF),
    ButtonAction(MUTE, Role.CUSTOMER),
)


def router() -> Router:
    """The handlers of these buttons, of the form, and of the timer that looks after who was not reached."""
    closing = Router("closing")
    closing.on(f"button:{SEND}")(only(ButtonPressed, _send))
    closing.on(f"button:{EDIT}")(only(ButtonPressed, _edit))
    closing.on(f"form:{EDIT}")(only(FormSubmitted, _edited))
    closing.on(f"button:{NOT_NOW}")(only(ButtonPressed, _not_now))
    closing.on(f"button:{MUTE}")(only(ButtonPressed, _mute))
    closing.on(f"timer:{TIMER}")(only(TimerFired, looked_after))
    return closing


async def edit_form(asked: FormAsked) -> Form:
    """The form in which it is worded anew. Raises :class:`Refused` where it was sent, or holds no more."""
    announcement = await asked.uow.announcements.get(asked.reader.community, AnnouncementId(asked.pressed.subject))
    insight = await asked.uow.insights.get(asked.reader.community, announcement.insight) if announcement else None
    news = _to_be_sent(announcement, insight, asked.texts)
    await refuse_unless_chosen(asked.uow, news.insight, asked.texts)
    field = Field(
        TEXT, asked.texts.say("closing.wording"), FieldType.PARAGRAPH, limit=TEXT_LIMIT, value=news.announcement.text
    )
    heading = asked.texts.say("closing.heading", {"name": name(news.insight, asked.texts)})
    return Form(str(asked.pressed), heading, (field,), asked.texts.say("closing.send"))


async def _send(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    return await _decided(event, context, "")


async def _edited(event: FormSubmitted, context: Context) -> Sequence[Outgoing]:
    return await _decided(event, context, event.values.get(TEXT, "").strip()[:TEXT_LIMIT])


async def _edit(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    """Where no form can be opened, it is worded in a command."""
    member = await member_behind(event.actor, event.place.space, context)
    return [reply(event, member, plain(context.texts.say("closing.by_command")))]


async def _decided(event: ButtonPressed | FormSubmitted, context: Context, text: str) -> Sequence[Outgoing]:
    """Send it, in these words if there are any."""

    async def sent(member: Member) -> Sequence[Outgoing]:
        news = await _pressed(parse(event.custom_id), context)
        await refuse_unless_chosen(context.uow, news.insight, context.texts)
        said, outgoing = await send(context, news, member, text)
        return [*outgoing, reply(event, member, plain(said))]

    return await by_staff(event, context, sent)


async def send(context: Context, news: News, by: Member, text: str = "") -> tuple[str, Sequence[Outgoing]]:
    """Tell everybody who has not heard it, in these words if there are any; a sentence that says so, and the posts.

    The community is locked.
    """
    audience = await audience_of(context.uow, news.insight)
    sent = replace(
        news.announcement,
        text=text or news.announcement.text,
        state=AnnouncementState.SENT,
        by=by.id,
        at=context.now,
    )
    await context.uow.announcements.replace(sent)
    outgoing = await tell(context, News(sent, news.insight), audience)
    return context.texts.say("closing.sent", {"people": people(audience.reached, context.texts)}), outgoing


async def _not_now(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    async def put_off(member: Member) -> Sequence[Outgoing]:
        news = await _pressed(parse(event.custom_id), context)
        later = replace(news.announcement, state=AnnouncementState.NOT_NOW, by=member.id, at=context.now)
        await context.uow.announcements.replace(later)
        said = context.texts.say("closing.put_off", {"number": news.insight.number})
        return [reply(event, member, plain(said))]

    return await by_staff(event, context, put_off)


async def _mute(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    member = await member_behind(event.actor, event.place.space, context)
    pressed = parse(event.custom_id)
    insight = await context.uow.insights.get(context.community, InsightId(pressed.subject)) if pressed else None
    if insight is None:
        return [reply(event, member, plain(context.texts.say("refused.unknown_button")))]
    await context.uow.mutes.add(context.community, member.id, insight.id, context.now)
    places: dict[str, str | int] = {"name": name(insight, context.texts), "number": insight.number}
    return [reply(event, member, plain(context.texts.say("closing.muted_one", places)))]


async def refuse_unless_chosen(uow: UnitOfWork, insight: Insight, texts: Texts) -> None:
    """Raises :class:`Refused` where customers are not told of the status that an insight has."""
    told = await uow.communities.told(insight.community)
    if not told:
        raise Refused(texts.say("refused.nothing_is_told"))
    if insight.status not in told:
        chosen = ", ".join(texts.say(f"status.{status.name.lower()}") for status in told)
        status = texts.say(f"status.{insight.status.name.lower()}")
        places = {"name": name(insight, texts), "status": status, "told": chosen}
        raise Refused(texts.say("refused.nothing_to_tell", places))


async def _pressed(pressed: CustomId | None, context: Context) -> News:
    news = await news_of(context, AnnouncementId(pressed.subject)) if pressed else None
    return _to_be_sent(news.announcement if news else None, news.insight if news else None, context.texts)


def _to_be_sent(announcement: Announcement | None, insight: Insight | None, texts: Texts) -> News:
    """Raises :class:`Refused` for what was sent, or is so no longer."""
    if announcement is None or insight is None:
        raise Refused(texts.say("refused.unknown_button"))
    if announcement.state is AnnouncementState.SENT:
        raise Refused(texts.say("refused.told_already"))
    if announcement.state is AnnouncementState.WITHDRAWN or insight.status is not announcement.status:
        now = texts.say(f"status.{insight.status.name.lower()}")
        raise Refused(texts.say("refused.not_so_any_more", {"name": name(insight, texts), "status": now}))
    return News(announcement, insight)
