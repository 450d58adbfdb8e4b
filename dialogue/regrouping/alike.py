"""Insights that may be the same as another, as far as staff have not said yet whether they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.ports import UnitOfWork
from knowledge_base.ids import CommunityId, InsightId
from knowledge_base.insights import Insight, Status
from knowledge_base.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class Alike:
    """What an insight may be the same as: ``other``, into which what was suggested may have been merged since."""

    suggestion: Suggestion
    other: Insight


async def alike_to(uow: UnitOfWork, insight: Insight) -> Sequence[Alike]:
    """What an open insight may be the same as, the likeliest first. Reads only.

    What is no insight, or has no voice left, is left out.
    """
    if not insight.status.is_open:
        return ()
    found: list[Alike] = []
    for suggestion in await uow.suggestions.of(insight.community, insight.id):
        other = await where_it_went(uow, insight.community, suggestion.other)
        if other is None or other.status is Status.DISMISSED or not other.demand or other.id == insight.id:
            continue
        if all(other.id != alike.other.id for alike in found):
            found.append(Alike(suggestion, other))
    return found


async def where_it_went(uow: UnitOfWork, community: CommunityId, insight: InsightId) -> Insight | None:
    """The insight, or that into which it was merged, however often; None if it is not there."""
    found = await uow.insights.get(community, insight)
    while found is not None and found.merged_into is not None:
        found = await uow.insights.get(community, found.merged_into)
    return found


async def naming(uow: UnitOfWork, community: CommunityId, insight: InsightId) -> Sequence[InsightId]:
    """The insights whose cards may say that they are perhaps the same as this one, or as one that is merged into it."""
    found = list(await uow.suggestions.naming(community, insight))
    for merge in await uow.regroupings.merges_into(community, insight):
        found.extend(await naming(uow, community, merge.origin))
    return list(dict.fromkeys(found))
