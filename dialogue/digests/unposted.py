"""A digest that could not be posted told nothing: the next one tells it all, and admins hear of that once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, Outgoing, Post, Said
from dialogue.digests.editing import edits
from dialogue.events import TimerFired
from dialogue.posts import plain
from dialogue.reporting import where_admins_read
from dialogue.router import Context
from dialogue.rows import OutboxState, Schedule
from dialogue.schedules import ONCE
from knowledge_base.ids import TeamId
from knowledge_base.teams import Team

POSTED: Final = "posted"
"""The schedule by which is looked whether a team's digest stands in its channel."""

LOOKED_AFTER: Final = timedelta(minutes=10)
"""When that is; again and again, as long as it is not known."""


async def look_after(context: Context, team: Team) -> None:
    """See to it later whether what was decided was posted."""
    due = context.now + LOOKED_AFTER
    schedule = Schedule(context.community, team.space, f"{POSTED}:{team.id}", ONCE, "UTC", due)
    await context.uow.schedules.put(schedule)


async def looked_after(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """Take back what could not be posted, and look again at what is not posted yet."""
    of = TeamId(event.schedule.removeprefix(f"{POSTED}:"))
    team = next((team for team in await context.uow.teams.teams(context.community) if team.id == of), None)
    if team is None:
        return ()
    said = await take_back_unposted(context, team)
    if await context.uow.digests.not_posted(context.community, team.id):
        await look_after(context, team)
    return said


async def take_back_unposted(context: Context, team: Team) -> Sequence[Outgoing]:
    """Nothing counts as told by digests that will never be posted; admins are told, unless they know.

    The next digest begins where the first of them did. What another told meanwhile is told again rather than left out;
    what that one says of theirs leaves it, since nobody would take it off when it is deleted.
    """
    uow, community = context.uow, context.community
    waiting = await uow.digests.not_posted(community, team.id)
    lost = [digest for digest, state in waiting if state is not OutboxState.OPEN]
    settings = (await uow.digests.settings(community)).get(team.id)
    if not lost or settings is None:
        return ()
    later = {one.post: one for digest in lost for one in await uow.digests.take_back(community, digest)}
    shown = edits(one for one in later.values() if one not in lost)
    known = settings.unposted is not None or any(digest.unposted is not None for digest in lost)
    made = [digest.unposted or digest.due or digest.until for digest in lost]
    again = replace(
        settings,
        told_until=min([settings.told_until or lost[0].since, *(digest.since for digest in lost)]),
        told_voice=min([settings.told_voice, *(digest.after for digest in lost)]),
        unposted=min([*made, settings.unposted or made[0]]),
    )
    await uow.digests.put_settings(again)
    return [*shown, *(() if known else await _tell_admins(context, team))]


async def _tell_admins(context: Context, team: Team) -> Sequence[Outgoing]:
    where = await where_admins_read(context, team.space, but=(team.space, team.channel))
    if where is None:
        return ()
    said = context.texts.say("digest_set.not_posted", {"team": team.name})
    unchanged = AudienceUnchanged(where.space, where.id, where.audience)
    return [Outgoing(Post(where.space, where.id, Said(plain(said))), preconditions=(unchanged,), asked=Asked.YES)]
