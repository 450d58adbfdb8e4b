"""Which messages solve which question or problem of a conversation, by whom, and whether it worked.

The conversation is read once, in the order it was said. Every question keeps the attempts to solve it; what its asker
says next confirms or fails them. Only the asker, a check mark by the asker or staff, or somebody else for whom it
worked too, says that it worked; nobody's silence does, and no helper's own word.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dialogue.understanding.turns import Mark, Turn
from dialogue.understanding.values import Sign
from dialogue.understanding.verdicts import Reading, Verdict, read_verdict
from knowledge_base.ids import MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.outcomes import Outcome, Proof

MOST_TURNS = 400
"""Of a longer conversation only the last are read."""

MOST_SOLUTIONS = 6
"""The most messages that are one solution."""

_SURE = 0.4
_NEEDS_HELP = frozenset({Kind.QUESTION, Kind.PROBLEM})
_MAY_NEED_HELP = frozenset({Kind.REQUEST, Kind.COMPLAINT, Kind.INFORMATION, Kind.CHATTER})
_QUESTION_WORDS = 4
_NEW_MATTER_WORDS = 6
_ADVICE_WORDS = 3
_EXPLAINED_WORDS = 3
_SECONDED_WORDS = 12
_GREETING_WORDS = 6


_SELF = frozenset(
    "i my me mine we our us anyone anybody someone somebody ich mein meine mir mich wir je mon ma moi nous yo mi mis me"
    " nosotros io mio mia eu meu minha ik mijn".split()
)


class Tier:
    """How much a helper's message is worth as a solution."""

    HINT, STATEMENT, ADVICE = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A question or problem with what solved it, or may have.

    ``solutions`` are the credited messages, in order, and ``solver`` wrote the last of them; where nothing was
    confirmed, the last attempt is credited. ``proposals`` are all messages that advised something. ``proven_by``: the
    message that says so, or on which the check mark is.
    """

    question: MessageId
    asker: str
    solutions: tuple[MessageId, ...]
    solver: str
    outcome: Outcome
    proof: Proof | None
    proven_by: MessageId | None
    proposals: tuple[MessageId, ...]


@dataclass
class _Attempt:
    """What one helper said in a row to solve it."""

    helper: Turn
    turns: list[tuple[Turn, int]]
    failed: bool = False
    seconded_by: MessageId | None = None

    @property
    def tier(self) -> int:
        return max(tier for _, tier in self.turns)

    def messages(self) -> tuple[MessageId, ...]:
        """The advice, with the statements around it; a mere question counts only where there is nothing else."""
        least = min(self.tier, Tier.STATEMENT)
        return tuple(turn.id for turn, tier in self.turns if tier >= least)[-MOST_SOLUTIONS:]


@dataclass
class _Issue:
    """One question with what became of it so far."""

    question: Turn
    told: bool = False  # a mere statement, which only what follows shows to have needed help
    attempts: list[_Attempt] = field(default_factory=list)
    credited: _Attempt | None = None
    proof: Proof | None = None
    proven_by: MessageId | None = None
    pending_find: bool = False
    denied_at: Turn | None = None

    @property
    def settled(self) -> bool:
        return self.credited is not None


def pairs(turns: Sequence[Turn], marks: Sequence[Mark] = ()) -> tuple[Pair, ...]:
    """Every question of a conversation that somebody tried to answer, in the order asked.

    ``turns``: what people said in one conversation, in order. Takes time linear in their number.
    """
    read = _Read()
    for turn in [turn for turn in turns if turn.role.is_person][-MOST_TURNS:]:
        read.take(turn)
    for mark in marks:
        read.mark(mark)
    found = (_pair(issue) for issue in read.issues)
    return tuple(pair for pair in found if pair is not None)


def may_settle(turn: Turn) -> bool:
    """Whether a message may say that something worked or failed: a cheap look at it alone."""
    if turn.signs & {Sign.THANKS, Sign.CONFIRMS, Sign.DENIES}:
        return True
    reading = read_verdict(turn.text)
    return reading.found or reading.verdict is not Verdict.NONE


def may_solve(turn: Turn) -> bool:
    """Whether a message may advise something: a cheap look at it alone."""
    return _tier(turn, read_verdict(turn.text)) == Tier.ADVICE


class _Read:
    def __init__(self) -> None:
        self.issues: list[_Issue] = []
        self._of_message: dict[MessageId, _Issue] = {}
        self._turns: dict[MessageId, Turn] = {}
        self._before: Turn | None = None

    def take(self, turn: Turn) -> None:
        """The next message."""
        self._turns[turn.id] = turn
        reading = read_verdict(turn.text) if turn.length else _NOTHING
        issue = self._issue_of(turn)
        if issue is None:
            issue = self._open(turn, reading)
        elif turn.author == issue.question.author:
            issue = self._by_asker(turn, reading, issue)
        elif self._is_another_asker(turn, reading, issue):
            issue = self._ask(turn)
        else:
            self._by_other(turn, reading, issue)
        if issue is not None:
            self._of_message[turn.id] = issue
        self._before = turn

    def mark(self, mark: Mark) -> None:
        """A check mark by the asker or staff: on an answer, or on the question itself."""
        issue, turn = self._of_message.get(mark.message), self._turns.get(mark.message)
        if issue is None or turn is None or (mark.author != issue.question.author and not mark.role.may(Role.STAFF)):
            return
        if issue.denied_at is not None and issue.denied_at.at > mark.at:
            return
        attempt = next((one for one in issue.attempts if any(said.id == turn.id for said, _ in one.turns)), None)
        if attempt is None and turn.author == issue.question.author:
            attempt = _creditable(issue, Tier.STATEMENT)
        elif attempt is None:
            attempt = _Attempt(turn, [(turn, Tier.STATEMENT)])
            issue.attempts.append(attempt)
        if attempt is not None:
            attempt.failed = False
            issue.credited, issue.proof, issue.proven_by = attempt, Proof.CHECK_MARK, mark.message

    def _open(self, turn: Turn, reading: Reading) -> _Issue | None:
        """The conversation's first question, or a statement that may turn out to be one."""
        if asks_for_help(turn, reading):
            return self._ask(turn)
        greets = Sign.GREETS in turn.signs and turn.length <= _GREETING_WORDS
        if turn.length < _ADVICE_WORDS or greets or Sign.THANKS in turn.signs or turn.kind is Kind.PRAISE:
            return None
        issue = self._ask(turn)
        issue.told = True
        return issue

    def _ask(self, turn: Turn) -> _Issue:
        issue = _Issue(turn)
        self.issues.append(issue)
        return issue

    def _issue_of(self, turn: Turn) -> _Issue | None:
        """Which question a message is about: the asker's own, by what it answers, by whom it names, else the last."""
        parent = self._of_message.get(turn.reply_to) if turn.reply_to else None
        own = [issue for issue in self.issues if issue.question.author == turn.author]
        if own and not (parent and self._helps(turn, parent)):
            return parent if parent in own else own[-1]
        if parent is not None:
            return parent
        named = [issue for issue in self.issues if turn.addressees & issue.question.names]
        candidates = named or self.issues
        return candidates[-1] if candidates else None

    def _helps(self, turn: Turn, parent: _Issue) -> bool:
        return parent.question.author != turn.author and Sign.INSTRUCTS in turn.signs

    def _is_another_asker(self, turn: Turn, reading: Reading, issue: _Issue) -> bool:
        """Whether somebody else asks something of their own, rather than asking back or helping."""
        if any(attempt.helper.author == turn.author for attempt in issue.attempts) and not reading.another:
            return False
        if turn.signs & {Sign.JOINS, Sign.INQUIRES} or turn.addressees & issue.question.names:
            return False
        if not (reading.another or Sign.PROBES in turn.signs or _speaks_of_self(turn)):
            return False
        if _tier(turn, reading) == Tier.ADVICE or reading.verdict is Verdict.WORKED:
            return False
        least = _QUESTION_WORDS if issue.told and not issue.attempts else _NEW_MATTER_WORDS
        return asks_for_help(turn, reading) and turn.length >= least

    def _by_asker(self, turn: Turn, reading: Reading, issue: _Issue) -> _Issue:
        if issue.told and not issue.attempts and asks_for_help(turn, reading):
            issue.question, issue.told = turn, False
            return issue
        if issue.pending_find and reading.verdict is Verdict.NONE and not reading.asks and turn.length:
            _found(issue, turn, explained=reading.told >= _EXPLAINED_WORDS)
            return issue
        if reading.found and not reading.asks and reading.verdict is not Verdict.FAILED:
            self._found_out(turn, reading, issue)
        elif reading.verdict is Verdict.FAILED or (reading.refuses and _was_advised(issue)):
            _fail(issue, turn, self._turns)
        elif reading.verdict is Verdict.WORKED:
            _credit(issue, turn, Proof.SAID_SO, Tier.HINT, self._turns)
        elif reading.verdict is Verdict.THANKED and not (reading.asks and not reading.another):
            _credit(issue, turn, Proof.THANKS, Tier.STATEMENT, self._turns)
        if self._moves_on(turn, reading, issue):
            return self._ask(turn)
        return issue

    def _found_out(self, turn: Turn, reading: Reading, issue: _Issue) -> None:
        """ "Found it, thanks" confirms a helper; "found it: it was the proxy" is a solution of the asker's own."""
        explained = reading.told >= _EXPLAINED_WORDS
        helped = _creditable(issue, Tier.STATEMENT)
        if helped is not None and (not explained or Sign.THANKS in turn.signs):
            _credit(issue, turn, Proof.SAID_SO, Tier.STATEMENT, self._turns)
        else:
            _found(issue, turn, explained=explained)

    def _moves_on(self, turn: Turn, reading: Reading, issue: _Issue) -> bool:
        """Whether the asker asks something else now."""
        if reading.another and reading.verdict is Verdict.WORKED:
            return reading.told >= _QUESTION_WORDS
        if not (asks_for_help(turn, reading) and turn.length >= _QUESTION_WORDS):
            return False
        if reading.verdict is Verdict.FAILED:
            return False
        if reading.another and (reading.asks or turn.kind is Kind.PROBLEM) and (issue.attempts or issue.settled):
            return True
        if not issue.settled:
            return False
        if issue.proven_by == turn.id:
            return issue.proof is Proof.SAID_SO and reading.asks and turn.kind in _NEEDS_HELP
        return turn.length >= _NEW_MATTER_WORDS and not turn.signs & {Sign.INQUIRES, Sign.CONTINUES}

    def _by_other(self, turn: Turn, reading: Reading, issue: _Issue) -> None:
        before = issue.attempts[-1] if issue.attempts else None
        seconds = reading.verdict is Verdict.WORKED and turn.length <= _SECONDED_WORDS
        if seconds and before is not None and before.helper.author != turn.author:
            attempt = _addressed(issue, turn, self._turns) or _creditable(issue, Tier.STATEMENT)
            if attempt is not None and attempt.helper.author != turn.author:
                attempt.seconded_by = attempt.seconded_by or turn.id
            return
        tier = _tier(turn, reading)
        if not tier or (issue.settled and tier < Tier.ADVICE):
            return
        if before is not None and before.helper.author == turn.author and not before.failed and not issue.settled:
            before.turns.append((turn, tier))
        else:
            issue.attempts.append(_Attempt(turn, [(turn, tier)]))


