"""What a team wants of its digest, and what one may tell."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from knowledge_base.facets import Urgency
from knowledge_base.ids import CommunityId, MemberId, TeamId
from knowledge_base.insights import Insight
from knowledge_base.kinds import Kind
from knowledge_base.tiers import Tier

LONGEST: Final = 20
"""The most insights that a part names."""


class DigestPart(StrEnum):
    """What a digest may tell, in the order in which it does."""

    NEW = "new"
    """What the team was never told of."""
    GROWN = "grown"
    """What more people said since."""
    QUESTIONS = "questions"
    """Questions that nobody settled."""
    WAITING = "waiting"
    """What nobody of the team took up."""
    SHIPPED = "shipped"
    """What was shipped since."""
    PRAISE = "praise"
    """Praise that was said in public."""
    PICTURE = "picture"
    """Demand over time and by area."""


class DigestState(StrEnum):
    """Whether a team's digest comes."""

    RUNNING = "running"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """When and how a team is told, and how far it was.

    ``rule`` is a crontab line read in the IANA ``zone``. ``length``: how many insights each part names at most.
    ``told_until``: when the last digest was made, or there was nothing to tell; None before the first.
    ``told_voice``: the last voice that was there then. ``unposted``: when the digest was made that could not be posted,
    until the next one tells what it told. ``tiers``: whose people count twice, by name; None: those of every tier.
    """

    community: CommunityId
    team: TeamId
    rule: str
    zone: str
    language: str = "en"
    length: int = 5
    parts: tuple[DigestPart, ...] = tuple(DigestPart)
    state: DigestState = DigestState.RUNNING
    told_until: datetime | None = None
    told_voice: int = 0
    unposted: datetime | None = None
    tiers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DigestSpan:
    """What one digest of a team tells of: what was marked as told at ``until``, and the voices after ``after``.

    Voices are counted by their numbers, up to ``upto``: what is read late counts in the digest after.
    """

    team: TeamId
    until: datetime
    after: int
    upto: int


@dataclass(frozen=True, slots=True)
class DigestInsight:
    """An insight of a team as its digest weighs it.

    ``said``: its voices among those that a digest tells of. ``more``: the people of them who had said nothing of it
    before. ``urgency``: the highest of its voices. ``speaker``: who alone says it, None for several. ``told_at``: when
    the team was told of it, and ``shipped_at``: of its being shipped. ``public``: its title's words were said where
    everybody reads. ``tiers``: how many of its people are customers of each tier that counts, the most first.
    """

    insight: Insight
    said: int
    more: int
    urgency: Urgency
    speaker: MemberId | None
    told_at: datetime | None
    shipped_at: datetime | None
    public: bool
    tiers: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Unheard:
    """What the team was told of before and nobody said since: the first of ``many``."""

    rows: Sequence[DigestInsight]
    many: int


@dataclass(frozen=True, slots=True)
class DigestNews:
    """That something of a kind came up: new, grown or shipped. ``public`` as of a :class:`DigestInsight`."""

    base: DigestPart
    kind: Kind
    public: bool


@dataclass(frozen=True, slots=True)
class AreaWeek:
    """How many people spoke of a team's insights in an area (None: in no area) in a week, 0 being the last."""

    weeks_ago: int
    area: str | None
    people: int


def part_of(base: DigestPart, kind: Kind, wanted: Collection[DigestPart], *, public: bool) -> DigestPart | None:
    """In which part an insight of a kind stands that would stand in ``base``; None where nobody wants that.

    Open questions, and new praise that was said in public, have parts of their own. Praise waits for nobody.
    """
    if kind is Kind.QUESTION and base is not DigestPart.SHIPPED and DigestPart.QUESTIONS in wanted:
        return DigestPart.QUESTIONS
    if kind is Kind.PRAISE and base is DigestPart.NEW and public and DigestPart.PRAISE in wanted:
        return DigestPart.PRAISE
    if kind is Kind.PRAISE and base is DigestPart.WAITING:
        return None
    return base if base in wanted else None


def waiting_kinds(part: DigestPart, wanted: Collection[DigestPart]) -> Sequence[Kind]:
    """The kinds of what waits in a part."""
    return [kind for kind in Kind if part_of(DigestPart.WAITING, kind, wanted, public=False) is part]


def counted_twice(settings: DigestSettings, tiers: Sequence[Tier]) -> Sequence[str]:
    """The names of those of a community's tiers whose people count twice in a team's digest."""
    known = dict.fromkeys(tier.name for tier in tiers)
    return [name for name in known if settings.tiers is None or name in settings.tiers]
