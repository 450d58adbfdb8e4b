"""Streams of messages to learn reply links from: logs with links, as they are and as other kinds of channels tell them.

* The training logs of jkkummerfeld/irc-disentanglement (Ubuntu IRC; CC-BY 4.0, Kummerfeld et al., ACL 2019).
* The raw dialogs of FRMiner (Shi et al., ASE 2020; MIT), interleaved: who answers whom is not known there, only which
  messages belong together. Their labels are not read.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypedDict

from dialogue.ports import KindClassifier, LanguageIdentifier
from dialogue.understanding.lines import Floats
from dialogue.understanding.prepare import prepare
from dialogue.understanding.reading import Reading
from dialogue.understanding.values import Heard, KindGuess, Prepared
from knowledge_base.ids import MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role

_LINE: Final = re.compile(r"^(?:\S+ \d{4}-\d\d-\d\d )?\[(\d\d):(\d\d)(?::\d\d)?\]\s+<\s*([^>\s]+)\s*>\s?(.*)$")
_NAME: Final = re.compile(r"^\s*@?([^\s:,]{2,30})[:,]\s+")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d\d)")
_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)
_LONGEST_PAUSE: Final = timedelta(hours=6)
_TOGETHER: Final = 40
"""Any of the last so many messages of a dialog may be what the next one answers."""


class Unread(LanguageIdentifier, KindClassifier):
    """Links depend neither on the language nor on the kind."""

    def identify(self, text: str) -> str:
        """Always unknown."""
        return "und"

    def classify(self, reading: Reading) -> KindGuess:
        """Always chatter."""
        return KindGuess(Kind.CHATTER, 0.0, "not asked")

    def reconsider(self, guess: KindGuess, model: str, vector: Floats) -> KindGuess:
        """As before."""
        return guess


@dataclass(frozen=True)
class Line:
    """One message; ``parents`` is None where nobody annotated it, and empty where it starts anew."""

    number: int
    message: Prepared
    parents: frozenset[int] | None


@dataclass(frozen=True)
class Stream:
    """One channel's lines. ``importance``: how much each of its choices counts."""

    name: str
    lines: Sequence[Line]
    importance: float


@dataclass(frozen=True)
class Telling:
    """How a channel differs from the log it was made from.

    ``share``: of the conversations that are left. ``kept``, ``mentioned``: of the names in front, how many stay, and
    how many become an @mention. ``split``: of the longer messages, how many come as two. ``slower``: by what times are
    multiplied.
    """

    share: float
    kept: float
    mentioned: float
    split: float
    slower: float


class Said(TypedDict):
    """One message of a dialog."""

    t: str
    user: str
    text: str


def log_lines(log: Path) -> Iterator[Line]:
    """The people's lines of one log, with the parents that annotators gave them."""
    parents = _annotated(log.with_name(log.name.replace(".ascii.", ".annotation.")))
    at = _DAY
    for number, text in enumerate(log.read_text("utf-8", "replace").splitlines()):
        found = _LINE.match(text)
        if found is None:
            continue
        hour, minute, author, said = found.groups()
        clock = at.replace(hour=int(hour), minute=int(minute))
        at = clock if clock >= at - timedelta(hours=12) else clock + timedelta(days=1)
        yield _line(number, author, at, said.strip(), parents.get(number))


def retold(log: Sequence[Line], telling: Telling, chance: random.Random) -> list[Line]:
    """The log as another kind of channel would have it."""
    told: list[Line] = []
    last: dict[int, int] = {}
    for line in _thinned(log, telling.share, chance) if telling.share < 1 else log:
        heard = line.message.heard
        at = _DAY + (heard.at - _DAY) * telling.slower + timedelta(seconds=chance.random() * 59 * telling.slower)
        if told:
            at = max(at, told[-1].message.heard.at + timedelta(seconds=chance.random() * 5 * telling.slower))
        parents = None if line.parents is None else frozenset(last.get(p, -1) for p in line.parents)
        for part, text in enumerate(_parts(_renamed(heard.text, telling, chance), telling, chance)):
            number = len(told)
            told.append(_line(number, heard.author, at + timedelta(seconds=20 * part), text, parents))
            parents, last[line.number] = frozenset({number}), number
    return told


