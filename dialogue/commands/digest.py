"""``/digest``: when teams are told, of what, and what the next digest would say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from dialogue.actions import Occasion
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.commands.team_channel import channel_of
from dialogue.digests.scheduling import put_digest, tell
from dialogue.digests.windows import next_digest
from dialogue.errors import Refused
from dialogue.posts import Fact, Facts, Paragraph, Post
from dialogue.schedules import is_zone, next_due, once_a_day
from knowledge_base.digests import LONGEST, DigestPart, DigestSettings, DigestState, counted_twice
from knowledge_base.members import Role
from knowledge_base.teams import Team

LANGUAGES: Final = ("en", "de")
"""In which digests can be written; a test holds them equal to the catalogues there are."""

_ALL: Final = "all"
_NONE: Final = "none"

_TEAM = Option("team", OptionType.TEAM, "help.option.digest_team")

COMMAND = Command(
    "digest",
    "help.digest.noun",
    (
        Verb("show", "help.digest.show", Role.STAFF),
        Verb(
            "set",
            "help.digest.set",
            Role.ADMIN,
            (
                _TEAM,
                Option("schedule", OptionType.TEXT, "help.option.digest_schedule", required=False),
                Option("zone", OptionType.TEXT, "help.option.digest_zone", required=False),
                Option("language", OptionType.CHOICE, "help.option.digest_language", required=False, choices=LANGUAGES),
                Option("length", OptionType.TEXT, "help.option.digest_length", required=False),
                Option("contents", OptionType.TEXT, "help.option.digest_contents", required=False),
                Option("tiers", OptionType.TEXT, "help.option.digest_tiers", required=False),
            ),
        ),
        Verb("preview", "help.digest.preview", Role.STAFF, (_TEAM,)),
        Verb("now", "help.digest.now", Role.ADMIN, (_TEAM,)),
        Verb("pause", "help.digest.pause", Role.ADMIN, (_TEAM,)),
        Verb("resume", "help.digest.resume", Role.ADMIN, (_TEAM,)),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    handlers = {"show": _show, "set": _set, "preview": _preview, "now": _now, "pause": _pause, "resume": _resume}
    return Noun(COMMAND, handlers)


async def _show(asked: Invocation) -> Answer:
    uow, community = asked.context.uow, asked.context.community
    settings, tiers = await uow.digests.settings(community), await uow.tiers.all(community)
    facts = [
        Fact(team.name, _shown_of(asked, settings[team.id], counted_twice(settings[team.id], tiers)))
        for team in await uow.teams.teams(community)
        if team.id in settings
    ]
    if not facts:
        return asked.answer("digest_set.none")
    return Answer(Post((Paragraph(asked.say("digest_set.all")), Facts(tuple(facts)))))


def _shown_of(asked: Invocation, settings: DigestSettings, tiers: Sequence[str]) -> str:
    said = [asked.say(*_wanted(settings))]
    if tiers:
        said.append(asked.say("digest_set.twice", {"tiers": ", ".join(tiers)}))
    if settings.unposted is not None:
        date = settings.unposted.astimezone(ZoneInfo(settings.zone)).date().isoformat()
        said.append(asked.say("digest_set.last_not_posted", {"date": date}))
    return "; ".join(said)


def _wanted(settings: DigestSettings) -> tuple[str, Mapping[str, str | int]]:
    key = "digest_set.show" if settings.state is DigestState.RUNNING else "digest_set.paused"
    return key, {
        "rule": settings.rule,
        "zone": settings.zone,
        "language": settings.language,
        "length": settings.length,
        "parts": ", ".join(settings.parts),
    }


async def _set(asked: Invocation) -> Answer:
    team, settings = await _settings(asked)
    changed = replace(
        settings,
        rule=asked.given("schedule") or settings.rule,
        zone=asked.given("zone") or settings.zone,
        language=asked.given("language") or settings.language,
        length=_length(asked, settings),
        parts=_parts(asked, settings),
        tiers=await _tiers(asked, settings),
    )
    due = _first_due(asked, changed)
    await put_digest(asked.context.uow, team, changed, asked.context.now)
    if changed.state is DigestState.PAUSED:
        return asked.answer("digest_set.kept", {"team": team.name})
    return asked.answer("digest_set.changed", {"team": team.name, "due": due, "zone": changed.zone})


async def _preview(asked: Invocation) -> Answer:
    """The digest itself is the answer: composed when it is sent, as the team's is, and nothing of it counts as told."""
    _, settings = await _settings(asked)
    last_voice = await asked.context.uow.digests.last_voice(asked.context.community)
    return Answer(next_digest(settings, last_voice, asked.context.now, None, Occasion.PREVIEW))


