"""A community that is ready to use at once: one team, to whose channel every insight's card goes."""

from collections.abc import Iterable
from datetime import datetime

from dialogue.digests import schedule
from dialogue.ports import Ids, UnitOfWork
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import ChannelId, CommunityId, RouteId, SpaceId, TeamId
from knowledge_base.teams import Conditions, Route, Tag, Team


async def community_with_team(
    uow: UnitOfWork,
    ids: Ids,
    space: SpaceId,
    team: str,
    channel: ChannelId,
    zone: str,
    now: datetime,
    tags: Iterable[tuple[str, str]] = (),
) -> CommunityId:
    """The space's community. A space never seen gets a new one, with the team, its route and its weekly digest.

    ``tags``: those that a new community begins with, each with the emoji by which staff give it.
    """
    known = await uow.communities.of_space(space)
    if known is not None:
        return known
    community = CommunityId(ids.fresh())
    await uow.communities.found(community, space, space, now)
    await uow.channels.see(community, space, channel, channel, Audience.INTERNAL, Shared.NO)
    acting = Team(TeamId(ids.fresh()), community, team, space, channel)
    await uow.teams.put_team(acting)
    await uow.teams.add_route(Route(RouteId(ids.fresh()), community, 0, acting.id, Conditions.everything()))
    await uow.schedules.put(schedule(acting, zone, now))
    for name, reaction in tags:
        await uow.teams.put_tag(Tag(community, name, reaction))
    return community
