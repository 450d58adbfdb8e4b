"""Who acts on what: tags, teams, and the routes between them."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge_base.conditions import Conditions
from knowledge_base.ids import ChannelId, CommunityId, RouteId, SpaceId, TeamId
from knowledge_base.limits import UNLIMITED, Limits


@dataclass(frozen=True, slots=True)
class Tag:
    """A label of a community, and the reaction (emoji name without colons) by which staff give it, if any."""

    community: CommunityId
    name: str
    reaction: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """People who act, and the channel in which their cards appear, as ``limits`` allow."""

    id: TeamId
    community: CommunityId
    name: str
    space: SpaceId
    channel: ChannelId
    limits: Limits = UNLIMITED


class Delivery(StrEnum):
    """When a route sends: a card at once, or only what the next digest tells."""

    NOW = "now"
    DIGEST = "digest"


class Running(StrEnum):
    """Whether a route sends anything at present."""

    ON = "on"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Route:
    """The rule that sends insights to a team, and to ``others`` alike. ``number`` is its short name for people."""

    id: RouteId
    community: CommunityId
    number: int
    team: TeamId
    conditions: Conditions
    others: tuple[TeamId, ...] = ()
    delivery: Delivery = Delivery.NOW
    running: Running = Running.ON

    @property
    def teams(self) -> tuple[TeamId, ...]:
        """All to which it sends."""
        return (self.team, *self.others)