async def _now(asked: Invocation) -> Answer:
    team, _ = await _settings(asked)
    channel = await channel_of(asked, team)
    posted = tuple(await tell(asked.context, team, None))
    if not posted:
        return asked.answer("digest_set.nothing", {"team": team.name})
    said = asked.answer("digest_set.posted", {"team": team.name, "channel": channel.name})
    return Answer(said.post, posted)


async def _pause(asked: Invocation) -> Answer:
    team, settings = await _settings(asked)
    await put_digest(asked.context.uow, team, replace(settings, state=DigestState.PAUSED), asked.context.now)
    return asked.answer("digest_set.stopped", {"team": team.name})


async def _resume(asked: Invocation) -> Answer:
    team, settings = await _settings(asked)
    running = replace(settings, state=DigestState.RUNNING)
    due = _first_due(asked, running)
    await put_digest(asked.context.uow, team, running, asked.context.now)
    return asked.answer("digest_set.resumed", {"team": team.name, "due": due, "zone": running.zone})


async def _settings(asked: Invocation) -> tuple[Team, DigestSettings]:
    team = await asked.team("team")
    settings = (await asked.context.uow.digests.settings(asked.context.community))[team.id]
    return team, settings


def _length(asked: Invocation, settings: DigestSettings) -> int:
    typed = asked.given("length")
    if typed is None:
        return settings.length
    if not (typed.isascii() and typed.isdecimal() and 1 <= int(typed[:3]) <= LONGEST and len(typed) < 3):
        raise Refused(asked.say("refused.digest_length", {"most": LONGEST}))
    return int(typed)


def _parts(asked: Invocation, settings: DigestSettings) -> tuple[DigestPart, ...]:
    typed = asked.given("contents")
    if typed is None:
        return settings.parts
    named = {word.strip().casefold() for word in typed.split(",") if word.strip()}
    known = tuple(part for part in DigestPart if part in named)
    if len(known) < len(named) or known in ((), (DigestPart.PICTURE,)):
        raise Refused(asked.say("refused.digest_contents", {"parts": ", ".join(DigestPart)}))
    return known


async def _tiers(asked: Invocation, settings: DigestSettings) -> tuple[str, ...] | None:
    """Those named, as they are spelt; None for all."""
    typed = asked.given("tiers")
    if typed is None:
        return settings.tiers
    known = {tier.name.casefold(): tier.name for tier in await asked.context.uow.tiers.all(asked.context.community)}
    named = list(dict.fromkeys(word.strip().casefold() for word in typed.split(",") if word.strip()))
    if named in ([_ALL], [_NONE]):
        return None if named == [_ALL] else ()
    if not named or not all(name in known for name in named):
        raise Refused(asked.say("refused.digest_tiers", {"tiers": ", ".join(known.values()) or _NONE}))
    return tuple(known[name] for name in named)


def _first_due(asked: Invocation, settings: DigestSettings) -> str:
    """When it falls due first, as clocks in its zone show it. Raises Refused for what is no zone, or no schedule."""
    if not is_zone(settings.zone):
        raise Refused(asked.say("refused.digest_zone", {"zone": settings.zone}))
    if not once_a_day(settings.rule):
        raise Refused(asked.say("refused.digest_schedule", {"schedule": settings.rule}))
    try:
        due = next_due(settings.rule, settings.zone, asked.context.now)
    except ValueError as error:
        raise Refused(asked.say("refused.digest_schedule", {"schedule": settings.rule})) from error
    return _shown(due, settings.zone)


def _shown(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
