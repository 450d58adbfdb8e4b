"""What was typed after ``/parley``: noun, verb, ``option:value`` … with the grammar of the other platforms. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.slack.wording import linked, readable
from dialogue.commands.declarations import DEFAULT, Command, Option, OptionType, Verb
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId, message_id

_MEMBER: Final = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL: Final = re.compile(r"<#([A-Z0-9]+)(?:\|[^<>]*)?>")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a line stands for. ``verb`` is None where it is not given and none is usual; ``noun`` may be unknown."""

    noun: str
    verb: str | None
    options: Mapping[str, str]


def typed(line: str, commands: Sequence[Command]) -> Typed:
    """Read a line as Slack sends it."""
    noun, _, rest = line.strip().removeprefix("/").partition(" ")
    command = named(commands, noun)
    if command is None:
        return Typed(noun, None, {})
    rest = rest.strip()
    word = rest.split(maxsplit=1)[0] if rest else ""
    verb = command.verb(word)
    if verb is not None:
        return Typed(noun, verb.name, _options(rest[len(word) :], verb))
    usual = command.verb(DEFAULT)
    if usual is None or (not rest and len(command.verbs) > 1 and missing(usual, {})):
        return Typed(noun, None, {})
    return Typed(noun, usual.name, _options(rest, usual))


def named(commands: Sequence[Command], noun: str) -> Command | None:
    """The command of that noun, or None."""
    return next((command for command in commands if command.noun == noun), None)


def missing(verb: Verb, options: Mapping[str, str]) -> list[Option]:
    """What is needed and not given yet."""
    return [option for option in verb.options if option.required and not options.get(option.name, "").strip()]


def settled(verb: Verb, options: Mapping[str, str], space: SpaceId) -> dict[str, str]:
    """The options as the dialogue takes them: a link to a message becomes its name."""
    kinds = {option.name: option.type for option in verb.options}
    return {name: _settled(kinds.get(name), value.strip(), space) for name, value in options.items() if value.strip()}


def _settled(kind: OptionType | None, value: str, space: SpaceId) -> str:
    found = linked(value) if kind is OptionType.MESSAGE else None
    return message_id(space, ChannelId(found[0]), PlatformMessageId(found[1])) if found else value


def _options(rest: str, verb: Verb) -> dict[str, str]:
    """Values by name; what stands before the first name is the first option that is not named."""
    names = [option.name for option in verb.options]
    kinds = {option.name: option.type for option in verb.options}
    if not names:
        return {}
    marks = list(re.finditer(rf"(?:^|(?<=\s))({'|'.join(map(re.escape, names))}):", rest))
    ends = [*(mark.start() for mark in marks[1:]), len(rest)]
    found = {mark[1]: _plain(rest[mark.end() : end], kinds[mark[1]]) for mark, end in zip(marks, ends, strict=False)}
    free = next((name for name in names if name not in found), None)
    lead = _plain(rest[: marks[0].start()] if marks else rest, kinds.get(free or ""))
    return {free: lead} | found if lead and free else found


def _plain(value: str, kind: OptionType | None) -> str:
    """As people read it; who is to be found by it is their id."""
    value = _MEMBER.sub(r"\1", value) if kind is OptionType.MEMBER else value
    return readable(_CHANNEL.sub(r"\1", value), {}).strip()
