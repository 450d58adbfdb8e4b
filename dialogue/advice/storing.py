"""What is kept for asking a model: what is to be asked, what was answered, and what it cost.

Reached through :mod:`dialogue.ports`.
"""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from dialogue.advice.values import Call, Job, Spent, Verdict
from knowledge_base.ids import CommunityId


class ModelJobs(Protocol):
    """Messages to be asked about, at most one job each."""

    @abstractmethod
    async def put(self, job: Job) -> None:
        """Add a job, in place of an earlier one of the same message."""

    @abstractmethod
    async def waiting(self, now: datetime) -> int:
        """How many jobs nobody holds."""

    @abstractmethod
    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Job]:
        """Hold until ``now + lease`` the oldest jobs that nobody holds, all of one community, oldest first.

        Until the unit of work ends no other one claims: so what is left of the day's budget can be counted and spent.
        """

    @abstractmethod
    async def give_back(self, job: Job) -> None:
        """Hold it no longer, and keep the number of its tries; one that was replaced or finished stays as it is."""

    @abstractmethod
    async def finish(self, job: Job) -> bool:
        """It is done with. False if it is not there any more as it was: then somebody else did it, or it was replaced.

        True for one caller only: what a job leads to happens in the same unit of work, and so once.
        """

    @abstractmethod
    async def forget(self, before: datetime) -> None:
        """Remove jobs made before that moment."""


class ModelAnswers(Protocol):
    """Verdicts by their question's digest, so that the same is not asked twice. They hold nobody's words."""

    @abstractmethod
    async def put(self, community: CommunityId, verdicts: Mapping[str, Verdict], until: datetime) -> None:
        """Keep these until then, in place of earlier ones."""

    @abstractmethod
    async def get(self, community: CommunityId, digests: Collection[str], now: datetime) -> Mapping[str, Verdict]:
        """Those that are known and still hold."""

    @abstractmethod
    async def forget(self, now: datetime) -> None:
        """Remove those that hold no longer."""


class ModelCalls(Protocol):
    """Every call of a model: what the day's budget and the circuit breaker are counted from, over all communities."""

    @abstractmethod
    async def begin(self, call: Call) -> None:
        """Note a call before it is made, with the most that it can cost."""

    @abstractmethod
    async def end(self, call: Call) -> None:
        """Note how it ended and what it did cost."""

    @abstractmethod
    async def spent(self, since: datetime) -> Spent:
        """What all calls begun since then cost, those that run among them."""

    @abstractmethod
    async def latest(self, model: str, limit: int) -> Sequence[Call]:
        """The last calls of a model that were answered or failed, the latest first."""

    @abstractmethod
    async def forget(self, before: datetime) -> None:
        """Remove calls begun before that moment."""
