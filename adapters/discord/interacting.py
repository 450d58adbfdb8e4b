"""Interactions as Discord tells of them: commands, presses, forms, completions. Pure.

A :class:`~dialogue.events.ReplyHandle`'s token is ``how:token``: how it was acknowledged decides how it is answered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from adapters.discord.directory import channel_of
from adapters.discord.emoji import written
from adapters.discord.parse import Reader
from adapters.discord.payload import (
    Malformed,
    Payload,
    child,
    children,
    identifier,
    identifiers,
    number,
    optional_identifier,
    optional_text,
    text,
    texts,
)
from adapters.discord.snowflakes import made_at
from dialogue.commands.declarations import DEFAULT
from dialogue.custom_ids import about_message
from dialogue.events import (
    Actor,
    ButtonPressed,
    ChannelChanged,
    CommandInvoked,
    FormSubmitted,
    Interaction,
    OptionsSelected,
    Place,
    ReplyHandle,
    Selected,
)
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId, message_id

LIFETIME: Final = timedelta(minutes=15)
"""How long an interaction can be answered."""
_SUBCOMMAND: Final = 1
_BUTTON: Final = 2
_ROLES: Final = 6
"""The menu of roles."""


class How(StrEnum):
    """How an interaction was acknowledged: with a private note that is still to be filled, or with nothing to see."""

    NOTE = "note"
    QUIET = "quiet"


class Kind(IntEnum):
    """Discord's numbers for what was done."""

    COMMAND = 2
    PRESS = 3
    COMPLETION = 4
    FORM = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What every interaction has. ``token`` answers it."""

    id: str
    token: str = field(repr=False)
    kind: Kind
    place: Place
    actor: Actor
    at: datetime
    data: Payload
    message: str | None

    def handle(self, how: How) -> ReplyHandle:
        """By what it can be answered later."""
        return ReplyHandle(f"{how}:{self.token}", self.at + LIFETIME)


@dataclass(frozen=True, slots=True)
class Typed:
    """An option somebody is filling in."""

    noun: str
    verb: str
    option: str
    typed: str


def asked(payload: Payload, reader: Reader) -> Asked | None:
    """Who asked where, or None where the channel isn't known, or the server of who asks in a direct message."""
    server, member = optional_identifier(payload, "guild_id"), child(payload, "member")
    user = child(member, "user") or child(payload, "user")
    found, message = identifier(payload, "id"), child(payload, "message")
    if server is None:
        sent_for = reader.directory.talks.sent_for(identifier(message, "id")) if message else None
        place = reader.direct_place(found, identifier(payload, "channel_id"), user, sent_for)
    else:
        place = _place(payload, server, reader)
    if place is None:
        return None
    return Asked(
        found,
        text(payload, "token"),
        _kind(number(payload, "type")),
        place,
        reader.direct_actor(place.space, user) if place.direct else reader.seen_actor(place.space, user, member),
        made_at(found),
        child(payload, "data"),
        identifier(message, "id") if message else None,
    )


def event_of(what: Asked, menus: Mapping[str, tuple[str, str]]) -> Interaction | None:
    """The event, or None for a completion. ``menus``: noun and verb by what an entry of a message's menu is called."""
    match what.kind:
        case Kind.COMMAND:
            return _command(what, menus)
        case Kind.PRESS:
            if what.message is None:
                raise Malformed("message is missing")
            return _used(what, PlatformMessageId(what.message))
        case Kind.FORM:
            custom_id, values = text(what.data, "custom_id"), values_of(what.data)
            return FormSubmitted(what.place, what.actor, what.id, custom_id, values, what.handle(How.NOTE), what.at)
        case Kind.COMPLETION:
            return None


def menu_form(what: Asked, forms: Mapping[str, str]) -> str | None:
    """The custom id of the form that an entry of a message's menu opens, or None for what opens none."""
    if what.kind is not Kind.COMMAND or what.data.get("target_id") is None:
        return None
    form = forms.get(text(what.data, "name"))
    message = message_id(what.place.space, what.place.channel, PlatformMessageId(identifier(what.data, "target_id")))
    return about_message(form, message) if form else None


