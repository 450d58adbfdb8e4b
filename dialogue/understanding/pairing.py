"""Which messages solve which question or problem of a conversation, by whom, and whether it worked.

The conversation is read once, in the order it was said. Every question keeps the attempts to solve it; what its asker
says next confirms or fails them. Only the asker, a check mark by the asker or staff, or somebody else for whom it
worked too, says that it worked; nobody's silence does, and no helper's own word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogue.understanding.attempts import (
    ADVICE_WORDS,
    QUESTION_WORDS,
    Attempt,
    Issue,
    Tier,
    addressed,
    credit,
    creditable,
    fail,
    find,
    settle,
    was_advised,
    worth,
)
from dialogue.understanding.turns import Mark, Turn
from dialogue.understanding.values import Sign
from dialogue.understanding.verdicts import Reading, Verdict, read_verdict
from knowledge_base.ids import MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.outcomes import Outcome, Proof

MOST_TURNS = 100
"""Of a longer conversation only the last are read."""

_NEEDS_HELP = frozenset({Kind.QUESTION, Kind.PROBLEM})
_MAY_NEED_HELP = frozenset({Kind.REQUEST, Kind.COMPLAINT, Kind.INFORMATION, Kind.CHATTER})
_NEW_MATTER_WORDS = 6
_EXPLAINED_WORDS = 3
_SECONDED_WORDS = 12
_GREETING_WORDS = 6
_PAUSE = timedelta(hours=6)
"""After so long, a question begins anew."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question or problem with what solved it, or may have.

    ``solutions`` are the credited messages, in order, all by ``solver``; where nothing was confirmed, the last attempt
    is credited. ``proposals`` are all messages that advised something. ``proven_by``: the message that says so, or on
    which the check mark is.
    """

    question: MessageId
    asker: str
    solutions: tuple[MessageId, ...]
    solver: str
    outcome: Outcome
    proof: Proof | None
    proven_by: MessageId | None
    proposals: tuple[MessageId, ...]


def pairs(turns: Sequence[Turn], marks: Sequence[Mark] = ()) -> tuple[Pair, ...]:
    """Every question of a conversation that somebody tried to answer, in the order asked.

    ``turns``: what people said in one conversation, in order. Takes time linear in their number.
    """
    talk = _Talk()
    for turn in [turn for turn in turns if turn.role.is_person][-MOST_TURNS:]:
        talk.take(turn)
    for mark in marks:
        talk.mark(mark)
    found = (_pair(issue) for issue in talk.issues)
    return tuple(pair for pair in found if pair is not None)


def may_settle(turn: Turn) -> bool:
    """Whether a message may say that something worked or failed: a cheap look at it alone."""
    if turn.signs & {Sign.THANKS, Sign.CONFIRMS, Sign.DENIES}:
        return True
    reading = read_verdict(turn.text, turn.signs)
    return reading.found or reading.verdict is not Verdict.NONE


def may_solve(turn: Turn) -> bool:
    """Whether a message may advise something: a cheap look at it alone."""
    return worth(turn, read_verdict(turn.text, turn.signs)) is Tier.ADVICE


def asks_for_help(turn: Turn, reading: Reading) -> bool:
    """Whether a message asks something that a solution can answer."""
    if turn.length < ADVICE_WORDS:
        return False
    if turn.kind in _NEEDS_HELP:
        return turn.kind is Kind.PROBLEM or reading.asks or turn.length >= QUESTION_WORDS
    asks = reading.asks or bool(turn.signs & {Sign.ASKS, Sign.PROBES})
    return turn.kind in _MAY_NEED_HELP and asks and turn.length >= QUESTION_WORDS and Sign.THANKS not in turn.signs


class _Talk:
    """A conversation as far as it was read."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self._of_message: dict[MessageId, Issue] = {}
        self._turns: dict[MessageId, Turn] = {}
        self._last: datetime | None = None

    def take(self, turn: Turn) -> None:
        """The next message."""
        self._turns[turn.id] = turn
        reading = read_verdict(turn.text, turn.signs)
        issue = self._issue_of(turn)
        if issue is None:
            issue = self._open(turn, reading)
        elif turn.author == issue.asker:
            issue = self._by_asker(turn, reading, issue)
        elif _asks_too(turn, reading, issue):
            issue = self._ask(turn)
        else:
            _by_other(turn, reading, issue)
        if issue is not None:
            self._of_message[turn.id] = issue
        self._last = turn.at

    def mark(self, mark: Mark) -> None:
        """A check mark by the asker or staff: on an answer, or on the question itself."""
        issue, turn = self._of_message.get(mark.message), self._turns.get(mark.message)
        if issue is None or turn is None or (mark.author != issue.asker and not mark.role.may(Role.STAFF)):
            return
        if issue.denied is not None and issue.denied.at > mark.at:
            return
        attempt = next((one for one in issue.attempts if one.holds(turn.id)), None)
        if attempt is None and turn.author == issue.asker:
            attempt = creditable(issue, Tier.STATEMENT)
        elif attempt is None:
            attempt = Attempt(turn, [(turn, Tier.STATEMENT)])
            issue.attempts.append(attempt)
        if attempt is not None:
            settle(issue, attempt, Proof.CHECK_MARK, mark.message)

    def _open(self, turn: Turn, reading: Reading) -> Issue | None:
        """The conversation's first question, or a statement that may turn out to be one."""
        if asks_for_help(turn, reading):
            return self._ask(turn)
        greets = Sign.GREETS in turn.signs and turn.length <= _GREETING_WORDS
        if turn.length < ADVICE_WORDS or greets or Sign.THANKS in turn.signs or turn.kind is Kind.PRAISE:
            return None
        issue = self._ask(turn)
        issue.told = True
        return issue

    def _ask(self, turn: Turn) -> Issue:
        issue = Issue(turn)
        self.issues.append(issue)
        return issue

    def _issue_of(self, turn: Turn) -> Issue | None:
        """Which question a message is about: the asker's own, by what it answers, by whom it names, else the last."""
        parent = self._of_message.get(turn.reply_to) if turn.reply_to else None
        own = [issue for issue in self.issues if issue.asker == turn.author]
        helps = parent is not None and parent.asker != turn.author and Sign.INSTRUCTS in turn.signs
        if own and not helps:
            return parent if parent in own else own[-1]
        if parent is not None and not self._is_behind(turn):
            return parent
        named = [issue for issue in self.issues if turn.addressees & issue.question.names]
        candidates = named or self.issues
        return candidates[-1] if candidates else None

    def _is_behind(self, turn: Turn) -> bool:
        """Whether a helper goes on from their own words, while somebody has asked something new since."""
        before = self._turns.get(turn.reply_to) if turn.reply_to else None
        return before is not None and before.author == turn.author and self.issues[-1].question.at > before.at

    def _by_asker(self, turn: Turn, reading: Reading, issue: Issue) -> Issue:
        if issue.told and not issue.attempts and asks_for_help(turn, reading):
            issue.question, issue.told = turn, False
            return issue
        answers_gone = turn.reply_to is not None and turn.reply_to not in self._turns
        _judge(turn, reading, issue, answers_gone=answers_gone)
        paused = self._last is not None and turn.at - self._last > _PAUSE
        begins = paused and reading.asks and asks_for_help(turn, reading) and Sign.INQUIRES not in turn.signs
        return self._ask(turn) if begins or _moves_on(turn, reading, issue) else issue


