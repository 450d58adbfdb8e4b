"""Insights, their voices and their history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    bindparam,
    delete,
    distinct,
    func,
    insert,
    or_,
    select,
    update,
)

from adapters.storage.insight_rows import change_in, insight_in, voice_in
from adapters.storage.messages import ADD as ADD_MESSAGE
from adapters.storage.tables import channels, communities, insights, members, messages, status_changes, voices
from adapters.storage.transaction import ONLY_COUNTS, StoredRow, Transaction
from adapters.storage.vectors import SqlVectors
from knowledge_base.circles import Circle, Readers
from knowledge_base.ids import ChannelId, CommunityId, InsightId, MemberId, MessageId, SpaceId
from knowledge_base.insights import Insight, Status, StatusChange, Voice
from knowledge_base.merging import Candidate, Meaning, Vector
from knowledge_base.ports import Insights

Value = TypeVar("Value")

_IN_COMMUNITY = insights.c.community_id == bindparam("community")
_THIS = (_IN_COMMUNITY, insights.c.insight == bindparam("of_insight"))
_THIS_VOICE = (voices.c.community_id == bindparam("community"), voices.c.message == bindparam("of_message"))

_COUNT = (
    update(communities).where(communities.c.community_id == bindparam("community")).execution_options(**ONLY_COUNTS)
)
_NEXT_INSIGHT = _COUNT.values(last_insight=communities.c.last_insight + 1).returning(communities.c.last_insight)
_LAST_INSIGHT = _COUNT.values(last_insight=bindparam("counted"))
_GET = select(insights).where(*_THIS)
_MANY = bindparam("many", expanding=True, type_=insights.c.insight.type)
_GET_MANY = select(insights.c.insight.label("of_one"), *insights.c).where(_IN_COMMUNITY, insights.c.insight.in_(_MANY))
_BY_NUMBER = select(insights).where(_IN_COMMUNITY, insights.c.number == bindparam("of_number"))
_OPEN = (
    select(insights)
    .where(
        _IN_COMMUNITY,
        insights.c.status.in_([status for status in Status if status.is_open]),
        or_(bindparam("since", type_=insights.c.last_at.type).is_(None), insights.c.last_at >= bindparam("since")),
    )
    .order_by(insights.c.demand.desc(), insights.c.last_at.desc(), insights.c.number)
    .limit(bindparam("most"))
)
_CLOSED = (
    select(insights)
    .where(
        _IN_COMMUNITY,
        insights.c.status.in_([s for s in Status if not s.is_open and s is not Status.MERGED]),
        insights.c.demand > 0,
    )
    .order_by(insights.c.last_at.desc(), insights.c.number)
    .limit(bindparam("most"))
)
_NEW = _OPEN.where(insights.c.status == Status.NEW)
_VOICED_BY = (
    select(insights)
    .join(voices, (voices.c.community_id == insights.c.community_id) & (voices.c.insight == insights.c.insight))
    .join(messages, (messages.c.community_id == voices.c.community_id) & (messages.c.message == voices.c.message))
    .where(_IN_COMMUNITY, messages.c.author == bindparam("of_member"))
    .order_by(messages.c.at.desc(), voices.c.number.desc())
)
_OF_MESSAGE = (
    select(insights)
    .join(voices, (voices.c.community_id == insights.c.community_id) & (voices.c.insight == insights.c.insight))
    .where(*_THIS_VOICE)
)
_REPLACE = update(insights).where(*_THIS)
_ERASE = _REPLACE.values(title="", status=Status.DISMISSED)

_SAID = messages.join(
    voices, (voices.c.community_id == messages.c.community_id) & (voices.c.message == messages.c.message)
)
_OF_INSIGHT = (voices.c.community_id == bindparam("community"), voices.c.insight == bindparam("of_insight"))


def _of_its_voices(value: ColumnElement[Value]) -> ScalarSelect[Value]:
    return select(value).select_from(_SAID).where(*_OF_INSIGHT).scalar_subquery()


_DERIVE = _REPLACE.values(
    demand=_of_its_voices(func.count(distinct(messages.c.author))),
    # without a voice, the last known times stay
    first_at=func.coalesce(_of_its_voices(func.min(messages.c.at)), insights.c.first_at),
    last_at=func.coalesce(_of_its_voices(func.max(messages.c.at)), insights.c.last_at),
).returning(insights)
ADD = insert(insights)
"""What waits to be written is asked for by those who refer to it."""
_ADD_VOICE = insert(voices)
_EVERY_VOICE = (
    select(
        messages,
        members.c.name.label("present_name"),
        members.c.naming,
        members.c.share_private,
        members.c.tier,
        channels.c.audience,
        channels.c.shared,
    )
    .select_from(
        _SAID.join(
            members, (members.c.community_id == messages.c.community_id) & (members.c.member == messages.c.author)
        ).outerjoin(
            channels,
            (channels.c.community_id == messages.c.community_id)
            & (channels.c.space == messages.c.space)
            & (channels.c.channel == messages.c.channel),
        )
    )
    .order_by(messages.c.at, voices.c.number)
)
VOICES_OF_MANY = _EVERY_VOICE.with_only_columns(voices.c.insight.label("of_one"), *_EVERY_VOICE.selected_columns).where(
    voices.c.community_id == bindparam("community"), voices.c.insight.in_(_MANY)
)
_VOICES = _EVERY_VOICE.where(*_OF_INSIGHT)
_VOICED_IN = (
    select(insights.c.insight)
    .distinct()
    .add_columns(insights.c.number)
    .select_from(
        _SAID.join(
            insights, (insights.c.community_id == voices.c.community_id) & (insights.c.insight == voices.c.insight)
        )
    )
    .where(
        messages.c.community_id == bindparam("community"),
        messages.c.space == bindparam("of_space"),
        messages.c.channel == bindparam("of_channel"),
    )
    .order_by(insights.c.number)
)
_VOICES_AMONG = select(voices.c.message, voices.c.insight).where(
    voices.c.community_id == bindparam("community"), voices.c.message.in_(bindparam("these", expanding=True))
)
_REMOVE_VOICE = delete(voices).where(*_THIS_VOICE)
_HISTORY = (
    select(status_changes)
    .where(status_changes.c.community_id == bindparam("community"), status_changes.c.insight == bindparam("of_insight"))
    .order_by(status_changes.c.number)
)
_HISTORY_OF_MANY = (
    select(status_changes.c.insight.label("of_one"), *status_changes.c)
    .where(status_changes.c.community_id == bindparam("community"), status_changes.c.insight.in_(_MANY))
    .order_by(status_changes.c.number)
)
_LAST_CHANGE = select(func.coalesce(func.max(status_changes.c.number), 0).label("number")).where(
    status_changes.c.community_id == bindparam("community"), status_changes.c.insight == bindparam("of_insight")
)


class SqlInsights(Insights):
    """See :class:`knowledge_base.ports.Insights`."""

    def __init__(self, transaction: Transaction, vectors: SqlVectors) -> None:
        self._transaction = transaction
        self._vectors = vectors
        self._counted: dict[CommunityId, int] = {}
        self._unvoiced: dict[tuple[CommunityId, InsightId], Insight] = {}

    async def add(self, insight: Insight) -> Insight:
        """Store a new insight and give it its number. Its demand is 0 until it has a voice."""
        numbered = replace(insight, number=await self._next_number(insight.community), demand=0)
        self._unvoiced[insight.community, insight.id] = numbered
        self._transaction.write_soon(
            ADD,
            {
                "community_id": numbered.community,
                "insight": numbered.id,
                "number": numbered.number,
                "demand": 0,
                "first_at": numbered.first_at,
                "last_at": numbered.last_at,
                **_changeable(numbered),
            },
        )
        return numbered

    async def replace(self, insight: Insight) -> None:
        """Store changed fields, without those derived from the voices."""
        this = {"community": insight.community, "of_insight": insight.id}
        await self._transaction.run(_REPLACE, {**this, **_changeable(insight)})

    async def get(self, community: CommunityId, insight: InsightId) -> Insight | None:
        """One insight, or None."""
        rows = await self._transaction.rows_again(_GET, {"community": community, "of_insight": insight})
        return _insight(next(iter(rows), None))

    async def read_ahead(self, community: CommunityId, these: Sequence[InsightId]) -> None:
        """These will be asked for, with their voices and history."""
        await self._transaction.read_ahead(_GET, _GET_MANY, community, these)
        await self._transaction.read_ahead(_VOICES, VOICES_OF_MANY, community, these)
        await self._transaction.read_ahead(_HISTORY, _HISTORY_OF_MANY, community, these)

    async def by_number(self, community: CommunityId, number: int) -> Insight | None:
        """One insight by its short name, or None."""
        return _insight(await self._transaction.row(_BY_NUMBER, {"community": community, "of_number": number}))

    async def open(self, community: CommunityId, since: datetime | None = None, limit: int = 100) -> Sequence[Insight]:
        """Open insights, by demand, then last heard."""
        rows = await self._transaction.rows(_OPEN, {"community": community, "since": since, "most": limit})
        return [insight_in(row) for row in rows]

    async def new(self, community: CommunityId, limit: int) -> Sequence[Insight]:
        """Those that nobody has taken up yet, by demand, then last heard."""
        rows = await self._transaction.rows(_NEW, {"community": community, "since": None, "most": limit})
        return [insight_in(row) for row in rows]

    async def voiced_by(self, community: CommunityId, member: MemberId) -> Sequence[Insight]:
        """The insights that a member voices, that of their latest words first."""
        rows = await self._transaction.rows(_VOICED_BY, {"community": community, "of_member": member})
        return list({row.insight: insight_in(row) for row in rows}.values())

    async def closed(self, community: CommunityId, limit: int = 100) -> Sequence[Insight]:
        """Closed insights that still have a voice, last heard first."""
        rows = await self._transaction.rows(_CLOSED, {"community": community, "most": limit})
        return [insight_in(row) for row in rows]

    async def of_message(self, community: CommunityId, message: MessageId) -> Insight | None:
        """The insight a message is a voice of, or None."""
        return _insight(await self._transaction.row(_OF_MESSAGE, {"community": community, "of_message": message}))

    async def voices_among(
        self, community: CommunityId, messages: Collection[MessageId]
    ) -> Mapping[MessageId, InsightId]:
        """Of these messages those that are a voice, and of what."""
        rows = await self._transaction.rows_of(_VOICES_AMONG, {"community": community}, messages)
        return {row.message: row.insight for row in rows}

    async def add_voice(
        self,
        community: CommunityId,
        insight: InsightId,
        message: MessageId,
        meaning: Meaning,
        circle: Circle,
    ) -> Insight:
        """Make a stored message a voice of an insight; returns the insight as it then is."""
        number = await self._vectors.next_number(community)
        self._transaction.write_soon(
            _ADD_VOICE,
            {
                "community_id": community,
                "message": message,
                "insight": insight,
                "number": number,
                "circle": circle,
                "model": meaning.by,
            },
        )
        self._vectors.add(community, message, number, meaning)
        return self._begun(community, insight, message) or await self._derive(community, insight)

    async def remove_voices(self, community: CommunityId, messages: Collection[MessageId]) -> None:
        """Undo :meth:`add_voice` of those that are voices."""
        voiced = await self.voices_among(community, messages)
        if voiced:
            await self._vectors.remove(community, voiced)
            these = [{"community": community, "of_message": message} for message in voiced]
            await self._transaction.run(_REMOVE_VOICE, these)
        for insight in dict.fromkeys(voiced.values()):
            await self._derive(community, insight)

    async def recount(self, community: CommunityId, insight: InsightId) -> None:
        """Derive the demand anew."""
        await self._derive(community, insight)

    async def voices(self, community: CommunityId, insight: InsightId) -> Sequence[Voice]:
        """Voices, oldest first, as their authors and channels are at present."""
        rows = await self._transaction.rows_again(_VOICES, {"community": community, "of_insight": insight})
        return [voice_in(row, insight) for row in rows]

    async def voiced_in(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> Sequence[InsightId]:
        """The insights that have a voice in a channel, each once, by number."""
        here = {"community": community, "of_space": space, "of_channel": channel}
        return [InsightId(row.insight) for row in await self._transaction.rows(_VOICED_IN, here)]

    async def nearest(
        self,
        community: CommunityId,
        model: str,
        vector: Vector,
        readers: Readers,
        limit: int = 20,
        *,
        alone: bool = False,
        least: float = -1.0,
    ) -> Sequence[Candidate]:
        """Voices that may say the same, by cosine, nearest first."""
        return await self._vectors.nearest(community, model, vector, readers, limit, alone=alone, least=least)

    async def core(self, community: CommunityId, insight: InsightId, model: str) -> Sequence[Vector]:
        """The vectors of the voices that were added first, in that order."""
        return await self._vectors.core(community, insight, model)

    async def first_of_many(
        self, community: CommunityId, insights: Collection[InsightId]
    ) -> Mapping[str, Mapping[InsightId, Sequence[Vector]]]:
        """What the first voices of each mean, by model."""
        return await self._vectors.first_of_many(community, insights)

    async def record(self, change: StatusChange, community: CommunityId) -> None:
        """Add to the history."""
        this = {"community": community, "of_insight": change.insight}
        (last,) = await self._transaction.rows(_LAST_CHANGE, this)
        await self._transaction.run(
            insert(status_changes),
            {
                "community_id": community,
                "insight": change.insight,
                "number": last.number + 1,
                "status": change.status,
                "by": change.by,
                "at": change.at,
                "reason": change.reason,
                "owner": change.owner,
                "due_on": change.due_on,
                "link": change.link,
                "undoes": change.undoes,
            },
        )

    async def history(self, community: CommunityId, insight: InsightId) -> Sequence[StatusChange]:
        """Who set which status when, oldest first."""
        rows = await self._transaction.rows_again(_HISTORY, {"community": community, "of_insight": insight})
        return [change_in(row) for row in rows]

    async def erase(self, community: CommunityId, insight: InsightId) -> None:
        """Blank an insight that has no voice left."""
        await self._transaction.run(_ERASE, {"community": community, "of_insight": insight})

    async def _next_number(self, community: CommunityId) -> int:
        """Counting up without a gap. Who took the first holds the community's row, so the others are counted here."""
        if community not in self._counted:
            (counter,) = await self._transaction.rows_written(_NEXT_INSIGHT, {"community": community})
            self._counted[community] = number = int(counter.last_insight)
            return number
        self._counted[community] = number = self._counted[community] + 1
        for row in self._transaction.waiting(_LAST_INSIGHT, {"community": community}):
            row["counted"] = number
            return number
        self._transaction.write_soon(_LAST_INSIGHT, {"community": community, "counted": number})
        return number

    def _begun(self, community: CommunityId, insight: InsightId, message: MessageId) -> Insight | None:
        """The insight with its first voice, where nothing of either is written yet; None where that must be derived."""
        begun = self._unvoiced.pop((community, insight), None)
        rows = self._transaction.waiting(ADD, {"community_id": community, "insight": insight})
        said = self._transaction.waiting(ADD_MESSAGE, {"community_id": community, "message": message})
        at = said[0]["at"] if said else None
        if begun is None or not rows or not isinstance(at, datetime):
            return None
        rows[0].update(demand=1, first_at=at, last_at=at)
        return replace(begun, demand=1, first_at=at, last_at=at)

    async def _derive(self, community: CommunityId, insight: InsightId) -> Insight:
        (row,) = await self._transaction.rows(_DERIVE, {"community": community, "of_insight": insight})
        return insight_in(row)


def _changeable(insight: Insight) -> dict[str, object]:
    return {
        "kind": insight.kind,
        "title": insight.title,
        "titled_by": insight.titled_by,
        "status": insight.status,
        "tags": insight.tags,
        "reason": insight.reason,
        "owner": insight.owner,
        "merged_into": insight.merged_into,
        "due_on": insight.due_on,
        "link": insight.link,
    }


def _insight(row: StoredRow | None) -> Insight | None:
    return None if row is None else insight_in(row)
