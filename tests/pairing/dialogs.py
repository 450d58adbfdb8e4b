"""Dialogs in files, as people read them, and what should be understood of each: see the head of ``first.txt``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.pairing import Pair, pairs
from dialogue.understanding.prepare import prepare
from dialogue.understanding.turns import Mark, turn_of
from dialogue.understanding.values import Anchor, Heard, Judged
from knowledge_base.ids import MessageId
from knowledge_base.members import Role
from knowledge_base.outcomes import Outcome
from tests.unit.understanding.talk import START, English

HERE = Path(__file__).parent
FILES = ("first.txt", "second.txt", "third.txt", "held_out.txt")
_EXPECTED = re.compile(r"= (\d+) <- ([\d,]+) (\S+) (confirmed|open|denied)")
_SAID = re.compile(r"(\*?)([^\s:>]+)(?:>(\d+))?: (.*)")
_MARKED = re.compile(r"\+ (\S+) (\d+)")


@dataclass(frozen=True)
class Expected:
    question: int
    solutions: tuple[int, ...]
    solver: str
    outcome: Outcome


@dataclass
class Dialog:
    name: str
    said: list[tuple[str, str, Role, int | None]] = field(default_factory=list)
    marks: list[tuple[str, int]] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)

    def judged(self, classifier) -> list[Judged]:
        """The lines as the live path judges them, two minutes apart."""
        state, rows = ChannelState(), []
        for number, (who, text, role, reply) in enumerate(self.said, 1):
            at = START + timedelta(minutes=2 * number)
            heard = Heard(_id(number), who, who.title(), role, at, text)
            anchor = Anchor(_id(reply), rows[reply - 1].conversation) if reply else None
            state, _ = judge(state, prepare(heard, English(), classifier), anchor)
            rows.append(state.recent[-1])
        return rows

    def found(self, classifier, *, untangled: bool = True) -> list[Pair]:
        """What is paired in the whole dialog; or, not ``untangled`` for it, in each conversation that is seen in it."""
        rows = self.judged(classifier)
        roles = {who: role for who, _, role, _ in self.said}
        late = START + timedelta(days=1)
        marks = [Mark(_id(line), who, roles.get(who, Role.CUSTOMER), late) for who, line in self.marks]
        talks = [rows] if untangled else _by_conversation(rows)
        return [pair for talk in talks for pair in pairs([turn_of(row) for row in talk], marks)]


def read(file: str) -> list[Dialog]:
    dialogs: list[Dialog] = []
    for line in (HERE / file).read_text("utf-8").splitlines():
        if line.startswith("## "):
            dialogs.append(Dialog(line[3:]))
        elif expected := _EXPECTED.fullmatch(line):
            number, solutions, solver, outcome = expected.groups()
            lines = tuple(int(one) for one in solutions.split(","))
            dialogs[-1].expected.append(Expected(int(number), lines, solver, Outcome(outcome)))
        elif marked := _MARKED.fullmatch(line):
            dialogs[-1].marks.append((marked[1], int(marked[2])))
        elif said := _SAID.fullmatch(line):
            role = Role.STAFF if said[1] else Role.CUSTOMER
            dialogs[-1].said.append((said[2], said[4], role, int(said[3]) if said[3] else None))
        elif line and not line.startswith("#"):
            raise ValueError(f"{file}: {line!r} is no line of a dialog")
    return dialogs


@dataclass
class Score:
    """``paired``: the question, who solved it, and one of the messages are right. ``known``: the outcome is, too."""

    expected: int = 0
    found: int = 0
    paired: int = 0
    known: int = 0
    confirmed: int = 0
    confirmed_found: int = 0
    confirmed_right: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, dialog: Dialog, found: Sequence[Pair]) -> None:
        seen = [_as_expected(pair) for pair in found]
        self.expected += len(dialog.expected)
        self.found += len(seen)
        self.confirmed += sum(one.outcome is Outcome.CONFIRMED for one in dialog.expected)
        self.confirmed_found += sum(one.outcome is Outcome.CONFIRMED for one in seen)
        for wanted in dialog.expected:
            hit = next((one for one in seen if _same(one, wanted)), None)
            self.paired += hit is not None
            self.known += hit is not None and hit.outcome is wanted.outcome
            both = hit is not None and hit.outcome is wanted.outcome is Outcome.CONFIRMED
            self.confirmed_right += both
        if sorted(map(str, seen)) != sorted(map(str, dialog.expected)):
            self.wrong.append(
                f"{dialog.name}: {[_short(one) for one in seen]}, not {[_short(o) for o in dialog.expected]}"
            )

    def lines(self) -> Iterator[str]:
        yield f"pairs: {self.expected} expected, {self.found} found, {self.paired} right"
        yield f"  precision {_share(self.paired, self.found)}, recall {_share(self.paired, self.expected)}"
        yield f"outcome right: {_share(self.known, self.paired)} of the right pairs"
        precision = _share(self.confirmed_right, self.confirmed_found)
        yield f"confirmed: precision {precision}, recall {_share(self.confirmed_right, self.confirmed)}"


def score(dialogs: Sequence[Dialog], classifier, *, untangled: bool = True) -> Score:
    total = Score()
    for dialog in dialogs:
        total.add(dialog, dialog.found(classifier, untangled=untangled))
    return total


def _same(one: Expected, wanted: Expected) -> bool:
    right = one.question == wanted.question and one.solver == wanted.solver
    return right and bool(set(one.solutions) & set(wanted.solutions))


def _short(one: Expected) -> str:
    return f"{one.question} <- {','.join(map(str, one.solutions))} {one.solver} {one.outcome}"


def _as_expected(pair: Pair) -> Expected:
    return Expected(_line(pair.question), tuple(map(_line, pair.solutions)), pair.solver, pair.outcome)


def _by_conversation(rows: Sequence[Judged]) -> list[list[Judged]]:
    talks: dict[str, list[Judged]] = {}
    for row in rows:
        talks.setdefault(row.conversation, []).append(row)
    return list(talks.values())


def _id(number: int) -> MessageId:
    return MessageId(f"m{number}")


def _line(message: MessageId) -> int:
    return int(message[1:])


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"
