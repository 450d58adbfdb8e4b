"""The examples of ``training/examples``: read, filled in, and said again as others would say them."""

import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from knowledge_base.kinds import Kind

FOLDER = Path(__file__).parent / "examples"
FOLDS = 5
LANGUAGES = frozenset(
    [
        "chinese",
        "dutch",
        "french",
        "german",
        "italian",
        "japanese",
        "other_languages",
        "polish",
        "portuguese",
        "russian",
        "spanish",
        "turkish",
    ]
)
"""Files of other languages than English."""

ANY_DOMAIN = "general"
_SEED = 20
_FILLED = 12
_FILLED_COUNTS = 0.3
_AGAIN_COUNTS = 0.3
_SAYS_THE_SAME = 0.6
"""Lines of two languages with that cosine are most often translations of each other, or nearly."""
_MARKS = re.compile(r"\s*\{(\+|-|now|soon)\}")
_PLACE = re.compile(r"\{(\w+)\}")
_BEFORE = {
    Kind.PROBLEM: (Kind.PRAISE, Kind.INFORMATION, Kind.CHATTER, Kind.COMPLAINT),
    Kind.REQUEST: (Kind.PRAISE, Kind.INFORMATION, Kind.CHATTER),
    Kind.QUESTION: (Kind.INFORMATION, Kind.CHATTER),
    Kind.SOLUTION: (Kind.INFORMATION, Kind.CHATTER),
    Kind.COMPLAINT: (Kind.INFORMATION, Kind.CHATTER),
    Kind.PRAISE: (Kind.INFORMATION, Kind.CHATTER),
    Kind.INFORMATION: (Kind.CHATTER,),
}
"""What may be said before a message without changing what it is."""
_GLUE = (". ", "\n", ", ", " ", "! ", " - ")


@dataclass(frozen=True, slots=True)
class Example:
    """One message with its kind. ``fold``: where it is held out; None for what only helps to learn.

    ``counts``: how much it counts in learning.
    """

    text: str
    kind: Kind
    domain: str
    fold: int
    tone: str = ""
    urgency: str = ""
    written: bool = True
    template: int | None = None
    counts: float = 1.0


def written(folder: Path = FOLDER) -> list[Example]:
    """Every line that was written by hand, in a fixed order."""
    return [example for path in sorted(folder.glob("*.txt")) for example in _lines(path)]


def _lines(path: Path) -> Iterator[Example]:
    kind: Kind | None = None
    domain = path.stem
    by_line = domain in LANGUAGES or domain == ANY_DOMAIN
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            kind = Kind(line[1:-1])
        elif line and kind is not None:
            marks = _MARKS.findall(line)
            text = _MARKS.sub("", line).replace("\\n", "\n")
            fold = crc32((text if by_line else domain).encode()) % FOLDS
            tone = next((mark for mark in marks if mark in "+-"), {Kind.PRAISE: "+", Kind.COMPLAINT: "-"}.get(kind, ""))
            urgency = next((mark for mark in marks if mark not in "+-"), "")
            yield Example(text, kind, domain, fold, tone, urgency)


def apart(examples: Sequence[Example], vectors: NDArray[np.float32]) -> list[Example]:
    """The same, with lines of other languages held out together with what says the same in another one.

    Whoever learned from "la aplicación no funciona" has seen the answer to "l'app non funziona". ``vectors``: unit
    vectors of the lines by a model across languages, [examples, size].
    """
    english = [number for number, example in enumerate(examples) if example.domain not in LANGUAGES]
    others = [number for number, example in enumerate(examples) if example.domain in LANGUAGES]
    folds = [example.fold for example in examples]
    order = np.array([*english, *others])
    near = vectors[order]
    for place, number in enumerate(others, len(english)):
        cosines = near[:place] @ near[place]
        nearest = int(cosines.argmax())
        if cosines[nearest] >= _SAYS_THE_SAME:
            folds[number] = folds[order[nearest]]
    return [replace(example, fold=fold) for example, fold in zip(examples, folds, strict=True)]


def filled(folder: Path = FOLDER) -> list[Example]:
    """The templates filled in, each a dozen times. A template's fold is its own; its domain's may be another."""
    catalogue = tomllib.loads((folder / "templates.toml").read_text("utf-8"))
    names, domains = catalogue["names"]["values"], catalogue["domains"]
    examples = []
    for kind in Kind:
        for template in catalogue[kind.value]["templates"]:
            chance = random.Random(f"{_SEED} {template}")
            for _ in range(_FILLED):
                domain = chance.choice(sorted(domains))
                text = _fill(template, {**domains[domain], "name": names}, chance)
                fold = crc32(domain.encode()) % FOLDS
                number = crc32(template.encode()) % FOLDS
                examples.append(
                    Example(text, kind, domain, fold, written=False, template=number, counts=_FILLED_COUNTS)
                )
    return examples


def _fill(template: str, fillers: dict[str, list[str]], chance: random.Random) -> str:
    def word(place: re.Match[str]) -> str:
        name = place[1]
        if name.startswith("acting"):
            return _gerund(chance.choice(fillers["act"]))
        return chance.choice(fillers[name] if name in fillers else fillers[name[:-1]])

    return _PLACE.sub(word, template)


def _gerund(act: str) -> str:
    """The -ing form of a bare verb phrase, as English spells it most of the time."""
    verb, _, rest = act.partition(" ")
    if verb in {"run", "set", "get", "log", "cut", "put", "chat", "swap", "crop", "scan", "rebase", "pin"}:
        form = verb[:-1] + "ing" if verb.endswith("e") else verb + verb[-1] + "ing"
    elif verb.endswith("e") and not verb.endswith("ee"):
        form = verb[:-1] + "ing"
    else:
        form = verb + "ing"
    return f"{form} {rest}".strip()


def said_again(examples: Sequence[Example]) -> list[Example]:
    """Each example as others type it, and with something said before or after it."""
    by_domain: dict[tuple[str, Kind], list[Example]] = defaultdict(list)
    for example in examples:
        by_domain[example.domain, example.kind].append(example)
    again = []
    for example in examples:
        chance = random.Random(f"{_SEED} {example.text}")
        again.append(replace(example, text=_carelessly(example.text, chance), counts=_AGAIN_COUNTS * example.counts))
        before = _before(example, by_domain, chance)
        if before:
            glue = chance.choice(_GLUE)
            text = before + glue + example.text
            if chance.random() < 0.25 and example.kind is not Kind.CHATTER:
                text = example.text + glue + chance.choice(("thanks", "thank you", "thx", "lol", "pls help", "cheers"))
            again.append(replace(example, text=text, counts=_AGAIN_COUNTS * example.counts))
    return again


def _before(example: Example, by_domain: dict[tuple[str, Kind], list[Example]], chance: random.Random) -> str | None:
    kinds = _BEFORE.get(example.kind, ())
    choices = [other for kind in kinds for other in by_domain[example.domain, kind]]
    return chance.choice(choices).text if choices else None


def _carelessly(text: str, chance: random.Random) -> str:
    """Without capitals and marks, and with a slip of the finger."""
    plain = text.lower().rstrip("?!. ")
    if chance.random() < 0.5:
        plain = re.sub(r"[,.!?']", "", plain)
    letters = [at for at in range(1, len(plain) - 1) if plain[at - 1 : at + 2].isalpha()]
    if len(letters) > 8:
        at = chance.choice(letters)
        slip = chance.randrange(3)
        if slip == 0:
            plain = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
        elif slip == 1:
            plain = plain[:at] + plain[at + 1 :]
        else:
            plain = plain[:at] + plain[at] + plain[at:]
    return plain
