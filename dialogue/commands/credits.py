"""``/credits``: what shipped thanks to whom, as a page; and from a change back to every voice."""

from typing import Final

from dialogue.actions import CreditsForm, CreditsOf
from dialogue.cards import name, words_of
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Block, Paragraph, Post, Quote
from knowledge_base.insights import Voice
from knowledge_base.members import Role
from knowledge_base.terms import Terms, in_force

MOST_SHOWN: Final = 30
"""Voices that are shown; more are counted."""

_INSIGHT = Option("insight", OptionType.INSIGHT, "help.option.insight")
_FORM = Option(
    "form", OptionType.CHOICE, "help.option.credits_form", required=False, choices=tuple(f.value for f in CreditsForm)
)

COMMAND = Command(
    "credits",
    "help.credits.noun",
    (
        Verb("show", "help.credits.show", Role.STAFF, (_INSIGHT,)),
        Verb("page", "help.credits.page", Role.STAFF, (_FORM,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "page": _page})


async def _page(asked: Invocation) -> Answer:
    return Answer(CreditsOf(asked.member.id, CreditsForm(asked.given("form") or CreditsForm.MARKDOWN)))


async def _show(asked: Invocation) -> Answer:
    """Every voice of an insight, with the version of the terms that held when it was said."""
    insight = await asked.insight("insight")
    uow, community = asked.context.uow, asked.context.community
    voices = await uow.insights.voices(community, insight.id)
    if not voices:
        raise Refused(asked.say("refused.no_voices", {"name": name(insight, asked.context.texts)}))
    versions = await uow.terms.versions(community)
    places: dict[str, str | int] = {"name": name(insight, asked.context.texts), "count": len(voices)}
    blocks: list[Block] = [Paragraph(asked.say("credits.voices", places))]
    blocks.extend(_quote(asked, voice, in_force(versions, voice.at)) for voice in voices[:MOST_SHOWN])
    if len(voices) > MOST_SHOWN:
        blocks.append(Paragraph(asked.say("credits.more", {"count": len(voices) - MOST_SHOWN})))
    return Answer(Post(tuple(blocks)))


def _quote(asked: Invocation, voice: Voice, terms: Terms | None) -> Quote:
    places = {
        "name": voice.author_name or asked.say("fence.unnamed"),
        "day": voice.at.date().isoformat(),
        "terms": asked.say("credits.under", {"version": terms.version}) if terms else asked.say("credits.no_terms"),
    }
    return Quote(words_of(voice, voice.text), words_of(voice, asked.say("credits.voice", places)), voice.link)
