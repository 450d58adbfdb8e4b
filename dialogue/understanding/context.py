"""The kind of a message in the light of the one it answers."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.understanding.values import Judged, KindGuess, Prepared, Sign
from knowledge_base.kinds import Kind

_JOINABLE = frozenset({Kind.PROBLEM, Kind.REQUEST, Kind.COMPLAINT, Kind.PRAISE})
_NEEDS_HELP = frozenset({Kind.QUESTION, Kind.PROBLEM, Kind.REQUEST})
_FRIENDLY = frozenset({Sign.THANKS, Sign.CONFIRMS, Sign.REACTS})
_ECHOES = frozenset({Kind.PROBLEM, Kind.REQUEST})
_SURE_ECHO = 0.5
_SHORT = 12
_JOINED = 0.7
_ADVISED = 0.6


def kind_in_context(message: Prepared, parent: Judged | None, recent: Sequence[Judged]) -> KindGuess:
    """What the message is, given what it answers: "same here" is what was said before, advice is a solution.

    ``recent``: what its lane remembers.
    """
    if parent is None:
        return message.guess
    own = parent.prepared.heard.author == message.heard.author
    if not own and Sign.JOINS in message.signs and message.length <= _SHORT and parent.kind in _JOINABLE:
        return KindGuess(parent.kind, _JOINED, f"joins a {parent.kind.value}")
    if message.guess.kind is Kind.PRAISE and (
        _thanks_a_helper(message, parent, recent) if own else message.signs & _FRIENDLY
    ):
        # "Great, thanks" to a helper praises nobody's product, also where it follows a line of one's own.
        return KindGuess(Kind.CHATTER, message.guess.confidence, "a friendly reply")
    if not own and parent.kind in _NEEDS_HELP and Sign.ASKS not in message.signs:
        return _answering(message)
    return message.guess


def _thanks_a_helper(message: Prepared, own: Judged, recent: Sequence[Judged]) -> bool:
    """Whether what goes on from one's own line says that it helped, or thanks where somebody else spoke too."""
    return Sign.CONFIRMS in message.signs or (
        Sign.THANKS in message.signs
        and any(one.conversation == own.conversation and one.author != own.author for one in recent)
    )


def _answering(message: Prepared) -> KindGuess:
    """What somebody else tells who needs help."""
    if Sign.INSTRUCTS in message.signs:
        return _advice(message.guess)
    if message.guess.kind in _ECHOES and message.guess.confidence < _SURE_ECHO:
        # An answer repeats the words of what it answers: what sounds like it too is told, not asked or suffered.
        return replace(message.guess, kind=Kind.INFORMATION, because="answers what was asked")
    return message.guess


def _advice(guess: KindGuess) -> KindGuess:
    """Advice names the trouble it is about, so its own cues count for less than that it advises."""
    if guess.kind is Kind.SOLUTION:
        return replace(guess, confidence=max(guess.confidence, _ADVISED))
    return KindGuess(Kind.SOLUTION, _ADVISED, "says what to do about it")
