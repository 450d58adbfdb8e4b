"""Tags, teams and routes."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, delete, insert, select, update

from adapters.storage.tables import communities, digest_settings, holdings, routes, tags, teams, told_insights
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_or_replace
from knowledge_base.ids import CommunityId, RouteId, TeamId
from knowledge_base.kinds import Kind
from knowledge_base.ports import Teams
from knowledge_base.teams import Conditions, Route, Tag, Team

_TAGS = select(tags).where(tags.c.community_id == bindparam("community")).order_by(tags.c.name)
_FREE_REACTION = (
    update(tags)
    .where(
        tags.c.community_id == bindparam("community"),
        tags.c.reaction == bindparam("of_reaction"),
        tags.c.name != bindparam("of_name"),
    )
    .values(reaction=None)
)
_REMOVE_TAG = delete(tags).where(tags.c.community_id == bindparam("community"), tags.c.name == bindparam("of_name"))
_TEAMS = select(teams).where(teams.c.community_id == bindparam("community")).order_by(teams.c.name, teams.c.team)
_REMOVE_TEAM = delete(teams).where(teams.c.community_id == bindparam("community"), teams.c.team == bindparam("of_team"))
_REMOVE_ROUTES = delete(routes).where(
    routes.c.community_id == bindparam("community"), routes.c.team == bindparam("of_team")
)
_REMOVE_KEPT = tuple(
    delete(kept).where(kept.c.community_id == bindparam("community"), kept.c.team == bindparam("of_team"))
    for kept in (holdings, told_insights, digest_settings)
)
_NEXT_ROUTE = (
    update(communities)
    .where(communities.c.community_id == bindparam("community"))
    .values(last_route=communities.c.last_route + 1)
    .returning(communities.c.last_route)
)
_ROUTES = select(routes).where(routes.c.community_id == bindparam("community")).order_by(routes.c.number)
_REMOVE_ROUTE = delete(routes).where(
    routes.c.community_id == bindparam("community"), routes.c.route == bindparam("of_route")
)


class SqlTeams(Teams):
    """See :class:`knowledge_base.ports.Teams`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def tags(self, community: CommunityId) -> Sequence[Tag]:
        """Every tag, by name."""
        rows = await self._transaction.rows(_TAGS, {"community": community})
        return [Tag(row.community_id, row.name, row.reaction) for row in rows]

    async def put_tag(self, tag: Tag) -> None:
        """Create or change a tag; its reaction leaves any other."""
        if tag.reaction is not None:
            other = {"community": tag.community, "of_reaction": tag.reaction, "of_name": tag.name}
            await self._transaction.run(_FREE_REACTION, other)
        await self._transaction.run(
            insert_or_replace(tags, self._transaction.dialect),
            {"community_id": tag.community, "name": tag.name, "reaction": tag.reaction},
        )

    async def remove_tag(self, community: CommunityId, name: str) -> None:
        """Remove a tag from the list; insights keep the label."""
        await self._transaction.run(_REMOVE_TAG, {"community": community, "of_name": name})

    async def teams(self, community: CommunityId) -> Sequence[Team]:
        """Every team, by name."""
        rows = await self._transaction.rows_once(_TEAMS, {"community": community})
        return [Team(row.team, row.community_id, row.name, row.space, row.channel) for row in rows]

    async def put_team(self, team: Team) -> None:
        """Create or change a team."""
        await self._transaction.run(
            insert_or_replace(teams, self._transaction.dialect),
            {
                "community_id": team.community,
                "team": team.id,
                "name": team.name,
                "space": team.space,
                "channel": team.channel,
            },
        )

    async def remove_team(self, community: CommunityId, team: TeamId) -> None:
        """Remove a team with its routes, what is held back for it, and what it wants of its digest."""
        this = {"community": community, "of_team": team}
        await self._transaction.run(_REMOVE_ROUTES, this)
        for remove in _REMOVE_KEPT:
            await self._transaction.run(remove, this)
        await self._transaction.run(_REMOVE_TEAM, this)

    async def routes(self, community: CommunityId) -> Sequence[Route]:
        """Every route, by number."""
        return [_route(row) for row in await self._transaction.rows_once(_ROUTES, {"community": community})]

    async def add_route(self, route: Route) -> Route:
        """Store a new route and give it its number."""
        (counter,) = await self._transaction.rows(_NEXT_ROUTE, {"community": route.community})
        await self._transaction.run(
            insert(routes),
            {
                "community_id": route.community,
                "route": route.id,
                "number": counter.last_route,
                "team": route.team,
                "tags": tuple(sorted(route.conditions.tags)),
                "kinds": tuple(sorted(route.conditions.kinds)),
                "words": tuple(sorted(route.conditions.words)),
            },
        )
        return replace(route, number=counter.last_route)

    async def remove_route(self, community: CommunityId, route: RouteId) -> None:
        """Remove a route."""
        await self._transaction.run(_REMOVE_ROUTE, {"community": community, "of_route": route})


def _route(row: StoredRow) -> Route:
    conditions = Conditions(frozenset(row.tags), frozenset(Kind(kind) for kind in row.kinds), frozenset(row.words))
    return Route(row.route, row.community_id, row.number, row.team, conditions)
