"""``/topic``: what the bot looks out for in messages: competitors by name, and the areas of the product."""

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from knowledge_base.members import Role
from knowledge_base.topics import Topic, TopicKind

_KIND = Option("kind", OptionType.CHOICE, "help.option.topic_kind", choices=tuple(kind.value for kind in TopicKind))
_NAME = Option("name", OptionType.TEXT, "help.option.topic_name")

COMMAND = Command(
    "topic",
    "help.topic.noun",
    (
        Verb("list", "help.topic.list", Role.STAFF),
        Verb(
            "add",
            "help.topic.add",
            Role.ADMIN,
            (_KIND, _NAME, Option("words", OptionType.TEXT, "help.option.topic_words", required=False)),
        ),
        Verb("remove", "help.topic.remove", Role.ADMIN, (_KIND, _NAME)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"list": _list, "add": _add, "remove": _remove})


async def _list(asked: Invocation) -> Answer:
    topics = await asked.context.uow.topics.all(asked.context.community)
    if not topics:
        return asked.answer("topic.none")
    facts = (Fact(asked.say(f"topic.{topic.kind.value}"), ", ".join((topic.name, *topic.words))) for topic in topics)
    return Answer(Post((Paragraph(asked.say("topic.all")), Facts(tuple(facts)))))


async def _add(asked: Invocation) -> Answer:
    words = tuple(word.strip() for word in (asked.given("words") or "").split(",") if word.strip())
    topic = Topic(asked.context.community, _kind(asked), asked.needed("name").strip(), words)
    await asked.context.uow.topics.put(topic)
    return asked.answer("topic.added", {"name": topic.name})


async def _remove(asked: Invocation) -> Answer:
    kind, name = _kind(asked), asked.needed("name").strip()
    known = await asked.context.uow.topics.all(asked.context.community)
    if not any(topic.kind is kind and topic.name == name for topic in known):
        raise Refused(asked.say("refused.no_topic", {"name": name}))
    await asked.context.uow.topics.remove(asked.context.community, kind, name)
    return asked.answer("topic.removed", {"name": name})


def _kind(asked: Invocation) -> TopicKind:
    return TopicKind(asked.needed("kind"))
