"""What was understood, as one number: equal however the same history was fed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Understood:
    """One message by its history's id: its kind, and whatever names its conversation and insight (None: none)."""

    id: str
    kind: str
    conversation: str
    insight: str | None


def fingerprint(messages: Iterable[Understood], cards: Iterable[str]) -> str:
    """SHA-256 over messages with kinds, conversations and insights as sets of message ids, and the cards' texts.

    The names of conversations and insights do not count, nor does any order.
    """
    kinds: list[tuple[str, str]] = []
    conversations: dict[str, list[str]] = {}
    insights: dict[str, list[str]] = {}
    for message in messages:
        kinds.append((message.id, message.kind))
        conversations.setdefault(message.conversation, []).append(message.id)
        if message.insight is not None:
            insights.setdefault(message.insight, []).append(message.id)
    parts = (sorted(kinds), _as_sets(conversations), _as_sets(insights), sorted(cards))
    digest = hashlib.sha256()
    for part in parts:
        digest.update(json.dumps(part, ensure_ascii=True, separators=(",", ":")).encode())
    return digest.hexdigest()


def _as_sets(groups: dict[str, list[str]]) -> list[list[str]]:
    return sorted(sorted(group) for group in groups.values())
