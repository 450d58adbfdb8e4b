"""A community that is ready to use at once: one team, to whose channel every insight's card goes."""

from collections.abc import Iterable
from datetime import datetime

from dialogue.ports import Ids, UnitOfWork
from dialogue.teams import new_team, send_everything_to, settle_team
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import ChannelId, CommunityId, SpaceId
from knowledge_base.teams import Tag


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
    community = await uow.communities.expected() or CommunityId(ids.fresh())
    await uow.communities.found(community, space, space, now)
    await uow.channels.see(community, space, channel, channel, Audience.INTERNAL, Shared.NO)
    acting = new_team(ids, community, team, space, channel)
    await settle_team(uow, acting, space, channel, zone, now)
    await send_everything_to(uow, ids, acting)
    for name, reaction in tags:
        await uow.teams.put_tag(Tag(community, name, reaction))
    return community
