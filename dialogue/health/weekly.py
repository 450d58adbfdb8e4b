"""The weekly line to admins: how the loop runs, in the channel that they chose for reports, and in no other."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, Outgoing, Post, Said
from dialogue.events import TimerFired
from dialogue.health.showing import MOST, SILENT_AFTER, breaks_most
from dialogue.posts import plain
from dialogue.reporting import may_tell_admins
from dialogue.router import Context
from knowledge_base.channels import Channel
from knowledge_base.escalations import Weekly
from knowledge_base.funnels import Funnel, Stage

PERIOD: Final = timedelta(days=90)
"""Of what was first said in this time the line tells, and ``/health`` unless it is asked for another."""


async def tell_admins(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """One line; nothing where there is nothing to tell, or no channel to tell it in."""
    settings = await context.uow.health.settings(context.community)
    where = await admins_channel(context)
    if where is None or settings.weekly is Weekly.OFF:
        return ()
    funnel = await context.uow.health.funnel(context.community, event.at - PERIOD)
    if not funnel.at(Stage.CAPTURED).count:
        return ()
    line = " ".join([_counts(funnel, context), breaks_most(funnel, context.texts), *await _troubles(event, context)])
    unchanged = AudienceUnchanged(where.space, where.id, where.audience)
    return [Outgoing(Post(where.space, where.id, Said(plain(line))), preconditions=(unchanged,), asked=Asked.YES)]


async def admins_channel(context: Context) -> Channel | None:
    """The channel that admins chose, as long as the firm alone reads it; else None."""
    chosen = await context.uow.communities.admin_channel(context.community)
    channel = await context.uow.channels.get(*chosen) if chosen else None
    return channel if channel is not None and may_tell_admins(channel) else None


def _counts(funnel: Funnel, context: Context) -> str:
    counts: dict[str, str | int] = {str(step.stage): step.count for step in funnel.steps}
    counts["days"] = PERIOD.days
    return context.texts.say("health.line", counts)


async def _troubles(event: TimerFired, context: Context) -> Sequence[str]:
    uow, community, texts = context.uow, context.community, context.texts
    said = []
    unowned = await uow.health.unowned(community)
    if unowned:
        said.append(texts.say("health.line_unowned", {"count": unowned}))
    teams = {team.id: team.name for team in await uow.teams.teams(community)}
    silent = await uow.health.silent(community, event.at - SILENT_AFTER)
    names = [teams[one.team] for one in silent if one.team in teams][:MOST]
    if names:
        said.append(texts.say("health.line_silent", {"teams": ", ".join(names), "days": SILENT_AFTER.days}))
    return said
