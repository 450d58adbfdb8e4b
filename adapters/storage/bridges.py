"""Questions to customers, who was asked by which post, and what was carried over."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, insert, select, update

from adapters.storage.tables import addressees, carried, messages, outbox, questions
from adapters.storage.transaction import StoredRow, Transaction
from dialogue.bridging.storing import Addressee, Bridges, Carried
from dialogue.rows import OutboxState
from knowledge_base.bridges import Question, QuestionState
from knowledge_base.ids import ChannelId, CommunityId, InsightId, MemberId, MessageId, QuestionId, SpaceId, TeamId

_THIS = (questions.c.community_id == bindparam("community"), questions.c.question == bindparam("of_question"))
_ADD = insert(questions)
_ADDRESS = insert(addressees)
_CARRY = insert(carried)
_GET = select(questions).where(*_THIS)
_CLOSE = update(questions).where(*_THIS).values(state=QuestionState.CLOSED)
_OF_QUESTION = (addressees.c.community_id == questions.c.community_id) & (addressees.c.question == questions.c.question)
_WAITING = (
    select(addressees)
    .join_from(questions, addressees, _OF_QUESTION)
    .where(questions.c.community_id == bindparam("community"), questions.c.state == QuestionState.OPEN)
    .order_by(questions.c.at.desc(), questions.c.question, addressees.c.member)
)
_POSTED = (outbox.c.community_id == addressees.c.community_id) & (outbox.c.id == addressees.c.post)
_ADDRESSEES = (
    select(addressees, outbox.c.state)
    .join_from(addressees, outbox, _POSTED)
    .where(addressees.c.community_id == bindparam("community"), addressees.c.question == bindparam("of_question"))
    .order_by(addressees.c.member)
)
_ASK_BY = (
    update(addressees)
    .where(
        addressees.c.community_id == bindparam("community"),
        addressees.c.question == bindparam("of_question"),
        addressees.c.member == bindparam("of_member"),
    )
    .values(message=bindparam("says"), post=bindparam("by_post"), channel=bindparam("there"), thread=bindparam("below"))
)
_CARRIED = (
    select(carried)
    .where(carried.c.community_id == bindparam("community"), carried.c.question == bindparam("of_question"))
    .order_by(carried.c.number)
)
_OF_MESSAGES = (
    select(carried)
    .where(
        carried.c.community_id == bindparam("community"),
        carried.c.source.in_(bindparam("of_messages", expanding=True)),
    )
    .order_by(carried.c.question, carried.c.number)
)
_OF_CARRIED = (questions.c.community_id == carried.c.community_id) & (questions.c.question == carried.c.question)
_CARRIED_OF = (
    select(questions.c.insight, questions.c.team)
    .distinct()
    .join_from(carried, questions, _OF_CARRIED)
    .join(messages, (messages.c.community_id == carried.c.community_id) & (messages.c.message == carried.c.source))
    .join(outbox, (outbox.c.community_id == carried.c.community_id) & (outbox.c.id == carried.c.post))
    .where(
        carried.c.community_id == bindparam("community"),
        messages.c.author == bindparam("of_member"),
        messages.c.deleted.is_(False),
        outbox.c.state == OutboxState.SENT,
    )
    .order_by(questions.c.insight, questions.c.team)
)
_HUNG_IN = (
    select(carried)
    .where(
        carried.c.community_id == bindparam("community"),
        carried.c.space == bindparam("of_space"),
        carried.c.channel == bindparam("of_channel"),
        carried.c.source.is_not(None),
    )
    .order_by(carried.c.question, carried.c.number)
)


class SqlBridges(Bridges):
    """See :class:`dialogue.bridging.storing.Bridges`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def ask(self, question: Question, addressees: Sequence[Addressee]) -> None:
        """Store a new question, and who will be asked how."""
        await self._transaction.run(
            _ADD,
            {
                "community_id": question.community,
                "question": question.id,
                "insight": question.insight,
                "team": question.team,
                "text": question.text,
                "by": question.by,
                "at": question.at,
                "state": question.state,
            },
        )
        for one in addressees:
            await self._transaction.run(
                _ADDRESS,
                {
                    "community_id": question.community,
                    "question": one.question,
                    "member": one.member,
                    "message": one.message,
                    "post": one.post,
                    "space": one.space,
                    "channel": one.channel,
                    "thread": one.thread,
                },
            )

    async def question(self, community: CommunityId, question: QuestionId) -> Question | None:
        """One, or None."""
        row = await self._transaction.row(_GET, {"community": community, "of_question": question})
        if row is None:
            return None
        return Question(row.question, row.community_id, row.insight, row.team, row.text, row.by, row.at, row.state)

    async def close(self, community: CommunityId, question: QuestionId) -> None:
        """Nothing goes to the team any more."""
        await self._transaction.run(_CLOSE, {"community": community, "of_question": question})

    async def waiting(self, community: CommunityId) -> Sequence[Addressee]:
        """Everybody who was asked by questions that are open, the latest first."""
        rows = await self._transaction.rows_once(_WAITING, {"community": community})
        return [_addressee(row) for row in rows]

    async def addressees(self, community: CommunityId, question: QuestionId) -> Sequence[tuple[Addressee, OutboxState]]:
        """Everybody who is asked, and what became of the post."""
        rows = await self._transaction.rows(_ADDRESSEES, {"community": community, "of_question": question})
        return [(_addressee(row), row.state) for row in rows]

    async def ask_by(self, community: CommunityId, addressee: Addressee) -> None:
        """The member is asked by this post instead of the one before."""
        await self._transaction.run(
            _ASK_BY,
            {
                "community": community,
                "of_question": addressee.question,
                "of_member": addressee.member,
                "says": addressee.message,
                "by_post": addressee.post,
                "there": addressee.channel,
                "below": addressee.thread,
            },
        )

    async def carry(self, community: CommunityId, carried: Carried) -> None:
        """Remember what goes over."""
        await self._transaction.run(
            _CARRY,
            {
                "community_id": community,
                "question": carried.question,
                "number": carried.number,
                "asked": carried.asked,
                "post": carried.post,
                "space": carried.space,
                "channel": carried.channel,
                "at": carried.at,
                "source": carried.source,
                "by": carried.by,
                "text": carried.text,
            },
        )

    async def carried(self, community: CommunityId, question: QuestionId) -> Sequence[Carried]:
        """All that went over, in order."""
        rows = await self._transaction.rows(_CARRIED, {"community": community, "of_question": question})
        return [_carried(row) for row in rows]

    async def of_messages(self, community: CommunityId, messages: Collection[MessageId]) -> Sequence[Carried]:
        """What was carried to teams of these messages."""
        if not messages:
            return []
        asked = {"community": community, "of_messages": sorted(messages)}
        return [_carried(row) for row in await self._transaction.rows(_OF_MESSAGES, asked)]

    async def carried_of(self, community: CommunityId, member: MemberId) -> Sequence[tuple[InsightId, TeamId]]:
        """Where something that a member said was carried."""
        rows = await self._transaction.rows(_CARRIED_OF, {"community": community, "of_member": member})
        return [(InsightId(row.insight), TeamId(row.team)) for row in rows]

    async def hung_in(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> Sequence[Carried]:
        """What was carried to a team's channel."""
        asked = {"community": community, "of_space": space, "of_channel": channel}
        return [_carried(row) for row in await self._transaction.rows(_HUNG_IN, asked)]


def _addressee(row: StoredRow) -> Addressee:
    return Addressee(row.question, row.member, row.message, row.post, row.space, row.channel, row.thread)


def _carried(row: StoredRow) -> Carried:
    return Carried(
        row.question,
        row.number,
        row.asked,
        row.post,
        row.space,
        row.channel,
        row.at,
        row.source,
        row.by,
        row.text,
    )
