"""What can be computed of one message alone, before any transaction and in any order."""

from dataclasses import dataclass, replace
from math import log
from typing import Final

from dialogue.events import Event, MessageEdited, MessagePosted, Place
from dialogue.meanings import UNDETERMINED, Embedders
from dialogue.ports import Embedder, KindClassifier, LanguageIdentifier
from dialogue.router import Thought
from dialogue.understanding.prepare import prepare, with_meaning
from dialogue.understanding.values import Heard, Prepared, Sign
from knowledge_base.ids import MessageId, PlatformMessageId, message_id
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.merging import Meaning

MAY_VOICE: Final = 0.45
"""How large the share of a kind that can voice an insight has to be, by the words alone, for a closer look."""
MAY_VOICE_ELSEWHERE: Final = 0.15
"""The same for other languages than English, of which the words alone tell less."""
_MAY_VOICE: Final = log(MAY_VOICE)
_MAY_VOICE_ELSEWHERE: Final = log(MAY_VOICE_ELSEWHERE)
_ENGLISH: Final = frozenset({"en", UNDETERMINED})
_CLOSER: Final = INSIGHT_KINDS - {Kind.QUESTION}
_COLUMNS: Final = [column for column, kind in enumerate(Kind) if kind in _CLOSER]


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

    def prepare(self, heard: Heard) -> Prepared:
        """See :func:`dialogue.understanding.prepare.prepare`."""
        return prepare(heard, self.identifier, self.classifier)

    def thought(self, prepared: Prepared) -> Thought:
        """All that a prepared message says by itself; what it means is only made where it may voice an insight."""
        return self.ponder(prepared) if may_voice(prepared) else Thought(prepared, None)

    def prepare_again(self, heard: Heard) -> Prepared:
        """The message with the second guess that it had, if it had one."""
        return self.thought(self.prepare(heard)).prepared

    def ponder(self, prepared: Prepared) -> Thought:
        """What a prepared message means, and the kind that it seems to be in that light."""
        meaning = self.meaning(prepared)
        if not self.embedders.suits(prepared.language):
            return Thought(prepared, meaning)
        finest = meaning.embeddings[0]
        return Thought(with_meaning(prepared, self.classifier, finest.model, finest.vector), meaning)

    def think(self, prepared: Prepared) -> Thought:
        """The same as :meth:`thought`, with what else may be asked for in the transaction, so that nobody waits there.

        That is the rule of its kind in words, and what a customer's question means: if it opens a conversation, it is a
        voice.
        """
        thought = self.thought(replace(prepared, guess=prepared.guess.in_words()))
        if thought.meaning is None and prepared.heard.role.is_customer and prepared.guess.kind is Kind.QUESTION:
            return Thought(thought.prepared, self.meaning(prepared))
        return thought


def think(event: Event, understanding: Understanding) -> Thought | None:
    """What a message's own text says; None for events without one. The same whatever else is read.

    The meaning is made where the text alone may voice an insight. Where it turns out to be needed later it is made
    then, by the same models, so it is the same.
    """
    if not isinstance(event, MessagePosted | MessageEdited):
        return None
    return understanding.think(understanding.prepare(heard(event)))


def heard(event: MessagePosted | MessageEdited) -> Heard:
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


def may_voice(prepared: Prepared) -> bool:
    """Whether the message may turn out to be a voice, whatever was said before it and whatever it means.

    So it is worth a closer look: less than a quarter of busy chat is. Questions are told by their words alone, and few
    of them open a conversation; those that do get their vector then.
    """
    if not prepared.heard.role.is_customer:
        return False
    guess = prepared.guess
    if Sign.JOINS in prepared.signs:
        return True
    if not guess.odds:
        return guess.kind in _CLOSER
    least = _MAY_VOICE if prepared.language in _ENGLISH else _MAY_VOICE_ELSEWHERE
    return any(guess.odds[column] >= least for column in _COLUMNS)


def platform_facts(heard: Heard) -> tuple[MessageId, ...]:
    """The messages to which the platform itself ties this one: what it replies to, else its thread's root.

    The first that is known decides its parent and conversation.
    """
    named = (heard.reply_to, heard.thread)
    return tuple(dict.fromkeys(message for message in named if message is not None and message != heard.id))


def _replied_to(event: MessagePosted | MessageEdited) -> MessageId | None:
    if isinstance(event, MessagePosted) and event.reply_to:
        return here(event.place, event.reply_to)
    return None
