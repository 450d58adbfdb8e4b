"""Writing a talk in a few words: who says what, how many seconds after the line before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dialogue.ports import LanguageIdentifier
from dialogue.understanding.judge import judge
from dialogue.understanding.kinds import LearnedKinds
from dialogue.understanding.prepare import prepare
from dialogue.understanding.values import Anchor, ChannelState, Heard, Judged, Judgement, Prepared
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
