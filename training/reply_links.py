"""Learn the weights of reply links: ``python -m training.reply_links DATA/threads/train``.

The data are the training logs of jkkummerfeld/irc-disentanglement (Ubuntu IRC; CC-BY 4.0, Kummerfeld et al., ACL 2019).
Each log is heard four times: as it is; without the names in front; and as a slow and as a quiet channel, in which a
part of the conversations is left, names are gone and long messages come as two. What comes before the annotated part
of a log has no links, so it is linked by the weights of the round before.
"""

import argparse
import json
import random
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dialogue.ports import LanguageIdentifier
from dialogue.understanding.features import options
from dialogue.understanding.kinds import LearnedKinds
from dialogue.understanding.links import Weights, link
from dialogue.understanding.prepare import prepare
from dialogue.understanding.values import WINDOW, Heard, Judged, Prepared
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.members import Role

_LINE = re.compile(r"^(?:\S+ \d{4}-\d\d-\d\d )?\[(\d\d):(\d\d)(?::\d\d)?\]\s+<\s*([^>\s]+)\s*>\s?(.*)$")
_NAME = re.compile(r"^\s*@?[^\s:,]{2,30}[:,]\s+")
_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_SPLIT = 0.4
_SEED = 11
_WEIGHTS = Path(__file__).parents[1] / "dialogue" / "understanding" / "link_weights.json"

Floats = npt.NDArray[np.float64]


class Telling(Enum):
    """How a log is told."""

    AS_IT_IS = "as it is"
    NAMELESS = "without names"
    SLOW = "as a slow channel"
    QUIET = "as a channel with hardly more than one talk at a time"


_IMPORTANCE = {Telling.AS_IT_IS: 1.0, Telling.NAMELESS: 0.3, Telling.SLOW: 1.0, Telling.QUIET: 2.0}
"""How much a message counts, by how its log is told."""


_KEPT = {Telling.SLOW: 0.35, Telling.QUIET: 0.1}
"""The share of conversations that is left."""


class Unread(LanguageIdentifier):
    """Links don't depend on the language."""

    def identify(self, text: str) -> str:
        """Always unknown."""
        return "und"


@dataclass(frozen=True)
class Line:
    """One message of a log; ``parents`` is None where nobody annotated it, and empty where it starts anew."""

    number: int
    message: Prepared
    parents: frozenset[int] | None


@dataclass
class Examples:
    """Choices to learn from: facts of all options in a row, with where options and examples begin."""

    names: dict[str, int]
    facts: "array[int]"
    option_starts: "array[int]"
    example_starts: list[int]
    answers: list[int]
    importance: list[float]


def lines(log: Path, kinds: LearnedKinds) -> Iterator[Line]:
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
        heard = Heard(MessageId(str(number)), author, author, Role.CUSTOMER, at, said.strip())
        yield Line(number, prepare(heard, Unread(), kinds), parents.get(number))


def _annotated(path: Path) -> dict[int, frozenset[int]]:
    links: dict[int, set[int]] = {}
    for row in path.read_text("utf-8").splitlines():
        earlier, later = sorted(int(part) for part in row.split() if part != "-")
        links.setdefault(later, set()).update({earlier} - {later})
    return {later: frozenset(earlier) for later, earlier in links.items()}


def retold(log: list[Line], telling: Telling, kinds: LearnedKinds, chance: random.Random) -> list[Line]:
    """The log as it would be in another kind of channel."""
    if telling is Telling.AS_IT_IS:
        return log
    if telling in _KEPT:
        log = _thinned(log, _KEPT[telling], chance)
    told: list[Line] = []
    last: dict[int, int] = {}
    for line in log:
        parents = None if line.parents is None else frozenset(last.get(p, -1) for p in line.parents)
        parts = _parts(_NAME.sub("", line.message.heard.text), chance if telling in _KEPT else None)
        for part in parts:
            number = len(told)
            heard = replace(line.message.heard, id=MessageId(str(number)), text=part)
            told.append(Line(number, prepare(heard, Unread(), kinds), parents))
            parents = frozenset({number})
            last[line.number] = number
    return told


def _parts(text: str, chance: random.Random | None) -> list[str]:
    words = text.split(" ")
    if chance is None or len(words) < 8 or chance.random() > _SPLIT:
        return [text]
    at = chance.randrange(3, len(words) - 3)
    return [" ".join(words[:at]), " ".join(words[at:])]


def _thinned(log: list[Line], share: float, chance: random.Random) -> list[Line]:
    """Some of the annotated conversations, whole."""
    roots: dict[int, int] = {}
    for line in log:
        known = [roots[p] for p in line.parents or () if p in roots]
        roots[line.number] = min(known, default=line.number)
    kept = {root for root in set(roots.values()) if chance.random() < share}
    return [line for line in log if line.parents is not None and roots[line.number] in kept]


