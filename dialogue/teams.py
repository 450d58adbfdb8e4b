"""A team comes to be, or moves to another channel: with its route and its weekly digest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dialogue.digests import settle_digest
from dialogue.health import settle_health
from dialogue.ports import Ids, UnitOfWork
from dialogue.routing.holding import look_now
from knowledge_base.conditions import Conditions
from knowledge_base.ids import ChannelId, CommunityId, RouteId, SpaceId, TeamId
from knowledge_base.teams import Route, Team


def new_team(ids: Ids, community: CommunityId, name: str, space: SpaceId, channel: ChannelId) -> Team:
    """A team that is not stored yet; see :func:`settle_team`."""
    return Team(TeamId(ids.fresh()), community, name, space, channel)


async def send_everything_to(uow: UnitOfWork, ids: Ids, team: Team) -> None:
    """A route by which every insight goes to the team."""
    await uow.teams.add_route(Route(RouteId(ids.fresh()), team.community, 0, team.id, Conditions.everything()))


async def settle_team(
    uow: UnitOfWork, team: Team, space: SpaceId, channel: ChannelId, zone: str, now: datetime
) -> None:
    """Store the team: its cards appear in this channel, and its digest; what is held back for it is looked at now.

    The digest comes as the team chose, a new team's on Mondays at nine in the IANA ``zone``.
    """
    settled = replace(team, space=space, channel=channel)
    await uow.teams.put_team(settled)
    await uow.teams.out_of_trouble(team.community, team.id)
    await look_now(uow, settled, now)
    await settle_digest(uow, settled, zone, now)
    await settle_health(uow, settled.community, space, zone, now)


def named(teams: Sequence[Team], name: str) -> Team | None:
    """The team of that name, without regard to case."""
    return next((team for team in teams if team.name.casefold() == name.casefold()), None)
