"""What people do with the app, as the dialogue's events: pure. None for what is of no kind we know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from adapters.slack.fields import Table, rows, text
from adapters.slack.parse import Malformed, Surroundings, actor_of, place_of
from adapters.slack.views import Asked
from dialogue.events import ButtonPressed, CommandInvoked, FormSubmitted, ReplyHandle
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
    if not channel or not address:
        raise Malformed("interaction")
    message = text(payload, "message", "ts") or text(payload, "container", "message_ts")
    return Asked(channel, address, (now + ANSWERABLE - _RESERVE).timestamp(), message)


def user_of(payload: Table) -> str:
    """Who did it. Raises Malformed."""
    user = text(payload, "user_id") or text(payload, "user", "id")
    if not user:
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


def invoked(what: Invoked, user: str, asked: Asked, around: Surroundings, now: datetime) -> CommandInvoked:
    """The event of a command."""
    return CommandInvoked(
        place_of(asked.channel, None, around),
        actor_of(user, around),
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
    thread = text(payload, "message", "thread_ts")
    return ButtonPressed(
        place_of(asked.channel, thread if thread != asked.message else None, around),
        actor_of(user, around),
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
    place, actor = place_of(asked.channel, None, around), actor_of(user, around)
    return FormSubmitted(place, actor, name, custom_id, dict(values), handle_of(asked, now), now)


def handle_of(asked: Asked, now: datetime) -> ReplyHandle:
    """By what it can be answered."""
    return ReplyHandle(asked.answer, datetime.fromtimestamp(asked.until, now.tzinfo))
