"""What a conversation holds as a whole, once it has fallen silent."""

from collections import defaultdict
from collections.abc import Sequence

from dialogue.understanding.pairing import pairs
from dialogue.understanding.turns import turn_of
from dialogue.understanding.values import Conclusion, Judged, Sign
from knowledge_base.ids import MessageId
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.outcomes import Outcome

_ENOUGH = 0.5
"""How sure the surest message of a kind must be for the conversation to hold something the firm should know."""

_MENTIONED = 0.35
"""The same for kinds that are no insight."""

_ASIDE = 0.8
"""What is said on the way, or by somebody else, counts this much of what the opener came for."""

_OPENING_LINES = 6
_PROBE_WORDS = 7


def conclude(messages: Sequence[Judged]) -> Conclusion:
    """Judge a conversation's messages, given in the order they were said, together.

    What the opener came for counts more than what is mentioned on the way, and a request is what the opener asks for.
    """
    people = [judged for judged in messages if judged.prepared.heard.role.is_person]
    if not people:
        return Conclusion((Kind.CHATTER,) if messages else (), (), solved=False)
    solutions, solved = _solved(people)
    return Conclusion(_kinds(people, solutions), solutions, solved=solved)


def _opener(people: Sequence[Judged]) -> str:
    return people[0].prepared.heard.author


def _kinds(people: Sequence[Judged], solutions: Sequence[MessageId]) -> tuple[Kind, ...]:
    evidence: dict[Kind, float] = defaultdict(float)
    opener = _opener(people)
    for line, judged in enumerate(people):
        opens = line < _OPENING_LINES and judged.prepared.heard.author == opener
        evidence[judged.kind] = max(evidence[judged.kind], judged.confidence * (1.0 if opens else _ASIDE))
    evidence[Kind.REQUEST] = 1.0 if _wished(people) else 0.0
    evidence[Kind.SOLUTION] = 1.0 if solutions else 0.0
    least = {kind: _ENOUGH if kind in INSIGHT_KINDS else _MENTIONED for kind in Kind}
    held = tuple(kind for kind in Kind if kind is not Kind.CHATTER and evidence[kind] >= least[kind])
    return held or (Kind.CHATTER,)


def _wished(people: Sequence[Judged]) -> bool:
    """Whether the opener begins with a wish, or by probing whether the product can do something."""
    opener = _opener(people)
    first = [judged for judged in people if judged.prepared.heard.author == opener][:_OPENING_LINES]
    return any(_is_wish(judged) or _is_probe(judged) for judged in first)


def _is_wish(judged: Judged) -> bool:
    sure = judged.kind is Kind.REQUEST and judged.confidence >= _ENOUGH
    return sure and Sign.WISHES in judged.prepared.signs


def _is_probe(judged: Judged) -> bool:
    return Sign.PROBES in judged.prepared.signs and judged.prepared.length >= _PROBE_WORDS


def _solved(people: Sequence[Judged]) -> tuple[tuple[MessageId, ...], bool]:
    """What was proposed as a fix for the opening question, and whether one was confirmed."""
    if len(people) == 1:
        return (), False
    found = pairs([turn_of(judged) for judged in people])
    if not found or found[0].asker != _opener(people):
        return (), False
    return found[0].proposals, found[0].outcome is Outcome.CONFIRMED
