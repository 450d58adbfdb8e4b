"""``/mute``: hear nothing more of what became of something, or of anything."""

from dialogue.cards import name, title
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.ids import InsightId
from knowledge_base.insights import Insight
from knowledge_base.members import Role

_INSIGHT = Option("insight", OptionType.INSIGHT, "help.option.insight")

COMMAND = Command(
    "mute",
    "help.mute.noun",
    (
        Verb("show", "help.mute.show", Role.CUSTOMER),
        Verb("insight", "help.mute.insight", Role.CUSTOMER, (_INSIGHT,)),
        Verb("all", "help.mute.all", Role.CUSTOMER),
        Verb(
            "undo",
            "help.mute.undo",
            Role.CUSTOMER,
            (Option("insight", OptionType.INSIGHT, "help.option.insight", required=False),),
        ),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "insight": _one, "all": _all, "undo": _undo})


async def _show(asked: Invocation) -> Answer:
    uow, community = asked.context.uow, asked.context.community
    muted = await uow.mutes.of_member(community, asked.member.id)
    facts = [await _line(asked, one) for one in muted if one is not None]
    if None in muted:
        return asked.answer("mute.everything")
    if not facts:
        return asked.answer("mute.nothing")
    return Answer(Post((Paragraph(asked.say("mute.muted")), Facts(tuple(facts)))))


async def _one(asked: Invocation) -> Answer:
    insight = await _own(asked)
    await asked.context.uow.mutes.add(asked.context.community, asked.member.id, insight.id, asked.context.now)
    return asked.answer("closing.muted_one", {"name": name(insight, asked.context.texts), "number": insight.number})


async def _all(asked: Invocation) -> Answer:
    await asked.context.uow.mutes.add(asked.context.community, asked.member.id, None, asked.context.now)
    return asked.answer("mute.all")


async def _undo(asked: Invocation) -> Answer:
    insight = await _own(asked) if asked.given("insight") else None
    await asked.context.uow.mutes.remove(
        asked.context.community, asked.member.id, insight.id if insight is not None else None
    )
    if insight is None:
        return asked.answer("mute.undone")
    return asked.answer("mute.undone_one", {"name": name(insight, asked.context.texts)})


async def _own(asked: Invocation) -> Insight:
    """The insight meant: for customers one that they voice, so that nobody is told which others there are."""
    insight = await asked.insight("insight")
    if not asked.event.actor.role.may(Role.STAFF):
        voiced = await asked.context.uow.insights.voiced_by(asked.context.community, asked.member.id)
        if insight.id not in {one.id for one in voiced}:
            raise Refused(asked.say("refused.not_yours", {"number": insight.number}))
    return insight


async def _line(asked: Invocation, muted: InsightId) -> Fact:
    uow, community = asked.context.uow, asked.context.community
    insight = await uow.insights.get(community, muted)
    if insight is None:
        raise LookupError(f"insight {muted} is muted and is not stored")
    words = title(insight, await uow.insights.voices(community, muted))
    return Fact(name(insight, asked.context.texts), words or "")
