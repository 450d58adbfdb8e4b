"""Every command runs through here: permission first, then its options, then its handler; the answer is private."""

from collections.abc import Sequence

from dialogue.actions import Outgoing
from dialogue.commands.declarations import Verb
from dialogue.commands.invocation import Answer, CommandHandler, Invocation, Noun, check_options
from dialogue.errors import Refused
from dialogue.events import CommandInvoked
from dialogue.handling import only
from dialogue.people import member_behind
from dialogue.permitting import refuse_unless_permitted
from dialogue.posts import plain
from dialogue.replies import reply
from dialogue.router import Context, Handler, Router, RoutingError
from knowledge_base.members import Member


def router(nouns: Sequence[Noun]) -> Router:
    """The handlers of all commands. Raises :class:`RoutingError` for a verb without one."""
    commands = Router("commands")
    for noun in nouns:
        for verb in noun.command.verbs:
            if verb.name not in noun.handlers:
                raise RoutingError(f"commands: nobody handles /{noun.command.noun} {verb.name}")
            key = f"command:{noun.command.noun}:{verb.name}"
            commands.on(key)(_guarded(verb, noun.handlers[verb.name]))
    return commands


def _guarded(verb: Verb, handler: CommandHandler) -> Handler:
    async def run(event: CommandInvoked, context: Context) -> Sequence[Outgoing]:
        member = await member_behind(event.actor, event.place.space, context)
        answer = await _answer(verb, handler, event, context, member)
        return [*answer.actions, reply(event, member, answer.post, answer.id)]

    return only(CommandInvoked, run)


async def _answer(
    verb: Verb, handler: CommandHandler, event: CommandInvoked, context: Context, member: Member
) -> Answer:
    try:
        await refuse_unless_permitted(event, verb.who, context)
        options = check_options(verb, event, context.texts)
        return await handler(Invocation(event, context, member, options))
    except Refused as refusal:
        return Answer(plain(str(refusal)))
