"""What depends on one message alone."""

from dataclasses import replace

from dialogue.ports import KindClassifier, LanguageIdentifier
from dialogue.understanding.reading import read
from dialogue.understanding.tokens import MARKS, addressees, hints, own_names, rare_words, tokens
from dialogue.understanding.values import Heard, KindGuess, Prepared, Sign
from knowledge_base.kinds import Kind
from knowledge_base.merging import Vector
from knowledge_base.speech import READ

_UNKNOWN = "und"
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
    return Prepared(
        heard=heard,
        # what was quoted, pasted or linked is not what its author speaks
        language=identifier.identify(reading.shown) if reading.words else _UNKNOWN,
        words=rare_words(words),
        names=own_names(heard.author, heard.author_name),
        addressees=addressees(head),
        hints=hints(head),
        guess=classifier.classify(reading),
        signs=signs,
        seconds=heard.at.timestamp(),
        length=len(words),
    )


def with_meaning(prepared: Prepared, classifier: KindClassifier, model: str, vector: Vector) -> Prepared:
    """The same with a second guess from what the text means, where that model's vectors tell."""
    return replace(prepared, second=classifier.reconsider(prepared.guess, model, vector))


def _machine(heard: Heard) -> Prepared:
    """A bot's or a platform's own message: nothing is read into it."""
    nothing: frozenset[str] = frozenset()
    return Prepared(
        heard=heard,
        language=_UNKNOWN,
        words=frozenset(),
        names=own_names(heard.author, heard.author_name),
        addressees=nothing,
        hints=nothing,
        guess=_NOT_A_PERSON,
        signs=frozenset(),
        seconds=heard.at.timestamp(),
        length=0,
    )
