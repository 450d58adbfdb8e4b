"""What people mean when they name a thing in a command. Each raises ``Refused``, saying what there is instead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogue.errors import Refused
from dialogue.events import Place
from dialogue.ports import UnitOfWork
from dialogue.teams import named
from dialogue.texts.catalogue import Texts
from knowledge_base.answers import Answer
from knowledge_base.channels import Channel
from knowledge_base.ids import AccountId, ChannelId, CommunityId, MessageId, PlatformMessageId
from knowledge_base.insights import Insight
from knowledge_base.members import Account, Member
from knowledge_base.messages import Message
from knowledge_base.rewards import Grant, Reward
from knowledge_base.teams import Route, Tag, Team

_SHOWN = 60
"""How much of what was typed is repeated in a refusal."""

_GROUP = re.compile(r"<(?:@&|!subteam\^)([^>|\s]+)[^>]*>")
"""A role or user group as platforms write it where somebody is called by it."""
_ACCOUNT = re.compile(r"<@!?([^>|&\s]+)(?:\|[^>]*)?>")
"""Somebody as platforms write them where they are mentioned."""
_CHANNEL_MENTION = re.compile(r"<#([^|>]+)(?:\|[^>]*)?>")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where is looked: one community, in an open unit of work; and the texts refusals are written in."""

    uow: UnitOfWork
    community: CommunityId
    texts: Texts

    def refused(self, key: str, typed: str) -> Refused:
        """The refusal under a key, which repeats what was typed."""
        return Refused(self.texts.say(key, {"typed": typed[:_SHOWN]}))


async def tag(scope: Scope, typed: str) -> Tag:
    """By name, without regard to case."""
    tags = await scope.uow.teams.tags(scope.community)
    found = next((tag for tag in tags if tag.name.casefold() == typed.casefold()), None)
    if found is None:
        raise scope.refused("refused.no_tag", typed)
    return found


async def team(scope: Scope, typed: str) -> Team:
    """By name, without regard to case."""
    found = named(await scope.uow.teams.teams(scope.community), typed)
    if found is None:
        raise scope.refused("refused.no_team", typed)
    return found


async def route(scope: Scope, typed: str) -> Route:
    """By number, with or without ``#``."""
    routes = await scope.uow.teams.routes(scope.community)
    found = next((route for route in routes if str(route.number) == typed.removeprefix("#")), None)
    if found is None:
        raise scope.refused("refused.no_route", typed)
    return found


async def insight(scope: Scope, typed: str) -> Insight:
    """By number, with or without ``#``."""
    number = _number(typed)
    found = await scope.uow.insights.by_number(scope.community, number) if number else None
    if found is None:
        raise scope.refused("refused.no_insight", typed)
    return found


async def answer(scope: Scope, typed: str) -> Answer:
    """By number, with or without ``#``."""
    number = _number(typed)
    found = await scope.uow.answers.by_number(scope.community, number) if number else None
    if found is None:
        raise scope.refused("refused.no_answer", typed)
    return found


async def channel(scope: Scope, place: Place, typed: str | None) -> Channel:
    """By mention, id or name; the space it was asked in goes first. Without a name, the channel it was asked in."""
    if typed is None:
        typed = place.channel
    mention = _CHANNEL_MENTION.fullmatch(typed)
    wanted = mention[1] if mention else typed.removeprefix("#")
    channels = sorted(await scope.uow.channels.all(scope.community), key=lambda c: c.space != place.space)
    found = next((c for c in channels if c.id == wanted), None)
    found = found or next((c for c in channels if c.name.casefold() == wanted.casefold()), None)
    if found is None:
        raise scope.refused("refused.no_channel", typed)
    return found


async def reward(scope: Scope, typed: str) -> Reward:
    """By number, with or without ``#``, or by name; those that are still given go first."""
    rewards = sorted(await scope.uow.rewards.all(scope.community), key=lambda one: one.closed_at is not None)
    number = _number(typed)
    found = next((one for one in rewards if one.number == number), None)
    found = found or next((one for one in rewards if one.name.casefold() == typed.casefold()), None)
    if found is None:
        raise scope.refused("refused.no_reward", typed)
    return found


async def grant(scope: Scope, typed: str) -> tuple[Reward, Grant]:
    """By the number of its reward and its own: ``3.17``."""
    of, _, its = typed.partition(".")
    rewards = await scope.uow.rewards.all(scope.community)
    found = next((one for one in rewards if one.number == _number(of)), None)
    line = await scope.uow.grants.get(scope.community, found.id, _number(its)) if found else None
    if found is None or line is None:
        raise scope.refused("refused.no_grant", typed)
    return found, line


async def member(scope: Scope, place: Place, typed: str) -> tuple[Member, Account]:
    """By mention or by the account's id, in the space where it was asked; or by the name of one who contributed."""
    mention = _ACCOUNT.fullmatch(typed)
    account = AccountId(mention[1] if mention else typed.removeprefix("@"))
    found = await scope.uow.members.behind(scope.community, place.space, account)
    if found is not None:
        return found, Account(place.space, account, found.id)
    for one in await _called(scope, typed.removeprefix("@")):
        accounts = await scope.uow.members.speaking_as(scope.community, place.space, [one.id])
        if one.id in accounts:
            return one, Account(place.space, accounts[one.id], one.id)
    raise scope.refused("refused.no_member", typed)


async def _called(scope: Scope, name: str) -> list[Member]:
    """Who contributed and is called that, as they chose. Raises Refused where several are."""
    contributors = sorted(await scope.uow.contributions.contributors(scope.community))
    known = [await scope.uow.members.get(scope.community, one) for one in contributors]
    found = [one for one in known if one is not None and one.shown_as.casefold() == name.casefold()]
    if len(found) > 1:
        raise scope.refused("refused.several_members", name)
    return found


def group(typed: str) -> str:
    """The id of a role or user group: as it was mentioned, or as it was typed."""
    mentioned = _GROUP.fullmatch(typed)
    return mentioned[1] if mentioned else typed.removeprefix("@")


async def message(scope: Scope, place: Place, typed: str) -> Message:
    """By link or id; an id alone is looked for in the channel it was asked in."""
    for name in names_of_message(place, typed):
        found = await scope.uow.messages.get(scope.community, name)
        if found is not None and not found.deleted:
            return found
    raise scope.refused("refused.no_message", typed)


def _number(typed: str) -> int:
    """What may be a number of ours; 0 for anything else."""
    number = typed.removeprefix("#")
    plausible = number.isascii() and number.isdigit() and len(number) <= len(str(2**31)) - 1
    return int(number) if plausible else 0


async def insight_of_card(scope: Scope, post: MessageId) -> Insight | None:
    """The insight whose card a post of ours is, or None."""
    parts = post.split("/", 2)
    if len(parts) != len(("space", "channel", "message")):
        return None
    card = await scope.uow.cards.at(scope.community, ChannelId(parts[1]), PlatformMessageId(parts[2]))
    return await scope.uow.insights.get(scope.community, card) if card else None


def names_of_message(place: Place, typed: str) -> Iterator[MessageId]:
    """The names a link or id may stand for: it itself, or its last parts as space, channel and message."""
    yield MessageId(typed)
    parts = [part for part in re.split(r"[/#?]", typed.strip("<>")) if part]
    here = [str(place.space), str(place.channel)]
    for size in (3, 2, 1):
        if len(parts) >= size:
            yield MessageId("/".join((*here[: 3 - size], *parts[-size:])))
