"""What was understood, as one number: equal however the same history was fed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

_MODULUS: Final = 1 << 256


@dataclass(frozen=True, slots=True)
class Understood:
    """One message by its history's id: its kind, and whatever names its conversation and insight (None: none)."""

    id: str
    kind: str
    conversation: str
    insight: str | None


class Fingerprint:
    """SHA-256 over messages with kinds, conversations and insights as sets of message ids, and the cards' texts.

    The names of conversations and insights do not count, nor does any order: each part is the sum of its members'
    hashes, so that nothing has to be held to be sorted.
    """

    def __init__(self) -> None:
        self._messages = 0
        self._conversations: dict[str, int] = {}
        self._insights: dict[str, int] = {}
        self._cards = 0

    @classmethod
    def of(cls, messages: Iterable[Understood], cards: Iterable[str] = ()) -> str:
        """The digits of all these."""
        whole = cls()
        for message in messages:
            whole.add(message)
        for text in cards:
            whole.add_card(text)
        return whole.hexdigest()

    def add(self, message: Understood) -> None:
        """A message."""
        self._messages += _hash(message.id, message.kind)
        hashed = _hash(message.id)
        _add(self._conversations, message.conversation, hashed)
        if message.insight is not None:
            _add(self._insights, message.insight, hashed)

    def add_card(self, text: str) -> None:
        """What a card says."""
        self._cards += _hash(text)

    def hexdigest(self) -> str:
        """64 hexadecimal digits."""
        parts = (self._messages, _together(self._conversations), _together(self._insights), self._cards)
        return sha256(json.dumps([hex(part % _MODULUS) for part in parts]).encode()).hexdigest()


def _add(groups: dict[str, int], name: str, hashed: int) -> None:
    groups[name] = (groups.get(name, 0) + hashed) % _MODULUS


def _together(groups: dict[str, int]) -> int:
    return sum(_hash(hex(group)) for group in groups.values())


def _hash(*parts: str) -> int:
    return int.from_bytes(sha256(json.dumps(parts).encode()).digest())
