"""``/welcome``: whether newcomers are welcomed after their first post, and in which words."""

from dataclasses import replace

from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.posts import Buttons, Paragraph, Post
from dialogue.welcoming import welcome_post
from knowledge_base.members import Role
from knowledge_base.welcomes import WORDS_LIMIT, Welcome, Welcoming

_WORDS = Option("words", OptionType.TEXT, "help.option.welcome_words", required=False, limit=WORDS_LIMIT)

COMMAND = Command(
    "welcome",
    "help.welcome.noun",
    (
        Verb("show", "help.welcome.show", Role.STAFF),
        Verb("on", "help.welcome.on", Role.ADMIN),
        Verb("off", "help.welcome.off", Role.ADMIN),
        Verb("words", "help.welcome.words", Role.ADMIN, (_WORDS,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {"show": _show, "on": _on, "off": _off, "words": _words})


async def _show(asked: Invocation) -> Answer:
    return _shown(asked, await asked.context.uow.welcomes.chosen(asked.context.community))


async def _on(asked: Invocation) -> Answer:
    return await _switched(asked, Welcoming.ON)


async def _off(asked: Invocation) -> Answer:
    return await _switched(asked, Welcoming.OFF)


async def _switched(asked: Invocation, welcoming: Welcoming) -> Answer:
    welcome = await asked.context.uow.welcomes.chosen(asked.context.community)
    return await _chosen(asked, replace(welcome, welcoming=welcoming))


async def _words(asked: Invocation) -> Answer:
    """Without words, the ready sentence again."""
    welcome = await asked.context.uow.welcomes.chosen(asked.context.community)
    return await _chosen(asked, replace(welcome, words=asked.given("words") or ""))


async def _chosen(asked: Invocation, welcome: Welcome) -> Answer:
    await asked.context.uow.welcomes.choose(asked.context.community, welcome)
    return _shown(asked, welcome)


def _shown(asked: Invocation, welcome: Welcome) -> Answer:
    """As newcomers read it, but for what they can press."""
    post = welcome_post(welcome, asked.context.texts)
    blocks = tuple(block for block in post.blocks if not isinstance(block, Buttons))
    return Answer(Post((Paragraph(asked.say(f"welcome.{welcome.welcoming}")), *blocks)))
