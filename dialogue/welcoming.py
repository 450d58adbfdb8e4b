"""Welcoming: whoever said something for the first time is told once, alone, what comes of it and how to stop it."""

from collections.abc import Sequence

from dialogue.actions import Outgoing, Said, SendDirect, StillConsents
from dialogue.capturing.thinking import here
from dialogue.closing.audience import may_speak
from dialogue.consenting import STOP, words_of
from dialogue.custom_ids import custom_id
from dialogue.events import MessagePosted
from dialogue.handling import only
from dialogue.posts import Button, Buttons, Paragraph, Post
from dialogue.router import Context, Router
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Shared
from knowledge_base.members import Member, Recording
from knowledge_base.welcomes import Welcome, Welcoming


def router() -> Router:
    """The handler of what is said; it comes after that which keeps it."""
    welcoming = Router("welcoming")
    welcoming.on("message_posted")(only(MessagePosted, _posted))
    return welcoming


def welcome_post(welcome: Welcome, texts: Texts) -> Post:
    """How the community shapes the product, as admins say it; what they can't change: what is kept, and its end."""
    stop = Button(texts.say("welcome.stop_button"), custom_id(STOP, "", ""))
    return Post(
        (
            Paragraph(words_of(welcome, texts)),
            Paragraph(texts.say("welcome.kept")),
            Paragraph(texts.say("welcome.stop")),
            Buttons((stop,)),
        )
    )


async def _posted(event: MessagePosted, context: Context) -> Sequence[Outgoing]:
    """Where nobody is asked first: whoever agreed before was told all this by the question."""
    uow, community, place = context.uow, context.community, event.place
    if not event.live or not event.actor.role.is_customer or not await _may_welcome(event, context):
        return ()
    welcome = await uow.welcomes.chosen(community)
    if welcome.welcoming is Welcoming.OFF:
        return ()
    member = await uow.members.behind(community, place.space, event.actor.account)
    if member is None or member.consent.recording is not Recording.UNSAID:
        return ()
    if not await _is_first(event, member, context) or not await uow.welcomes.once(community, member.id, context.now):
        return ()
    said = Said(welcome_post(welcome, context.texts))
    send = SendDirect(place.space, event.actor.account, said, member=member.id, role=event.actor.role)
    return [Outgoing(send, (StillConsents(member.id),))]


async def _may_welcome(event: MessagePosted, context: Context) -> bool:
    """Whether it was said where the bot may speak, and nobody from outside reads."""
    channel = await context.uow.channels.get(event.place.space, event.place.channel)
    return channel is not None and may_speak(channel) and channel.shared is Shared.NO


async def _is_first(event: MessagePosted, member: Member, context: Context) -> bool:
    """Whether it was kept, and is the first thing that was ever kept of them."""
    said = await context.uow.messages.get(context.community, here(event.place, event.message))
    if said is None or said.deleted:
        return False
    return await context.uow.welcomes.is_first(context.community, member.id, said.id)
