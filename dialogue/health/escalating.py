"""Stuck insights: the owner is reminded, then the team, then admins; each once, and only so many a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from dialogue.actions import Asked, AudienceUnchanged, Outgoing, Post, Said, SendDirect, StatusStands
from dialogue.cards import demand, name
from dialogue.events import TimerFired
from dialogue.health.weekly import admins_channel
from dialogue.posts import plain
from dialogue.router import Context
from dialogue.routing import may_show_cards
from knowledge_base.channels import Audience
from knowledge_base.escalations import BETWEEN, Nudge, Stuck, steps_left
from knowledge_base.insights import Insight
from knowledge_base.members import Recording


@dataclass(frozen=True, slots=True)
class _Reminder:
    insight: Insight
    stuck: Stuck
    text: str


async def escalate(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """Remind of what is stuck, the longest first, as far as the day's number goes.

    Who can't be reached is passed over: the next one is reminded instead.
    """
    uow, community, now = context.uow, context.community, event.at
    settings = await uow.health.settings(community)
    if not settings.days:
        return ()
    before = now - timedelta(days=settings.days)
    found = await uow.health.stuck(community, before, now - BETWEEN, now.date(), settings.a_day)
    said: list[Outgoing] = []
    for stuck in found:
        insight = await uow.insights.get(community, stuck.insight)
        if insight is None:
            continue
        said.extend(await _remind(context, insight, stuck, event))
    return said


async def _remind(context: Context, insight: Insight, stuck: Stuck, event: TimerFired) -> Sequence[Outgoing]:
    """What reminds the next one who can be reached; that step is done, and those before it."""
    for step in steps_left(stuck):
        said = await _said(context, step, insight, stuck, (event.at - stuck.since).days)
        if said or step is Nudge.ADMIN:
            await context.uow.health.nudged(context.community, insight.id, step, event.at)
            return said
    return ()


async def _said(context: Context, step: Nudge, insight: Insight, stuck: Stuck, days: int) -> Sequence[Outgoing]:
    texts = context.texts
    places: dict[str, str | int] = {"name": name(insight, texts), "people": demand(insight, texts), "days": days}
    places["number"] = insight.number
    match step:
        case Nudge.OWNER:
            return await _to_owner(context, _Reminder(insight, stuck, texts.say("health.nudge_owner", places)))
        case Nudge.TEAM:
            return await _to_teams(context, _Reminder(insight, stuck, texts.say("health.nudge_team", places)))
        case Nudge.ADMIN:
            return await _to_admins(context, _Reminder(insight, stuck, texts.say("health.nudge_admin", places)))


async def _to_owner(context: Context, reminder: _Reminder) -> Sequence[Outgoing]:
    owner = reminder.stuck.owner
    member = await context.uow.members.get(context.community, owner) if owner else None
    if member is None or member.consent.recording is Recording.STOPPED:
        return ()
    accounts = await context.uow.members.accounts(context.community, member.id)
    cards = await context.uow.cards.of_insight(context.community, reminder.insight.id)
    spaces = {card.space for card in cards}
    account = next(iter(sorted(accounts, key=lambda one: (one.space not in spaces, one.space))), None)
    if account is None:
        return ()
    direct = SendDirect(account.space, account.id, Said(plain(reminder.text)), member.id, member.role)
    return [_outgoing(direct, reminder)]


async def _to_teams(context: Context, reminder: _Reminder) -> Sequence[Outgoing]:
    posts = []
    for card in await context.uow.cards.of_insight(context.community, reminder.insight.id):
        if may_show_cards(await context.uow.channels.get(card.space, card.channel)):
            post = Post(card.space, card.channel, Said(plain(reminder.text)), under=card.post)
            unchanged = AudienceUnchanged(card.space, card.channel, Audience.INTERNAL)
            posts.append(_outgoing(post, reminder, unchanged))
    return posts


async def _to_admins(context: Context, reminder: _Reminder) -> Sequence[Outgoing]:
    where = await admins_channel(context)
    if where is None:
        return ()
    unchanged = AudienceUnchanged(where.space, where.id, where.audience)
    return [_outgoing(Post(where.space, where.id, Said(plain(reminder.text))), reminder, unchanged)]


def _outgoing(action: Post | SendDirect, reminder: _Reminder, *unchanged: AudienceUnchanged) -> Outgoing:
    """Not said of what was decided meanwhile."""
    stands = StatusStands(reminder.insight.id, reminder.insight.status)
    return Outgoing(action, preconditions=(*unchanged, stands), asked=Asked.YES)
