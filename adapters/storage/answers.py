"""Answers, what they are made of, and what was done with them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, case, delete, func, insert, or_, select, update

from adapters.storage.columns import storable
from adapters.storage.tables import (
    accounts,
    answer_changes,
    answer_parts,
    answers,
    channels,
    check_marks,
    members,
    voices,
)
from adapters.storage.tables import messages as said
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_if_new
from knowledge_base.answers import UNDOABLE, Answer, AnswerChange, AnswerState, Checked, Part, Source, Wording
from knowledge_base.channels import Audience, Origin, Shared
from knowledge_base.ids import AccountId, AnswerId, CommunityId, ConversationId, InsightId, MessageId, SpaceId
from knowledge_base.members import shown_as
from knowledge_base.outcomes import Outcome
from knowledge_base.ports import Answers

_EVIDENCE: Final = {outcome: rank for rank, outcome in enumerate(Outcome)}
_PARTS: Final = {part: rank for rank, part in enumerate(Part)}

_IN_COMMUNITY = answers.c.community_id == bindparam("community")
_THIS = (_IN_COMMUNITY, answers.c.answer == bindparam("of_answer"))
_PARTS_OF = (answer_parts.c.community_id == bindparam("community"), answer_parts.c.answer == bindparam("of_answer"))
_CHANGES_OF = (
    answer_changes.c.community_id == bindparam("community"),
    answer_changes.c.answer == bindparam("of_answer"),
)
_LAST = select(func.coalesce(func.max(answers.c.number), 0).label("number")).where(_IN_COMMUNITY)
_ADD = insert(answers)
_REPLACE = update(answers).where(*_THIS)
_GET = select(answers).where(*_THIS)
_BY_NUMBER = select(answers).where(_IN_COMMUNITY, answers.c.number == bindparam("of_number"))
_ASKED_IN = (
    select(answers)
    .where(
        or_(  # with the community in each, so that each has its index
            and_(_IN_COMMUNITY, answers.c.conversation == bindparam("of_conversation")),
            and_(_IN_COMMUNITY, answers.c.question.in_(bindparam("questions", expanding=True))),
        ),
    )
    .order_by(answers.c.number)
)
# not put in order here: SQLite would go through all there are in that order
_OF_MESSAGE = select(answers).where(
    _IN_COMMUNITY,
    answers.c.answer.in_(
        select(answer_parts.c.answer).where(
            answer_parts.c.community_id == bindparam("community"),
            answer_parts.c.message == bindparam("of_message"),
        )
    ),
)
_PARTS_AMONG, _CHECKED_AMONG = (
    select(one.message).where(
        one.community_id == bindparam("community"), one.message.in_(bindparam("these", expanding=True))
    )
    for one in (answer_parts.c, check_marks.c)
)
_WAITING = (
    select(answers)
    .where(
        _IN_COMMUNITY,
        or_(
            answers.c.state == AnswerState.CANDIDATE,
            and_(answers.c.state == AnswerState.APPROVED, answers.c.look_again.is_(True)),
        ),
    )
    .order_by(
        answers.c.look_again.desc(),
        case(*((answers.c.outcome == outcome, rank) for outcome, rank in _EVIDENCE.items())),
        answers.c.at.desc(),
        answers.c.number,
    )
    .limit(bindparam("most"))
)
_APPROVED = select(answers).where(_IN_COMMUNITY, answers.c.state == AnswerState.APPROVED).order_by(answers.c.number)
_BESIDE_VOICES = answers.join(
    said, (said.c.community_id == answers.c.community_id) & (said.c.conversation == answers.c.conversation)
).join(voices, (voices.c.community_id == said.c.community_id) & (voices.c.message == said.c.message))
_OF_INSIGHT = (
    select(answers)
    .distinct()
    .select_from(_BESIDE_VOICES)
    .where(_IN_COMMUNITY, answers.c.state == AnswerState.APPROVED, voices.c.insight == bindparam("of_insight"))
    .order_by(answers.c.look_again, answers.c.number)
)
_OF_MANY = (
    select(voices.c.insight.label("of_one"), *answers.c)
    .distinct()
    .select_from(_BESIDE_VOICES)
    .where(
        _IN_COMMUNITY,
        answers.c.state == AnswerState.APPROVED,
        voices.c.insight.in_(bindparam("many", expanding=True, type_=voices.c.insight.type)),
    )
    .order_by(answers.c.look_again, answers.c.number)
)
_DROP_PARTS = delete(answer_parts).where(*_PARTS_OF)
_ADD_PART = insert(answer_parts)
_SOURCES = (
    select(
        said,
        answer_parts.c.part,
        members.c.name.label("present_name"),
        members.c.naming,
        members.c.share_private,
        channels.c.audience,
        channels.c.shared,
    )
    .select_from(
        answer_parts.join(
            said, (said.c.community_id == answer_parts.c.community_id) & (said.c.message == answer_parts.c.message)
        )
        .join(members, (members.c.community_id == said.c.community_id) & (members.c.member == said.c.author))
        .outerjoin(
            channels,
            (channels.c.community_id == said.c.community_id)
            & (channels.c.space == said.c.space)
            & (channels.c.channel == said.c.channel),
        )
    )
    .where(*_PARTS_OF, said.c.deleted.is_(False))
    .order_by(answer_parts.c.number)
)
_LAST_CHANGE = select(func.coalesce(func.max(answer_changes.c.number), 0).label("number")).where(*_CHANGES_OF)
_RECORD = insert(answer_changes)
_HISTORY = select(answer_changes).where(*_CHANGES_OF).order_by(answer_changes.c.number)
_UNDO = update(answer_changes).where(*_CHANGES_OF, answer_changes.c.number == bindparam("of_number"))
_WIPE = _REPLACE.values(questions=(), text="", tags=(), source=None)
_WIPE_CHANGES = update(answer_changes).where(*_CHANGES_OF).values(questions=(), text="", undone=True)
_THIS_CHECK = (
    check_marks.c.community_id == bindparam("community"),
    check_marks.c.message == bindparam("of_message"),
)
_UNCHECK_ALL = delete(check_marks).where(*_THIS_CHECK)
_UNCHECK = _UNCHECK_ALL.where(check_marks.c.account == bindparam("of_account"))
_FORGET_CHECKS = delete(check_marks).where(
    check_marks.c.community_id == bindparam("community"),
    check_marks.c.account == bindparam("of_account"),
    check_marks.c.message.in_(
        select(said.c.message).where(
            said.c.community_id == bindparam("community"), said.c.space == bindparam("of_space")
        )
    ),
)
_CHECKED_IN = (
    select(check_marks.c.message, accounts.c.member, check_marks.c.at)
    .select_from(
        check_marks.join(
            said, (said.c.community_id == check_marks.c.community_id) & (said.c.message == check_marks.c.message)
        ).join(
            accounts,
            (accounts.c.community_id == check_marks.c.community_id)
            & (accounts.c.space == said.c.space)
            & (accounts.c.account == check_marks.c.account),
        )
    )
    .where(said.c.community_id == bindparam("community"), said.c.conversation == bindparam("of_conversation"))
    .order_by(check_marks.c.at, check_marks.c.message, accounts.c.member)
)


class SqlAnswers(Answers):
    """See :class:`knowledge_base.ports.Answers`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, answer: Answer, parts: Sequence[tuple[Part, MessageId]] = ()) -> Answer:
        """Store a new answer and give it its number."""
        (last,) = await self._transaction.rows(_LAST, {"community": answer.community})
        numbered = replace(answer, number=last.number + 1)
        key = {"community_id": answer.community, "answer": answer.id, "number": numbered.number}
        await self._transaction.run(_ADD, {**key, **_columns(numbered)})
        await self._add_parts(answer.community, answer.id, parts)
        return numbered

    async def replace(self, answer: Answer) -> None:
        """Store changed fields."""
        this = {"community": answer.community, "of_answer": answer.id}
        await self._transaction.run(_REPLACE, {**this, **_columns(answer)})

    async def make_of(self, community: CommunityId, answer: AnswerId, parts: Sequence[tuple[Part, MessageId]]) -> None:
        """It is made of these messages and no others."""
        await self._transaction.run(_DROP_PARTS, {"community": community, "of_answer": answer})
        await self._add_parts(community, answer, parts)

    async def get(self, community: CommunityId, answer: AnswerId) -> Answer | None:
        """One answer, or None."""
        return _answer(await self._transaction.row(_GET, {"community": community, "of_answer": answer}))

    async def by_number(self, community: CommunityId, number: int) -> Answer | None:
        """One answer by its short name, or None."""
        return _answer(await self._transaction.row(_BY_NUMBER, {"community": community, "of_number": number}))

    async def of_message(self, community: CommunityId, message: MessageId) -> Sequence[Answer]:
        """The answers that a message is part of."""
        rows = await self._transaction.rows(_OF_MESSAGE, {"community": community, "of_message": message})
        return sorted(map(_one, rows), key=lambda answer: answer.number)

    async def touching(self, community: CommunityId, messages: Collection[MessageId]) -> frozenset[MessageId]:
        """Which of these are part of an answer, or bear a check mark."""
        asked = {"community": community}
        found = [await self._transaction.rows_of(query, asked, messages) for query in (_PARTS_AMONG, _CHECKED_AMONG)]
        return frozenset(row.message for rows in found for row in rows)

    async def asked_in(
        self, community: CommunityId, conversation: ConversationId, questions: Collection[MessageId] = ()
    ) -> Sequence[Answer]:
        """The answers whose question stands in a conversation, and those to these questions."""
        asked = {"community": community, "of_conversation": conversation, "questions": list(questions)}
        return [_one(row) for row in await self._transaction.rows(_ASKED_IN, asked)]

    async def waiting(self, community: CommunityId, limit: int) -> Sequence[Answer]:
        """Approved ones that want another look, then candidates, best evidence first."""
        rows = await self._transaction.rows(_WAITING, {"community": community, "most": limit})
        return [_one(row) for row in rows]

    async def approved(self, community: CommunityId) -> Sequence[Answer]:
        """Every approved answer, by number."""
        return [_one(row) for row in await self._transaction.rows(_APPROVED, {"community": community})]

    async def of_insight(self, community: CommunityId, insight: InsightId) -> Sequence[Answer]:
        """Approved answers to what was asked where its voices said it."""
        rows = await self._transaction.rows_again(_OF_INSIGHT, {"community": community, "of_insight": insight})
        return [_one(row) for row in rows]

    async def read_ahead(self, community: CommunityId, insights: Sequence[InsightId]) -> None:
        """The answers of these will be asked for."""
        await self._transaction.read_ahead(_OF_INSIGHT, _OF_MANY, community, insights)

    async def sources(self, community: CommunityId, answer: AnswerId) -> Sequence[Source]:
        """What it is made of, as authors and channels are at present."""
        rows = await self._transaction.rows(_SOURCES, {"community": community, "of_answer": answer})
        return [_source(row) for row in rows]

    async def record(self, community: CommunityId, change: AnswerChange) -> None:
        """Add to the history."""
        this = {"community": community, "of_answer": change.answer}
        (last,) = await self._transaction.rows(_LAST_CHANGE, this)
        await self._transaction.run(
            _RECORD,
            {
                "community_id": community,
                "answer": change.answer,
                "number": last.number + 1,
                "deed": change.deed,
                "state": change.state,
                "questions": change.wording.questions,
                "text": change.wording.text,
                "by": change.by,
                "at": change.at,
                "reason": change.reason,
                "undone": change.undone,
            },
        )

    async def history(self, community: CommunityId, answer: AnswerId) -> Sequence[AnswerChange]:
        """What was done with it, oldest first."""
        rows = await self._transaction.rows(_HISTORY, {"community": community, "of_answer": answer})
        return [_change(row) for row in rows]

    async def undo_last(self, community: CommunityId, answer: AnswerId) -> AnswerChange | None:
        """Mark the last deed that holds as undone."""
        this = {"community": community, "of_answer": answer}
        rows = await self._transaction.rows(_HISTORY, this)
        last = next((row for row in reversed(rows) if not row.undone and row.deed in UNDOABLE), None)
        if last is None:
            return None
        await self._transaction.run(_UNDO, {**this, "of_number": last.number, "undone": True})
        return _change(last)

    async def wipe(self, community: CommunityId, answer: AnswerId) -> None:
        """Blank its wording, there and in its history."""
        this = {"community": community, "of_answer": answer}
        await self._transaction.run(_WIPE, this)
        await self._transaction.run(_WIPE_CHANGES, this)

    async def check(self, community: CommunityId, message: MessageId, account: AccountId, at: datetime) -> None:
        """Somebody put a check mark on a message."""
        statement = insert_if_new(check_marks, ("community_id", "message", "account"), self._transaction.dialect)
        row = {"community_id": community, "message": message, "account": storable(account), "at": at}
        await self._transaction.run(statement, row)

    async def uncheck(self, community: CommunityId, message: MessageId, account: AccountId | None = None) -> None:
        """Somebody took theirs back, or all are gone."""
        this = {"community": community, "of_message": message}
        if account is None:
            await self._transaction.run(_UNCHECK_ALL, this)
        else:
            await self._transaction.run(_UNCHECK, {**this, "of_account": account})

    async def forget_checks(self, community: CommunityId, space: SpaceId, account: AccountId) -> None:
        """All check marks of an account are gone."""
        theirs = {"community": community, "of_space": space, "of_account": account}
        await self._transaction.run(_FORGET_CHECKS, theirs)

    async def checked_in(self, community: CommunityId, conversation: ConversationId) -> Sequence[Checked]:
        """The check marks on a conversation's messages."""
        rows = await self._transaction.rows(_CHECKED_IN, {"community": community, "of_conversation": conversation})
        return [Checked(row.message, row.member, row.at) for row in rows]

    async def _add_parts(
        self, community: CommunityId, answer: AnswerId, parts: Sequence[tuple[Part, MessageId]]
    ) -> None:
        ordered = sorted(parts, key=lambda one: _PARTS[one[0]])
        rows = [
            {"community_id": community, "answer": answer, "number": number, "part": part, "message": message}
            for number, (part, message) in enumerate(ordered, 1)
        ]
        if rows:
            await self._transaction.run(_ADD_PART, rows)


