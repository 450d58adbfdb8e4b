"""The loop as a funnel: how far what was heard came, how long each step took, and which link breaks most."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

ENOUGH: Final = 10
"""Of fewer than this no link is said to break."""


class Stage(StrEnum):
    """How far something came. The first is counted in messages of customers, every other in insights."""

    HEARD = "heard"
    CAPTURED = "captured"
    ROUTED = "routed"
    SEEN = "seen"
    DECIDED = "decided"
    SHIPPED = "shipped"
    TOLD = "told"
    THANKED = "thanked"


@dataclass(frozen=True, slots=True)
class Step:
    """How many came to a stage.

    ``of``: how many could have; of those that were decided, what was declined could not be shipped. ``median``: how
    long half of them took at most since the stage before; None where that is not known of any.
    """

    stage: Stage
    count: int
    of: int
    median: timedelta | None = None

    @property
    def lost(self) -> float:
        """The share that did not come here, from 0 to 1."""
        return 1 - self.count / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Funnel:
    """Every stage in its order. ``voices``: how many of the messages heard say an insight."""

    steps: tuple[Step, ...]
    voices: int = 0

    def at(self, stage: Stage) -> Step:
        """The step of a stage."""
        return next(step for step in self.steps if step.stage is stage)


def weakest(funnel: Funnel) -> Step | None:
    """The step where the largest share of insights is lost, the earliest of equals; None where nothing is.

    That most messages say no insight is no break; and of fewer than :data:`ENOUGH` nothing is said.
    """
    links = [step for step in funnel.steps if step.stage not in (Stage.HEARD, Stage.CAPTURED)]
    broken = [step for step in links if step.of >= ENOUGH and step.lost > 0]
    return max(broken, key=lambda step: step.lost, default=None)