_NOTHING = read_verdict("")


def asks_for_help(turn: Turn, reading: Reading) -> bool:
    """Whether a message asks something that a solution can answer."""
    if turn.length < _ADVICE_WORDS:
        return False
    if turn.kind in _NEEDS_HELP:
        return turn.kind is Kind.PROBLEM or reading.asks or turn.length >= _QUESTION_WORDS
    asks = reading.asks or bool(turn.signs & {Sign.ASKS, Sign.PROBES})
    return turn.kind in _MAY_NEED_HELP and asks and turn.length >= _QUESTION_WORDS and Sign.THANKS not in turn.signs


def _tier(turn: Turn, reading: Reading) -> int:
    """How much a message by somebody else is worth as a solution; 0 for nothing."""
    idle = reading.stalls and reading.told <= _ADVICE_WORDS
    advises = Sign.INSTRUCTS in turn.signs or (turn.kind is Kind.SOLUTION and turn.confidence >= _SURE)
    if (advises or reading.advises) and turn.length >= _ADVICE_WORDS and not idle:
        return Tier.ADVICE
    if idle or turn.signs & {Sign.JOINS, Sign.THANKS}:
        return 0
    if reading.asks:
        return Tier.HINT if turn.length >= _ADVICE_WORDS else 0
    greets = Sign.GREETS in turn.signs and turn.length <= _QUESTION_WORDS
    return Tier.STATEMENT if turn.text.strip() and not greets and reading.verdict is not Verdict.FAILED else 0


