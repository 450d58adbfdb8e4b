"""What can be computed of one message alone, before any transaction and in any order."""

from dataclasses import dataclass, replace
from typing import Final

from dialogue.events import Event, MessageEdited, MessagePosted, Place
from dialogue.meanings import Embedders
from dialogue.ports import Embedder, KindClassifier, LanguageIdentifier
from dialogue.router import Thought
from dialogue.understanding.prepare import prepare, stated
from dialogue.understanding.values import Heard, Prepared, Sign
from knowledge_base.ids import MessageId, PlatformMessageId, message_id
from knowledge_base.kinds import STATED_KINDS, Kind
from knowledge_base.merging import Meaning

LOOKED_AT: Final = 0.1
"""How large the share of a stated kind has to be, by the words alone, for the kind to be looked at again: on our own
held-out lines less finds little more (docs/understanding.md)."""

Worded = MessagePosted | MessageEdited
"""Events that have a text to think about."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """The models by which messages are understood."""

    identifier: LanguageIdentifier
    classifier: KindClassifier
    embedders: Embedders

    @property
    def embedder(self) -> Embedder:
        """The main one of the embedders."""
        return self.embedders.main

    def meaning(self, prepared: Prepared) -> Meaning:
        """What a message's own words mean."""
        return self.embedders.meaning(prepared.heard.text, prepared.language)

    def read(self, heard: Heard) -> Prepared:
        """What a message says by its words alone."""
        return prepare(heard, self.identifier, self.classifier)

    def look_again(self, prepared: Prepared) -> Prepared:
        """The kind of what was read in the light of what it means, where :func:`leaves_open` what that is.

        By the one model that is asked about every text, which is the quicker one.
        """
        if self.embedders.across is None or not leaves_open(prepared):
            return prepared
        meant = self.embedders.at_a_glance(prepared.heard.text)
        return replace(prepared, guess=self.classifier.reconsider(prepared.guess, meant.model, meant.vector))

    def prepare(self, heard: Heard) -> Prepared:
        """What a message says by itself."""
        return self.look_again(self.read(heard))

    def thought(self, prepared: Prepared) -> Thought:
        """All that a prepared message says by itself: what it means is only made where it seems to voice an insight."""
        states = prepared.states or Sign.JOINS in prepared.signs
        seems_to = prepared.heard.role.is_customer and states and prepared.guess.kind in STATED_KINDS
        return Thought(prepared, self.meaning(prepared) if seems_to else None)

    def think(self, prepared: Prepared) -> Thought:
        """The same as :meth:`thought`, with what else may be asked for in the transaction, so that nobody waits there.

        That is what a customer's question means: if it opens a conversation, it is a voice.
        """
        if prepared.heard.role.is_customer and prepared.guess.kind is Kind.QUESTION:
            return Thought(prepared, self.meaning(prepared))
        return self.thought(prepared)


def leaves_open(prepared: Prepared) -> bool:
    """Whether the words alone leave it open that a customer states something: then it pays to ask what they mean.

    Two fifths of busy chat do. Questions are told by their words.
    """
    return prepared.heard.role.is_customer and stated(prepared.guess) >= LOOKED_AT


def think(event: Event, understanding: Understanding) -> Thought | None:
    """What a message's own text says; None for events without one. The same whatever else is read.

    The meaning is made where the text alone may voice an insight. Where it turns out to be needed later it is made
    then, by the same models, so it is the same.
    """
    if not isinstance(event, Worded):
        return None
    return understanding.think(prepared_of(event, understanding))


def prepared_of(event: Worded, understanding: Understanding) -> Prepared:
    """What an event's message says by itself, with the rule of its kind in words: it will surely be asked for."""
    prepared = understanding.prepare(heard(event))
    return replace(prepared, guess=prepared.guess.in_words())


def heard(event: Worded) -> Heard:
    """The message as understanding wants it. (The one it replies to isn't told again with an edit.)"""
    return Heard(
        id=here(event.place, event.message),
        author=event.actor.account,
        author_name=event.actor.name,
        role=event.actor.role,
        at=event.at,
        text=event.text,
        reply_to=_replied_to(event),
        thread=here(event.place, event.place.thread) if event.place.thread else None,
    )


def here(place: Place, message: PlatformMessageId) -> MessageId:
    """The name of a message of the place's channel."""
    return message_id(place.space, place.channel, message)


def platform_facts(heard: Heard) -> tuple[MessageId, ...]:
    """The messages to which the platform itself ties this one: what it replies to, else its thread's root.

    The first that is known decides its parent and conversation.
    """
    named = (heard.reply_to, heard.thread)
    return tuple(dict.fromkeys(message for message in named if message is not None and message != heard.id))


def _replied_to(event: Worded) -> MessageId | None:
    if isinstance(event, MessagePosted) and event.reply_to:
        return here(event.place, event.reply_to)
    return None
