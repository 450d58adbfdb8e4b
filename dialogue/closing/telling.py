"""Telling: a post for each thread and a direct message for each of the others, put into the outbox all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dialogue.actions import Asked, MessageStands, OpenThread, Outgoing, Post, SendDirect, StatusStands, TellingOf
from dialogue.cards import name
from dialogue.closing.audience import Audience, Thread
from dialogue.closing.storing import Telling
from dialogue.closing.verbs import TIMER
from dialogue.events import TimerFired
from dialogue.router import Context
from dialogue.routing import show_on_own_cards
from dialogue.rows import OutboxState, Schedule
from dialogue.schedules import ONCE
from knowledge_base.announcements import Announcement
from knowledge_base.ids import AccountId, AnnouncementId, SpaceId, platform_id
from knowledge_base.insights import Insight, Voice

LOOKED_AFTER: Final = timedelta(minutes=10)
"""When those are written to directly whom a post in their thread could not reach."""


@dataclass(frozen=True, slots=True)
class News:
    """An announcement and its insight."""

    announcement: Announcement
    insight: Insight


async def tell(context: Context, news: News, audience: Audience) -> Sequence[Outgoing]:
    """Tell these people, and remember by what; they are looked after."""
    outgoing: list[Outgoing] = []
    tellings: list[Telling] = []
    for thread, voices in audience.threads.items():
        post = context.outbox_id()
        of = TellingOf(news.announcement.id, post)
        root = platform_id(thread.root)
        outgoing += [] if thread.begun else [begin_thread(thread, name(news.insight, context.texts))]
        outgoing.append(
            Outgoing(Post(thread.space, thread.channel, of, root), (_stands(news),), asked=Asked.YES, id=post)
        )
        tellings += [
            Telling(news.announcement.id, voice.member, voice.message, post, thread.space, thread.channel)
            for voice in voices
        ]
    for account, voice in audience.direct:
        direct = _direct(context, news, account, voice.origin.space, voice)
        outgoing.append(direct[0])
        tellings.append(direct[1])
    await context.uow.tellings.add(context.community, tellings)
    if tellings:
        await _look_after(context, news.announcement.id, tellings[0].space)
    return outgoing


async def looked_after(event: TimerFired, context: Context) -> Sequence[Outgoing]:
    """Write directly to those whose thread could not be spoken in, and show on the cards how many heard.

    It is looked at again as long as somebody has not heard yet.
    """
    news = await news_of(context, AnnouncementId(event.schedule.removeprefix(f"{TIMER}:")))
    if news is None:
        return ()
    tellings = await context.uow.tellings.of_announcement(context.community, news.announcement.id)
    outgoing: list[Outgoing] = []
    for telling, state in tellings:
        if state is OutboxState.DEAD and telling.channel is not None:
            accounts = await context.uow.members.speaking_as(context.community, telling.space, [telling.member])
            for account in accounts.values():
                sent, instead = _direct(context, news, account, telling.space, telling)
                await context.uow.tellings.tell_by(context.community, instead)
                outgoing.append(sent)
    if outgoing or any(state is OutboxState.OPEN for _, state in tellings):
        await _look_after(context, news.announcement.id, event.space)
    return [*outgoing, *await show_on_own_cards(context, news.insight.id)]


async def news_of(context: Context, announcement: AnnouncementId) -> News | None:
    """The announcement with its insight, or None."""
    found = await context.uow.announcements.get(context.community, announcement)
    insight = await context.uow.insights.get(context.community, found.insight) if found else None
    return News(found, insight) if found and insight else None


def begin_thread(thread: Thread, called: str) -> Outgoing:
    """Begin the thread of a message, as long as that stands; its name passes no fence."""
    root = platform_id(thread.root)
    return Outgoing(
        OpenThread(thread.space, thread.channel, root, called),
        (MessageStands(thread.space, thread.channel, root),),
        asked=Asked.YES,
    )


def _direct(
    context: Context, news: News, account: AccountId, space: SpaceId, of: Voice | Telling
) -> tuple[Outgoing, Telling]:
    post = context.outbox_id()
    send = SendDirect(space, account, TellingOf(news.announcement.id, post), member=of.member)
    return (
        Outgoing(send, (_stands(news),), asked=Asked.YES, id=post),
        Telling(news.announcement.id, of.member, of.message, post, space, None),
    )


def _stands(news: News) -> StatusStands:
    return StatusStands(news.insight.id, news.announcement.status)


async def _look_after(context: Context, announcement: AnnouncementId, space: SpaceId) -> None:
    due = context.now + LOOKED_AFTER
    await context.uow.schedules.put(Schedule(context.community, space, f"{TIMER}:{announcement}", ONCE, "UTC", due))
