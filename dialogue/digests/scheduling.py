"""When a team's digest falls due, and that each occasion is told once, late rather than never.

Nothing is composed here: that is done when it is sent. Here is only asked whether there is anything to tell, and marked
that it was told.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from dialogue.actions import Asked, AudienceUnchanged, DigestOf, Outgoing, Post
from dialogue.digests.contents import Contents, has_news
from dialogue.digests.unposted import POSTED, look_after, looked_after, take_back_unposted
from dialogue.digests.windows import next_digest, span_of
from dialogue.events import TimerFired
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.router import Context, Router
from dialogue.routing import may_show_cards
from dialogue.routing.holding import told_by_digest
from dialogue.rows import PostedDigest, Schedule
from dialogue.schedules import next_due
from knowledge_base.channels import Audience
from knowledge_base.digests import DigestSettings, DigestState
from knowledge_base.ids import TeamId
from knowledge_base.teams import Team

RULE: Final = "0 9 * * mon"
"""What a team begins with."""


def schedule_name(team: TeamId) -> str:
    """What the schedule of a team's digest is called."""
    return f"digest:{team}"


async def settle_digest(uow: UnitOfWork, team: Team, zone: str, now: datetime) -> None:
    """Let the team's digest come as it chose; a new team's comes on Mondays at nine in the IANA ``zone``."""
    settings = (await uow.digests.settings(team.community)).get(team.id)
    await put_digest(uow, team, settings or DigestSettings(team.community, team.id, RULE, zone), now)


async def put_digest(uow: UnitOfWork, team: Team, settings: DigestSettings, now: datetime) -> None:
    """Store what the team wants, and when its digest falls due next. An occasion that is due already stays."""
    await uow.digests.put_settings(settings)
    name = schedule_name(team.id)
    if settings.state is DigestState.PAUSED:
        await uow.schedules.remove(team.community, name)
        return
    due = [one.due_at for one in await uow.schedules.due(now) if (one.community, one.name) == (team.community, name)]
    due_at = due[0] if due else next_due(settings.rule, settings.zone, now)
    await uow.schedules.put(Schedule(team.community, team.space, name, settings.rule, settings.zone, due_at))


def router() -> Router:
    """The handlers of the digests' timers."""
    digests = Router("digests")
    digests.on("timer:digest")(only(TimerFired, _due))
    digests.on(f"timer:{POSTED}")(only(TimerFired, looked_after))
    return digests


async def tell(context: Context, team: Team, due: datetime | None) -> Sequence[Outgoing]:
    """The team's digest, if there is anything new; what it tells is told, and not told again.

    ``due``: the occasion, which is told of once; None where somebody asks for it now.
    """
    uow, community, now = context.uow, context.community, context.now
    said = await take_back_unposted(context, team)
    settings = (await uow.digests.settings(community)).get(team.id)
    if settings is None or (due is not None and _is_over(settings, due)):
        return said
    digest = next_digest(settings, await uow.digests.last_voice(community), now, due)
    await uow.digests.tell(community, team.id, now)
    await uow.digests.put_settings(replace(settings, told_until=now, told_voice=digest.upto, unposted=None))
    if not has_news(await uow.digests.news(community, span_of(digest)), settings.parts):
        return said
    post = context.outbox_id()
    told = PostedDigest(
        team.id,
        digest.since,
        now,
        post,
        team.space,
        team.channel,
        digest.after,
        digest.upto,
        digest.due,
        digest.unposted,
    )
    await uow.digests.add(community, told)
    await look_after(context, team)
    unchanged = AudienceUnchanged(team.space, team.channel, Audience.INTERNAL)
    posted = Outgoing(Post(team.space, team.channel, digest), preconditions=(unchanged,), asked=Asked.YES, id=post)
    return [*said, posted, *await _of_what_is_held(context, team, settings, digest)]


async def _of_what_is_held(
    context: Context, team: Team, settings: DigestSettings, digest: DigestOf
) -> Sequence[Outgoing]:
    """Of what is held back for the team the digest tells what it names, and leaves the rest untold."""
    contents = await Contents.of(context.uow, digest, settings)
    if not contents.held:
        return ()
    parts = (await contents.parts(await contents.came_up())).values()
    later = [one for part in parts for one in part.later]
    await context.uow.digests.leave(context.community, team.id, digest.until, later)
    return await told_by_digest(context, team, {row.insight.id for part in parts for row in part.named})


async def _due(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    teams = await context.uow.teams.teams(context.community)
    team = next((team for team in teams if schedule_name(team.id) == event.schedule), None)
    if team is None or not may_show_cards(await context.uow.channels.get(team.space, team.channel)):
        return ()
    # as of when it fired: whoever decides many events at once decides the same
    return await tell(replace(context, now=event.at), team, datetime.fromisoformat(event.window))


def _is_over(settings: DigestSettings, due: datetime) -> bool:
    """Whether that occasion was told of, found to be without news, or paused."""
    if settings.state is DigestState.PAUSED:
        return True
    return settings.told_until is not None and settings.told_until >= due
