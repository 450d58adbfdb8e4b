"""Why a message was judged so, and why the bot kept silent: lines that are kept with it, for staff to read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dialogue.events import MessagePosted
from dialogue.router import Context
from dialogue.understanding.values import Judgement, Prepared, Tie
from knowledge_base.channels import Channel, Mode

SILENT: Final = "silent: "
"""How the line begins that says why the bot kept silent."""
_TEXT: Final = "text: "
_KIND: Final = "kind: "
_PARENT: Final = "parent: "
_WEIGHED: Final = re.compile(r".* \([+-]\d+\.\d\d\)")
"""What stood there before reasons began with what they are about."""


@dataclass(frozen=True, slots=True)
class Told:
    """The lines of a message apart, without their beginnings; each in the order in which they were kept.

    ``rules``: what the text alone met, then what its context made of that. ``parent``: what spoke for the message it
    answers, or for none. ``rest``: what came of it, what staff did.
    """

    rules: tuple[str, ...]
    parent: tuple[str, ...]
    silent: str
    rest: tuple[str, ...]


def why_judged(prepared: Prepared, judgement: Judgement) -> tuple[str, ...]:
    """The rule that the text met, the rule of its kind where that is another, what spoke for its parent."""
    kind, *parent = judgement.reasons
    lines = [f"{_TEXT}{prepared.guess.rule}"]
    if kind.name != prepared.guess.rule:
        lines.append(f"{_KIND}{kind.name}")
    lines.extend(f"{_PARENT}{reason.name} ({reason.weight:+.2f})" for reason in parent)
    return tuple(dict.fromkeys(lines))


def judged_anew(reasons: Iterable[str], prepared: Prepared, judgement: Judgement) -> tuple[str, ...]:
    """A message's lines once it was judged again: those of the judgement are new, all others stay."""
    others = [line for line in reasons if not line.startswith((_TEXT, _KIND, _PARENT))]
    return (*why_judged(prepared, judgement), *others)


def judged_in_place(reasons: Iterable[str], prepared: Prepared, judgement: Judgement) -> tuple[str, ...]:
    """The lines of a judgement by other words at the same place: what spoke for the place still does."""
    place = [line for line in reasons if line.startswith(_PARENT)]
    return (*(line for line in why_judged(prepared, judgement) if not line.startswith(_PARENT)), *place)


def is_certain(reasons: Iterable[str]) -> bool:
    """Whether the platform itself recorded what a message answers."""
    return any(line.startswith(f"{_PARENT}{Tie.PLATFORM}") for line in reasons)


def why_silent(event: MessagePosted, channel: Channel, context: Context) -> str:
    """Silence is a decision, and this is its reason."""
    return SILENT + context.texts.say(f"silent.{_cause(event, channel, context)}")


def told(reasons: Iterable[str]) -> Told:
    """Sort a message's lines by what they are about."""
    rules, parent, silent, rest = [], [], "", []
    for line in reasons:
        if line.startswith((_TEXT, _KIND)):
            rules.append(line.split(": ", 1)[1])
        elif line.startswith(_PARENT):
            parent.append(line.removeprefix(_PARENT))
        elif _WEIGHED.fullmatch(line):
            parent.append(line)
        elif line.startswith(SILENT):
            silent = line.removeprefix(SILENT)
        else:
            rest.append(line)
    return Told(tuple(rules), tuple(parent), silent, tuple(rest))


def _cause(event: MessagePosted, channel: Channel, context: Context) -> str:
    if not event.actor.role.is_person:
        return "not_a_person"
    if not event.live:
        return "read_later"
    if channel.mode is Mode.LISTENING:
        return "listening"
    identity = context.identity(event.place.space)
    addressed = identity is not None and identity.mention in event.text
    if channel.mode is Mode.ON_MENTION and not addressed:
        return "not_addressed"
    return "nothing_known"
