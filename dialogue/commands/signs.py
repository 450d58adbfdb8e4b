"""``/signs``: who is told what is unusual in a channel, of what they were told, and what is silenced."""

from collections.abc import Mapping, Sequence
from typing import Final

from dialogue.commands.conditions import listed
from dialogue.commands.declarations import DEFAULT, Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.commands.numbers import number
from dialogue.commands.team_channel import channel_of
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.signs.composing import how_much, silenced, what
from dialogue.signs.looking import end_signs, look_for_signs
from dialogue.signs.silencing import A_WEEK, hear, silence
from knowledge_base.ids import ChannelId, SpaceId
from knowledge_base.members import Role
from knowledge_base.signs import FEWEST_PEOPLE, PEOPLE, SignSettings, SignSort, Topical
from knowledge_base.topics import TopicKind

MOST_PEOPLE: Final = 1_000
WEEK: Final = "week"
GOOD: Final = "good"

_ABOUT: Final = (
    Option("sort", OptionType.CHOICE, "help.option.sign_sort", choices=tuple(str(sort.value) for sort in SignSort)),
    Option("channel", OptionType.CHANNEL, "help.option.sign_channel"),
    Option("competitor", OptionType.TEXT, "help.option.sign_competitor", required=False),
)

COMMAND = Command(
    "signs",
    "help.signs.noun",
    (
        Verb(DEFAULT, "help.signs.show", Role.STAFF),
        Verb(
            "set",
            "help.signs.set",
            Role.ADMIN,
            (
                Option("team", OptionType.TEAM, "help.option.sign_team"),
                Option("people", OptionType.TEXT, "help.option.sign_people", required=False),
                Option("sorts", OptionType.TEXT, "help.option.sign_sorts", required=False),
            ),
        ),
        Verb(
            "silence",
            "help.signs.silence",
            Role.STAFF,
            (*_ABOUT, Option("for", OptionType.CHOICE, "help.option.sign_for", required=False, choices=(WEEK, GOOD))),
        ),
        Verb("hear", "help.signs.hear", Role.STAFF, _ABOUT),
        Verb("stop", "help.signs.stop", Role.ADMIN),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    handlers = {DEFAULT: _show, "set": _set, "silence": _silence, "hear": _hear, "stop": _stop}
    return Noun(COMMAND, handlers)


async def _show(asked: Invocation) -> Answer:
    uow, community = asked.context.uow, asked.context.community
    settings = await uow.signs.settings(community)
    teams = {team.id: team.name for team in await uow.teams.teams(community)}
    if settings is None or settings.team not in teams:
        return asked.answer("signs.nobody")
    channels = {(channel.space, channel.id): channel.name for channel in await uow.channels.all(community)}
    facts = [
        Fact(_what(asked, sign.about, channels), how_much(sign.found, asked.context.texts))
        for sign in await uow.signs.lasting(community)
    ]
    facts += [
        Fact(_what(asked, one.about, channels), silenced(one, asked.context.texts))
        for one in await uow.signs.silences(community)
        if one.holds(asked.context.now)
    ]
    told = Paragraph(asked.say("signs.set", _chosen(asked, settings, teams[settings.team])))
    return Answer(Post((told, Facts(tuple(facts))) if facts else (told,)))


def _what(asked: Invocation, about: Topical, channels: Mapping[tuple[SpaceId, ChannelId], str]) -> str:
    return what(about, channels.get((about.space, about.channel), about.channel), asked.context.texts)


def _chosen(asked: Invocation, settings: SignSettings, team: str) -> Mapping[str, str | int]:
    sorts = ", ".join(asked.say(f"signs.sort_{sort}") for sort in settings.sorts)
    return {"team": team, "people": settings.people, "sorts": sorts}


async def _set(asked: Invocation) -> Answer:
    """What is left out stays as it was chosen before."""
    context = asked.context
    team = await asked.team("team")
    await channel_of(asked, team)
    before = await context.uow.signs.settings(context.community)
    settings = SignSettings(
        context.community,
        team.id,
        number(asked, "people", before.people if before else PEOPLE, FEWEST_PEOPLE, MOST_PEOPLE),
        _sorts(asked, before.sorts if before else tuple(SignSort)),
    )
    await look_for_signs(context, settings, team.space)
    return asked.answer("signs.set", _chosen(asked, settings, team.name))


def _sorts(asked: Invocation, otherwise: Sequence[SignSort]) -> tuple[SignSort, ...]:
    named = {name.casefold() for name in listed(asked, "sorts")}
    chosen = tuple(sort for sort in SignSort if sort in named)
    if len(chosen) < len(named):
        raise Refused(asked.say("refused.sign_sorts", {"sorts": ", ".join(SignSort)}))
    return chosen or tuple(otherwise)


async def _silence(asked: Invocation) -> Answer:
    about, said = await _about(asked)
    if asked.given("for") == GOOD:
        edits = await silence(asked.context, about, None)
        return Answer(asked.answer("signs.now_silent", {"what": said}).post, tuple(edits))
    until = asked.context.now + A_WEEK
    answer = asked.answer("signs.now_silent_until", {"what": said, "date": until.date().isoformat()})
    return Answer(answer.post, tuple(await silence(asked.context, about, until)))


async def _hear(asked: Invocation) -> Answer:
    about, said = await _about(asked)
    return Answer(asked.answer("signs.now_heard", {"what": said}).post, tuple(await hear(asked.context, about)))


async def _stop(asked: Invocation) -> Answer:
    await end_signs(asked.context.uow, asked.context.community)
    return asked.answer("signs.nobody")


async def _about(asked: Invocation) -> tuple[Topical, str]:
    """What was named, and how that is said. Raises Refused for a competitor that is not known, or not given."""
    channel, sort = await asked.channel("channel"), SignSort(asked.needed("sort"))
    competitor = await _competitor(asked) if sort is SignSort.COMPETITOR else ""
    await asked.context.uow.communities.lock(asked.context.community)
    about = Topical(sort, channel.space, channel.id, competitor)
    return about, what(about, channel.name, asked.context.texts)


async def _competitor(asked: Invocation) -> str:
    typed = (asked.given("competitor") or "").casefold()
    topics = await asked.context.uow.topics.all(asked.context.community)
    names = [topic.name for topic in topics if topic.kind is TopicKind.COMPETITOR]
    found = next((name for name in names if name.casefold() == typed), None)
    if found is None:
        raise Refused(asked.say("refused.no_competitor", {"known": ", ".join(names) or asked.say("signs.no_names")}))
    return found
