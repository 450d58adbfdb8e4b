"""What is learned from what staff corrected: the corrections that count, and the steps that say which do."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import bindparam, func, insert, literal, or_, select

from adapters.storage.corrections import correction_of
from adapters.storage.tables import corrections, learning_steps
from adapters.storage.transaction import StoredRow, Transaction
from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import CommunityId, InsightId, MessageId
from knowledge_base.learning import Learned, Lesson, Shipped, learn
from knowledge_base.lessons import lesson_of
from knowledge_base.ports import Learning
from knowledge_base.ports.learning import MOST_LESSONS
from knowledge_base.steps import Step, StepSort

_ALWAYS = select(literal(1).label("one")).subquery("always")
"""So that a community without a row has one all the same: what is not there would be asked for again each time."""

_STANDING = (
    select(corrections)
    .select_from(
        _ALWAYS.outerjoin(
            corrections, (corrections.c.community_id == bindparam("community")) & corrections.c.undone_at.is_(None)
        )
    )
    .order_by(corrections.c.number.desc())
    .limit(2 * MOST_LESSONS)
)
_ABOUT = (
    select(corrections)
    .where(
        corrections.c.community_id == bindparam("community"),
        corrections.c.sort == bindparam("of_sort", type_=corrections.c.sort.type),
        or_(corrections.c.message == bindparam("about"), corrections.c.insight == bindparam("about")),
        corrections.c.undone_at.is_(None),
    )
    .order_by(corrections.c.number)
)
_STEPS = (
    select(learning_steps)
    .select_from(_ALWAYS.outerjoin(learning_steps, learning_steps.c.community_id == bindparam("community")))
    .order_by(learning_steps.c.number)
)
_LAST = select(func.coalesce(func.max(learning_steps.c.number), 0).label("number")).where(
    learning_steps.c.community_id == bindparam("community")
)
_TAKE = insert(learning_steps)

_Rows = Sequence[StoredRow]


class SqlLearning(Learning):
    """See :class:`knowledge_base.ports.Learning`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._learned: dict[tuple[CommunityId, Shipped], tuple[_Rows, _Rows, Learned]] = {}

    async def corrections(self, community: CommunityId) -> Sequence[tuple[int, Correction]]:
        """Those that count, newest first."""
        return _counting(*await self._rows(community))

    async def find(
        self, community: CommunityId, sort: CorrectionSort, about: MessageId | InsightId
    ) -> Sequence[Correction]:
        """The corrections of a sort about a message or an insight that stand."""
        asked = {"community": community, "of_sort": sort, "about": about}
        return [correction_of(row) for row in await self._transaction.rows(_ABOUT, asked)]

    async def lessons(self, community: CommunityId) -> Sequence[Lesson]:
        """What those teach."""
        return _taught(await self.corrections(community))

    async def learned(self, community: CommunityId, shipped: Shipped) -> Learned:
        """What holds now."""
        standing, steps = await self._rows(community)
        known = self._learned.get((community, shipped))
        if known is not None and known[0] is standing and known[1] is steps:
            return known[2]
        learned = _learn(tuple(_taught(_counting(standing, steps))) if _is_on(steps) else (), shipped)
        self._learned[community, shipped] = (standing, steps, learned)
        return learned

    async def is_on(self, community: CommunityId) -> bool:
        """Whether the community is judged as it has taught."""
        return _is_on((await self._rows(community))[1])

    async def take(self, step: Step) -> None:
        """Keep a step."""
        (last,) = await self._transaction.rows(_LAST, {"community": step.community})
        await self._transaction.run(
            _TAKE,
            {
                "community_id": step.community,
                "number": last.number + 1,
                "sort": step.sort,
                "by": step.by,
                "at": step.at,
                "correction": step.correction,
            },
        )

    async def steps(self, community: CommunityId) -> Sequence[Step]:
        """Every step, oldest first."""
        return _steps((await self._rows(community))[1])

    async def _rows(self, community: CommunityId) -> tuple[_Rows, _Rows]:
        asked = {"community": community}
        standing = await self._transaction.rows_once(_STANDING, asked)
        return standing, await self._transaction.rows_once(_STEPS, asked)


@lru_cache(maxsize=64)
def _learn(lessons: tuple[Lesson, ...], shipped: Shipped) -> Learned:
    """The same corrections teach the same in every unit of work."""
    return learn(lessons, shipped)


def _counting(standing: _Rows, steps: _Rows) -> Sequence[tuple[int, Correction]]:
    taken = _steps(steps)
    left_out = {step.correction for step in taken if step.sort is StepSort.LEAVE_OUT}
    since = max((step.at for step in taken if step.sort is StepSort.RESET), default=None)
    found = [(row.number, correction_of(row)) for row in standing if row.correction is not None]
    counting = [(number, one) for number, one in found if one.id not in left_out and (since is None or one.at > since)]
    return counting[:MOST_LESSONS]


def _taught(counting: Sequence[tuple[int, Correction]]) -> Sequence[Lesson]:
    lessons = (lesson_of(correction, number) for number, correction in counting)
    return [lesson for lesson in lessons if lesson is not None]


def _steps(rows: _Rows) -> Sequence[Step]:
    return [Step(row.community_id, row.sort, row.by, row.at, row.correction) for row in rows if row.number is not None]


def _is_on(rows: _Rows) -> bool:
    switches = [step.sort for step in _steps(rows) if step.sort in (StepSort.ON, StepSort.OFF)]
    return not switches or switches[-1] is StepSort.ON
