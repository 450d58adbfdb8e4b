"""A command as it was given, checked against its declaration; and what it answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from dialogue.actions import Later, OutboxId, Outgoing
from dialogue.commands import lookups
from dialogue.commands.declarations import TEXT_LIMIT, Command, OptionType, Verb
from dialogue.errors import Refused
from dialogue.events import CommandInvoked
from dialogue.posts import Post, plain
from dialogue.router import Context
from dialogue.texts.catalogue import Texts
from knowledge_base.answers import Answer as KnownAnswer
from knowledge_base.channels import Channel
from knowledge_base.ids import message_id
from knowledge_base.insights import Insight
from knowledge_base.members import Account, Member
from knowledge_base.messages import Message
from knowledge_base.rewards import Grant, Reward
from knowledge_base.teams import Route, Tag, Team


@dataclass(frozen=True, slots=True)
class Answer:
    """What the asker reads, and what else is to be done. ``id``: the outbox row's, where the handler named it."""

    post: Post | Later
    actions: tuple[Outgoing, ...] = ()
    id: OutboxId | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    """Who asked for what. Options are there as declared; each way of reading one says what it stands for.

    A handler that can't do it raises :class:`~dialogue.errors.Refused` *before* it changes anything.
    """

    event: CommandInvoked
    context: Context
    member: Member
    options: Mapping[str, str]

    def say(self, key: str, places: Mapping[str, str | int] | None = None) -> str:
        """A text of the catalogue."""
        return self.context.texts.say(key, places)

    def answer(self, key: str, places: Mapping[str, str | int] | None = None) -> Answer:
        """A sentence of the catalogue as the whole answer."""
        return Answer(plain(self.say(key, places)))

    def given(self, option: str) -> str | None:
        """An option's value, or None where it was left out."""
        return self.options.get(option)

    def needed(self, option: str) -> str:
        """The value of a required option."""
        return self.options[option]

    async def tag(self, option: str) -> Tag | None:
        """The tag named, or None where it was left out. Raises Refused if there is none of that name."""
        typed = self.given(option)
        return None if typed is None else await lookups.tag(self._scope(), typed)

    async def team(self, option: str) -> Team:
        """The team named. Raises Refused if there is none of that name."""
        return await self.team_named(self.needed(option))

    async def team_named(self, name: str) -> Team:
        """The team of that name. Raises Refused if there is none."""
        return await lookups.team(self._scope(), name)

    async def route(self, option: str) -> Route:
        """The route of that number. Raises Refused if there is none."""
        return await lookups.route(self._scope(), self.needed(option))

    async def insight(self, option: str) -> Insight:
        """The insight of that number. Raises Refused if there is none."""
        return await lookups.insight(self._scope(), self.needed(option))

    async def known_answer(self, option: str) -> KnownAnswer:
        """The answer of that number. Raises Refused if there is none."""
        return await lookups.answer(self._scope(), self.needed(option))

    async def message(self, option: str) -> Message:
        """The message linked. Raises Refused if it wasn't kept."""
        return await lookups.message(self._scope(), self.event.place, self.needed(option))

    async def reward(self, option: str) -> Reward:
        """The reward of that number or name. Raises Refused if there is none."""
        return await lookups.reward(self._scope(), self.needed(option))

    async def grant(self, option: str) -> tuple[Reward, Grant]:
        """The line of the ledger of that number, and of which reward it is. Raises Refused if there is none."""
        return await lookups.grant(self._scope(), self.needed(option))

    async def somebody(self, option: str) -> tuple[Member, Account]:
        """The member mentioned, and by which account. Raises Refused if nobody is known by it."""
        return await lookups.member(self._scope(), self.event.place, self.needed(option))

    def group(self, option: str) -> str:
        """The id of the role or user group named."""
        return lookups.group(self.needed(option))

    async def channel(self, option: str) -> Channel:
        """The channel named, or the one this was asked in. Raises Refused if it isn't known."""
        return await lookups.channel(self._scope(), self.event.place, self.given(option))

    def _scope(self) -> lookups.Scope:
        return lookups.Scope(self.context.uow, self.context.community, self.context.texts)


CommandHandler = Callable[[Invocation], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Noun:
    """A command's declaration with the handler of each verb."""

    command: Command
    handlers: Mapping[str, CommandHandler]


def check_options(verb: Verb, event: CommandInvoked, texts: Texts) -> Mapping[str, str]:
    """The options as declared, trimmed; a menu's message stands for the message option.

    Raises :class:`Refused` with a helpful sentence for one that is missing, unknown, too long or not among its choices.
    """
    options = {name: value.strip() for name, value in event.options.items() if value.strip()}
    declared = {option.name: option for option in verb.options}
    for option in verb.options:
        if option.type is OptionType.MESSAGE and event.message and option.name not in options:
            options[option.name] = message_id(event.place.space, event.place.channel, event.message)
        if option.required and option.name not in options:
            raise Refused(texts.say("refused.option_missing", {"option": option.name, "help": texts.say(option.help)}))
    for name, value in options.items():
        if name not in declared:
            known = ", ".join(declared) or texts.say("refused.no_options")
            raise Refused(texts.say("refused.option_unknown", {"option": name[:TEXT_LIMIT], "known": known}))
        if len(value) > declared[name].limit:
            raise Refused(texts.say("refused.option_long", {"option": name, "limit": declared[name].limit}))
        choices = declared[name].choices
        if choices and value not in choices:
            raise Refused(texts.say("refused.option_choice", {"option": name, "choices": ", ".join(choices)}))
    return options