def _speaks_of_self(turn: Turn) -> bool:
    """Whether somebody asks for themselves: who asks back says "you", or nobody."""
    return not _SELF.isdisjoint(turn.text.lower().replace("'", " ").replace("?", " ").split())


def _was_advised(issue: _Issue) -> bool:
    """Whether the last that a helper said was advice, so that a bare "no" is about that."""
    last = issue.attempts[-1].turns[-1] if issue.attempts else None
    return last is not None and last[1] == Tier.ADVICE


def _addressed(issue: _Issue, turn: Turn, turns: dict[MessageId, Turn]) -> _Attempt | None:
    """The attempt of whom a message names, else the one it answers."""
    said = set(turn.text.lower().replace(",", " ").replace("!", " ").replace(".", " ").replace("@", " ").split())
    for attempt in reversed(issue.attempts):
        if attempt.helper.author != turn.author and attempt.helper.names & (turn.addressees | said):
            return attempt
    for attempt in issue.attempts:
        if turn.reply_to is not None and any(one.id == turn.reply_to for one, _ in attempt.turns):
            return attempt
    return None


def _creditable(issue: _Issue, least: int) -> _Attempt | None:
    """The last advice that has not failed, else the last statement, else the last question; then those that failed."""
    for attempts in ([one for one in issue.attempts if not one.failed], issue.attempts):
        for tier in range(Tier.ADVICE, least - 1, -1):
            for attempt in reversed(attempts):
                if attempt.tier >= tier:
                    return attempt
    return None


