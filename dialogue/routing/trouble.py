"""A team's channel that can't get cards: it gets none, and admins are told once, until it can again."""

from collections.abc import Sequence

from dialogue.actions import Asked, AudienceUnchanged, Outgoing, Post, Said
from dialogue.posts import plain
from dialogue.reporting import where_admins_read
from dialogue.router import Context
from dialogue.routing.holding import look_now
from dialogue.routing.showing import may_show_cards
from knowledge_base.ids import ChannelId, SpaceId
from knowledge_base.teams import Team


async def tell_admins(context: Context, team: Team) -> Sequence[Outgoing]:
    """One post of a team whose channel can't get cards; nothing where they know, or can be told nowhere."""
    where = await where_admins_read(context, team.space, but=(team.space, team.channel))
    if where is None or not await context.uow.teams.in_trouble(team, context.now):
        return ()
    channel = await context.uow.channels.get(team.space, team.channel)
    if channel is None:
        said = context.texts.say("route.channel_gone", {"team": team.name})
    else:
        said = context.texts.say("route.channel_read", {"team": team.name, "channel": channel.name})
    unchanged = AudienceUnchanged(where.space, where.id, where.audience)
    return [Outgoing(Post(where.space, where.id, Said(plain(said))), preconditions=(unchanged,), asked=Asked.YES)]


async def look_at_teams_in(context: Context, space: SpaceId, channel: ChannelId) -> Sequence[Outgoing]:
    """Other people can read a channel now, or it is gone: whether the teams in it can still get cards."""
    posts: list[Outgoing] = []
    shows = may_show_cards(await context.uow.channels.get(space, channel))
    for team in await context.uow.teams.teams(context.community):
        if (team.space, team.channel) != (space, channel):
            continue
        if shows:
            await context.uow.teams.out_of_trouble(context.community, team.id)
            await look_now(context.uow, team, context.now)
        else:
            posts.extend(await tell_admins(context, team))
    return posts
