"""How one community's judging differs from the shipped one, after what its staff corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp

from knowledge_base.kinds import Kind
from knowledge_base.merging import Thresholds


@dataclass(frozen=True, slots=True)
class Leanings:
    """What is added to the shipped values; without anything, judging is as shipped.

    ``merge`` and ``suggest`` are cosines, ``voice`` the confidence from which messages of a kind become voices,
    ``sure`` log-odds of a kind's confidence. A kind that is not named there is as shipped.
    """

    merge: float = 0.0
    suggest: float = 0.0
    voice: Mapping[Kind, float] = field(default_factory=dict)
    sure: Mapping[Kind, float] = field(default_factory=dict)

    @property
    def judge_as_shipped(self) -> bool:
        """Whether kinds and voices are as shipped, whatever is merged and suggested."""
        return not self.voice and not self.sure

    def thresholds(self, shipped: Thresholds) -> Thresholds:
        """From which cosines statements are merged and suggested here."""
        merges = [round(cosine + self.merge, 4) for cosine in (shipped.merge, shipped.sharing, shipped.across)]
        merge, sharing, across = merges
        suggest = min(round(shipped.suggest + self.suggest, 4), *merges)
        return replace(shipped, merge=merge, sharing=sharing, across=across, suggest=suggest)

    def voice_from(self, kind: Kind, shipped: float) -> float:
        """From which confidence a message of the kind becomes a voice here."""
        return round(shipped + self.voice.get(kind, 0.0), 4)

    def confidence(self, kind: Kind, shipped: float) -> float:
        """How sure a guess of the kind is here, between 0 and 1."""
        lean = self.sure.get(kind, 0.0)
        if not lean:
            return shipped
        moved = shipped * exp(lean)
        return round(moved / (moved + 1 - shipped), 3)


AS_SHIPPED = Leanings()
"""Nothing was learned."""
