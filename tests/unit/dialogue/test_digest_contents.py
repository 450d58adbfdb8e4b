"""Of the questions that wait only the first ones are read, and what is named is the same as if all were."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.actions import DigestOf
from dialogue.digests import contents
from dialogue.digests.contents import Contents
from knowledge_base.digests import DigestInsight, DigestPart, DigestSettings, DigestSpan, Unheard
from knowledge_base.facets import Urgency
from knowledge_base.ids import CommunityId, InsightId, MemberId, TeamId
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from tests.contract.storage.samples import ACME, NOW, insight

TEAM = TeamId("editors")
BEFORE = NOW - timedelta(days=7)
LENGTH = 3


def question(number: int, people: int, urgency: Urgency, told_at: datetime, speaker: str | None) -> DigestInsight:
    this = insight(f"i{number}", Kind.QUESTION, number=number, demand=people, last_at=NOW - timedelta(hours=number))
    alone = MemberId(speaker) if speaker and people == 1 else None
    tiers = (("Pro", people),) if number % 3 == 0 else ()
    more = int(told_at == NOW)
    return DigestInsight(replace(this, status=Status.NEW), more, more, urgency, alone, told_at, None, False, tiers)


@dataclass
class Questions:
    """What came up, and what waits, as the storage tells it."""

    rows: Sequence[DigestInsight]
    asked: list[int] = field(default_factory=list)

    async def most_wanted(
        self, community: CommunityId, span: DigestSpan, kinds: Collection[Kind], most: int, tiers: Collection[str]
    ) -> Unheard:
        assert (community, span.team, list(kinds)) == (ACME, TEAM, [Kind.QUESTION])
        self.asked.append(most)
        waiting = [row for row in self.rows if row.told_at == BEFORE]
        waiting.sort(key=lambda row: (-row.insight.demand, -row.insight.last_at.timestamp(), row.insight.number))
        return Unheard(waiting[:most], len(waiting))

    async def longest_waiting(self, *asked: object) -> Unheard:
        raise AssertionError("nobody wants that part")

    async def parts(self, held: Collection[InsightId] = ()) -> contents.Part | None:
        wanted = DigestSettings(ACME, TEAM, "0 9 * * mon", "UTC", length=LENGTH, parts=(DigestPart.QUESTIONS,))
        digest = DigestOf(TEAM, BEFORE, NOW)
        since = dict.fromkeys(held, NOW)
        made = Contents(SimpleNamespace(digests=self), digest, wanted, ("Pro",), since)
        came_up = [row for row in self.rows if row.told_at == NOW]
        return (await made.parts(came_up)).get(DigestPart.QUESTIONS)


ROWS = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(Urgency),
        st.sampled_from([NOW, BEFORE, BEFORE, BEFORE]),
        st.sampled_from(["a", "b", None]),
    ),
    min_size=5,
    max_size=30,
)


@settings(max_examples=300)
@given(ROWS, st.sets(st.integers(0, 29), max_size=9))
async def test_what_is_named_is_the_same_as_if_all_that_waits_were_read(
    given: list[tuple[int, Urgency, datetime, str | None]], held: set[int]
) -> None:
    rows = [question(number, *row) for number, row in enumerate(given)]
    kept = [InsightId(f"i{number}") for number in held]
    whole = await Questions(rows).parts(kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents, "_AT_FIRST", 1)
        patch.setattr(contents, "_MORE", 2)
        assert await Questions(rows).parts(kept) == whole
    assert (whole.many if whole else 0) == len(rows)


async def test_of_many_questions_that_few_ask_only_the_first_are_read() -> None:
    asked_by = [9, 9, 9, *[1] * 500]
    questions = Questions([question(n, many, Urgency.NONE, BEFORE, "a") for n, many in enumerate(asked_by)])
    part = await questions.parts()
    assert questions.asked == [64]
    assert part is not None
    assert ([row.insight.number for row in part.named], part.many) == ([0, 1, 2], 503)


async def test_where_all_are_asked_by_one_each_all_of_them_are_looked_at() -> None:
    urgent = [Urgency.NOW if n == 499 else Urgency.NONE for n in range(500)]
    questions = Questions([question(n, 1, urgency, BEFORE, None) for n, urgency in enumerate(urgent)])
    part = await questions.parts()
    assert questions.asked == [64, 512]
    assert part is not None
    assert part.named[0].insight.number == 499
