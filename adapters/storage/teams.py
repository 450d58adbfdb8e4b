"""Tags, teams and routes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from secrets import token_hex
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from adapters.storage.channels import channel_in
from adapters.storage.tables import (
    bundles,
    channels,
    communities,
    digest_settings,
    holdings,
    routes,
    sign_settings,
    tags,
    team_troubles,
    teams,
    told_insights,
)
from adapters.storage.transaction import StoredRow, Transaction
from adapters.storage.upserts import insert_if_new, insert_or_replace
from knowledge_base.channels import Channel
from knowledge_base.conditions import Conditions, Example
from knowledge_base.facets import Tone, Urgency
from knowledge_base.ids import CommunityId, RouteId, SpaceId, TeamId
from knowledge_base.kinds import Kind
from knowledge_base.limits import Limits, Quiet
from knowledge_base.ports import Teams
from knowledge_base.teams import Route, Tag, Team

_LISTS: Final = (
    "tags",
    "kinds",
    "words",
    "areas",
    "tones",
    "urgencies",
    "languages",
    "channels",
    "spaces",
    "tiers",
)
"""The parts of conditions of which one match is enough; columns of the same names hold them."""

_REMEMBERED: Final = 1_024
"""Communities whose routes are kept ready."""

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
_CHANNELS = (
    select(channels, teams.c.team)
    .join(
        teams,
        (teams.c.community_id == channels.c.community_id)
        & (teams.c.space == channels.c.space)
        & (teams.c.channel == channels.c.channel),
    )
    .where(channels.c.community_id == bindparam("community"))
)
_REMOVE_TEAM = delete(teams).where(teams.c.community_id == bindparam("community"), teams.c.team == bindparam("of_team"))
_REMOVE_ITS = [
    delete(table).where(table.c.community_id == bindparam("community"), table.c.team == bindparam("of_team"))
    for table in (holdings, bundles, team_troubles, told_insights, digest_settings, sign_settings)
]
_NEXT_ROUTE = (
    update(communities)
    .where(communities.c.community_id == bindparam("community"))
    .values(last_route=communities.c.last_route + 1, routes_version=bindparam("version"))
    .returning(communities.c.last_route)
)
_VERSION = select(communities.c.routes_version).where(communities.c.community_id == bindparam("community"))
_OTHER_VERSION = (
    update(communities)
    .where(communities.c.community_id == bindparam("community"))
    .values(routes_version=bindparam("version"))
)
_ROUTES = select(routes).where(routes.c.community_id == bindparam("community")).order_by(routes.c.number)
_REMOVE_ROUTE = delete(routes).where(
    routes.c.community_id == bindparam("community"), routes.c.route == bindparam("of_route")
)
_CHANGE_ROUTE = update(routes).where(
    routes.c.community_id == bindparam("community"), routes.c.route == bindparam("of_route")
)
_FORGET_TROUBLE = delete(team_troubles).where(
    team_troubles.c.community_id == bindparam("community"), team_troubles.c.team == bindparam("of_team")
)


class RouteBook:
    """The routes of communities as they were read last. Each insight asks for all of them, and they hardly change.

    A version is a name that is made for one change and never again, so that none that was rolled back is met later.
    """

    def __init__(self) -> None:
        self._read: dict[CommunityId, tuple[str, Sequence[Route]]] = {}

    def get(self, community: CommunityId, version: str) -> Sequence[Route] | None:
        """The community's routes if they were read when they had that version."""
        known = self._read.get(community)
        return known[1] if known is not None and known[0] == version else None

    def put(self, community: CommunityId, version: str, found: Sequence[Route]) -> Sequence[Route]:
        """Keep what was read; returns it."""
        if len(self._read) >= _REMEMBERED:
            self._read.clear()
        self._read[community] = (version, found)
        return found


