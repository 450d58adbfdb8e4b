"""What voices are to hear is shown first to whoever set the status: they send it, word it anew, or leave it."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.actions import Outgoing
from dialogue.closing.audience import Audience, audience_of
from dialogue.closing.verbs import EDIT, NOT_NOW, SEND
from dialogue.custom_ids import custom_id
from dialogue.events import Interaction
from dialogue.posts import Block, Button, Buttons, Emphasis, Fact, Facts, Paragraph, Post
from dialogue.replies import reply
from dialogue.router import Context
from dialogue.texts.catalogue import Texts
from knowledge_base.announcements import Announcement, AnnouncementState
from knowledge_base.ids import AnnouncementId
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Member


async def prepare(context: Context, insight: Insight, by: Member, asked: Interaction | None) -> Sequence[Outgoing]:
    """Ask whoever gave an insight its status whether its voices shall hear of it. The community is locked.

    Nobody is asked where no customer would hear anything, or where there is nothing to answer. What was prepared before
    holds no more.
    """
    for before in await context.uow.announcements.of_insight(context.community, insight.id):
        if before.state is AnnouncementState.PREPARED:
            gone = replace(before, state=AnnouncementState.WITHDRAWN, by=by.id, at=context.now)
            await context.uow.announcements.replace(gone)
    if asked is None or insight.status not in await context.uow.communities.told(context.community):
        return ()
    audience = await audience_of(context.uow, insight)
    if not audience.reached:
        return ()
    announcement = await new_announcement(context, insight, by, wording(insight, context.texts))
    return [reply(asked, by, preview(announcement, audience, context.texts))]


async def new_announcement(context: Context, insight: Insight, by: Member, text: str) -> Announcement:
    """One is stored, to be sent."""
    announcement = Announcement(
        id=AnnouncementId(context.ids.fresh()),
        community=context.community,
        insight=insight.id,
        change=len(await context.uow.insights.history(context.community, insight.id)),
        status=insight.status,
        text=text,
        by=by.id,
        at=context.now,
    )
    await context.uow.announcements.add(announcement)
    return announcement


def wording(insight: Insight, texts: Texts) -> str:
    """What voices of an insight hear of its status, unless staff word it otherwise."""
    match insight.status:
        case Status.DECLINED:
            return texts.say("closing.declined", {"reason": insight.reason})
        case Status.SHIPPED if insight.kind is Kind.PROBLEM:
            said = texts.say("closing.fixed")
        case Status.SHIPPED:
            said = texts.say("closing.shipped")
        case Status.ACKNOWLEDGED:
            said = texts.say("closing.acknowledged")
        case Status.IN_PROGRESS:
            said = texts.say("closing.started")
        case _:
            said = texts.say("closing.planned")
    return f"{said} {insight.reason}" if insight.reason else said


def preview(announcement: Announcement, audience: Audience, texts: Texts) -> Post:
    """What is to be sent and who will read it where, with the buttons that decide about it."""
    facts = [
        Fact(texts.say(label), people(count, texts))
        for label, count in (
            ("closing.in_threads", sum(map(len, audience.threads.values()))),
            ("closing.directly", len(audience.direct)),
            ("closing.muted", audience.unwilling),
            ("closing.unknown", audience.unknown),
        )
        if count
    ]
    blocks: list[Block] = [
        Paragraph(texts.say("closing.ask", {"people": people(audience.reached, texts)})),
        Paragraph(announcement.text),
        Facts(tuple(facts)),
        Buttons(
            (
                _button("closing.send", SEND, announcement, texts, Emphasis.PRIMARY),
                _button("closing.edit", EDIT, announcement, texts),
                _button("closing.not_now", NOT_NOW, announcement, texts),
            )
        ),
    ]
    return Post(tuple(blocks))


def people(count: int, texts: Texts) -> str:
    """So many people, in words."""
    return texts.say("insight.one_person") if count == 1 else texts.say("insight.people", {"count": count})


def _button(
    label: str, verb: str, announcement: Announcement, texts: Texts, emphasis: Emphasis = Emphasis.PLAIN
) -> Button:
    return Button(texts.say(label), custom_id(verb, announcement.id, str(announcement.change)), emphasis)