def channels_of(what: Asked, reader: Reader, fresh_id: Callable[[], str]) -> Sequence[ChannelChanged]:
    """The channels that were chosen from a menu, as they are now."""
    resolved = child(child(what.data, "resolved"), "channels")
    places = [
        reader.place(what.place.space, channel) for channel in identifiers(what.data, "values") if channel in resolved
    ]
    return [ChannelChanged(place, fresh_id(), what.at) for place in places if place is not None]


def typed(what: Asked) -> Typed | None:
    """The option that is being filled in, or None."""
    verb, options = _verb(what.data)
    for option in options:
        if option.get("focused") is True:
            return Typed(text(what.data, "name"), verb, text(option, "name"), str(option.get("value") or ""))
    return None


def values_of(data: Payload) -> dict[str, str]:
    """A form's values by field, however its fields are wrapped."""
    values: dict[str, str] = {}
    for row in children(data, "components"):
        inner = child(row, "component")
        for part in (inner,) if inner else children(row, "components"):
            picked = "\n".join(texts(part, "values"))
            values[text(part, "custom_id")] = picked or optional_text(part, "value") or ""
    return values


def _kind(number: int) -> Kind:
    try:
        return Kind(number)
    except ValueError as error:
        raise Malformed("type is unknown") from error


def _used(what: Asked, message: PlatformMessageId) -> ButtonPressed | OptionsSelected:
    """A button or a menu of a post."""
    custom_id, handle = text(what.data, "custom_id"), what.handle(How.QUIET)
    if number(what.data, "component_type", _BUTTON) == _BUTTON:
        return ButtonPressed(what.place, what.actor, what.id, custom_id, message, handle, what.at)
    resolved = child(what.data, "resolved")
    things = {**child(resolved, "channels"), **child(resolved, "roles")}
    selected = tuple(
        Selected(each, optional_text(child(things, each), "name") or each)
        for each in identifiers(what.data, "values")
        # everybody's role has the server's id, and is nobody's in particular; in old servers a channel has it too
        if each != what.place.space or number(what.data, "component_type") != _ROLES
    )
    return OptionsSelected(what.place, what.actor, what.id, custom_id, selected, message, handle, what.at)


def _command(what: Asked, menus: Mapping[str, tuple[str, str]]) -> CommandInvoked:
    name, handle = text(what.data, "name"), what.handle(How.NOTE)
    if what.data.get("target_id") is not None:
        noun, verb = menus.get(name, (name, DEFAULT))
        message = PlatformMessageId(identifier(what.data, "target_id"))
        return CommandInvoked(what.place, what.actor, what.id, noun, verb, {}, handle, what.at, message)
    verb, options = _verb(what.data)
    given = {text(option, "name"): written(str(option.get("value", ""))) for option in options}
    return CommandInvoked(what.place, what.actor, what.id, name, verb, given, handle, what.at)


def _verb(data: Payload) -> tuple[str, Sequence[Payload]]:
    options = children(data, "options")
    if len(options) == 1 and number(options[0], "type") == _SUBCOMMAND:
        return text(options[0], "name"), children(options[0], "options")
    return DEFAULT, options


def _place(payload: Payload, server: str, reader: Reader) -> Place | None:
    """Where it was asked. In a thread that rests or is private, that is its channel: nothing said there is kept."""
    channel = identifier(payload, "channel_id")
    place = reader.place(server, channel)
    found = reader.directory.find(server, channel) or channel_of(child(payload, "channel"))
    if place is not None or not found.is_thread or found.parent is None:
        return place
    parent = reader.place(server, found.parent)
    return None if parent is None else Place(SpaceId(server), ChannelId(found.parent), parent.name, parent.audience)
