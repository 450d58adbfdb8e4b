"""What staff do that shows where the judging was wrong is noted as a correction, with the figures that led to it."""

from typing import Final

from dialogue.router import Context
from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import CorrectionId, InsightId, MemberId, MessageId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.messages import Message
from knowledge_base.taggings import KindGiven, by_hand

KIND_BUTTON: Final = "kind"
"""The verb of the buttons by which staff say of which kind a message is."""


async def note_decision(context: Context, before: Insight, status: Status, by: MemberId) -> None:
    """ "Not an insight" corrects the message with which the insight began; any other status takes that back."""
    if status is before.status:
        return
    if status is Status.DISMISSED:
        began = await context.uow.messages.get(context.community, before.titled_by)
        judged = began is not None and began.kind is before.kind and not by_hand(began.reasons)
        correction = Correction(
            community=context.community,
            id=CorrectionId(context.ids.fresh()),
            sort=CorrectionSort.DISMISSAL,
            by=by,
            at=context.now,
            insight=before.id,
            was_kind=before.kind,
            confidence=began.confidence if began is not None and judged else None,
        )
        await context.uow.corrections.add(correction)
    elif before.status is Status.DISMISSED:
        await take_back(context, CorrectionSort.DISMISSAL, before.id)


async def note_tagging(context: Context, message: Message, kind: Kind, by: MemberId) -> None:
    """Staff keep by hand what was judged to be no voice. Only where its kind was judged right does that teach."""
    right = message.kind is kind and kind in INSIGHT_KINDS and not by_hand(message.reasons)
    correction = Correction(
        community=context.community,
        id=CorrectionId(context.ids.fresh()),
        sort=CorrectionSort.TAGGING,
        by=by,
        at=context.now,
        message=message.id,
        was_kind=message.kind,
        is_kind=kind,
        confidence=message.confidence if right else None,
    )
    await context.uow.corrections.add(correction)


async def note_kind(context: Context, message: Message, given: KindGiven) -> None:
    """Staff say of which kind a message is, whatever it was judged to be."""
    correction = Correction(
        community=context.community,
        id=CorrectionId(context.ids.fresh()),
        sort=CorrectionSort.KIND,
        by=given.by,
        at=context.now,
        message=message.id,
        was_kind=given.was,
        is_kind=given.kind,
        confidence=given.confidence,
    )
    await context.uow.corrections.add(correction)


async def take_back(context: Context, sort: CorrectionSort, about: MessageId | InsightId) -> None:
    """What was corrected about it by this sort holds no more."""
    for correction in await context.uow.learning.find(context.community, sort, about):
        await context.uow.corrections.undo(context.community, correction.id, context.now)
