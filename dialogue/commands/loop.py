"""``/loop``: tell who said something what became of it, and see who heard."""

from dialogue.cards import name
from dialogue.closing.audience import audience_of
from dialogue.closing.deciding import TEXT_LIMIT
from dialogue.closing.preparing import new_announcement, people, preview, wording
from dialogue.closing.verbs import TELL, TELLS
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.rows import OutboxState
from knowledge_base.announcements import AnnouncementState
from knowledge_base.members import Role

_INSIGHT = Option("insight", OptionType.INSIGHT, "help.option.insight")
_TEXT = Option("text", OptionType.TEXT, "help.option.telling", required=False, limit=TEXT_LIMIT)

COMMAND = Command(
    "loop",
    "help.loop.noun",
    (
        Verb("show", "help.loop.show", Role.STAFF, (_INSIGHT,)),
        Verb(TELL, "help.loop.tell", Role.STAFF, (_INSIGHT, _TEXT)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, TELL: _tell})


async def _show(asked: Invocation) -> Answer:
    """For each announcement that was sent: how many heard, wait for it, or could not be reached."""
    insight = await asked.insight("insight")
    uow, community, texts = asked.context.uow, asked.context.community, asked.context.texts
    facts = []
    for one in await uow.announcements.of_insight(community, insight.id):
        if one.state is not AnnouncementState.SENT:
            continue
        states = [state for _, state in await uow.tellings.of_announcement(community, one.id)]
        heard, waiting = states.count(OutboxState.SENT), states.count(OutboxState.OPEN)
        places = {
            "heard": people(heard, texts),
            "waiting": people(waiting, texts),
            "missed": people(len(states) - heard - waiting, texts),
        }
        said = texts.say(f"status.{one.status.name.lower()}")
        facts.append(Fact(f"{one.at.date().isoformat()}, {said}", texts.say("loop.heard", places)))
    if not facts:
        return asked.answer("loop.nobody", {"name": name(insight, texts)})
    return Answer(Post((Paragraph(asked.say("loop.of", {"name": name(insight, texts)})), Facts(tuple(facts)))))


async def _tell(asked: Invocation) -> Answer:
    """Shown first, as when the status was set: whoever sends it has seen it."""
    await asked.context.uow.communities.lock(asked.context.community)
    insight = await asked.insight("insight")
    texts = asked.context.texts
    if insight.status not in TELLS:
        now = asked.say(f"status.{insight.status.name.lower()}")
        raise Refused(asked.say("refused.nothing_to_tell", {"name": name(insight, texts), "status": now}))
    audience = await audience_of(asked.context.uow, insight)
    if not audience.reached:
        return asked.answer("loop.all_told", {"name": name(insight, texts)})
    text = asked.given("text") or wording(insight, texts)
    announcement = await new_announcement(asked.context, insight, asked.member, text)
    return Answer(preview(announcement, audience, texts))