class SqlTeams(Teams):
    """See :class:`knowledge_base.ports.Teams`."""

    def __init__(self, transaction: Transaction, book: RouteBook) -> None:
        self._transaction = transaction
        self._book = book

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
        return [_team(row) for row in rows]

    async def channels(self, community: CommunityId) -> Mapping[TeamId, Channel]:
        """The channel of each team that has one."""
        rows = await self._transaction.rows_once(_CHANNELS, {"community": community})
        return {TeamId(row.team): channel_in(row) for row in rows}

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
                **_limited(team.limits),
            },
        )

    async def remove_team(self, community: CommunityId, team: TeamId) -> None:
        """Remove a team with what is held back for it and what it wants of its digest.

        Routes go to their other teams, those without one are gone.
        """
        this = {"community": community, "of_team": team}
        for route in await self.routes(community):
            left = tuple(one for one in route.teams if one != team)
            if not left:
                await self.remove_route(community, route.id)
            elif left != route.teams:
                await self.put_route(replace(route, team=left[0], others=left[1:]))
        for removing in _REMOVE_ITS:
            await self._transaction.run(removing, this)
        await self._transaction.run(_REMOVE_TEAM, this)

    async def routes(self, community: CommunityId) -> Sequence[Route]:
        """Every route, by number."""
        rows = await self._transaction.rows_once(_VERSION, {"community": community})
        version = rows[0].routes_version if rows else ""
        known = self._book.get(community, version)
        if known is None:
            rows = await self._transaction.rows(_ROUTES, {"community": community})
            known = self._book.put(community, version, [_route(row) for row in rows])
        return known

    async def add_route(self, route: Route) -> Route:
        """Store a new route and give it its number."""
        (counter,) = await self._transaction.rows(_NEXT_ROUTE, {"community": route.community, "version": _version()})
        await self._transaction.run(
            insert(routes),
            {
                "community_id": route.community,
                "route": route.id,
                "number": counter.last_route,
                **_changeable(route),
            },
        )
        return replace(route, number=counter.last_route)

    async def put_route(self, route: Route) -> None:
        """Change a route."""
        this = {"community": route.community, "of_route": route.id}
        await self._transaction.run(_CHANGE_ROUTE, {**this, **_changeable(route)})
        await self._transaction.run(_OTHER_VERSION, {"community": route.community, "version": _version()})

    async def remove_route(self, community: CommunityId, route: RouteId) -> None:
        """Remove a route."""
        await self._transaction.run(_REMOVE_ROUTE, {"community": community, "of_route": route})
        await self._transaction.run(_OTHER_VERSION, {"community": community, "version": _version()})

    async def in_trouble(self, team: Team, now: datetime) -> bool:
        """Note that admins are told of a team's channel; whether they were not told before."""
        statement = insert_if_new(team_troubles, ("community_id", "team"), self._transaction.dialect)
        row = {"community_id": team.community, "team": team.id, "told_at": now}
        return await self._transaction.run(statement, row) == 1

    async def out_of_trouble(self, community: CommunityId, team: TeamId) -> None:
        """The team's channel can get cards again."""
        await self._transaction.run(_FORGET_TROUBLE, {"community": community, "of_team": team})


def _team(row: StoredRow) -> Team:
    quiet = None
    if row.quiet_start is not None:
        quiet = Quiet(time.fromisoformat(row.quiet_start), time.fromisoformat(row.quiet_end), row.quiet_zone)
    limits = Limits(quiet, row.cap, tuple(map(int, row.steps)))
    return Team(row.team, row.community_id, row.name, row.space, row.channel, limits)


def _limited(limits: Limits) -> dict[str, object]:
    quiet = limits.quiet
    return {
        "quiet_start": quiet.start.isoformat("minutes") if quiet else None,
        "quiet_end": quiet.end.isoformat("minutes") if quiet else None,
        "quiet_zone": quiet.zone if quiet else None,
        "cap": limits.cap,
        "steps": tuple(map(str, limits.steps)),
    }


def _changeable(route: Route) -> dict[str, object]:
    conditions = route.conditions
    return {
        "team": route.team,
        "others": route.others,
        "delivery": route.delivery,
        "running": route.running,
        "joined": conditions.joined,
        "demand": conditions.demand,
        "example_text": conditions.like.text if conditions.like else None,
        "example_language": conditions.like.language if conditions.like else None,
        "example_insight": conditions.like.insight if conditions.like else None,
        **{name: tuple(sorted(getattr(conditions, name))) for name in _LISTS},
    }


def _version() -> str:
    return token_hex(8)


def _route(row: StoredRow) -> Route:
    conditions = Conditions(
        tags=frozenset(row.tags),
        kinds=frozenset(map(Kind, row.kinds)),
        words=frozenset(row.words),
        areas=frozenset(row.areas),
        tones=frozenset(map(Tone, row.tones)),
        urgencies=frozenset(map(Urgency, row.urgencies)),
        languages=frozenset(row.languages),
        channels=frozenset(row.channels),
        spaces=frozenset(map(SpaceId, row.spaces)),
        tiers=frozenset(row.tiers),
        demand=row.demand,
        like=None if row.example_text is None else Example(row.example_text, row.example_language, row.example_insight),
        joined=row.joined,
    )
    others = tuple(map(TeamId, row.others))
    return Route(row.route, row.community_id, row.number, row.team, conditions, others, row.delivery, row.running)
