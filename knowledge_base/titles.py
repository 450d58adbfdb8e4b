"""Titles and summaries: an insight is told in its customers' own words, an extract and never a paraphrase.

A good sentence stands alone: it has 8 to 100 characters and says something by words of its own, without code or links.
Of good sentences, one that tells what is wanted or broken goes first (that is judged by whoever calls), then the
shortest.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from knowledge_base.fillers import FILLERS
from knowledge_base.ids import MemberId, MessageId

LONGEST: Final = 100
"""The most characters of a title, and of a sentence of a summary."""

WORDLESS: Final = "…"
"""The title of a message without words."""

SUMMED_UP: Final = 3
"""The most sentences of a summary."""

_SHORTEST: Final = 8
_FEWEST_WORDS: Final = 4
_FEWEST_OF_ITS_OWN: Final = 2
"""What a sentence must have to stand alone; characters alone count where a script puts no spaces between words."""

_LOOKED_AT: Final = 30
"""The sentences of a text among which the best is looked for, the first: a pasted log has thousands."""

_CLEARLY_SHORTER: Final = 0.67
"""A title gives way to one of the same worth that has at most this share of its characters."""

_NEWS: Final = 0.5
"""The share of a sentence's own words that were not there yet, for it to add something."""

_CODE = re.compile(r"```.*?(?:```|$)", re.DOTALL)
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")
_OPENER = re.compile(
    r"^(?:(?:hi|hello|hey|hallo|moin|servus|hola|buenas|bonjour|salut|ciao|olá|oi|good (?:morning|afternoon|evening)|"
    r"guten (?:morgen|tag|abend)|buenos días|thanks|thank you|danke|gracias|merci)"
    r"(?: (?:all|everyone|everybody|team|there|folks|guys|zusammen|alle|leute|a todos|à tous|@\S+|<@\S+>))*"
    r"\s*[,!.:–-]+\s*)+",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"`|https?://|www\.|</|\{|\};|\w+\(\)|\\\\|^\s*at \w+\.")
"""Signs of code and links."""
_WORD = re.compile(r"\w[\w'’-]*")

Tells = Callable[[str], bool]
"""Whether a sentence tells what is wanted or broken."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one person said in one message; the text is masked, so that no piece of a secret is cut out of it."""

    message: MessageId
    member: MemberId
    text: str


@dataclass(frozen=True, slots=True)
class Extract:
    """A sentence of a statement, as said. ``worth``: 0 tells what is wanted or broken, 1 stands alone, 2 is the best
    there is."""

    message: MessageId
    member: MemberId
    text: str
    worth: int


def title_of(text: str, tells: Tells) -> str:
    """The best sentence of a text; where none is good, its beginning, cut at a word.

    Code blocks and quoted lines are left out if anything else is there.
    """
    return best_of(Statement(MessageId(""), MemberId(""), text), tells).text


def best_of(statement: Statement, tells: Tells) -> Extract:
    """The best sentence of a statement."""
    said = _own_words(statement.text)
    good = [sentence for sentence in islice(_sentences(said), _LOOKED_AT) if _stands_alone(sentence)]
    if not good:
        return Extract(statement.message, statement.member, _cut(" ".join(said.split())), 2)
    worth, _, best = min((0 if tells(sentence) else 1, len(sentence), sentence) for sentence in good)
    return Extract(statement.message, statement.member, best, worth)


def best_title(statements: Sequence[Statement], present: MessageId, tells: Tells) -> Extract:
    """What an insight is called: the best sentence of these, or the present one's while none is clearly better.

    ``statements`` are not empty, the oldest first.
    """
    extracts = [best_of(statement, tells) for statement in statements]
    best = min(extracts, key=lambda extract: (extract.worth, len(extract.text)))
    now = next((extract for extract in extracts if extract.message == present), None)
    if now is None or best.worth < now.worth:
        return best
    return best if len(best.text) <= _CLEARLY_SHORTER * len(now.text) and best.worth < 2 else now


def summary(
    statements: Sequence[Statement], known: Iterable[str], speakers: frozenset[MemberId], tells: Tells
) -> tuple[Extract, ...]:
    """Up to three good sentences of different people that each add something to what is ``known`` and to each other.

    ``speakers`` have been heard enough. The shortest of those that tell what is wanted or broken goes first.
    """
    good = [extract for extract in (best_of(statement, tells) for statement in statements) if extract.worth < 2]
    said = {word for text in known for word in _words_of_its_own(text)}
    heard = set(speakers)
    told: list[Extract] = []
    for extract in sorted(good, key=lambda extract: (extract.worth, len(extract.text))):
        words = _words_of_its_own(extract.text)
        if extract.member in heard or len(words - said) < _NEWS * len(words) or len(told) == SUMMED_UP:
            continue
        heard.add(extract.member)
        said |= words
        told.append(extract)
    return tuple(told)


def _own_words(text: str) -> str:
    said = _QUOTED.sub("", _CODE.sub(" ", text))
    return said if said.strip() else text


def _sentences(said: str) -> Iterable[str]:
    """The sentences, without the greeting before one."""
    for sentence in _SENTENCE_END.split(said):
        yield _OPENER.sub("", " ".join(sentence.split()))


def _stands_alone(sentence: str) -> bool:
    if not _SHORTEST <= len(sentence) <= LONGEST or _FOREIGN.search(sentence):
        return False
    words = sentence.split()
    if len(words) == 1:
        return not sentence.isascii()
    return len(words) >= _FEWEST_WORDS and len(_words_of_its_own(sentence)) >= _FEWEST_OF_ITS_OWN


def _words_of_its_own(sentence: str) -> frozenset[str]:
    """The words that say something, in lower case."""
    words = (word.replace("’", "'") for word in _WORD.findall(sentence.casefold()))
    return frozenset(word for word in words if word not in FILLERS)


def _cut(text: str) -> str:
    if not text:
        return WORDLESS
    if len(text) <= LONGEST:
        return text
    whole_words = text[:LONGEST].rsplit(" ", 1)[0]
    return whole_words[: LONGEST - 1].rstrip() + WORDLESS
