"""What follows, everywhere alike, from an insight's new status and from somebody having said it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogue.actions import Outgoing
from dialogue.closing.later import tell_later
from dialogue.closing.preparing import prepare
from dialogue.events import Interaction
from dialogue.marking import mark_status
from dialogue.recognising.settling import settle_insights
from dialogue.router import Context
from dialogue.routing import Routed, Shown, route, show_on_cards
from knowledge_base.insights import Insight, Status, StatusChange
from knowledge_base.members import Member
from knowledge_base.messages import Message


@dataclass(frozen=True, slots=True)
class StatusSet:
    """Staff gave an insight another status: it as it was, as it is, and who did that.

    ``asked``: by what, if they can be asked in answer to it. ``undoes``: the number of the change in its history that
    is taken back by this.
    """

    before: Insight
    after: Insight
    by: Member
    asked: Interaction | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A stored message has become a voice of an insight, or says it in other words now; the insight as it then is.

    ``live``: it was said just now, and not read later in a history. ``shown``: where the news of it is shown.
    """

    insight: Insight
    message: Message
    live: bool = True
    shown: Shown = Shown.ALL


async def set_status(context: Context, change: StatusSet) -> Sequence[Outgoing]:
    """Store an insight with another status, and who gave it that. The community is locked."""
    await record(context, change)
    return await after_decision(context, change)


async def record(context: Context, change: StatusSet) -> None:
    """Store an insight as staff changed it, and that in its history. The community is locked."""
    after = change.after
    await context.uow.insights.replace(after)
    line = StatusChange(
        insight=after.id,
        status=after.status,
        by=change.by.id,
        at=context.now,
        reason=after.reason,
        owner=after.owner,
        due_on=after.due_on,
        link=after.link,
        undoes=change.undoes,
    )
    await context.uow.insights.record(line, context.community)


async def after_decision(context: Context, change: StatusSet) -> Sequence[Outgoing]:
    """What a new status leads to, once it is stored.

    A merge and what undoes it are shown by themselves: only they know which voices went where.
    """
    before, after = change.before, change.after
    await settle_insights(context, [after.id])
    if Status.MERGED in (before.status, after.status):
        return ()
    return [
        *await show_on_cards(context, after.id),
        *await mark_status(context, after, before.status),
        *await prepare(context, after, change.by, change.asked),
    ]


async def after_voice(context: Context, heard: Heard) -> Routed:
    """What it leads to that somebody said it, once that is stored: its card goes where routes send it.

    Who says it late, of an insight that is closed and of which others were told, is told too.

    The community is locked.
    """
    routed = await route(context, heard.insight, heard.shown)
    told = await tell_later(context, heard.insight, heard.message) if heard.live else ()
    return replace(routed, outgoing=(*routed.outgoing, *told))
