"""The path that can't wait: completing, opening a form, checking one. Reads only; the platform gives three seconds.

What is not there within :data:`DEADLINE` is given up: nothing is completed, a form is refused with a sentence.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from dialogue.acts import acts_by, as_permitted, choosable, needs, offered_to
from dialogue.answer_words import title as answer_title
from dialogue.buttons import BUTTONS, OPENINGS
from dialogue.cards import title
from dialogue.closing.verbs import TELL
from dialogue.commands.declarations import Command, Option, OptionType
from dialogue.custom_ids import CustomId, parse
from dialogue.errors import Refused
from dialogue.events import Actor
from dialogue.fence import Fence, Private
from dialogue.forms import FormAsked, Opening
from dialogue.home import compose_home, unknown_home
from dialogue.people import as_chosen, refuse_unless
from dialogue.ports import Storage, UnitOfWork
from dialogue.posts import Field, FieldType, Form, Post, chosen
from dialogue.regrouping.verbs import UNDO
from dialogue.rewarding.showing import named, number_of
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, SpaceId
from knowledge_base.insights import Insight
from knowledge_base.members import Role
from knowledge_base.rewards import LIVE, Reward
from knowledge_base.statuses import Decision

DEADLINE: Final = 1.5
"""Seconds. The rest of the three goes to the network."""
MOST_CHOICES: Final = 25
"""The most that every platform shows."""

_LABEL: Final = 75
_SEARCHED: Final = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One completion: what is put in, and what people read beside it."""

    value: str
    label: str


