"""Messages, each at its place in its lane."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from adapters.storage.outliving import OUTLIVED
from adapters.storage.tables import messages
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.channels import Audience
from knowledge_base.facets import Facets, Tone, Urgency
from knowledge_base.ids import ChannelId, CommunityId, ConversationId, MemberId, MessageId, SpaceId
from knowledge_base.messages import Message
from knowledge_base.ports import Messages

_IN_COMMUNITY = messages.c.community_id == bindparam("community")
_THIS = (_IN_COMMUNITY, messages.c.message == bindparam("of_message"))
_IN_LANE = (_IN_COMMUNITY, messages.c.space == bindparam("of_space"), messages.c.channel == bindparam("of_channel"))
_STANDS = messages.c.deleted.is_(False)

_LAST_POSITION = select(func.coalesce(func.max(messages.c.position), 0).label("position")).where(*_IN_LANE)
ADD = insert(messages)
"""What waits to be written is asked for by those who refer to it."""
_GET = select(messages).where(*_THIS)
_REPLACE = update(messages).where(*_THIS)
_ERASE = _REPLACE.values(
    text="",
    author_name="",
    link=None,
    reasons=(),
    deleted=True,
    tone=Tone.NEUTRAL,
    urgency=Urgency.NONE,
    competitors=(),
    area=None,
)
_RECENT = select(messages).where(*_IN_LANE, _STANDS).order_by(messages.c.position.desc()).limit(bindparam("most"))
_OLDEST_FIRST = (messages.c.at, messages.c.space, messages.c.channel, messages.c.position)
_BY_AUTHOR = (
    select(messages).where(_IN_COMMUNITY, messages.c.author == bindparam("of_member"), _STANDS).order_by(*_OLDEST_FIRST)
)
_COUNT_OF = select(func.count().label("count_of")).where(
    _IN_COMMUNITY, messages.c.author == bindparam("of_member"), _STANDS
)
_FIRST_SAID = (
    select(messages.c.author, func.min(messages.c.at, type_=messages.c.at.type).label("first_at"))
    .where(_IN_COMMUNITY, messages.c.author.in_(bindparam("of_members", expanding=True)))
    .group_by(messages.c.author)
)
_SAID_IN_CHANNEL = (
    select(messages)
    .where(*_IN_LANE, _STANDS, messages.c.position > bindparam("place"))
    .order_by(messages.c.position)
    .limit(bindparam("most"))
)
_SAID_IN_THREAD = _SAID_IN_CHANNEL.where(messages.c.thread == bindparam("of_thread"))
_CONVERSATION = (
    select(messages)
    .where(_IN_COMMUNITY, messages.c.conversation == bindparam("of_conversation"), _STANDS)
    .order_by(*_OLDEST_FIRST)
)
_CONVERSATION_LATELY = (
    _CONVERSATION.order_by(None).order_by(*(column.desc() for column in _OLDEST_FIRST)).limit(bindparam("most"))
)


class SqlMessages(Messages):
    """See :class:`knowledge_base.ports.Messages`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        # the last place given in each lane; the lane's lock keeps others from giving any
        self._positions: dict[tuple[CommunityId, SpaceId, ChannelId], int] = {}

    async def add(self, messages_: Sequence[Message]) -> None:
        """Store new messages, in lane order."""
        if messages_:
            rows = [{**_columns(message), "position": await self._next_position(message)} for message in messages_]
            self._transaction.write_soon(ADD, *rows)

    async def get(self, community: CommunityId, message: MessageId) -> Message | None:
        """One message (deleted ones too), or None."""
        row = await self._transaction.row(_GET, {"community": community, "of_message": message})
        return None if row is None else _message(row)

    async def replace(self, message: Message) -> None:
        """Store a message anew; its place in the lane stays."""
        for row in self._transaction.waiting(ADD, {"community_id": message.community, "message": message.id}):
            row.update(_columns(message))
            return
        this = {"community": message.community, "of_message": message.id}
        await self._transaction.run(_REPLACE, {**this, **_columns(message)})

    async def erase(self, community: CommunityId, messages: Collection[MessageId]) -> None:
        """Blank messages and mark them deleted."""
        these = [{"community": community, "of_message": message} for message in messages]
        if these:
            await self._transaction.run(_ERASE, these)

    async def recent(self, community: CommunityId, space: SpaceId, channel: ChannelId, limit: int) -> Sequence[Message]:
        """The last messages stored in a lane, oldest first."""
        lane = {"community": community, "of_space": space, "of_channel": channel}
        rows = await self._transaction.rows(_RECENT, {**lane, "most": limit})
        return [_message(row) for row in reversed(rows)]

    async def by_author(self, community: CommunityId, member: MemberId) -> Sequence[Message]:
        """Everything kept of a member, oldest first."""
        rows = await self._transaction.rows(_BY_AUTHOR, {"community": community, "of_member": member})
        return [_message(row) for row in rows]

    async def first_said(self, community: CommunityId, members: Collection[MemberId]) -> Mapping[MemberId, datetime]:
        """When each of these members first said something that was stored, deleted or not."""
        if not members:
            return {}
        rows = await self._transaction.rows(_FIRST_SAID, {"community": community, "of_members": sorted(members)})
        return {row.author: row.first_at for row in rows}

    async def said_in(
        self,
        community: CommunityId,
        space: SpaceId,
        channel: ChannelId,
        thread: MessageId | None,
        *,
        after: int,
        limit: int,
    ) -> tuple[Sequence[Message], int]:
        """The next messages of a thread, or of a whole channel, and the place of the last of them."""
        asked = {"community": community, "of_space": space, "of_channel": channel, "place": after, "most": limit}
        statement = _SAID_IN_CHANNEL if thread is None else _SAID_IN_THREAD
        rows = await self._transaction.rows(statement, asked if thread is None else {**asked, "of_thread": thread})
        return [_message(row) for row in rows], rows[-1].position if rows else after

    async def outlived(
        self, community: CommunityId, audience: Audience, before: datetime, limit: int
    ) -> Sequence[Message]:
        """What was said before that moment, and staff did not act on, the oldest first."""
        asked = {"community": community, "of_audience": audience, "before": before, "most": limit}
        return [_message(row) for row in await self._transaction.rows(OUTLIVED, asked)]

    async def count_of(self, community: CommunityId, member: MemberId) -> int:
        """How many messages are kept of a member."""
        (row,) = await self._transaction.rows(_COUNT_OF, {"community": community, "of_member": member})
        return int(row.count_of)

    async def conversation(
        self, community: CommunityId, conversation: ConversationId, last: int | None = None
    ) -> Sequence[Message]:
        """A conversation's messages, or the last of them, oldest first."""
        asked = {"community": community, "of_conversation": conversation}
        if last is None:
            return [_message(row) for row in await self._transaction.rows(_CONVERSATION, asked)]
        rows = await self._transaction.rows(_CONVERSATION_LATELY, {**asked, "most": last})
        return [_message(row) for row in reversed(rows)]

    async def _next_position(self, message: Message) -> int:
        lane = (message.community, message.space, message.channel)
        if lane not in self._positions:
            (last,) = await self._transaction.rows(
                _LAST_POSITION, dict(zip(("community", "of_space", "of_channel"), lane, strict=True))
            )
            self._positions[lane] = last.position
        self._positions[lane] += 1
        return self._positions[lane]


