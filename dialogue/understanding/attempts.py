"""One question and the attempts to solve it: which is credited when its asker says that it worked, or failed."""

from dataclasses import dataclass, field
from enum import IntEnum

from dialogue.understanding.turns import Turn
from dialogue.understanding.values import Sign
from dialogue.understanding.verdicts import Reading, Verdict
from knowledge_base.ids import MessageId
from knowledge_base.kinds import Kind
from knowledge_base.outcomes import Proof

MOST_SOLUTIONS = 6
"""The most messages that are one solution."""

ADVICE_WORDS = 3
QUESTION_WORDS = 4
_SURE = 0.4
_PUNCTUATION = str.maketrans(dict.fromkeys(",!.?@:", " "))


class Tier(IntEnum):
    """How much a helper's message is worth as a solution: a mere question, a statement, or advice."""

    NOTHING = 0
    HINT = 1
    STATEMENT = 2
    ADVICE = 3


@dataclass
class Attempt:
    """What one helper said in a row to solve it."""

    helper: Turn
    turns: list[tuple[Turn, Tier]]
    failed: bool = False
    seconded_by: MessageId | None = None

    @property
    def tier(self) -> Tier:
        """What the best of it is worth."""
        return max(tier for _, tier in self.turns)

    def holds(self, message: MessageId) -> bool:
        """Whether a message is part of it."""
        return any(turn.id == message for turn, _ in self.turns)

    def messages(self) -> tuple[MessageId, ...]:
        """The advice, with the statements around it; a mere question counts only where there is nothing else."""
        least = min(self.tier, Tier.STATEMENT)
        return tuple(turn.id for turn, tier in self.turns if tier >= least)[-MOST_SOLUTIONS:]


@dataclass
class Issue:
    """One question with what became of it so far.

    ``told``: a mere statement, which only what follows shows to have needed help. ``found``: the asker found it out,
    and may say next how. ``denied``: where the asker last said that it did not help.
    """

    question: Turn
    told: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    credited: Attempt | None = None
    proof: Proof | None = None
    proven_by: MessageId | None = None
    found: bool = False
    denied: Turn | None = None

    @property
    def asker(self) -> str:
        """Who asked."""
        return self.question.author


def worth(turn: Turn, reading: Reading) -> Tier:
    """How much a message by somebody else than the asker is worth as a solution."""
    idle = reading.stalls and reading.told <= ADVICE_WORDS
    advises = Sign.INSTRUCTS in turn.signs or (turn.kind is Kind.SOLUTION and turn.confidence >= _SURE)
    if (advises or reading.advises) and turn.length >= ADVICE_WORDS and not idle:
        return Tier.ADVICE
    joins = Sign.JOINS in turn.signs and reading.told <= ADVICE_WORDS
    if idle or joins or Sign.THANKS in turn.signs:
        return Tier.NOTHING
    if reading.asks:
        return Tier.HINT if turn.length >= ADVICE_WORDS else Tier.NOTHING
    greets = Sign.GREETS in turn.signs and turn.length <= QUESTION_WORDS
    states = turn.text.strip() and not greets and reading.verdict is not Verdict.FAILED
    return Tier.STATEMENT if states else Tier.NOTHING


def creditable(issue: Issue, least: Tier) -> Attempt | None:
    """The last advice that has not failed, else the last statement, else the last question; then those that failed."""
    for attempts in ([one for one in issue.attempts if not one.failed], issue.attempts):
        for tier in (one for one in (Tier.ADVICE, Tier.STATEMENT, Tier.HINT) if one >= least):
            for attempt in reversed(attempts):
                if attempt.tier >= tier:
                    return attempt
    return None


def addressed(issue: Issue, turn: Turn) -> Attempt | None:
    """The attempt of whom a message names, else the one it answers."""
    said = {*turn.addressees, *turn.text.lower().translate(_PUNCTUATION).split()}
    for attempt in reversed(issue.attempts):
        if attempt.helper.author != turn.author and attempt.helper.names & said:
            return attempt
    return next((one for one in issue.attempts if turn.reply_to and one.holds(turn.reply_to)), None)


def was_advised(issue: Issue) -> bool:
    """Whether the last that a helper said was advice, so that a bare "no" is about that."""
    last = issue.attempts[-1].turns[-1] if issue.attempts else None
    return last is not None and last[1] is Tier.ADVICE


def credit(issue: Issue, turn: Turn, proof: Proof, least: Tier) -> None:
    """The asker confirms. Their word that it worked goes before thanks, and neither undoes an earlier such word."""
    if issue.credited is not None and (issue.proof is not Proof.THANKS or proof is Proof.THANKS):
        return
    meant = addressed(issue, turn)
    attempt = meant if meant and meant.tier >= least and not meant.failed else creditable(issue, least)
    if attempt is None or (attempt.failed and proof is Proof.THANKS):
        return
    settle(issue, attempt, proof, turn.id)


def settle(issue: Issue, attempt: Attempt, proof: Proof, proven_by: MessageId) -> None:
    """This attempt solved it."""
    attempt.failed = False
    issue.credited, issue.proof, issue.proven_by = attempt, proof, proven_by


def fail(issue: Issue, turn: Turn) -> None:
    """The asker says that it did not help: the attempt that is meant, or all before; a confirmation is taken back."""
    meant = None if issue.credited else addressed(issue, turn)
    for attempt in [meant] if meant else issue.attempts:
        attempt.failed = True
    issue.credited, issue.proof, issue.proven_by = None, None, None
    if issue.attempts:
        issue.denied, issue.proven_by = turn, turn.id


def find(issue: Issue, turn: Turn, *, explained: bool) -> None:
    """The asker solved it alone: this message says how, or the next one may."""
    issue.found = not explained
    if explained:
        own = Attempt(turn, [(turn, Tier.ADVICE)])
        issue.attempts.append(own)
        settle(issue, own, Proof.FOUND, turn.id)