def _columns(answer: Answer) -> dict[str, object]:
    return {
        "state": answer.state,
        "outcome": answer.outcome,
        "proof": answer.proof,
        "audience": answer.audience,
        "language": answer.language,
        "at": answer.at,
        "question": answer.question,
        "conversation": answer.conversation,
        "solver": answer.solver,
        "questions": answer.wording.questions,
        "text": answer.wording.text,
        "tags": answer.tags,
        "source": answer.source,
        "look_again": answer.look_again,
    }


def _answer(row: StoredRow | None) -> Answer | None:
    return None if row is None else _one(row)


def _one(row: StoredRow) -> Answer:
    return Answer(
        id=row.answer,
        community=row.community_id,
        number=row.number,
        state=row.state,
        outcome=row.outcome,
        proof=row.proof,
        audience=row.audience,
        language=row.language,
        at=row.at,
        question=row.question,
        conversation=row.conversation,
        solver=row.solver,
        wording=Wording(row.questions, row.text),
        tags=row.tags,
        source=row.source,
        look_again=row.look_again,
    )


def _change(row: StoredRow) -> AnswerChange:
    wording = Wording(row.questions, row.text)
    return AnswerChange(row.answer, row.deed, row.state, wording, row.by, row.at, row.reason, row.undone)


def _source(row: StoredRow) -> Source:
    # words from a channel that nobody described count as private and shared: the fence keeps them where they are
    audience = row.audience or Audience.PRIVATE
    shared = row.shared or Shared.UNKNOWN
    return Source(
        part=row.part,
        message=row.message,
        member=row.author,
        author_name=shown_as(row.present_name, row.naming),
        text=row.text,
        at=row.at,
        origin=Origin(row.community_id, row.space, row.channel, audience, shared),
        link=row.link,
        shares_private=row.share_private,
    )