def _credit(issue: _Issue, turn: Turn, proof: Proof, least: int, turns: dict[MessageId, Turn]) -> None:
    """The asker confirms. Their word that it worked goes before thanks, and neither undoes an earlier such word."""
    if issue.settled and issue.proof is not Proof.THANKS:
        return
    addressed = _addressed(issue, turn, turns)
    attempt = addressed if addressed and addressed.tier >= least and not addressed.failed else _creditable(issue, least)
    if attempt is None or (issue.settled and proof is Proof.THANKS):
        return
    if attempt.failed and proof is Proof.THANKS:
        return
    attempt.failed = False
    issue.credited, issue.proof, issue.proven_by = attempt, proof, turn.id


def _fail(issue: _Issue, turn: Turn, turns: dict[MessageId, Turn]) -> None:
    """The asker says that it did not help: the attempt that is meant, else all before; and takes back a confirmation."""
    addressed = None if issue.settled else _addressed(issue, turn, turns)
    for attempt in [addressed] if addressed else issue.attempts:
        attempt.failed = True
    if issue.attempts:
        issue.denied_at = turn
    if issue.credited is not None:
        issue.credited.failed = True
    issue.credited, issue.proof = None, None
    issue.proven_by = turn.id if issue.attempts else None


def _found(issue: _Issue, turn: Turn, *, explained: bool) -> None:
    """The asker solved it alone: this message says how, or the next one may."""
    issue.pending_find = not explained
    if explained:
        own = _Attempt(turn, [(turn, Tier.ADVICE)])
        issue.attempts.append(own)
        issue.credited, issue.proof, issue.proven_by = own, Proof.FOUND, turn.id


def _pair(issue: _Issue) -> Pair | None:
    attempt, outcome, proof, proven_by = issue.credited, Outcome.CONFIRMED, issue.proof, issue.proven_by
    if attempt is None:
        seconded = [one for one in issue.attempts if one.seconded_by and not one.failed]
        standing = [one for one in issue.attempts if one.tier == Tier.ADVICE and not one.failed]
        failed = [one for one in issue.attempts if one.tier == Tier.ADVICE and one.failed]
        if issue.told and not (seconded or failed):
            return None
        if seconded:
            attempt, proof, proven_by = seconded[-1], Proof.OTHERS, seconded[-1].seconded_by
        elif standing:
            attempt, outcome, proof, proven_by = standing[-1], Outcome.OPEN, None, None
        elif failed:
            attempt, outcome, proof = failed[-1], Outcome.DENIED, Proof.SAID_SO
        else:
            return None
    elif issue.told and proof is Proof.THANKS and attempt.tier < Tier.ADVICE:
        return None
    advice = [turn.id for one in issue.attempts for turn, tier in one.turns if tier == Tier.ADVICE]
    credited = attempt.messages()
    return Pair(
        question=issue.question.id,
        asker=issue.question.author,
        solutions=credited,
        solver=attempt.helper.author,
        outcome=outcome,
        proof=proof,
        proven_by=proven_by,
        proposals=tuple(dict.fromkeys((*advice, *(credited if outcome is Outcome.CONFIRMED else ())))),
    )
