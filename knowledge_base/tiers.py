"""What kind of customer somebody is, by the roles or user groups that the firm gives its customers."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge_base.ids import CommunityId, SpaceId
from knowledge_base.insights import Voice

NAME_LIMIT: Final = 40
"""The most characters of a tier's name."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A role or user group of a space, by the platform's id, whose people are customers of the tier ``name``."""

    community: CommunityId
    space: SpaceId
    group: str
    name: str


def tier_of(groups: Collection[str], tiers: Sequence[Tier]) -> str:
    """The tier of somebody who holds these groups: the first of ``tiers`` that fits, empty where none does."""
    return next((tier.name for tier in tiers if tier.group in groups), "")


def tier_mix(voices: Sequence[Voice]) -> Sequence[tuple[str, int]]:
    """How many people of each tier said it, the most first, then by name; last, as empty, those of none.

    Nothing where nobody is of a tier.
    """
    tiers = Counter({voice.member: voice.tier for voice in voices}.values())
    if not tiers.keys() - {""}:
        return ()
    return sorted(tiers.items(), key=lambda one: (not one[0], -one[1], one[0]))
