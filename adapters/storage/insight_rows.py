"""What rows of insights, of their history and of their voices hold."""

from adapters.storage.messages import facets_in
from adapters.storage.transaction import StoredRow
from knowledge_base.channels import Audience, Origin, Shared
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight, StatusChange, Voice
from knowledge_base.members import shown_as


def insight_in(row: StoredRow) -> Insight:
    """The insight that a row of their table holds."""
    return Insight(
        id=row.insight,
        community=row.community_id,
        number=row.number,
        kind=row.kind,
        title=row.title,
        titled_by=row.titled_by,
        status=row.status,
        demand=row.demand,
        first_at=row.first_at,
        last_at=row.last_at,
        tags=row.tags,
        reason=row.reason,
        owner=row.owner,
        merged_into=row.merged_into,
        due_on=row.due_on,
        link=row.link,
    )


def change_in(row: StoredRow) -> StatusChange:
    """The line of an insight's history that a row holds."""
    return StatusChange(
        insight=row.insight,
        status=row.status,
        by=row.by,
        at=row.at,
        reason=row.reason,
        owner=row.owner,
        due_on=row.due_on,
        link=row.link,
        undoes=row.undoes,
    )


def voice_in(row: StoredRow, insight: InsightId) -> Voice:
    """The voice of an insight that a row tells of."""
    # words from a channel that nobody described count as private and shared: the fence keeps them where they are
    audience = row.audience or Audience.PRIVATE
    shared = row.shared or Shared.UNKNOWN
    return Voice(
        insight=insight,
        message=row.message,
        member=row.author,
        author_name=shown_as(row.present_name, row.naming),
        text=row.text,
        at=row.at,
        origin=Origin(row.community_id, row.space, row.channel, audience, shared),
        link=row.link,
        shares_private=row.share_private,
        thread=row.thread,
        language=row.language,
        facets=facets_in(row),
        role=row.role,
        tier=row.tier,
    )
