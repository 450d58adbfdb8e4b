"""What people do with the app, as the dialogue's events: pure. None for what is of no kind we know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from adapters.slack.changes import channel_changed
from adapters.slack.directory import UNKNOWN_ROOM
from adapters.slack.fields import Table, is_id, rows, strings, text
from adapters.slack.parse import Malformed, Surroundings, actor_of, place_of
from adapters.slack.render import SELECT
from adapters.slack.views import Asked
from dialogue.events import (
    ButtonPressed,
    CommandInvoked,
    Event,
    FormSubmitted,
    OptionsSelected,
    Place,
    ReplyHandle,
    Selected,
)
from knowledge_base.ids import PlatformMessageId

ANSWERABLE: Final = timedelta(minutes=30)
"""How long a ``response_url`` lives; a minute less, so that an answer isn't sent into the last second."""
_RESERVE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Invoked:
    """A command that is complete."""

    id: str
    noun: str
    verb: str
    options: Mapping[str, str]
    message: str = ""


def asked_of(payload: Table, now: datetime) -> Asked:
    """Where something was asked, and how it can be answered. Raises Malformed."""
    channel = text(payload, "channel_id") or text(payload, "channel", "id") or text(payload, "container", "channel_id")
    address = text(payload, "response_url")
    if not is_id(channel) or not address:
        raise Malformed("interaction")
    message = text(payload, "message", "ts") or text(payload, "container", "message_ts")
    return Asked(channel, address, (now + ANSWERABLE - _RESERVE).timestamp(), message)


def user_of(payload: Table) -> str:
    """Who did it. Raises Malformed."""
    user = text(payload, "user_id") or text(payload, "user", "id")
    if not is_id(user):
        raise Malformed("interaction")
    return user


def id_of(payload: Table) -> str:
    """What names this one deed, however often it is delivered. Raises Malformed."""
    name = text(payload, "trigger_id")
    if not name:
        raise Malformed("interaction")
    return name


def pressed_in(payload: Table) -> str:
    """The custom id of the button that was pressed; empty where it was none of ours."""
    actions = rows(payload, "actions")
    return text(actions[0], "value") if actions and text(actions[0], "type") == "button" else ""


def menu_in(payload: Table) -> Table | None:
    """What was done with one of our menus, or None where it was something else."""
    action = next(iter(rows(payload, "actions")), None)
    return action if action is not None and text(action, "action_id").startswith(SELECT) else None


def channels_in(action: Table) -> Sequence[str]:
    """The channels that are chosen in a menu now."""
    one = text(action, "selected_conversation")
    return [one] if one else list(dict.fromkeys(strings(action, "selected_conversations")))


def selected(
    payload: Table, action: Table, user: str, asked: Asked, around: Surroundings, now: datetime
) -> Sequence[Event]:
    """What each chosen channel is, and then the event of a menu."""
    name, channels = id_of(payload), channels_in(action)
    rooms = {channel: around.rooms.get(channel, UNKNOWN_ROOM) for channel in channels}
    chosen = [Selected(channel, room.name or channel) for channel, room in rooms.items()]
    chosen += [
        Selected(known, text(option, "text", "text") or known)
        for option in rows(action, "selected_options")
        if (known := text(option, "value"))
    ]
    changed = [
        channel_changed(channel, f"{name}:{channel}", replace(around, room=room), now)
        for channel, room in rooms.items()
    ]
    event = OptionsSelected(
        _place_on(payload, asked, around),
        actor_of(user, around.people),
        name,
        text(action, "action_id").removeprefix(SELECT),
        tuple(chosen),
        PlatformMessageId(asked.message),
        handle_of(asked, now),
        now,
    )
    return [*changed, event]


def invoked(what: Invoked, user: str, asked: Asked, around: Surroundings, now: datetime) -> CommandInvoked:
    """The event of a command."""
    return CommandInvoked(
        place_of(asked.channel, None, around),
        actor_of(user, around.people),
        what.id,
        what.noun,
        what.verb,
        dict(what.options),
        handle_of(asked, now),
        now,
        PlatformMessageId(what.message) if what.message else None,
    )


def pressed(payload: Table, user: str, asked: Asked, around: Surroundings, now: datetime) -> ButtonPressed:
    """The event of a button."""
    return ButtonPressed(
        _place_on(payload, asked, around),
        actor_of(user, around.people),
        id_of(payload),
        pressed_in(payload),
        PlatformMessageId(asked.message),
        handle_of(asked, now),
        now,
    )


def submitted(
    name: str, custom_id: str, values: Mapping[str, str], user: str, asked: Asked, around: Surroundings, now: datetime
) -> FormSubmitted:
    """The event of a form."""
    place, actor = place_of(asked.channel, None, around), actor_of(user, around.people)
    return FormSubmitted(place, actor, name, custom_id, dict(values), handle_of(asked, now), now)


def _place_on(payload: Table, asked: Asked, around: Surroundings) -> Place:
    """Where the message stands on which something was done. Private ones are told without their message."""
    thread = text(payload, "message", "thread_ts") or text(payload, "container", "thread_ts")
    return place_of(asked.channel, thread if thread != asked.message else None, around)


def handle_of(asked: Asked, now: datetime) -> ReplyHandle:
    """By what it can be answered."""
    return ReplyHandle(asked.answer, datetime.fromtimestamp(asked.until, now.tzinfo))
