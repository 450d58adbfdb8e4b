"""What depends on one message alone."""

from dialogue.ports import KindClassifier, LanguageIdentifier
from dialogue.understanding.cues import sign_cues
from dialogue.understanding.tokens import (
    READ,
    START,
    addressees,
    hints,
    own_names,
    rare_words,
    readable,
    tokens,
)
from dialogue.understanding.values import Heard, KindGuess, Prepared, Sign
from knowledge_base.kinds import Kind

_UNKNOWN = "und"
_NOT_A_PERSON = KindGuess(Kind.CHATTER, 1.0, "not said by a person")
_FEW = 3


def prepare(heard: Heard, identifier: LanguageIdentifier, classifier: KindClassifier) -> Prepared:
    """What the text alone says: its language, its words, whom it names, what kind it seems to be.

    Never raises on any text, and takes time bounded by ``READ`` characters however long the text is.
    """
    if not heard.role.is_person:
        return _machine(heard)
    read = heard.text[:READ]
    said = tokens(readable(read))
    words = [token for token in said if token not in (START, "?", "!")]
    signs = {sign for sign, _ in sign_cues().found(said)}
    if len(words) <= _FEW:
        signs.add(Sign.REACTS)
    return Prepared(
        heard=heard,
        language=identifier.identify(read) if words else _UNKNOWN,
        words=rare_words(words),
        names=own_names(heard.author, heard.author_name),
        addressees=addressees(read),
        hints=hints(read),
        guess=classifier.classify(read),
        signs=frozenset(signs),
        seconds=heard.at.timestamp(),
        length=len(words),
    )


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
