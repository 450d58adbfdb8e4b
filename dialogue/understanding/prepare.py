"""What depends on one message alone."""

from math import exp
from typing import Final

from dialogue.ports import KindClassifier, LanguageIdentifier
from dialogue.understanding.helping import is_own
from dialogue.understanding.reading import read
from dialogue.understanding.tokens import MARKS, addressees, hints, own_names, rare_words, tokens
from dialogue.understanding.values import Heard, KindGuess, Prepared, Sign
from knowledge_base.kinds import STATED_KINDS, Kind
from knowledge_base.languages import UNDETERMINED
from knowledge_base.speech import READ

STATED: Final = 0.45
"""How large the share of a kind that is stated has to be, by the words alone, for the message to be a voice."""
STATED_ELSEWHERE: Final = 0.15
"""The same for other languages than English, of which the words alone tell less."""
_ENGLISH: Final = frozenset({"en", UNDETERMINED})
STATED_COLUMNS: Final = tuple(column for column, kind in enumerate(Kind) if kind in STATED_KINDS)
"""Where the kinds that are stated stand among all."""

_NOT_A_PERSON = KindGuess(Kind.CHATTER, 1.0, "not said by a person")
_FEW = 3
_REACTS = frozenset({Sign.REACTS})


def prepare(heard: Heard, identifier: LanguageIdentifier, classifier: KindClassifier) -> Prepared:
    """What the text alone says: its language, its words, whom it names, what kind it seems to be.

    Never raises on any text, and takes time bounded by ``READ`` characters however long the text is.
    """
    if not heard.role.is_person:
        return _machine(heard)
    head = heard.text[:READ]
    reading = read(head)
    # two who speak to one person are likelier to talk of one thing, so that counts among the words in common
    words = [*reading.words, *(token for name in reading.names for token in tokens(name) if token not in MARKS)]
    signs = reading.signs | _REACTS if len(words) <= _FEW else reading.signs
    # what was quoted, pasted or linked is not what its author speaks
    language = identifier.identify(reading.shown) if reading.words else UNDETERMINED
    guess = classifier.classify(reading)
    enough = STATED if language in _ENGLISH else STATED_ELSEWHERE
    return Prepared(
        heard=heard,
        language=language,
        words=rare_words(words),
        names=own_names(heard.author, heard.author_name),
        addressees=addressees(head),
        hints=hints(head),
        guess=guess,
        signs=signs,
        seconds=heard.at.timestamp(),
        length=len(words),
        states=stated(guess) >= enough,
        own=is_own(reading.words, language),
    )


def stated(guess: KindGuess) -> float:
    """The largest share of a kind that is stated, not asked: a problem, request, praise or complaint."""
    if not guess.odds:
        return float(guess.kind in STATED_KINDS)
    return exp(max([guess.odds[column] for column in STATED_COLUMNS]))


def _machine(heard: Heard) -> Prepared:
    """A bot's or a platform's own message: nothing is read into it."""
    nothing: frozenset[str] = frozenset()
    return Prepared(
        heard=heard,
        language=UNDETERMINED,
        words=(),
        names=own_names(heard.author, heard.author_name),
        addressees=nothing,
        hints=nothing,
        guess=_NOT_A_PERSON,
        signs=frozenset(),
        seconds=heard.at.timestamp(),
        length=0,
    )
