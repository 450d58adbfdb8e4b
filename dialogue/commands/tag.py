"""``/tag``: labels, and saying by hand that a message is worth keeping."""

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.tag_form import TAG_FORM
from dialogue.tagging import Tagger
from knowledge_base.members import Role
from knowledge_base.taggings import TAG_NAME, Given, Tagging, taggings
from knowledge_base.teams import Tag

_MESSAGE = Option("message", OptionType.MESSAGE, "help.option.message")
_TAG = Option("tag", OptionType.TAG, "help.option.tag")

COMMAND = Command(
    "tag",
    "help.tag.noun",
    (
        Verb(
            "add",
            "help.tag.add",
            Role.STAFF,
            (_MESSAGE, Option("tag", OptionType.TAG, "help.option.tag", required=False)),
            menu="menu.tag",
            form=TAG_FORM,
        ),
        Verb("remove", "help.tag.remove", Role.STAFF, (_MESSAGE, _TAG)),
        Verb("list", "help.tag.list", Role.STAFF),
        Verb(
            "new",
            "help.tag.new",
            Role.ADMIN,
            (
                Option("name", OptionType.TEXT, "help.option.new_tag"),
                Option("reaction", OptionType.TEXT, "help.option.reaction", required=False),
            ),
        ),
        Verb("drop", "help.tag.drop", Role.ADMIN, (_TAG,)),
    ),
)


def noun(tagger: Tagger) -> Noun:
    """The command with its handlers."""

    async def add(asked: Invocation) -> Answer:
        message, tag = await asked.message("message"), await asked.tag("tag")
        tagging = Tagging(tag.name if tag else "", Given.COMMAND, asked.member.id)
        actions = await tagger.tag(asked.context, message, tagging)
        insight = await asked.context.uow.insights.of_message(asked.context.community, message.id)
        post = asked.answer("tag.added", {"number": insight.number if insight else 0}).post
        return Answer(post, tuple(actions))

    async def remove(asked: Invocation) -> Answer:
        message, tag = await asked.message("message"), await asked.tag("tag")
        name = tag.name if tag else ""
        undone = [tagging for tagging in taggings(message.reasons) if tagging.tag == name]
        if not undone:
            raise Refused(asked.say("refused.not_tagged", {"tag": name}))
        actions = await tagger.untag(asked.context, message, undone)
        return Answer(asked.answer("tag.removed", {"tag": name}).post, tuple(actions))

    return Noun(COMMAND, {"add": add, "remove": remove, "list": _list, "new": _new, "drop": _drop})


async def _list(asked: Invocation) -> Answer:
    tags = await asked.context.uow.teams.tags(asked.context.community)
    if not tags:
        return asked.answer("tag.none")
    facts = (Fact(tag.name, f":{tag.reaction}:" if tag.reaction else asked.say("tag.no_reaction")) for tag in tags)
    return Answer(Post((Paragraph(asked.say("tag.all")), Facts(tuple(facts)))))


async def _new(asked: Invocation) -> Answer:
    name = asked.needed("name").removeprefix("#").casefold()
    reaction = (asked.given("reaction") or "").strip(":") or None
    if not TAG_NAME.fullmatch(name):
        raise Refused(asked.say("refused.tag_name"))
    await asked.context.uow.teams.put_tag(Tag(asked.context.community, name, reaction))
    if reaction is None:
        return asked.answer("tag.made", {"tag": name})
    return asked.answer("tag.made_with_reaction", {"tag": name, "reaction": reaction})


async def _drop(asked: Invocation) -> Answer:
    tag = await asked.tag("tag")
    name = tag.name if tag else ""
    await asked.context.uow.teams.remove_tag(asked.context.community, name)
    return asked.answer("tag.dropped", {"tag": name})
