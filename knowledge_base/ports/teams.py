"""Who acts."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.channels import Channel
from knowledge_base.ids import (
    CommunityId,
    RouteId,
    TeamId,
)
from knowledge_base.teams import Route, Tag, Team


class Teams(Protocol):
    """Tags, teams and routes."""

    @abstractmethod
    async def tags(self, community: CommunityId) -> Sequence[Tag]:
        """Every tag, by name."""

    @abstractmethod
    async def put_tag(self, tag: Tag) -> None:
        """Create or change a tag. A reaction belongs to one tag: it leaves any other."""

    @abstractmethod
    async def remove_tag(self, community: CommunityId, name: str) -> None:
        """Remove a tag from the list; insights keep the label."""

    @abstractmethod
    async def teams(self, community: CommunityId) -> Sequence[Team]:
        """Every team, by name."""

    @abstractmethod
    async def channels(self, community: CommunityId) -> Mapping[TeamId, Channel]:
        """The channel of each team, as it is now; a team whose channel is gone is left out."""

    @abstractmethod
    async def put_team(self, team: Team) -> None:
        """Create or change a team."""

    @abstractmethod
    async def remove_team(self, community: CommunityId, team: TeamId) -> None:
        """Remove a team with what is held back for it, what it wants of its digest and was told of.

        A route to others too goes to those, any other one is gone.
        """

    @abstractmethod
    async def routes(self, community: CommunityId) -> Sequence[Route]:
        """Every route, by number."""

    @abstractmethod
    async def add_route(self, route: Route) -> Route:
        """Store a new route; its ``number`` is given here. Returns it so numbered."""

    @abstractmethod
    async def put_route(self, route: Route) -> None:
        """Change a route that is stored; its number stays."""

    @abstractmethod
    async def remove_route(self, community: CommunityId, route: RouteId) -> None:
        """Remove a route."""

    @abstractmethod
    async def in_trouble(self, team: Team, now: datetime) -> bool:
        """Note that admins are told that a team's channel can't get cards; False where they were told before."""

    @abstractmethod
    async def out_of_trouble(self, community: CommunityId, team: TeamId) -> None:
        """It can again, so that they are told the next time. Nothing happens if they were not told."""