def interleaved(
    dialogs: Sequence[Sequence[Said]], apart: timedelta, telling: Telling, chance: random.Random
) -> list[Line]:
    """Dialogs as one channel; each begins some time after the one before, ``apart`` in the mean.

    ``telling.slower`` stretches the pauses within them.
    """
    said: list[tuple[datetime, int, str, str]] = []
    start = _DAY
    for number, dialog in enumerate(dialogs):
        start += timedelta(minutes=chance.expovariate(1 / (apart.total_seconds() / 60)))
        at, before = start, None
        for one in dialog:
            now = _moment(one["t"], before)
            if before is not None:
                pause = min(max(now - before, timedelta(0)), _LONGEST_PAUSE) + timedelta(seconds=chance.random() * 50)
                at += pause * telling.slower
            before = now
            parts = _parts(_renamed(one["text"], telling, chance), telling, chance)
            said.extend((at + timedelta(seconds=3 * n), number, one["user"], part) for n, part in enumerate(parts))
    earlier: dict[int, list[int]] = {}
    told = []
    for number, (at, dialog_number, author, text) in enumerate(sorted(said, key=lambda row: row[0])):
        before_it = earlier.setdefault(dialog_number, [])
        told.append(_line(number, author, at, text, frozenset(before_it[-_TOGETHER:])))
        before_it.append(number)
    return told


def read_dialogs(file: Path) -> list[list[Said]]:
    """The dialogs, in the file's order."""
    return [json.loads(line)["messages"] for line in file.read_text("utf-8").splitlines()]


def _line(number: int, author: str, at: datetime, text: str, parents: frozenset[int] | None) -> Line:
    unread = Unread()
    heard = Heard(MessageId(str(number)), author, author, Role.CUSTOMER, at, text)
    return Line(number, prepare(heard, unread, unread), parents)


def _annotated(path: Path) -> dict[int, frozenset[int]]:
    links: dict[int, set[int]] = {}
    for row in path.read_text("utf-8").splitlines():
        earlier, later = sorted(int(part) for part in row.split() if part != "-")
        links.setdefault(later, set()).update({earlier} - {later})
    return {later: frozenset(earlier) for later, earlier in links.items()}


def _thinned(log: Sequence[Line], share: float, chance: random.Random) -> list[Line]:
    """Some of the annotated conversations, whole."""
    roots: dict[int, int] = {}
    for line in log:
        known = [roots[p] for p in line.parents or () if p in roots]
        roots[line.number] = min(known, default=line.number)
    kept = {root for root in sorted(set(roots.values())) if chance.random() < share}
    return [line for line in log if line.parents is not None and roots[line.number] in kept]


def _renamed(text: str, telling: Telling, chance: random.Random) -> str:
    """The text with the name in front kept, made a mention, or left out."""
    named = _NAME.match(text)
    draw = chance.random()
    if named is None or draw < telling.kept:
        return text
    rest = text[named.end() :]
    return f"@{named[1]} {rest}" if draw < telling.kept + telling.mentioned else rest


def _parts(text: str, telling: Telling, chance: random.Random) -> list[str]:
    words = text.split(" ")
    if len(words) < 7 or chance.random() > telling.split:
        return [text]
    at = chance.randrange(3, len(words) - 2)
    return [" ".join(words[:at]), " ".join(words[at:])]


def _moment(written: str, before: datetime | None) -> datetime:
    """A dialog's time: with its day, or the clock's alone, which goes on from the time before."""
    if len(written) > 6:
        try:
            return datetime.strptime(written[:16], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        except ValueError:
            pass
    clock = _CLOCK.search(written)
    last = before or _DAY
    if clock is None:
        return last
    now = last.replace(hour=int(clock[1]) % 24, minute=int(clock[2]))
    return now if before is None or now >= last - timedelta(hours=1) else now + timedelta(days=1)
