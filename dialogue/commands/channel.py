"""``/channel``: who reads a channel, and what the bot does there."""

from dialogue.audiences import show_anew
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.excluding import exclude
from dialogue.posts import Fact, Facts, Heading, Post
from dialogue.routing.trouble import look_at_teams_in
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.members import Role

_CHANNEL = Option("channel", OptionType.CHANNEL, "help.option.channel", required=False)
_AUDIENCE = Option("audience", OptionType.CHOICE, "help.option.audience", choices=tuple(a.value for a in Audience))
_MODE = Option(
    "mode", OptionType.CHOICE, "help.option.mode", choices=tuple(m.value for m in Mode if m is not Mode.EXCLUDED)
)

COMMAND = Command(
    "channel",
    "help.channel.noun",
    (
        Verb("show", "help.channel.show", Role.STAFF, (_CHANNEL,)),
        Verb("audience", "help.channel.audience", Role.ADMIN, (_AUDIENCE, _CHANNEL)),
        Verb("mode", "help.channel.mode", Role.ADMIN, (_MODE, _CHANNEL)),
        Verb("exclude", "help.channel.exclude", Role.ADMIN, (_CHANNEL,)),
        Verb("include", "help.channel.include", Role.ADMIN, (_CHANNEL,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    excluding = {"exclude": _exclude, "include": _include}
    return Noun(COMMAND, {"show": _show, "audience": _audience, "mode": _mode, **excluding})


async def _show(asked: Invocation) -> Answer:
    return _shown(asked, await asked.channel("channel"))


async def _audience(asked: Invocation) -> Answer:
    channel = await asked.channel("channel")
    await asked.context.uow.channels.choose(channel.space, channel.id, audience=Audience(asked.needed("audience")))
    shown = await _changed(asked, channel)
    edits = await show_anew(asked.context, channel.space, channel.id)
    return Answer(shown.post, (*edits, *await look_at_teams_in(asked.context, channel.space, channel.id)))


async def _mode(asked: Invocation) -> Answer:
    channel = await asked.channel("channel")
    if channel.mode is Mode.EXCLUDED:
        raise Refused(asked.say("refused.excluded", {"channel": channel.name}))
    await asked.context.uow.channels.choose(channel.space, channel.id, mode=Mode(asked.needed("mode")))
    return await _changed(asked, channel)


async def _exclude(asked: Invocation) -> Answer:
    channel = await asked.channel("channel")
    await asked.context.uow.communities.lock(asked.context.community)
    edits = await exclude(asked.context, channel)
    return Answer(asked.answer("channel.is_excluded", {"channel": channel.name}).post, tuple(edits))


async def _include(asked: Invocation) -> Answer:
    """It is off, not as it was: whoever lets it in again also says what for."""
    channel = await asked.channel("channel")
    if channel.mode is not Mode.EXCLUDED:
        raise Refused(asked.say("refused.not_excluded", {"channel": channel.name}))
    await asked.context.uow.channels.choose(channel.space, channel.id, mode=Mode.OFF)
    return asked.answer("channel.is_included", {"channel": channel.name})


async def _changed(asked: Invocation, before: Channel) -> Answer:
    return _shown(asked, await asked.context.uow.channels.get(before.space, before.id) or before)


def _shown(asked: Invocation, channel: Channel) -> Answer:
    facts = [
        Fact(asked.say("channel.audience"), asked.say(f"audience.{channel.audience}")),
        Fact(asked.say("channel.mode"), asked.say(f"mode.{channel.mode}")),
    ]
    if channel.shared is not Shared.NO:
        facts.append(Fact(asked.say("channel.shared"), asked.say(f"shared.{channel.shared}")))
    return Answer(Post((Heading(f"#{channel.name}"), Facts(tuple(facts)))))
