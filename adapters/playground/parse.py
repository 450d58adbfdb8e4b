"""What a fact of the playground is to the bot: events, or nothing. Pure."""

from collections.abc import Sequence
from typing import assert_never

from adapters.playground.cast import BOT, ROOMS, SPACE, direct, person_of
from adapters.playground.facts import (
    Changed,
    Chosen,
    Commanded,
    Fact,
    Handle,
    Pressed,
    Reacted,
    Removed,
    Said,
    Submitted,
)
from adapters.playground.state import Message, State
from dialogue.events import (
    Actor,
    ButtonPressed,
    ChannelChanged,
    CommandInvoked,
    Event,
    FormSubmitted,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    OptionsSelected,
    Place,
    ReactionAdded,
    ReactionRemoved,
    ReplyHandle,
    Selected,
)
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId


def events_of(fact: Fact, state: State) -> Sequence[Event]:
    """What tells of this fact, in order; nothing where the bot is told nothing: of what it did itself, and our own."""
    match fact:
        case Said():
            return [posted(state.messages[fact.id], state, fact.text)]
        case Changed() | Removed() | Reacted():
            event = _of_message(fact, state)
            return [event] if event else []
        case Chosen():
            return _of_choice(fact, state)
        case Commanded() | Pressed() | Submitted():
            return [_of_interaction(fact, state)]
        case _:
            return []


def posted(message: Message, state: State, text: str, *, live: bool = True) -> MessagePosted:
    """The event that tells of a person's message, with ``text`` as it was said."""
    return MessagePosted(
        place_of(message.channel, message.thread),
        actor_of(message.author, state),
        message.id,
        text,
        message.at,
        message.reply_to,
        link_to(message),
        live,
    )


def history_of(message: Message, state: State) -> list[Event]:
    """What a message is today, told to who has missed it."""
    place = place_of(message.channel, message.thread)
    if message.deleted_at:
        return [MessageDeleted(place, message.id, message.deleted_at)]
    events: list[Event] = [posted(message, state, message.text, live=False)]
    if message.changed_at:
        actor = actor_of(message.author, state)
        events.append(MessageEdited(place, actor, message.id, message.text, message.version, message.changed_at))
    return events


def place_of(channel: ChannelId, thread: PlatformMessageId | None) -> Place:
    """A channel as the bot is told of it."""
    owner = person_of(channel)
    room = direct(owner) if owner else next(room for room in ROOMS if room.id == channel)
    return Place(SPACE, room.id, room.name, room.audience, thread=thread, direct=owner is not None)


def actor_of(account: AccountId, state: State) -> Actor:
    """A person as the bot is told of them."""
    person = state.people[account]
    return Actor(person.account, person.name, person.role)


def link_to(message: Message) -> str:
    """Where the page shows a message: an address within the page."""
    return f"#{message.channel}/{message.id}"


def _of_message(fact: Changed | Removed | Reacted, state: State) -> Event | None:
    message = state.messages[fact.message]
    place = place_of(message.channel, message.thread)
    match fact:
        case Changed():
            actor = actor_of(message.author, state)
            return MessageEdited(place, actor, message.id, fact.text, fact.version, fact.at)
        case Removed():
            return None if message.author == BOT else MessageDeleted(place, message.id, fact.at)
        case Reacted():
            reaction = ReactionAdded if fact.present else ReactionRemoved
            return reaction(place, actor_of(fact.by, state), message.id, fact.emoji, fact.id, fact.at)
        case _:
            assert_never(fact)


def _of_interaction(fact: Commanded | Pressed | Submitted, state: State) -> Event:
    actor, handle = actor_of(fact.by, state), _handle(fact.handle)
    match fact:
        case Commanded():
            place = place_of(fact.channel, None)
            return CommandInvoked(
                place, actor, fact.id, fact.noun, fact.verb, fact.options, handle, fact.at, fact.message
            )
        case Pressed():
            message = state.messages[fact.message]
            place = place_of(message.channel, message.thread)
            return ButtonPressed(place, actor, fact.id, fact.custom_id, fact.message, handle, fact.at)
        case Submitted():
            place = place_of(fact.channel, None)
            return FormSubmitted(place, actor, fact.id, fact.custom_id, fact.values, handle, fact.at)
        case _:
            assert_never(fact)


def _of_choice(fact: Chosen, state: State) -> Sequence[Event]:
    """What each chosen channel is, then that they were chosen."""
    message = state.messages[fact.message]
    channels = [place_of(channel, None) for channel in fact.selected]
    chosen = OptionsSelected(
        place_of(message.channel, message.thread),
        actor_of(fact.by, state),
        fact.id,
        fact.custom_id,
        tuple(Selected(channel.channel, channel.name) for channel in channels),
        fact.message,
        _handle(fact.handle),
        fact.at,
    )
    return [*(ChannelChanged(channel, f"{fact.id}-{channel.channel}", fact.at) for channel in channels), chosen]


def _handle(handle: Handle) -> ReplyHandle:
    return ReplyHandle(handle.token, handle.expires_at)
