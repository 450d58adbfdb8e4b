"""One message of a conversation, with as little as pairing needs of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from dialogue.understanding.reading import read
from dialogue.understanding.tokens import addressees, own_names
from dialogue.understanding.values import Judged, Sign
from dialogue.understanding.verdicts import KEPT
from knowledge_base.ids import MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.messages import Message


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person said. ``author`` is the same for all that one person said; ``names`` are those they answer to.

    ``addressees``: see :class:`~dialogue.understanding.values.Prepared`. ``length`` is in words.
    """

    id: MessageId
    author: str
    names: frozenset[str]
    role: Role
    at: datetime
    text: str
    kind: Kind
    confidence: float
    reply_to: MessageId | None
    signs: frozenset[Sign]
    addressees: frozenset[str]
    length: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A check mark that somebody put on a message: by reaction, or however a platform has it."""

    message: MessageId
    author: str
    role: Role
    at: datetime


def turn_of(judged: Judged) -> Turn:
    """A judged message; its author is the account."""
    prepared = judged.prepared
    heard = prepared.heard
    return Turn(
        id=heard.id,
        author=heard.author,
        names=prepared.names,
        role=heard.role,
        at=heard.at,
        text=heard.text,
        kind=judged.kind,
        confidence=judged.confidence,
        reply_to=judged.reply_to,
        signs=prepared.signs,
        addressees=prepared.addressees,
        length=prepared.length,
    )


def turn_from(message: Message, account: str) -> Turn:
    """A stored message; its author is the member, who also answers to the ``account``."""
    said = _read(message.text)
    return Turn(
        id=message.id,
        author=message.author,
        names=own_names(account, message.author_name),
        role=message.role,
        at=message.at,
        text=message.text,
        kind=message.kind,
        confidence=message.confidence,
        reply_to=message.reply_to,
        signs=said.signs,
        addressees=said.addressees,
        length=said.length,
    )


@dataclass(frozen=True, slots=True)
class _Text:
    signs: frozenset[Sign]
    addressees: frozenset[str]
    length: int


@lru_cache(maxsize=KEPT)
def _read(text: str) -> _Text:
    reading = read(text)
    return _Text(reading.signs, addressees(text), len(reading.words))
