"""Writing a talk in a few words: who says what, how many seconds after the line before."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dialogue.ports import LanguageIdentifier
from dialogue.understanding.judge import judge
from dialogue.understanding.kinds import LearnedKinds
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.prepare import prepare
from dialogue.understanding.values import Anchor, Heard, Judged, Judgement, Prepared
from knowledge_base.ids import MessageId
from knowledge_base.members import Role

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_KINDS = LearnedKinds()


class English(LanguageIdentifier):
    """Everybody speaks English."""

    def identify(self, text: str) -> str:
        """Always English."""
        return "en"


@dataclass(frozen=True)
class Said:
    """One line: ``after`` is in seconds since the line before."""

    who: str
    text: str
    after: float = 30
    role: Role = Role.CUSTOMER


def heard(lines: Iterable[Said]) -> list[Heard]:
    """The lines as messages ``m0``, ``m1``, …"""
    at, messages = START, []
    for number, line in enumerate(lines):
        at += timedelta(seconds=line.after)
        messages.append(Heard(MessageId(f"m{number}"), line.who, line.who.title(), line.role, at, line.text))
    return messages


def ready(message: Heard) -> Prepared:
    """The message, prepared."""
    return prepare(message, English(), _KINDS)


def judged(messages: Sequence[Heard], anchors: dict[str, Anchor] | None = None) -> tuple[list[Judgement], list[Judged]]:
    """Every judgement, and every message as it was remembered."""
    state, judgements, rows = ChannelState(), [], []
    for message in messages:
        state, judgement = judge(state, ready(message), (anchors or {}).get(message.id))
        judgements.append(judgement)
        rows.append(state.recent[-1])
    return judgements, rows


def talk(*lines: Said) -> list[Judgement]:
    """What is understood of these lines."""
    return judged(heard(lines))[0]


def rows(*lines: Said) -> list[Judged]:
    """These lines as remembered."""
    return judged(heard(lines))[1]


def sample_talks() -> list[tuple[str, list[Said]]]:
    """Talks that we wrote, each with what it is about."""
    return [(about, [Said(*line[:3]) for line in lines]) for about, lines in _sample()]


def sample_links() -> list[list[str | None]]:
    """What each of their lines answered when the shipped weights were made."""
    return [[None if line[3] is None else f"m{line[3]}" for line in lines] for _, lines in _sample()]


def _sample() -> list[tuple[str, list[tuple[str, str, float, int | None]]]]:
    written = json.loads(Path(__file__).with_name("sample_talks.json").read_text("utf-8"))
    return [(one["about"], [tuple(line) for line in one["lines"]]) for one in written]
