"""``/loop``: tell who said something what became of it, and see who heard."""

from collections.abc import Sequence

from dialogue.cards import name
from dialogue.closing.audience import audience_of
from dialogue.closing.deciding import TEXT_LIMIT, refuse_unless_chosen
from dialogue.closing.preparing import new_announcement, people, preview, wording
from dialogue.closing.verbs import TELL
from dialogue.commands.conditions import listed
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.commands.limits import OFF
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.rows import OutboxState
from dialogue.texts.catalogue import Texts
from knowledge_base.announcements import AnnouncementState
from knowledge_base.insights import Status
from knowledge_base.members import Role
from knowledge_base.statuses import TELLABLE

_INSIGHT = Option("insight", OptionType.INSIGHT, "help.option.insight")
_TEXT = Option("text", OptionType.TEXT, "help.option.telling", required=False, limit=TEXT_LIMIT)

_STATUSES = Option("statuses", OptionType.TEXT, "help.option.told", required=False)

COMMAND = Command(
    "loop",
    "help.loop.noun",
    (
        Verb("show", "help.loop.show", Role.STAFF, (_INSIGHT,)),
        Verb("set", "help.loop.set", Role.ADMIN, (_STATUSES,)),
        Verb(TELL, "help.loop.tell", Role.STAFF, (_INSIGHT, _TEXT)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "set": _set, TELL: _tell})


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
        said = _name(one.status, texts)
        facts.append(Fact(f"{one.at.date().isoformat()}, {said}", texts.say("loop.heard", places)))
    if not facts:
        return asked.answer("loop.nobody", {"name": name(insight, texts)})
    return Answer(Post((Paragraph(asked.say("loop.of", {"name": name(insight, texts)})), Facts(tuple(facts)))))


async def _tell(asked: Invocation) -> Answer:
    """Shown first, as when the status was set: whoever sends it has seen it."""
    await asked.context.uow.communities.lock(asked.context.community)
    insight = await asked.insight("insight")
    texts = asked.context.texts
    await refuse_unless_chosen(asked.context.uow, insight, texts)
    audience = await audience_of(asked.context.uow, insight)
    if not audience.reached:
        return asked.answer("loop.all_told", {"name": name(insight, texts)})
    text = asked.given("text") or wording(insight, texts)
    announcement = await new_announcement(asked.context, insight, asked.member, text)
    return Answer(preview(announcement, audience, texts))


async def _set(asked: Invocation) -> Answer:
    """Choose of which statuses customers are told, and show what holds. What was told stays told."""
    communities, community, texts = asked.context.uow.communities, asked.context.community, asked.context.texts
    if asked.given("statuses"):
        await communities.choose_told(community, _statuses(asked))
    told = await communities.told(community)
    return asked.answer("loop.told", {"statuses": _names(told, texts)}) if told else asked.answer("loop.told_nothing")


def _statuses(asked: Invocation) -> Sequence[Status]:
    """Those that were typed, in the order in which they come."""
    typed = {name.casefold().replace("_", " ").replace("-", " ") for name in listed(asked, "statuses")}
    if typed == {OFF}:
        return ()
    texts = asked.context.texts
    names = {_name(status, texts).casefold(): status for status in TELLABLE}
    if not typed or not names.keys() >= typed:
        raise Refused(asked.say("refused.no_status", {"statuses": _names(TELLABLE, texts)}))
    return [status for name, status in names.items() if name in typed]


def _names(statuses: Sequence[Status], texts: Texts) -> str:
    return ", ".join(_name(status, texts) for status in statuses)


def _name(status: Status, texts: Texts) -> str:
    return texts.say(f"status.{status.name.lower()}")