class Interactions:
    """What adapters ask at once, while a person waits."""

    def __init__(self, storage: Storage, texts: Texts, commands: Sequence[Command], fence: Fence) -> None:
        self._storage = storage
        self._texts = texts
        self._commands = {command.noun: command for command in commands}
        verbs = [verb for command in commands for verb in command.verbs]
        self._forms = {button.verb: (button.form, button.who) for button in BUTTONS if button.form}
        self._forms |= {verb.form: (verb.form, verb.who) for verb in verbs if verb.form}
        self._fence = fence

    async def complete(
        self, space: SpaceId, actor: Actor, noun: str, verb: str, option: str, typed: str
    ) -> Sequence[Choice]:
        """What may be meant by what was typed so far, at most 25; nothing for what the actor may not use."""
        try:
            async with self._looking(space, actor, self._texts) as (uow, community, known):
                chosen = await uow.permissions.of(community) if community else {}
                wanted = self._option(known.role, noun, verb, option, chosen)
                if wanted is None:
                    return ()
                if wanted.choices:
                    return _matching((Choice(choice, choice) for choice in wanted.choices), typed)
                if community is None:
                    return ()
                member = await uow.members.behind(community, space, actor.account)
                reader = Private(community, member.id if member else None, known.role)
                found = await self._choices(uow, reader, wanted.type, verb)
                return _matching((Choice(c.value, self._fence.line(c.label, reader, _LABEL)) for c in found), typed)
        except Refused:
            return ()

    async def offered(self, space: SpaceId, actor: Actor) -> Sequence[Command]:
        """The commands with those verbs that somebody may use there, by what admins chose.

        Raises :class:`Refused` where that takes too long.
        """
        async with self._looking(space, actor, self._texts) as (uow, community, known):
            chosen = await uow.permissions.of(community) if community else {}
            return offered_to(known.role, as_permitted(list(self._commands.values()), chosen))

    async def open_form(self, space: SpaceId, actor: Actor, custom_id: str) -> Form:
        """The form that a button or a message's menu opens.

        Raises :class:`Refused` if the actor may not, or it came or comes too late.
        """
        async with self._looking(space, actor, self._texts) as (uow, community, known):
            if community is None:
                raise Refused(self._texts.say("refused.insight_gone"))
            opening, pressed = self._opening(known, custom_id, await uow.permissions.of(community))
            reader = Private(community, None, known.role)
            return await opening(FormAsked(uow, pressed, reader, self._fence, self._texts))

    async def validate(
        self, space: SpaceId, actor: Actor, custom_id: str, values: Mapping[str, str]
    ) -> Mapping[str, str]:
        """What is wrong with a form's values, by field; empty if nothing is. Refuses as :meth:`open_form` does."""
        form = await self.open_form(space, actor, custom_id)
        wrong = {field.name: _wrong(field, values.get(field.name, "").strip(), self._texts) for field in form.fields}
        return {name: why for name, why in wrong.items() if why}

    async def home(self, space: SpaceId, actor: Actor, texts: Texts) -> Post:
        """What somebody sees of their own, and staff of what waits, in ``texts`` of that place.

        Raises :class:`Refused` where that takes too long.
        """
        async with self._looking(space, actor, texts) as (uow, community, known):
            if community is None:
                return unknown_home(texts)
            member = await uow.members.behind(community, space, actor.account)
            post = await compose_home(uow, community, member, known.role, texts)
            return self._fence.let_out(post, Private(community, member.id if member else None, known.role))

    @asynccontextmanager
    async def _looking(
        self, space: SpaceId, actor: Actor, texts: Texts
    ) -> AsyncIterator[tuple[UnitOfWork, CommunityId | None, Actor]]:
        """Look while the block lasts: the community, and the actor with the role that admins chose for them there.

        Raises :class:`Refused` where that takes too long.
        """
        try:
            async with asyncio.timeout(DEADLINE), self._storage.read() as uow:
                community = await uow.communities.of_space(space)
                chosen = await uow.members.groups(community, space) if community and actor.groups else ()
                yield uow, community, as_chosen(actor, chosen, ())
        except TimeoutError as error:
            raise Refused(texts.say("refused.too_slow")) from error

    def _opening(self, actor: Actor, custom_id: str, chosen: Mapping[str, Role]) -> tuple[Opening, CustomId]:
        """What builds the form that is opened, and what opens it carries, if the actor may."""
        pressed = parse(custom_id)
        if pressed is None or pressed.verb not in self._forms:
            raise Refused(self._texts.say("refused.unknown_button"))
        form, who = self._forms[pressed.verb]
        refuse_unless(actor.role, needs(acts_by(custom_id), who, chosen), self._texts)
        return OPENINGS[form], pressed

    def _option(self, role: Role, noun: str, verb: str, option: str, chosen: Mapping[str, Role]) -> Option | None:
        command = self._commands.get(noun)
        found = command.verb(verb) if command else None
        if found is None or not role.may(needs((f"{noun} {verb}",), found.who, chosen)):
            return None
        return next((declared for declared in found.options if declared.name == option), None)

    async def _choices(self, uow: UnitOfWork, reader: Private, wanted: OptionType, verb: str) -> Sequence[Choice]:
        match wanted:
            case OptionType.INSIGHT:
                return await self._insights(uow, reader, verb)
            case OptionType.ANSWER:
                return await self._answers(uow, reader)
            case OptionType.REWARD:
                return await self._rewards(uow, reader)
            case OptionType.GRANT:
                return await self._grants(uow, reader.community)
            case _:
                return await self._set_up(uow, reader.community, wanted)

    async def _set_up(self, uow: UnitOfWork, community: CommunityId, wanted: OptionType) -> Sequence[Choice]:
        """What admins set up or can; of what is typed freely, nothing."""
        match wanted:
            case OptionType.TAG:
                return [Choice(tag.name, tag.name) for tag in await uow.teams.tags(community)]
            case OptionType.TEAM:
                return [Choice(team.name, team.name) for team in await uow.teams.teams(community)]
            case OptionType.ROUTE:
                return await self._routes(uow, community)
            case OptionType.CHANNEL:
                return [Choice(channel.id, f"#{channel.name}") for channel in await uow.channels.all(community)]
            case OptionType.COMMAND:
                return [Choice(act, f"/{act}") for act in choosable(list(self._commands.values()))]
            case _:
                return ()

    async def _routes(self, uow: UnitOfWork, community: CommunityId) -> Sequence[Choice]:
        teams = {team.id: team.name for team in await uow.teams.teams(community)}
        choices = []
        for route in await uow.teams.routes(community):
            names = ", ".join(teams[team] for team in route.teams if team in teams)
            said = self._texts.say("route.choice", {"number": route.number, "team": names})
            choices.append(Choice(str(route.number), said))
        return choices

    async def _insights(self, uow: UnitOfWork, reader: Private, verb: str) -> Sequence[Choice]:
        """Open insights by demand; closed ones to reopen or tell of; merged ones first to undo that.

        Customers choose among those that they voice.

        Their titles are customers' words, and fenced as such.
        """
        choices = []
        for insight in await self._meant(uow, reader, verb):
            words = title(insight, await uow.insights.voices(reader.community, insight.id))
            said = self._fence.line(words, reader) if words else ""
            choices.append(Choice(str(insight.number), f"#{insight.number} {said}"))
        return choices

    async def _answers(self, uow: UnitOfWork, reader: Private) -> Sequence[Choice]:
        """Those that wait, then those that are approved. Their questions are customers' words, and fenced as such."""
        waiting = await uow.answers.waiting(reader.community, _SEARCHED)
        approved = await uow.answers.approved(reader.community)
        choices = []
        for answer in {one.id: one for one in (*waiting, *approved[:_SEARCHED])}.values():
            words = answer_title(answer, await uow.answers.sources(reader.community, answer.id))
            choices.append(Choice(str(answer.number), f"#{answer.number} {self._fence.line(words, reader)}"))
        return choices

    async def _rewards(self, uow: UnitOfWork, reader: Private) -> Sequence[Choice]:
        """Those that are still given; customers choose among those that they can see, and their own."""
        mine = await uow.grants.of_member(reader.community, reader.member) if reader.member else ()
        had = {grant.reward for grant in mine}
        return [
            Choice(str(reward.number), f"#{reward.number} {reward.name}")
            for reward in await uow.rewards.all(reader.community)
            if reward.id in had or (reward.closed_at is None and _may_see(reader, reward))
        ]

    async def _grants(self, uow: UnitOfWork, community: CommunityId) -> Sequence[Choice]:
        """What somebody has, the latest first."""
        rewards = {reward.id: reward for reward in await uow.rewards.all(community)}
        choices = []
        for grant in list(reversed(await uow.grants.in_state(community, LIVE)))[:_SEARCHED]:
            member, reward = await uow.members.get(community, grant.member), rewards[grant.reward]
            number = number_of(reward, grant)
            choices.append(Choice(number, f"{number} {reward.name}: {named(member, self._texts)}"))
        return choices

    async def _meant(self, uow: UnitOfWork, reader: Private, verb: str) -> Sequence[Insight]:
        community = reader.community
        if not reader.role.may(Role.STAFF):
            return await uow.insights.voiced_by(community, reader.member) if reader.member else ()
        if verb == Decision.REOPEN:
            return await uow.insights.closed(community, limit=_SEARCHED)
        if verb == TELL:
            closed = await uow.insights.closed(community, limit=_SEARCHED)
            return [*closed, *await uow.insights.open(community, limit=_SEARCHED)]
        merged = await uow.regroupings.merged(community, limit=_SEARCHED) if verb == UNDO else ()
        return [*merged, *await uow.insights.open(community, limit=_SEARCHED)]


def _may_see(reader: Private, reward: Reward) -> bool:
    return reader.role.may(Role.STAFF) or not reward.condition.is_by_hand


def _wrong(field: Field, value: str, texts: Texts) -> str:
    """What is wrong with a field's value, or nothing."""
    if field.required and not value:
        return texts.say("form.missing")
    if field.type is not FieldType.CHOICE:
        return texts.say("form.too_long", {"limit": field.limit}) if len(value) > field.limit else ""
    picked = chosen(value)
    if not {*picked} <= {alternative.value for alternative in field.alternatives}:
        return texts.say("form.not_offered")
    return texts.say("form.too_many", {"most": field.most}) if len(picked) > field.most else ""


def _matching(choices: Iterable[Choice], typed: str) -> Sequence[Choice]:
    """Those that hold what was typed, beginnings first, else in the order given."""
    wanted = typed.strip().removeprefix("#").casefold()
    fitting = [c for c in choices if wanted in c.label.casefold() or wanted in c.value.casefold()]
    fitting.sort(key=lambda c: not (c.value.casefold().startswith(wanted) or c.label.casefold().startswith(wanted)))
    return fitting[:MOST_CHOICES]
