"""``/privacy``: what is kept of me, since when I allow it, and an end to it."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.actions import ExportOf, Outgoing
from dialogue.advice.planning import Advice
from dialogue.capturing.erasing import erase
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.consenting import recorded
from dialogue.partnering.belonging import forget
from dialogue.posts import Block, Fact, Facts, Paragraph, Post, Quote, Words
from dialogue.readers import who_looked
from dialogue.recognising.settling import settle_forgotten
from dialogue.rewarding.ending import end_forgotten
from dialogue.routing import show_on_cards
from dialogue.shown_names import show_named
from dialogue.whereabouts import LATEST, where_they_went
from knowledge_base.channels import Audience
from knowledge_base.insights import Insight
from knowledge_base.members import CHOOSABLE, Consent, Naming, Recording, Role, Way, shown_as
from knowledge_base.messages import Message

_LATEST = 3
_PRIVATE = Option("allow", OptionType.CHOICE, "help.option.private", choices=("on", "off"))
_NAMING = Option("as", OptionType.CHOICE, "help.option.naming", choices=tuple(one.value for one in CHOOSABLE))

COMMAND = Command(
    "privacy",
    "help.privacy.noun",
    (
        Verb("show", "help.privacy.show", Role.CUSTOMER, shortcut="shortcut.privacy"),
        Verb("stop", "help.privacy.stop", Role.CUSTOMER),
        Verb("resume", "help.privacy.resume", Role.CUSTOMER),
        Verb("export", "help.privacy.export", Role.CUSTOMER),
        Verb("erase", "help.privacy.erase", Role.CUSTOMER),
        Verb("private", "help.privacy.private", Role.CUSTOMER, (_PRIVATE,)),
        Verb("naming", "help.privacy.naming", Role.CUSTOMER, (_NAMING,)),
    ),
)


def noun(advice: Advice | None) -> Noun:
    """The command with its handlers. ``advice``: the language model that is asked, of which everybody is told."""

    async def show(asked: Invocation) -> Answer:
        return await _show(asked, advice)

    handlers = {
        "show": show,
        "stop": _stop,
        "resume": _resume,
        "export": _export,
        "erase": _erase,
        "private": _private,
        "naming": _naming,
    }
    return Noun(COMMAND, handlers)


async def _show(asked: Invocation, advice: Advice | None) -> Answer:
    uow, community, member = asked.context.uow, asked.context.community, asked.member
    messages = await uow.messages.by_author(community, member.id)
    voiced = await uow.insights.voiced_by(community, member.id)
    facts = [
        Fact(asked.say("privacy.messages"), str(len(messages))),
        Fact(asked.say("privacy.insights"), str(len(voiced))),
        *_notes(asked, len(await uow.notes.by_member(community, member.id))),
        *await _besides(asked),
        Fact(asked.say("privacy.recording"), await recorded(uow, member, asked.context.texts)),
        Fact(asked.say("privacy.private"), _on_or_off(asked, member.consent)),
        Fact(asked.say("privacy.naming"), asked.say(f"naming.{member.consent.naming}")),
    ]
    quotes = [await _quote(asked, message) for message in messages[-_LATEST:]]
    history = await uow.members.consent_history(community, member.id)
    told = tuple(_told(asked, consent) for consent in history if consent.changed_at) or (
        Fact(asked.say("privacy.chosen"), asked.say("privacy.never_chosen")),
    )
    last = [Paragraph(asked.say("privacy.latest")), *quotes] if quotes else []
    sent = [Paragraph(_sent_on(asked, advice))] if advice else []
    gone = await _gone(asked, voiced, messages) if messages else ()
    return Answer(Post((Paragraph(asked.say("privacy.held")), Facts(tuple(facts)), Facts(told), *gone, *sent, *last)))


async def _gone(asked: Invocation, voiced: Sequence[Insight], messages: Sequence[Message]) -> Sequence[Block]:
    """Where what they said went, and who looked at it. ``voiced``: that of their latest words first."""
    context, member = asked.context, asked.member.id
    went = await where_they_went(context, member, voiced[:LATEST])
    blocks: list[Block] = [Paragraph(asked.say("whereabouts.went")), Facts(tuple(went))] if went else []
    looked = await who_looked(context, member, voiced, frozenset(message.id for message in messages))
    if not looked:
        return (*blocks, Paragraph(asked.say("whereabouts.nobody")))
    return (*blocks, Paragraph(asked.say("whereabouts.readers")), Facts(tuple(looked)))


def _sent_on(asked: Invocation, advice: Advice) -> str:
    """What goes to a language model, and from where."""
    readers = [asked.say(f"audience.{one}") for one in Audience if one in advice.policy.audiences]
    return asked.say("privacy.model", {"model": advice.model.name, "readers": ", ".join(readers)})


async def _stop(asked: Invocation) -> Answer:
    await _choose(asked, replace(asked.member.consent, recording=Recording.STOPPED))
    return asked.answer("privacy.stopped")


async def _resume(asked: Invocation) -> Answer:
    await _choose(asked, replace(asked.member.consent, recording=Recording.ALLOWED))
    return asked.answer("privacy.resumed")


async def _private(asked: Invocation) -> Answer:
    """What quotes private words of this member is shown anew: with them, or without."""
    allow = asked.needed("allow") == "on"
    await _choose(asked, replace(asked.member.consent, share_private=allow))
    return Answer(
        asked.answer("privacy.private_on" if allow else "privacy.private_off").post,
        tuple(await show_named(asked.context, asked.member.id)),
    )


async def _naming(asked: Invocation) -> Answer:
    """What names this member is shown anew."""
    naming = Naming(asked.needed("as"))
    await _choose(asked, replace(asked.member.consent, naming=naming))
    name = shown_as(asked.member.name, naming) or asked.say("fence.unnamed")
    return Answer(
        asked.answer("privacy.named", {"name": name}).post, tuple(await show_named(asked.context, asked.member.id))
    )


async def _export(asked: Invocation) -> Answer:
    return Answer(ExportOf(asked.member.id))


async def _erase(asked: Invocation) -> Answer:
    """What stays is the account's id, its role and the choices made: without them a choice to stop would not hold."""
    uow, community = asked.context.uow, asked.context.community
    messages = await uow.messages.by_author(community, asked.member.id)
    edits = [
        *await erase(asked.context, messages),
        *await _erase_notes(asked),
        *await forget(asked.context, asked.member.id),
        *await end_forgotten(asked.context, asked.member.id),
    ]
    for account in await uow.members.accounts(community, asked.member.id):
        await uow.inbox.purge_author(account.space, account.id, asked.context.now)
        await uow.answers.forget_checks(community, account.space, account.id)
    await settle_forgotten(asked.context, asked.member.id)
    await uow.reminders.forget(community, asked.member.id)
    await uow.members.forget_name(community, asked.member.id)
    key = "privacy.erased_one" if len(messages) == 1 else "privacy.erased"
    return Answer(asked.answer(key, {"count": len(messages)}).post, tuple(edits))


