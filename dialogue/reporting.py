"""What the bot lacks is told where admins read, in words, once; until there is such a place it is kept.

That is the channel that admins chose, or a team's, in the same space if there is one; if the firm alone reads it.
"""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, Outgoing, Post, Said
from dialogue.events import PermissionMissing
from dialogue.handling import only
from dialogue.posts import Fact, Facts, Paragraph
from dialogue.posts import Post as Content
from dialogue.router import Context, Router
from dialogue.rows import Report
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.ids import ChannelId, SpaceId

MOST: Final = 25
"""What one post tells of."""


def router() -> Router:
    """The handler of what a platform does not let the bot do."""
    reporting = Router("reporting")
    reporting.on("permission_missing")(only(PermissionMissing, _missing))
    return reporting


def may_tell_admins(channel: Channel) -> bool:
    """Whether admins may be told there what names the firm's own channels."""
    own = channel.audience in (Audience.INTERNAL, Audience.PRIVATE)
    return own and channel.shared is Shared.NO and not channel.direct and channel.mode is not Mode.EXCLUDED


async def tell_what_is_missing(context: Context) -> Sequence[Outgoing]:
    """One post of what nobody was told of yet, for each space; nothing where there is no place to tell it."""
    untold = await context.uow.reports.untold(context.community)
    posts = [await _post(context, space, untold) for space in dict.fromkeys(report.space for report in untold)]
    return [post for post in posts if post is not None]


async def _missing(event: PermissionMissing, context: Context) -> Sequence[Outgoing]:
    report = Report(event.space, event.place.channel if event.place else None, event.permission)
    await context.uow.reports.add(context.community, report)
    return await tell_what_is_missing(context)


async def _post(context: Context, space: SpaceId, untold: Sequence[Report]) -> Outgoing | None:
    where = await where_admins_read(context, space)
    if where is None:
        return None
    told: list[Report] = []
    facts: list[Fact] = []
    for report in [one for one in untold if one.space == space][:MOST]:
        label = await _label(context, report, where)
        if label is not None:
            told.append(report)
            facts.append(Fact(label, report.permission))
    if not told:
        return None
    await context.uow.reports.told(context.community, told)
    identity = context.identity(space)
    said = context.texts.say("report.permissions", {"platform": identity.platform if identity else space})
    unchanged = AudienceUnchanged(where.space, where.id, where.audience)
    post = Post(where.space, where.id, Said(Content((Paragraph(said), Facts(tuple(facts))))))
    return Outgoing(post, preconditions=(unchanged,), asked=Asked.YES)


async def _label(context: Context, report: Report, where: Channel) -> str | None:
    """Where it is lacking. None for the very place to tell it in, where nothing can be written: the log has that."""
    if report.channel is None:
        return context.texts.say("report.everywhere")
    channel = await context.uow.channels.get(report.space, report.channel)
    return None if channel is None or channel == where else f"#{channel.name}"


async def where_admins_read(
    context: Context, space: SpaceId, but: tuple[SpaceId, ChannelId] | None = None
) -> Channel | None:
    """Where admins are told what needs them, in no channel that it is about; None where there is no such place."""
    chosen = await context.uow.communities.admin_channel(context.community)
    teams = await context.uow.teams.teams(context.community)
    places: list[tuple[SpaceId, ChannelId]] = [chosen] if chosen else []
    places += [(t.space, t.channel) for t in sorted(teams, key=lambda team: (team.space != space, team.name))]
    for place in [place for place in places if place != but]:
        channel = await context.uow.channels.get(*place)
        if channel is not None and may_tell_admins(channel):
            return channel
    return None
