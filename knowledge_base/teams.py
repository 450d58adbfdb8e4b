"""Who acts on what: tags, teams, and the routes between them."""

from dataclasses import dataclass
from typing import Self

from knowledge_base.ids import ChannelId, CommunityId, RouteId, SpaceId, TeamId
from knowledge_base.insights import Insight
from knowledge_base.kinds import Kind


@dataclass(frozen=True, slots=True)
class Tag:
    """A label of a community, and the reaction (emoji name without colons) by which staff give it, if any."""

    community: CommunityId
    name: str
    reaction: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """People who act, and the channel in which their cards appear."""

    id: TeamId
    community: CommunityId
    name: str
    space: SpaceId
    channel: ChannelId


@dataclass(frozen=True, slots=True)
class Conditions:
    """When a route sends: every part that is given must hold; within a part one match is enough."""

    tags: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    words: frozenset[str] = frozenset()

    def hold(self, insight: Insight, texts: tuple[str, ...]) -> bool:
        """Whether ``insight``, said in ``texts``, is meant. Words match whole, without regard to case."""
        if self.tags and self.tags.isdisjoint(insight.tags):
            return False
        if self.kinds and insight.kind not in self.kinds:
            return False
        return not self.words or any(_says(text, word) for text in texts for word in self.words)

    @classmethod
    def everything(cls) -> Self:
        """Conditions that always hold."""
        return cls()


@dataclass(frozen=True, slots=True)
class Route:
    """The rule that sends insights to a team. ``number`` is its short name for people."""

    id: RouteId
    community: CommunityId
    number: int
    team: TeamId
    conditions: Conditions


def _says(text: str, word: str) -> bool:
    padded = "".join(c if c.isalnum() else " " for c in text.casefold())
    wanted = "".join(c if c.isalnum() else " " for c in word.casefold()).split()
    return bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(padded.split())} "