def _judge(turn: Turn, reading: Reading, issue: Issue, *, answers_gone: bool) -> None:
    """What the asker says of the attempts so far.

    ``answers_gone``: what it answers was deleted, so that nobody else is to be credited for that.
    """
    explained = reading.told >= _EXPLAINED_WORDS
    if issue.found and reading.verdict is Verdict.NONE and not reading.asks:
        find(issue, turn, explained=explained)
    elif reading.found and not reading.asks and reading.verdict is not Verdict.FAILED:
        # "found it, thanks" confirms a helper; "found it: it was the proxy" is a solution of the asker's own
        helper = creditable(issue, Tier.STATEMENT)
        pleased = Sign.THANKS in turn.signs or reading.verdict is Verdict.WORKED
        if helper is not None and not helper.failed and (pleased or not explained):
            credit(issue, turn, Proof.SAID_SO, Tier.STATEMENT)
        else:
            find(issue, turn, explained=explained)
    elif reading.verdict is Verdict.FAILED or (reading.refuses and was_advised(issue)):
        fail(issue, turn)
    elif answers_gone:
        return
    elif reading.verdict is Verdict.WORKED:
        credit(issue, turn, Proof.SAID_SO, Tier.HINT)
    elif reading.verdict is Verdict.THANKED and (reading.another or not reading.asks):
        credit(issue, turn, Proof.THANKS, Tier.STATEMENT)


