"""What somebody is due for an insight or an answer as it stands now. Pure: the same state gives the same."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from knowledge_base.answers import Answer, AnswerState
from knowledge_base.contributions import Contributed, Guard
from knowledge_base.guards import WEEK
from knowledge_base.ids import MemberId
from knowledge_base.insights import Insight, Status, Voice
from knowledge_base.outcomes import Outcome, Proof

STEPS: Final = {3: 3, 10: 5, 30: 8}
"""By how many people must say something for it to be demand: the points for whoever said it first."""

POINTS: Final = {
    Contributed.REPORT: 2,
    Contributed.SHIPPED: 5,
    Contributed.SOLUTION: 3,
    Contributed.ANSWER: 4,
    Contributed.THANKS: 1,
}

_TAKEN_UP: Final = frozenset(
    {Status.ACKNOWLEDGED, Status.NEEDS_INFO, Status.PLANNED, Status.IN_PROGRESS, Status.SHIPPED}
)
_GONE: Final = frozenset({Status.MERGED, Status.DISMISSED})


@dataclass(frozen=True, slots=True)
class Due:
    """What a member is due, since when, and who gave it. ``guard``: why it can't count, as far as its cause tells."""

    member: MemberId
    kind: Contributed
    points: int
    at: datetime
    by: MemberId | None = None
    step: int = 0
    guard: Guard | None = None


def of_insight(
    insight: Insight,
    voices: Sequence[Voice],
    since: Mapping[MemberId, datetime],
    had: Collection[Contributed],
    now: datetime,
) -> Sequence[Due]:
    """What its first voice is due: for what others said, too, and for what staff took up.

    ``voices``: all, oldest first. ``since``: when members were first heard. ``had``: what it has brought already; what
    staff took up and then decline stays counted. ``now``: what staff decided is due from then on.
    """
    said = [voice for voice in voices if voice.role.is_customer]
    if insight.status in _GONE or not said:
        return ()
    first, dues = said[0].member, list(_demand(said, since))
    if insight.status in _TAKEN_UP or (insight.status is Status.DECLINED and Contributed.REPORT in had):
        dues.append(Due(first, Contributed.REPORT, POINTS[Contributed.REPORT], now))
    if insight.status is Status.SHIPPED:
        dues.append(Due(first, Contributed.SHIPPED, POINTS[Contributed.SHIPPED], now))
    return dues


def _demand(said: Sequence[Voice], since: Mapping[MemberId, datetime]) -> Sequence[Due]:
    """Of people who are new here, all together count as one: who has many accounts is not many."""
    dues, known, people = list[Due](), set[MemberId](), set[MemberId]()
    for voice in said:
        if voice.member in people:
            continue
        people.add(voice.member)
        if voice.at - since.get(voice.member, voice.at) >= WEEK:
            known.add(voice.member)
        if len(people) in STEPS:
            step, alone = len(people), len(known) + 1 < len(people)
            guard = Guard.NEWCOMERS if alone else None
            dues.append(Due(said[0].member, Contributed.DEMAND, STEPS[step], voice.at, step=step, guard=guard))
    return dues


@dataclass(frozen=True, slots=True)
class Proven:
    """Who says that an answer worked, and when; and who approved it, when."""

    by: MemberId | None
    at: datetime
    approved_by: MemberId | None = None
    approved_at: datetime | None = None


def of_answer(answer: Answer, asker: MemberId | None, proven: Proven) -> Sequence[Due]:
    """What its solver is due: where it worked, and where it may be said again. Who solved their own is due nothing."""
    solver = answer.solver
    if solver is None or solver == asker or answer.state in (AnswerState.REJECTED, AnswerState.WITHDRAWN):
        return ()
    dues = list[Due]()
    if answer.outcome is Outcome.CONFIRMED:
        kind = Contributed.THANKS if answer.proof is Proof.THANKS else Contributed.SOLUTION
        dues.append(Due(solver, kind, POINTS[kind], proven.at, proven.by))
    if answer.state is AnswerState.APPROVED:
        approved_at = proven.approved_at or proven.at
        dues.append(Due(solver, Contributed.ANSWER, POINTS[Contributed.ANSWER], approved_at, proven.approved_by))
    return dues
