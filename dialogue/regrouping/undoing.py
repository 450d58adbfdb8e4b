"""The last merge, split or refusal of an insight is undone: what it moved goes back, what came since stays."""

from dataclasses import replace

from dialogue.actions import Outgoing
from dialogue.capturing.naming import call_anew
from dialogue.cards import name
from dialogue.consequences import StatusSet, set_status
from dialogue.marking import mark_moved
from dialogue.recognising.settling import settle_insights
from dialogue.regrouping.changes import Change, refuse_if_merged, refused
from dialogue.router import Context
from dialogue.routing import route, show_on_cards
from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight, Status
from knowledge_base.members import Member
from knowledge_base.regroupings import Regrouping

_UNDOABLE = (CorrectionSort.MERGE, CorrectionSort.SPLIT, CorrectionSort.REFUSAL)


async def undo(context: Context, insight: Insight, by: Member) -> Change:
    """Undo the last merge, split or refusal in which the insight took part. The community is locked.

    Raises :class:`Refused` where there is none, or where something later has to be undone first.
    """
    last = await last_of(context, insight)
    if last is None:
        raise refused(context, "refused.nothing_to_undo", insight)
    regrouping = await context.uow.regroupings.get(context.community, last.id)
    if regrouping is None:
        shown = await _allow_again(context, last)
    elif last.sort is CorrectionSort.MERGE:
        shown = await _take_out(context, regrouping, by)
    else:
        shown = await _put_back(context, regrouping, by)
    await context.uow.corrections.undo(context.community, last.id, context.now)
    told = f"insight.undone_{last.sort}"
    return Change(context.texts.say(told, {"name": name(insight, context.texts)}), shown)


async def last_of(context: Context, insight: Insight) -> Correction | None:
    """What would be undone, or None."""
    about = await context.uow.corrections.about(context.community, insight.id)
    return next((correction for correction in about if correction.sort in _UNDOABLE), None)


async def _allow_again(context: Context, refusal: Correction) -> tuple[Outgoing, ...]:
    await context.uow.suggestions.allow(context.community, refusal.id)
    return tuple(await show_on_cards(context, refusal.insight)) if refusal.insight else ()


async def _take_out(context: Context, merge: Regrouping, by: Member) -> tuple[Outgoing, ...]:
    """What was merged is an insight again, as it was. What was split off it meanwhile would come back to it."""
    uow, community = context.uow, context.community
    origin, destination = await _both(context, merge)
    await refuse_if_merged(context, destination, "refused.merged_since")
    moved = await uow.regroupings.move_voices(community, merge.voices, destination.id, origin.id)
    if not moved:
        raise refused(context, "refused.no_voices", origin)
    for since in await uow.regroupings.splits_from(community, destination.id):
        if set(since.voices) <= set(merge.voices):
            await uow.regroupings.comes_from(community, since.correction, origin.id)
    restored = replace(origin, status=merge.status, reason=merge.reason, merged_into=None)
    shown = [*await set_status(context, StatusSet(origin, restored, by))]
    await _without_tags(context, destination, merge)
    shown.extend(await mark_moved(context, moved, destination.status, merge.status))
    for changed in (origin.id, destination.id):
        shown.extend(await _shown_anew(context, changed))
    return tuple(shown)


async def _put_back(context: Context, split: Regrouping, by: Member) -> tuple[Outgoing, ...]:
    """The voice goes back. What had only that voice is merged into what it goes back to; else it keeps the others."""
    uow, community = context.uow, context.community
    origin, own = await _both(context, split)
    for insight in (origin, own):
        await refuse_if_merged(context, insight, "refused.merged_since")
    if not origin.demand:
        raise refused(context, "refused.no_voices", origin)
    moved = await uow.regroupings.move_voices(community, split.voices, own.id, origin.id)
    if not moved:
        raise refused(context, "refused.no_voices", own)
    shown: list[Outgoing] = []
    if not await uow.insights.voices(community, own.id):
        emptied = replace(own, status=Status.MERGED, title="", reason="", merged_into=origin.id)
        shown.extend(await set_status(context, StatusSet(own, emptied, by)))
    shown.extend(await mark_moved(context, moved, own.status, origin.status))
    for changed in (own.id, origin.id):
        shown.extend(await _shown_anew(context, changed))
    return tuple(shown)


async def _both(context: Context, regrouping: Regrouping) -> tuple[Insight, Insight]:
    """The two insights of a regrouping. Insights are never removed, so they are there."""
    found = [
        await context.uow.insights.get(context.community, each) for each in (regrouping.origin, regrouping.destination)
    ]
    origin, destination = found
    if origin is None or destination is None:
        raise LookupError(f"an insight of correction {regrouping.correction} is not stored")
    return origin, destination


async def _without_tags(context: Context, destination: Insight, merge: Regrouping) -> None:
    """The destination without the tags that it had from this merge alone."""
    others = await context.uow.regroupings.merges_into(context.community, destination.id)
    kept = {tag for other in others if other.correction != merge.correction for tag in other.tags}
    gone = set(merge.tags) - kept
    left = tuple(tag for tag in destination.tags if tag not in gone)
    await context.uow.insights.replace(replace(destination, tags=left))


async def _shown_anew(context: Context, insight: InsightId) -> list[Outgoing]:
    """Called by the words of a voice that it has, sent where routes now mean it, and shown anew where it stands."""
    await settle_insights(context, [insight])
    called = await context.uow.insights.get(context.community, insight)
    if called is not None and called.status is not Status.MERGED:
        called = await call_anew(context, insight)
    return (
        list(await show_on_cards(context, insight)) if called is None else list((await route(context, called)).outgoing)
    )