def _moves_on(turn: Turn, reading: Reading, issue: Issue) -> bool:
    """Whether the asker asks something else now."""
    if reading.another and reading.verdict is Verdict.WORKED:
        return reading.told >= QUESTION_WORDS
    if reading.verdict is Verdict.FAILED or not (asks_for_help(turn, reading) and turn.length >= QUESTION_WORDS):
        return False
    if reading.another and (reading.asks or turn.kind is Kind.PROBLEM) and issue.attempts:
        return True
    if issue.credited is None:
        return False
    if issue.proven_by == turn.id:
        return issue.proof is Proof.SAID_SO and reading.asks and turn.kind in _NEEDS_HELP
    return turn.length >= _NEW_MATTER_WORDS and not turn.signs & {Sign.INQUIRES, Sign.CONTINUES}


def _asks_too(turn: Turn, reading: Reading, issue: Issue) -> bool:
    """Whether somebody else asks something of their own, rather than asking back or helping."""
    if any(attempt.helper.author == turn.author for attempt in issue.attempts) and not reading.another:
        return False
    if turn.signs & {Sign.JOINS, Sign.INQUIRES} or turn.addressees & issue.question.names:
        return False
    if not (reading.another or reading.personal or Sign.PROBES in turn.signs):
        return False
    if worth(turn, reading) is Tier.ADVICE or reading.verdict is Verdict.WORKED:
        return False
    least = QUESTION_WORDS if issue.told and not issue.attempts else _NEW_MATTER_WORDS
    return asks_for_help(turn, reading) and turn.length >= least


def _by_other(turn: Turn, reading: Reading, issue: Issue) -> None:
    """Somebody says that it worked for them too, or attempts to solve it."""
    before = issue.attempts[-1] if issue.attempts else None
    tier = worth(turn, reading)
    seconds = reading.verdict is Verdict.WORKED and turn.length <= _SECONDED_WORDS and tier < Tier.ADVICE
    if seconds and before is not None and before.helper.author != turn.author:
        attempt = addressed(issue, turn) or creditable(issue, Tier.STATEMENT)
        if attempt is not None and attempt.helper.author != turn.author:
            attempt.seconded_by = attempt.seconded_by or turn.id
        return
    if tier is Tier.NOTHING or (issue.credited is not None and tier < Tier.ADVICE):
        return
    goes_on = before is not None and before.helper.author == turn.author and not before.failed
    if before is not None and goes_on and issue.credited is None:
        before.turns.append((turn, tier))
    else:
        issue.attempts.append(Attempt(turn, [(turn, tier)]))


def _pair(issue: Issue) -> Pair | None:
    credited = _credited(issue)
    if credited is None:
        return None
    attempt, outcome, proof, proven_by = credited
    if issue.told and (outcome is Outcome.OPEN or (proof is Proof.THANKS and attempt.tier < Tier.ADVICE)):
        return None
    advice = [turn.id for one in issue.attempts for turn, tier in one.turns if tier is Tier.ADVICE]
    solutions = attempt.messages()
    return Pair(
        question=issue.question.id,
        asker=issue.asker,
        solutions=solutions,
        solver=attempt.helper.author,
        outcome=outcome,
        proof=proof,
        proven_by=proven_by,
        proposals=tuple(dict.fromkeys((*advice, *(solutions if outcome is Outcome.CONFIRMED else ())))),
    )


_Credited = tuple[Attempt, Outcome, Proof | None, MessageId | None]


def _credited(issue: Issue) -> _Credited | None:
    """The attempt that counts in the end, what became of it, and how that is known."""
    if issue.credited is not None:
        return issue.credited, Outcome.CONFIRMED, issue.proof, issue.proven_by
    standing = [one for one in issue.attempts if not one.failed]
    seconded = [one for one in standing if one.seconded_by]
    if seconded:
        return seconded[-1], Outcome.CONFIRMED, Proof.OTHERS, seconded[-1].seconded_by
    advised = [one for one in standing if one.tier is Tier.ADVICE]
    if advised:
        return advised[-1], Outcome.OPEN, None, None
    failed = [one for one in issue.attempts if one.failed and one.tier is Tier.ADVICE]
    return (failed[-1], Outcome.DENIED, Proof.SAID_SO, issue.proven_by) if failed else None
