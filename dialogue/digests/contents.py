"""Which insight stands in which part of a digest, and in which order. An insight is named once.

What is new and was held back is told once it is named: what a part has no room for is new in the next digest. Of what
only waits, which may be very much, the first ones are read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from dialogue.actions import DigestOf, Occasion
from dialogue.digests.windows import span_of
from dialogue.ports import UnitOfWork
from knowledge_base.digest_ranking import rank, stands
from knowledge_base.digests import (
    DigestInsight,
    DigestNews,
    DigestPart,
    DigestSettings,
    Unheard,
    counted_twice,
    part_of,
    waiting_kinds,
)
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind

Held = Mapping[InsightId, datetime]
"""What of a team's insights has no card yet, since it is held back, and since when it is."""


_AT_FIRST: Final = 64
"""How many of the questions that wait are read at first. Where it is not sure then which are named, ..."""
_MORE: Final = 8
"""... so many times as many are, until it is."""
_NOTHING: Final = Unheard((), 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a digest: what came up in it, how many belong in it, and what of that it names, ranked.

    ``later``: what is new, held back and not named. That is told later: by the next digest, or by its card.
    """

    rows: Sequence[DigestInsight]
    many: int
    named: Sequence[DigestInsight]
    later: Sequence[InsightId]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a digest of a team may tell. ``tiers``: whose customers count twice."""

    uow: UnitOfWork
    digest: DigestOf
    settings: DigestSettings
    tiers: Sequence[str]
    held: Held

    @classmethod
    async def of(cls, uow: UnitOfWork, digest: DigestOf, settings: DigestSettings) -> Self:
        """The contents of a digest, as it is now."""
        tiers = counted_twice(settings, await uow.tiers.all(settings.community))
        held = {one.insight: one.at for one in await uow.holdings.of_team(settings.community, settings.team)}
        return cls(uow, digest, settings, tiers, held)

    async def came_up(self) -> Sequence[DigestInsight]:
        """All that may be news."""
        return await self.uow.digests.came_up(self.settings.community, span_of(self.digest), self.tiers)

    def tells_news(self, came_up: Sequence[DigestInsight]) -> bool:
        """Whether something of this would stand in a part that is wanted."""
        wanted = self.settings.parts
        bases = ((row, _base(row, self.digest)) for row in came_up)
        return any(
            base not in (None, DigestPart.WAITING) and part_of(base, row.insight.kind, wanted, public=row.public)
            for row, base in bases
        )

    async def parts(self, came_up: Sequence[DigestInsight]) -> Mapping[DigestPart, Part]:
        """The parts that name something: what waits by when it was first heard, else ranked, what is held first."""
        found: dict[DigestPart, list[DigestInsight]] = {part: [] for part in DigestPart}
        for row in came_up:
            base = _base(row, self.digest) or (DigestPart.NEW if self._is_left(row) else None)
            part = part_of(base, row.insight.kind, self.settings.parts, public=row.public) if base else None
            if part is not None:
                found[part].append(row)
        parts = {part: self._ranked(rows, _NOTHING) for part, rows in found.items()}
        if DigestPart.QUESTIONS in self.settings.parts:
            parts[DigestPart.QUESTIONS] = await self._questions(found[DigestPart.QUESTIONS])
        if DigestPart.WAITING in self.settings.parts:
            parts[DigestPart.WAITING] = await self._longest_waiting(found[DigestPart.WAITING])
        return {part: one for part, one in parts.items() if one.named}

    async def _questions(self, came_up: Sequence[DigestInsight]) -> Part:
        kinds = waiting_kinds(DigestPart.QUESTIONS, self.settings.parts)
        most = _AT_FIRST
        while True:
            waiting = await self.uow.digests.most_wanted(
                self.settings.community, span_of(self.digest), kinds, most, self.tiers
            )
            part = self._ranked(came_up, waiting)
            if waiting.many <= most or self._is_sure(part.named, waiting.rows[-1].insight.demand):
                return part
            most *= _MORE

    async def _longest_waiting(self, came_up: Sequence[DigestInsight]) -> Part:
        kinds = waiting_kinds(DigestPart.WAITING, self.settings.parts)
        waiting = await self.uow.digests.longest_waiting(
            self.settings.community, span_of(self.digest), kinds, self.settings.length, self.tiers
        )
        oldest = sorted((*came_up, *waiting.rows), key=lambda row: (row.insight.first_at, row.insight.number))
        return Part(came_up, len(came_up) + waiting.many, oldest[: self.settings.length], ())

    def _ranked(self, came_up: Sequence[DigestInsight], waiting: Unheard) -> Part:
        left = [row.insight.id for row in came_up if self._is_left(row)]
        ranked = rank([*(row for row in came_up if not self._is_left(row)), *waiting.rows])
        held = {row.insight.id for row in came_up if self._is_held(row)}
        ordered = sorted(ranked, key=lambda row: row.insight.id not in held)
        named, others = ordered[: self.settings.length], ordered[self.settings.length :]
        cut = [row.insight.id for row in others if self._is_held(row) and _base(row, self.digest) is DigestPart.NEW]
        return Part(came_up, len(came_up) + waiting.many, named, [*left, *cut])

    def _is_sure(self, named: Sequence[DigestInsight], demand: int) -> bool:
        """Whether the same would be named if more was read that at most ``demand`` people say."""
        return len(named) == self.settings.length and stands(named, demand, self.tiers)

    def _is_held(self, row: DigestInsight) -> bool:
        return row.insight.id in self.held

    def _is_left(self, row: DigestInsight) -> bool:
        """Whether a digest that was made had no room for it: held back then, and not told by then."""
        since = self.held.get(row.insight.id)
        if since is None or since > self.digest.until or self.digest.occasion is Occasion.PREVIEW:
            return False
        return row.insight.status.is_open and (row.told_at is None or row.told_at > self.digest.until)


def has_news(news: frozenset[DigestNews], wanted: Sequence[DigestPart]) -> bool:
    """Whether something came up that would stand in a part that is wanted. What only waits is no news."""
    return any(part_of(one.base, one.kind, wanted, public=one.public) for one in news)


def _base(row: DigestInsight, digest: DigestOf) -> DigestPart | None:
    """What it is to this digest, whatever its kind; None for what does not concern it."""
    insight = row.insight
    here = None if digest.occasion is Occasion.PREVIEW else digest.until  # how what it tells first is marked
    if row.shipped_at == here and (here or insight.status is Status.SHIPPED):
        return DigestPart.SHIPPED
    if row.told_at == here and (here or insight.status.is_open):
        return DigestPart.NEW
    if row.told_at is None or row.told_at > digest.until or not insight.status.is_open:
        return None
    return DigestPart.GROWN if row.said else _unheard(insight)


def _unheard(insight: Insight) -> DigestPart | None:
    """A question stays open until somebody settles it; anything else waits until the team takes it up."""
    if insight.kind is Kind.QUESTION or insight.status is Status.NEW:
        return DigestPart.WAITING
    return None
