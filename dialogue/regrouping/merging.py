"""Two insights are the same: one goes into the other, with every voice; or they are not, and that is remembered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dialogue.cards import name
from dialogue.consequences import StatusSet, set_status
from dialogue.errors import Refused
from dialogue.marking import mark_moved
from dialogue.recognising.settling import settle_insights
from dialogue.regrouping.alike import Alike, alike_to
from dialogue.regrouping.changes import (
    Change,
    correction_by,
    refuse_if_merged,
    refused,
)
from dialogue.regrouping.cosines import cosine_between
from dialogue.router import Context
from dialogue.routing import route, show_on_cards
from knowledge_base.circles import readers_of
from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import MemberId
from knowledge_base.insights import Insight, Status, Voice
from knowledge_base.members import Member, Role
from knowledge_base.regroupings import Regrouping

MOST_VOICES: Final = 50
"""Of how many voices of two insights it is looked at who heard them, before nobody of staff has said a word."""


async def merge(context: Context, origin: Insight, destination: Insight, by: Member) -> Change:
    """Move every voice of ``origin`` to ``destination``, and join the tags. The community is locked.

    Raises :class:`Refused` where either is merged already, they are one, nothing is left of one, or others heard one
    than the other.
    """
    await _refuse_unless_mergeable(context, origin, destination)
    cosine = await cosine_between(context, origin.id, destination.id)
    correction = correction_by(by, CorrectionSort.MERGE, origin, destination, cosine, context)
    return await _merged(context, origin, destination, by, correction)


async def merge_as_told(
    context: Context, origin: Insight, destination: Insight, teller: MemberId, reason: str
) -> Change | None:
    """The same on the word of ``teller``, who is nobody of staff, for that ``reason``: it teaches nothing.

    None where the insights are not as they came, where staff said that they differ, where not all their voices were
    heard by the very same people, or where there are too many to tell. The community is locked.
    """
    if {origin.status, destination.status} != {Status.NEW} or await _told_apart(context, origin, destination):
        return None
    if not await _heard_alike(context, origin, destination):
        return None
    by = Member(teller, context.community, "", Role.BOT)
    correction = correction_by(by, CorrectionSort.MERGE, origin, destination, None, context)
    return await _merged(context, origin, destination, by, correction, reason)


async def _told_apart(context: Context, origin: Insight, destination: Insight) -> bool:
    both = {origin.id, destination.id}
    about = await context.uow.corrections.about(context.community, origin.id)
    return any(one.sort is not CorrectionSort.MERGE and {one.insight, one.other} == both for one in about)


async def _heard_alike(context: Context, origin: Insight, destination: Insight) -> bool:
    uow, community = context.uow, context.community
    voices = [voice for each in (origin, destination) for voice in await uow.insights.voices(community, each.id)]
    if len(voices) > MOST_VOICES:
        return False
    circles = {await uow.regroupings.circle(community, voice.message) for voice in voices}
    return len(circles) == 1 and None not in circles


async def _merged(
    context: Context, origin: Insight, destination: Insight, by: Member, correction: Correction, reason: str = ""
) -> Change:
    uow, community, texts = context.uow, context.community, context.texts
    given = await _given(context, origin, destination)
    voices = [voice.message for voice in await uow.insights.voices(community, origin.id)]
    moved = await uow.regroupings.move_voices(community, voices, origin.id, destination.id)
    await uow.corrections.add(correction)
    await uow.regroupings.add(
        Regrouping(
            community=community,
            correction=correction.id,
            origin=origin.id,
            destination=destination.id,
            voices=tuple(moved),
            status=origin.status,
            reason=origin.reason,
            tags=given,
        )
    )
    gone = replace(origin, status=Status.MERGED, reason=reason, merged_into=destination.id)
    merged = await set_status(context, StatusSet(origin, gone, by))
    await uow.insights.replace(replace(destination, tags=tuple(sorted({*destination.tags, *given}))))
    await settle_insights(context, [destination.id])
    grown = await uow.insights.get(community, destination.id) or destination
    shown = [
        *merged,
        *await show_on_cards(context, origin.id),
        *(await route(context, grown)).outgoing,
        *await mark_moved(context, moved, origin.status, grown.status),
    ]
    places: dict[str, str | int] = {
        "name": name(origin, texts),
        "into": name(grown, texts),
        "count": grown.demand,
        "number": origin.number,
    }
    return Change(texts.say("insight.merged_one" if grown.demand == 1 else "insight.merged", places), tuple(shown))


async def refuse(context: Context, alike: Alike, insight: Insight, by: Member) -> Change:
    """Remember that an insight is not the same as what was suggested. The community is locked."""
    uow, community = context.uow, context.community
    suggestion = alike.suggestion
    cosine = await cosine_between(context, insight.id, suggestion.other)
    correction = correction_by(by, CorrectionSort.REFUSAL, insight, alike.other, cosine, context)
    await uow.corrections.add(correction)
    await uow.suggestions.refuse(community, insight.id, suggestion.other, correction.id)
    places: dict[str, str | int] = {
        "name": name(insight, context.texts),
        "other": name(alike.other, context.texts),
        "number": insight.number,
    }
    return Change(context.texts.say("insight.told_apart", places), tuple(await show_on_cards(context, insight.id)))


async def suggested(context: Context, insight: Insight, other: Insight) -> Alike:
    """The suggestion that these two may be the same. Raises :class:`Refused` if it does not stand any more."""
    found = next((alike for alike in await alike_to(context.uow, insight) if alike.other.id == other.id), None)
    if found is None:
        await refuse_if_merged(context, insight, "refused.merged_already")
        raise refused(context, "refused.not_suggested", insight)
    return found


async def _refuse_unless_mergeable(context: Context, origin: Insight, destination: Insight) -> None:
    if origin.id == destination.id:
        raise refused(context, "refused.merge_itself", origin)
    for insight in (origin, destination):
        await refuse_if_merged(context, insight, "refused.merged_already")
    voices = [await context.uow.insights.voices(context.community, each.id) for each in (origin, destination)]
    for insight, those in zip((origin, destination), voices, strict=True):
        if not those:
            raise refused(context, "refused.no_voices", insight)
    if len(_readers(voices[0]) | _readers(voices[1])) > 1:
        places: dict[str, str | int] = {
            "name": name(origin, context.texts),
            "other": name(destination, context.texts),
        }
        raise Refused(context.texts.say("refused.other_readers", places))


def _readers(voices: Sequence[Voice]) -> frozenset[str]:
    """Of which kind those are who can read what was said."""
    return frozenset(readers_of(voice.origin.audience, voice.origin.shared) for voice in voices)


async def _given(context: Context, origin: Insight, destination: Insight) -> tuple[str, ...]:
    """The tags that the destination has from the origin: those that it does not have by itself."""
    from_others = {
        tag
        for before in await context.uow.regroupings.merges_into(context.community, destination.id)
        for tag in before.tags
    }
    its_own = set(destination.tags) - from_others
    return tuple(sorted(set(origin.tags) - its_own))