async def _erase_notes(asked: Invocation) -> Sequence[Outgoing]:
    """What they wrote as staff about what others said; returns the edits that take it off cards."""
    uow, community = asked.context.uow, asked.context.community
    about = [note.message for note in await uow.notes.by_member(community, asked.member.id)]
    await uow.notes.erase_by(community, asked.member.id)
    insights = [await uow.insights.of_message(community, message) for message in dict.fromkeys(about)]
    return [edit for one in insights if one for edit in await show_on_cards(asked.context, one.id)]


async def _choose(asked: Invocation, consent: Consent) -> None:
    chosen = replace(consent, changed_at=asked.context.now, way=Way.COMMAND)
    await asked.context.uow.members.consent(asked.context.community, asked.member.id, chosen)


async def _quote(asked: Invocation, message: Message) -> Quote | Paragraph:
    channel = await asked.context.uow.channels.get(message.space, message.channel)
    if channel is None:
        return Paragraph(asked.say("privacy.channel_gone"))
    where = asked.say("privacy.direct") if channel.direct else f"#{channel.name}"
    return Quote(Words(message.text, channel.origin, message.author), where, message.link)


def _notes(asked: Invocation, written: int) -> Sequence[Fact]:
    """Only staff write any."""
    return (Fact(asked.say("privacy.notes"), str(written)),) if written else ()


async def _besides(asked: Invocation) -> Sequence[Fact]:
    """What came of what they said, for them, as far as there is any."""
    uow, community, member = asked.context.uow, asked.context.community, asked.member.id
    people = await uow.occasions.people(community, [member], asked.context.now)
    counts = {
        "privacy.contributions": len(await uow.contributions.of_member(community, member)),
        "privacy.rewards": len(await uow.grants.of_member(community, member)),
        "privacy.reminders": len(people[member].told_at) if member in people else 0,
    }
    facts = [Fact(asked.say(key), str(count)) for key, count in counts.items() if count]
    partner = await uow.partners.get(community, member)
    if partner is not None:
        since = {"date": partner.at.date().isoformat()}
        facts.append(Fact(asked.say("privacy.partner"), asked.say(f"partner_state.{partner.state}", since)))
    return facts


def _told(asked: Invocation, consent: Consent) -> Fact:
    when = consent.changed_at.date().isoformat() if consent.changed_at else ""
    chosen = asked.say(
        "privacy.choice",
        {
            "recording": asked.say(f"recording.{consent.recording}"),
            "private": _on_or_off(asked, consent),
            "naming": asked.say(f"naming.{consent.naming}"),
            "way": asked.say(f"way.{consent.way}"),
        },
    )
    return Fact(when, chosen)


def _on_or_off(asked: Invocation, consent: Consent) -> str:
    return asked.say("privacy.on" if consent.share_private else "privacy.off")
