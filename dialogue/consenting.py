"""Consenting: in a community that asks first, whoever speaks is asked once, alone; a press of theirs is the answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dialogue.actions import Outgoing, Said, SendDirect
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import custom_id
from dialogue.events import ButtonPressed, ConsentWanted
from dialogue.handling import only
from dialogue.people import may_keep, member_behind
from dialogue.ports import UnitOfWork
from dialogue.posts import Button, Buttons, Emphasis, Paragraph, Post, plain
from dialogue.replies import reply
from dialogue.router import Context, Router
from dialogue.shown_names import show_named
from dialogue.texts.catalogue import Texts
from knowledge_base.members import Member, Recording, Role, Way
from knowledge_base.welcomes import Welcome, Welcoming

AGREE: Final = "consent_yes"
REFUSE: Final = "consent_no"
STOP: Final = "consent_stop"

BUTTONS: Final = tuple(ButtonAction(verb, Role.CUSTOMER) for verb in (AGREE, REFUSE, STOP))


def router() -> Router:
    """The handlers of the question, of its two answers, and of the button that ends what nobody asked before."""

    async def agree(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
        return await _choose(event, context, Recording.ALLOWED, "privacy.resumed")

    async def refuse(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
        return await _choose(event, context, Recording.STOPPED, "consent.refused")

    async def stop(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
        return await _choose(event, context, Recording.STOPPED, "privacy.stopped")

    consenting = Router("consenting")
    consenting.on("consent_wanted")(only(ConsentWanted, _ask))
    consenting.on(f"button:{AGREE}")(only(ButtonPressed, agree))
    consenting.on(f"button:{REFUSE}")(only(ButtonPressed, refuse))
    consenting.on(f"button:{STOP}")(only(ButtonPressed, stop))
    return consenting


async def recorded(uow: UnitOfWork, member: Member, texts: Texts) -> str:
    """Whether what they say is kept from now on, by their choice or by what their community set."""
    if member.consent.recording is not Recording.UNSAID:
        return texts.say(f"recording.{member.consent.recording}")
    kept = await may_keep(uow, member.community, member)
    return texts.say("recording.kept_unsaid" if kept else "recording.unkept_unsaid")


async def _ask(event: ConsentWanted, context: Context) -> Sequence[Outgoing]:
    """Once ever: whoever does not answer has not agreed, and is left in peace."""
    uow, community = context.uow, context.community
    member = await uow.members.behind(community, event.space, event.account)
    chose = member is not None and member.consent.recording is not Recording.UNSAID
    if chose or await may_keep(uow, community, member):
        return ()
    if not await uow.members.ask_once(community, event.space, event.account, context.now):
        return ()
    question = _question(await uow.welcomes.chosen(community), context.texts)
    return (Outgoing(SendDirect(event.space, event.account, Said(question))),)


def words_of(welcome: Welcome, texts: Texts) -> str:
    """How this community shapes the product, as its admins say it, or the ready sentence."""
    return welcome.words or texts.say("welcome.words")


def _question(welcome: Welcome, texts: Texts) -> Post:
    """Where newcomers are welcomed, that stands before the question: nobody gets two messages."""
    yes, no = custom_id(AGREE, "", ""), custom_id(REFUSE, "", "")
    buttons = (Button(texts.say("consent.yes"), yes, Emphasis.PRIMARY), Button(texts.say("consent.no"), no))
    before = (Paragraph(words_of(welcome, texts)),) if welcome.welcoming is Welcoming.ON else ()
    return Post((*before, Paragraph(texts.say("consent.question")), Buttons(buttons)))


async def _choose(event: ButtonPressed, context: Context, recording: Recording, said: str) -> Sequence[Outgoing]:
    """Of whom nothing is kept, the name is not kept either: it leaves what quotes them, too."""
    member = await member_behind(event.actor, event.place.space, context)
    chosen = replace(member.consent, recording=recording, changed_at=context.now, way=Way.BUTTON)
    await context.uow.members.consent(context.community, member.id, chosen)
    edits: Sequence[Outgoing] = ()
    if recording is Recording.STOPPED:
        await context.uow.members.forget_name(context.community, member.id)
        edits = await show_named(context, member.id)
    return (*edits, reply(event, member, plain(context.texts.say(said))))
