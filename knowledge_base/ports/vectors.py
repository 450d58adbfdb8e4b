"""The vectors of voices, beside the voices themselves: which are outdated, and making them anew."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge_base.ids import CommunityId, MessageId
from knowledge_base.merging import Meaning


@dataclass(frozen=True, slots=True)
class OutdatedVoice:
    """A voice whose vectors other models made than those in use, with its message's text and language.

    ``number``: its place in the community's order. ``says_nothing``: its vectors are zero, and stay so.
    """

    number: int
    message: MessageId
    text: str
    language: str
    says_nothing: bool


class Vectors(Protocol):
    """What the voices mean to the models in use, named as in :attr:`knowledge_base.merging.Meaning.by`."""

    @abstractmethod
    async def outdated(self, by: str) -> Mapping[CommunityId, int]:
        """How many voices of each community have vectors by other models; communities without any are left out."""

    @abstractmethod
    async def next_outdated(self, community: CommunityId, by: str, after: int, limit: int) -> Sequence[OutdatedVoice]:
        """Such voices in their order, from beyond the number ``after``."""

    @abstractmethod
    async def replace(self, community: CommunityId, message: MessageId, text: str, meaning: Meaning) -> bool:
        """Put a voice's vectors by ``text`` in the place of all it had; False, and nothing, if it no longer says that.

        The community is locked.
        """
