"""A voice does not say what its insight says: it becomes an insight of its own."""

from dataclasses import replace

from dialogue.capturing.naming import call_anew, title_in
from dialogue.cards import name
from dialogue.errors import Refused
from dialogue.marking import mark_moved
from dialogue.recognising.settling import settle_insights
from dialogue.regrouping.changes import Change, correction_by, refused
from dialogue.regrouping.cosines import cosine_to_others
from dialogue.router import Context
from dialogue.routing import route, show_on_cards
from knowledge_base.corrections import CorrectionSort
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import INSIGHT_KINDS
from knowledge_base.members import Member
from knowledge_base.messages import Message
from knowledge_base.regroupings import Regrouping
from knowledge_base.taggings import taggings


async def split(context: Context, message: Message, by: Member) -> Change:
    """Move a voice to an insight of its own, new and not merged with anything. The community is locked.

    Raises :class:`Refused` for what is no voice, or the only one.
    """
    uow, community, texts = context.uow, context.community, context.texts
    origin = await uow.insights.of_message(community, message.id)
    if origin is None:
        raise Refused(texts.say("insight.no_voice"))
    if len(await uow.insights.voices(community, origin.id)) == 1:
        raise refused(context, "refused.alone", origin)
    cosine = await cosine_to_others(context, origin.id, message.id)
    begun = await uow.insights.add(_begun_by(message, origin, context))
    correction = correction_by(by, CorrectionSort.SPLIT, origin, begun, cosine, context)
    await uow.corrections.add(replace(correction, message=message.id, confidence=message.confidence))
    moved = await uow.regroupings.move_voices(community, [message.id], origin.id, begun.id)
    await uow.regroupings.add(
        Regrouping(community, correction.id, origin.id, begun.id, tuple(moved), origin.status, origin.reason)
    )
    await call_anew(context, origin.id)
    await settle_insights(context, [origin.id])
    own = await uow.insights.get(community, begun.id) or begun
    shown = [
        *await show_on_cards(context, origin.id),
        *(await route(context, own)).outgoing,
        *await mark_moved(context, moved, origin.status, own.status),
    ]
    places: dict[str, str | int] = {"name": name(own, texts), "of": name(origin, texts), "number": own.number}
    return Change(texts.say("insight.split", places), tuple(shown))


def _begun_by(message: Message, origin: Insight, context: Context) -> Insight:
    """With the tags that staff gave this very message."""
    kind = message.kind if message.kind in INSIGHT_KINDS else origin.kind
    return Insight(
        id=InsightId(context.ids.fresh()),
        community=context.community,
        number=0,
        kind=kind,
        title=title_in(message.text, kind, context),
        titled_by=message.id,
        status=Status.NEW,
        demand=1,
        first_at=message.at,
        last_at=message.at,
        tags=tuple(sorted({tagging.tag for tagging in taggings(message.reasons) if tagging.tag})),
    )