def _columns(message: Message) -> dict[str, object]:
    return {
        "community_id": message.community,
        "message": message.id,
        "space": message.space,
        "channel": message.channel,
        "thread": message.thread,
        "author": message.author,
        "author_name": message.author_name,
        "role": message.role,
        "at": message.at,
        "text": message.text,
        "language": message.language,
        "kind": message.kind,
        "confidence": message.confidence,
        "conversation": message.conversation,
        "reply_to": message.reply_to,
        "version": message.version,
        "link": message.link,
        "deleted": message.deleted,
        "reasons": message.reasons,
        "tone": message.facets.tone,
        "urgency": message.facets.urgency,
        "competitors": message.facets.competitors,
        "area": message.facets.area,
    }


def _message(row: StoredRow) -> Message:
    return Message(
        id=row.message,
        community=row.community_id,
        space=row.space,
        channel=row.channel,
        thread=row.thread,
        author=row.author,
        author_name=row.author_name,
        role=row.role,
        at=row.at,
        text=row.text,
        language=row.language,
        kind=row.kind,
        confidence=row.confidence,
        conversation=row.conversation,
        reply_to=row.reply_to,
        version=row.version,
        link=row.link,
        deleted=row.deleted,
        reasons=row.reasons,
        facets=facets_in(row),
    )


def facets_in(row: StoredRow) -> Facets:
    """The facets that a row with the columns of messages holds."""
    return Facets(row.tone, row.urgency, tuple(row.competitors), row.area)
