"""The conditions of a route as they are typed, and as they are told."""

from collections.abc import Sequence
from functools import reduce
from typing import Final

from dialogue.commands import examples
from dialogue.commands.declarations import Option, OptionType
from dialogue.commands.invocation import Invocation
from dialogue.errors import Refused
from dialogue.models import LanguageIdentifier
from knowledge_base.conditions import Conditions, Joined, where
from knowledge_base.facets import Tone, Urgency
from knowledge_base.ids import SpaceId
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.topics import TopicKind

MOST_PEOPLE: Final = 100_000
"""The highest demand that may be asked for."""

_KINDS = tuple(kind.value for kind in Kind if kind in INSIGHT_KINDS)

OPTIONS: Final = (
    Option("tag", OptionType.TAG, "help.option.route_tag", required=False),
    Option("kind", OptionType.CHOICE, "help.option.kind", required=False, choices=_KINDS),
    Option("words", OptionType.TEXT, "help.option.words", required=False),
    Option("area", OptionType.TEXT, "help.option.route_area", required=False),
    Option("tone", OptionType.CHOICE, "help.option.route_tone", required=False, choices=tuple(Tone)),
    Option("urgency", OptionType.CHOICE, "help.option.route_urgency", required=False, choices=tuple(Urgency)),
    Option("demand", OptionType.TEXT, "help.option.route_demand", required=False),
    Option("tier", OptionType.TEXT, "help.option.route_tier", required=False),
    Option("language", OptionType.TEXT, "help.option.route_language", required=False),
    Option("channel", OptionType.CHANNEL, "help.option.route_channel", required=False),
    Option("space", OptionType.TEXT, "help.option.route_space", required=False),
    examples.OPTION,
    Option("join", OptionType.CHOICE, "help.option.route_join", required=False, choices=tuple(Joined)),
)


async def read_conditions(asked: Invocation, identifier: LanguageIdentifier) -> Conditions:
    """What was typed; an example's language is told by ``identifier``. Raises Refused for what there is not."""
    tag, kind, tone, urgency = await asked.tag("tag"), *map(asked.given, ("kind", "tone", "urgency"))
    channel = await asked.channel("channel") if asked.given("channel") else None
    return Conditions(
        tags=frozenset({tag.name} if tag else ()),
        kinds=frozenset({Kind(kind)} if kind else ()),
        words=listed(asked, "words"),
        areas=await _areas(asked),
        tones=frozenset({Tone(tone)} if tone else ()),
        urgencies=frozenset({Urgency(urgency)} if urgency else ()),
        languages=_languages(asked),
        channels=frozenset({where(channel.space, channel.id)} if channel else ()),
        spaces=await _spaces(asked),
        tiers=await _tiers(asked),
        demand=_demand(asked),
        like=await examples.read_example(asked, identifier),
        joined=Joined(asked.given("join") or Joined.ALL),
    )


def listed(asked: Invocation, option: str) -> frozenset[str]:
    """What an option names, with commas between them."""
    return frozenset(name for typed in (asked.given(option) or "").split(",") if (name := typed.strip()))


async def told(asked: Invocation, conditions: Conditions) -> str:
    """Conditions as a sentence's end."""
    parts = [
        *_told(asked, "tag", sorted(conditions.tags)),
        *_told(asked, "kind", sorted(asked.say(f"kind.{kind}") for kind in conditions.kinds)),
        *_told(asked, "words", sorted(conditions.words)),
        *_told(asked, "area", sorted(conditions.areas)),
        *_told(asked, "tone", sorted(conditions.tones)),
        *_told(asked, "urgency", sorted(conditions.urgencies)),
        *_told(asked, "tier", sorted(conditions.tiers)),
        *_told(asked, "language", sorted(conditions.languages)),
        *_told(asked, "channel", await _channel_names(asked, conditions)),
        *_told(asked, "space", sorted(_platform(asked, space) for space in conditions.spaces)),
        *_told(asked, "demand", [str(conditions.demand)] if conditions.demand else []),
    ]
    if conditions.like is not None:
        parts.extend(_told(asked, "like", [await examples.told_example(asked, conditions.like)]))
    if not parts:
        return asked.say("route.always")
    key = "route.and" if conditions.joined is Joined.ALL else "route.or"
    return reduce(lambda first, then: asked.say(key, {"first": first, "then": then}), parts)


def _told(asked: Invocation, part: str, names: Sequence[str]) -> Sequence[str]:
    return [asked.say(f"route.when_{part}", {"names": ", ".join(names)})] if names else ()


async def _areas(asked: Invocation) -> frozenset[str]:
    topics = await asked.context.uow.topics.all(asked.context.community)
    known = [topic.name for topic in topics if topic.kind is TopicKind.AREA]
    return _among(asked, "area", known, "refused.no_area")


async def _tiers(asked: Invocation) -> frozenset[str]:
    known = [one.name for one in await asked.context.uow.tiers.all(asked.context.community)]
    return _among(asked, "tier", known, "refused.no_tier")


def _languages(asked: Invocation) -> frozenset[str]:
    """As ISO 639-1 codes."""
    wanted = sorted(listed(asked, "language"))
    wrong = next((typed for typed in wanted if not (typed.isascii() and typed.isalpha() and len(typed) == 2)), None)
    if wrong is not None:
        raise Refused(asked.say("refused.no_language", {"typed": wrong}))
    return frozenset(language.casefold() for language in wanted)


async def _spaces(asked: Invocation) -> frozenset[SpaceId]:
    """By the platform's name, or the space's id."""
    wanted = listed(asked, "space")
    spaces = await asked.context.uow.communities.spaces(asked.context.community) if wanted else ()
    found: set[SpaceId] = set()
    for name in wanted:
        meant = [one for one in spaces if name.casefold() in (one.casefold(), _platform(asked, one).casefold())]
        if not meant:
            raise Refused(asked.say("refused.no_space", {"typed": name}))
        found.update(meant)
    return frozenset(found)


def _among(asked: Invocation, option: str, known: Sequence[str], refusal: str) -> frozenset[str]:
    """Those of what is known that an option names, without regard to case."""
    by_name = {name.casefold(): name for name in known}
    unknown = next((name for name in sorted(listed(asked, option)) if name.casefold() not in by_name), None)
    if unknown is not None:
        raise Refused(asked.say(refusal, {"typed": unknown}))
    return frozenset(by_name[name.casefold()] for name in listed(asked, option))


def _demand(asked: Invocation) -> int:
    typed = asked.given("demand")
    return 0 if typed is None else number(asked, "demand", typed, MOST_PEOPLE)


def number(asked: Invocation, option: str, typed: str, most: int) -> int:
    """A whole number from 1 on. Raises Refused for anything else."""
    if typed.isascii() and typed.isdigit() and len(typed) <= len(str(most)) and 1 <= int(typed) <= most:
        return int(typed)
    raise Refused(asked.say("refused.no_number", {"option": option, "most": most}))


async def _channel_names(asked: Invocation, conditions: Conditions) -> Sequence[str]:
    if not conditions.channels:
        return ()
    channels = await asked.context.uow.channels.all(asked.context.community)
    names = {where(channel.space, channel.id): f"#{channel.name}" for channel in channels}
    return sorted(names.get(one, asked.say("route.lost_channel")) for one in conditions.channels)


def _platform(asked: Invocation, space: SpaceId) -> str:
    identity = asked.context.identity(space)
    return identity.platform if identity else space