def collect(logs: list[list[Line]], telling: Telling, weights: Weights, into: Examples) -> None:
    """Add the choices that the annotators had, each in the light of what they had chosen before."""
    for log in logs:
        recent: list[Judged] = []
        for line in log:
            parent = link(recent, line.message, weights).parent if line.parents is None else None
            if line.parents is not None:
                parent = _choice(recent, line, telling, into)
            conversation = parent.conversation if parent else ConversationId(line.message.heard.id)
            reply_to = parent.prepared.heard.id if parent else None
            guess = line.message.guess
            recent.append(Judged(line.message, conversation, reply_to, guess.kind, guess.confidence))
            del recent[:-WINDOW]


def _choice(recent: list[Judged], line: Line, telling: Telling, into: Examples) -> Judged | None:
    """Record the options with the annotators' answer; the answer. Parents long gone teach nothing."""
    choices = options(recent, line.message)
    wanted = {str(parent) for parent in line.parents or ()}
    answer = next((n for n, o in enumerate(choices) if o.parent and o.parent.prepared.heard.id in wanted), None)
    if answer is None and wanted:
        return None
    into.example_starts.append(len(into.option_starts))
    into.answers.append(len(into.option_starts) + (len(choices) - 1 if answer is None else answer))
    into.importance.append(_IMPORTANCE[telling])
    for option in choices:
        into.option_starts.append(len(into.facts))
        into.facts.extend(into.names.setdefault(fact, len(into.names)) for fact in option.facts)
    return choices[-1 if answer is None else answer].parent


def learn(examples: Examples, *, epochs: int = 150, step: float = 0.3, decay: float = 2e-6) -> Floats:
    """Softmax regression over each example's options, by Adam on the whole data."""
    facts = np.asarray(examples.facts, np.int32)
    options_at = np.asarray(examples.option_starts, np.int64)
    examples_at = np.asarray(examples.example_starts, np.int64)
    facts_each = np.diff(np.append(options_at, len(facts)))
    options_each = np.diff(np.append(examples_at, len(options_at)))
    importance = np.asarray(examples.importance, np.float64)
    importance /= importance.sum()
    size = len(examples.names)
    weights, mean, square = (np.zeros(size, np.float64) for _ in range(3))
    for epoch in range(1, epochs + 1):
        scores = np.add.reduceat(weights[facts], options_at)
        scores -= np.repeat(np.maximum.reduceat(scores, examples_at), options_each)
        odds = np.exp(scores)
        slope = odds / np.repeat(np.add.reduceat(odds, examples_at), options_each)
        loss = -float((np.log(slope[examples.answers] + 1e-12) * importance).sum())
        slope[examples.answers] -= 1.0
        slope *= np.repeat(importance, options_each)
        gradient = np.bincount(facts, np.repeat(slope, facts_each), size) + decay * weights
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        rate = step * (1 - epoch / (epochs + 1)) * np.sqrt(1 - 0.99**epoch) / (1 - 0.9**epoch)
        weights -= rate * mean / (np.sqrt(square) + 1e-8)
        if epoch % 25 == 0:
            print(f"epoch {epoch}: loss {loss:.4f}")
    return weights


def main() -> None:
    """Two rounds; the second knows how the first would have linked what nobody annotated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path)
    parser.add_argument("--out", type=Path, default=_WEIGHTS)
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    kinds = LearnedKinds()
    logs = [list(lines(path, kinds)) for path in sorted(chosen.logs.glob("*.ascii.txt"))]
    told = {way: [retold(log, way, kinds, random.Random(_SEED + n)) for n, log in enumerate(logs)] for way in Telling}
    weights: dict[str, float] = {}
    for _ in range(chosen.rounds):
        examples = Examples({}, array("i"), array("q"), [], [], [])
        for way, retellings in told.items():
            collect(retellings, way, Weights(weights), examples)
        print(f"{len(examples.answers)} choices, {len(examples.option_starts)} options, {len(examples.names)} facts")
        learned = learn(examples)
        weights = {name: round(float(learned[n]), 3) for name, n in examples.names.items() if abs(learned[n]) >= 0.02}
    save(weights, chosen.out)


def save(weights: dict[str, float], path: Path) -> None:
    """Write the weights with where they come from."""
    source = (
        "Learned by training/reply_links.py from the training part of jkkummerfeld/irc-disentanglement"
        " (Ubuntu IRC logs with reply links by Kummerfeld et al., ACL 2019), CC-BY 4.0"
    )
    path.write_text(
        json.dumps({"source": source, "weights": dict(sorted(weights.items()))}, indent=0, ensure_ascii=False) + "\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
