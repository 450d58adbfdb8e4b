"""Who may be asked, and by which post where: in the thread of what they said, else directly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dialogue.actions import (
    Asked,
    MessageStands,
    OutboxId,
    Outgoing,
    Post,
    Precondition,
    Said,
    SendDirect,
    StillConsents,
)
from dialogue.bridging.storing import Addressee
from dialogue.closing.audience import Thread, places_of
from dialogue.closing.telling import begin_thread
from dialogue.ports import UnitOfWork
from dialogue.posts import Paragraph
from dialogue.posts import Post as Content
from dialogue.router import Context
from knowledge_base.bridges import Question
from knowledge_base.ids import AccountId, MessageId, platform_id
from knowledge_base.insights import Insight, Voice
from knowledge_base.messages import Message

MOST: Final = 10
"""People among whom staff choose."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, and what the team that asks it is called."""

    question: Question
    team: str


async def askable(uow: UnitOfWork, insight: Insight) -> Sequence[Voice]:
    """The customers who said it last, each by their latest words, but those who want to hear nothing of it."""
    voices = await uow.insights.voices(insight.community, insight.id)
    latest = {voice.member: voice for voice in sorted(voices, key=_when) if voice.role.is_customer}
    unwilling = await uow.mutes.unwilling(insight.community, insight.id, list(latest))
    willing = [voice for voice in latest.values() if voice.member not in unwilling]
    return sorted(willing, key=_when, reverse=True)[:MOST]


async def ask_each(
    context: Context, asking: Asking, voices: Sequence[Voice], thread_name: str
) -> Sequence[tuple[Outgoing, Sequence[Addressee]]]:
    """What asks these, and whom each asks: those of one thread by one post. Who has no known account is left out."""
    places = await places_of(context.uow, context.community, voices)
    asked: list[tuple[Outgoing, Sequence[Addressee]]] = []
    for thread, theirs in places.threads.items():
        asked += [] if thread.begun else [(begin_thread(thread, thread_name), ())]
        asked.append(await _in_thread(context, asking, thread, theirs))
    for account, voice in places.direct:
        message = await context.uow.messages.get(context.community, voice.message)
        asked += [await directly(context, asking, account, message)] if message else []
    return asked


async def directly(
    context: Context, asking: Asking, account: AccountId, message: Message
) -> tuple[Outgoing, Sequence[Addressee]]:
    """Ask one person alone about what they said."""
    post = context.outbox_id()
    lines = (
        _asks(context, asking),
        await _about(context, message),
        context.texts.say("bridge.goes_directly", {"team": asking.team}),
    )
    said = Said(Content(tuple(Paragraph(line) for line in lines)))
    send = SendDirect(message.space, account, said, member=message.author)
    return (
        Outgoing(send, of_one(message), asked=Asked.YES, id=post),
        [Addressee(asking.question.id, message.author, message.id, post, message.space)],
    )


def of_one(message: Message) -> tuple[Precondition, ...]:
    """What has to hold as long as somebody is written to because of one message."""
    return (MessageStands(message.space, message.channel, platform_id(message.id)), StillConsents(message.author))


async def _in_thread(
    context: Context, asking: Asking, thread: Thread, voices: Sequence[Voice]
) -> tuple[Outgoing, Sequence[Addressee]]:
    post: OutboxId = context.outbox_id()
    goes = context.texts.say("bridge.goes", {"team": asking.team})
    said = Said(Content((Paragraph(_asks(context, asking)), Paragraph(goes))))
    action = Post(thread.space, thread.channel, said, platform_id(thread.root))
    only = await context.uow.messages.get(context.community, voices[0].message) if len(voices) == 1 else None
    addressees = [
        Addressee(asking.question.id, one.member, one.message, post, thread.space, thread.channel, thread.root)
        for one in voices
    ]
    return Outgoing(action, of_one(only) if only else (), asked=Asked.YES, id=post), addressees


def _asks(context: Context, asking: Asking) -> str:
    return context.texts.say("bridge.asks", {"team": asking.team, "text": asking.question.text})


async def _about(context: Context, message: Message) -> str:
    """Which message it is about, without its words: these would stand here still once they are taken back."""
    channel = await context.uow.channels.get(message.space, message.channel)
    day = message.at.date().isoformat()
    if channel is None or channel.direct:
        return context.texts.say("bridge.about", {"date": day})
    places = {"date": day, "channel": channel.name}
    said = context.texts.say("bridge.about_in", places)
    return f"{said} {message.link}" if message.link else said


def _when(voice: Voice) -> tuple[datetime, MessageId]:
    return voice.at, voice.message
