"""``/answer``: what solved a question here, and whether it may be said again."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from dialogue.answer_words import name
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, CommandHandler, Invocation, Noun
from dialogue.errors import Refused
from dialogue.pairing.deciding import (
    ANSWER_LIMIT,
    QUESTION_LIMIT,
    Decider,
    approve,
    conflicts_of,
    edit,
    reject,
    undo,
)
from dialogue.pairing.showing import line, whole
from dialogue.posts import Block, Facts, Paragraph, Post
from knowledge_base.answers import Answer as Known
from knowledge_base.ids import SpaceId
from knowledge_base.members import Group, Role

_LISTED: Final = 10
_BETWEEN: Final = "|"

_ANSWER = Option("answer", OptionType.ANSWER, "help.option.answer")
_GROUP_NAMED = Option("group", OptionType.TEXT, "help.option.group")

COMMAND = Command(
    "answer",
    "help.answer.noun",
    (
        Verb("list", "help.answer.list", Role.TRUSTED, shortcut="shortcut.answers"),
        Verb("show", "help.answer.show", Role.TRUSTED, (_ANSWER,)),
        Verb("approve", "help.answer.approve", Role.TRUSTED, (_ANSWER,)),
        Verb(
            "edit",
            "help.answer.edit",
            Role.TRUSTED,
            (
                _ANSWER,
                Option("text", OptionType.TEXT, "help.option.answer_text", required=False, limit=ANSWER_LIMIT),
                Option("question", OptionType.TEXT, "help.option.questions", required=False, limit=ANSWER_LIMIT),
            ),
        ),
        Verb(
            "reject",
            "help.answer.reject",
            Role.TRUSTED,
            (_ANSWER, Option("reason", OptionType.TEXT, "help.option.reason")),
        ),
        Verb("undo", "help.answer.undo", Role.TRUSTED, (_ANSWER,)),
        Verb("trust", "help.answer.trust", Role.ADMIN, (_GROUP_NAMED,)),
        Verb("distrust", "help.answer.distrust", Role.ADMIN, (_GROUP_NAMED,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(
        COMMAND,
        {
            "list": _list,
            "show": _show,
            "approve": _deciding(_approve),
            "edit": _deciding(_edit),
            "reject": _deciding(_reject),
            "undo": _deciding(_undo),
            "trust": _trust,
            "distrust": _distrust,
        },
    )


async def _list(asked: Invocation) -> Answer:
    waiting = await asked.context.uow.answers.waiting(asked.context.community, _LISTED)
    blocks: list[Block] = await _conflicts(asked, None)
    if waiting:
        facts = [await line(asked.context.uow, answer, asked.context.texts) for answer in waiting]
        blocks.extend((Paragraph(asked.say("answer.waiting")), Facts(tuple(facts))))
    return Answer(Post(tuple(blocks))) if blocks else asked.answer("answer.none")


async def _show(asked: Invocation) -> Answer:
    answer = await asked.known_answer("answer")
    post = await whole(asked.context.uow, answer, asked.context.texts)
    return Answer(Post((*post.blocks, *await _conflicts(asked, answer))))


async def _conflicts(asked: Invocation, answer: Known | None) -> list[Block]:
    """That one question is answered in two ways is said wherever somebody can do something about it."""
    return [
        Paragraph(asked.say("answer.conflict", {"first": first.number, "second": second.number}))
        for first, second in (await conflicts_of(asked.context, answer))[:_LISTED]
    ]


_Deciding = Callable[[Invocation, Known, Decider], Awaitable[Sequence[Block]]]


def _deciding(decide: _Deciding) -> CommandHandler:
    async def handle(asked: Invocation) -> Answer:
        await asked.context.uow.communities.lock(asked.context.community)
        answer = await asked.known_answer("answer")
        said = await decide(asked, answer, Decider(asked.member, asked.event.actor.role))
        return Answer(Post(tuple(said)))

    return handle


async def _approve(asked: Invocation, answer: Known, by: Decider) -> Sequence[Block]:
    approved = await approve(asked.context, answer, by)
    return [_now(asked, approved), *await _conflicts(asked, approved)]


async def _edit(asked: Invocation, answer: Known, by: Decider) -> Sequence[Block]:
    phrases = [" ".join(one.split())[:QUESTION_LIMIT] for one in (asked.given("question") or "").split(_BETWEEN)]
    questions, text = [one for one in phrases if one], asked.given("text") or ""
    if not questions and not text:
        raise Refused(asked.say("refused.nothing_to_edit"))
    edited = await edit(asked.context, answer, questions, text, by)
    return [_now(asked, edited), *await _conflicts(asked, edited)]


async def _reject(asked: Invocation, answer: Known, by: Decider) -> Sequence[Block]:
    return [_now(asked, await reject(asked.context, answer, asked.needed("reason"), by))]


async def _undo(asked: Invocation, answer: Known, by: Decider) -> Sequence[Block]:
    restored, deed = await undo(asked.context, answer, by)
    return [Paragraph(asked.say("answer.undone", {"deed": asked.say(f"deed.{deed}")})), _now(asked, restored)]


def _now(asked: Invocation, answer: Known) -> Paragraph:
    state = asked.say(f"answer_state.{answer.state}")
    return Paragraph(asked.say("answer.now", {"name": name(answer, asked.context.texts), "state": state}))


async def _trust(asked: Invocation) -> Answer:
    """A group that means staff or admin already may do it anyway, and stays what it is."""
    space, group = asked.event.place.space, asked.group("group")
    await asked.context.uow.communities.lock(asked.context.community)
    chosen = {one.id: one for one in await asked.context.uow.members.groups(asked.context.community, space)}
    chosen.setdefault(group, Group(space, group, Role.TRUSTED))
    await _choose(asked, space, list(chosen.values()))
    return asked.answer("answer.trusted", {"group": group})


async def _distrust(asked: Invocation) -> Answer:
    space, group = asked.event.place.space, asked.group("group")
    await asked.context.uow.communities.lock(asked.context.community)
    chosen = await asked.context.uow.members.groups(asked.context.community, space)
    left = [one for one in chosen if one.id != group or one.role is not Role.TRUSTED]
    if len(left) == len(chosen):
        raise Refused(asked.say("refused.not_trusted", {"group": group}))
    await _choose(asked, space, left)
    return asked.answer("answer.distrusted", {"group": group})


async def _choose(asked: Invocation, space: SpaceId, groups: Sequence[Group]) -> None:
    await asked.context.uow.members.choose_groups(asked.context.community, space, groups)
