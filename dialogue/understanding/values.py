"""The values of understanding: a message as heard, prepared and judged, and what was concluded."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from knowledge_base.carried import carried
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role

WINDOW = 120
"""How many of a lane's last messages are remembered for judging the next one."""


REMEMBERED: Final = "remembered"
"""The rule of a guess of which no more is kept than what it was."""


@carried
@dataclass(frozen=True, slots=True)
class Heard:
    """One message as heard. ``author`` is the account, ``author_name`` what people see.

    ``reply_to`` and ``thread`` (the thread's root message) are what the platform itself recorded.
    ``at`` has a zone.
    """

    id: MessageId
    author: str
    author_name: str
    role: Role
    at: datetime
    text: str
    reply_to: MessageId | None = None
    thread: MessageId | None = None


@carried
@dataclass(frozen=True, slots=True)
class KindGuess:
    """What a text alone seems to be, how sure (0 to 1), and by which rule, in words that staff can read.

    ``because``: the rule, or what finds it when somebody asks; for most messages nobody does. ``odds``: the logarithm
    of each kind's share in the order of ``Kind``, and ``cued``: what cues alone add up to, both for a second opinion;
    none of these three is remembered.
    """

    kind: Kind
    confidence: float
    because: str | Callable[[], str] = field(compare=False, repr=False)
    odds: tuple[float, ...] = field(default=(), compare=False, repr=False)
    cued: tuple[float, ...] = field(default=(), compare=False, repr=False)

    @property
    def rule(self) -> str:
        """The rule, in words."""
        return self.because if isinstance(self.because, str) else self.because()

    def in_words(self) -> "KindGuess":
        """The same with its rule found, for who will surely ask."""
        return replace(self, because=self.rule)

    def remembered(self) -> "KindGuess":
        """The same with no more than what is remembered of it."""
        return KindGuess(self.kind, self.confidence, REMEMBERED)


class Sign(StrEnum):
    """What a text does, whatever its kind: several signs may hold at once."""

    ASKS = "asks"
    GREETS = "greets"
    THANKS = "thanks"
    CONFIRMS = "confirms a fix"
    DENIES = "says it did not help"
    INSTRUCTS = "says what to do"
    JOINS = "says me too"
    WISHES = "asks for something to exist"
    INQUIRES = "asks back"
    PROBES = "asks whether it can"
    REACTS = "reacts in a word or two"
    CONTINUES = "goes on from what was said"


@carried
@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that depends on one message alone; made once, in any order, on any worker.

    ``words`` are hashes that are the same in every process, each once, sorted: a set would take four times the memory.
    ``names`` are the lower-case names the author answers to, ``addressees`` those the text speaks to by a chat's
    conventions, ``hints`` words that would be names if somebody here were called so. ``seconds`` is ``heard.at`` since
    the epoch, ``length`` is in words. ``states``: whether its words alone speak for a kind that states what a firm
    should know; ``own``: whether it may speak of its author. These serve to judge this very message and are not
    remembered: what was decided is.
    """

    heard: Heard
    language: str
    words: tuple[int, ...]
    names: frozenset[str]
    addressees: frozenset[str]
    hints: frozenset[str]
    guess: KindGuess
    signs: frozenset[Sign]
    seconds: float
    length: int
    states: bool = field(default=False, compare=False, repr=False)
    own: bool = field(default=True, compare=False, repr=False)


@carried
@dataclass(frozen=True, slots=True)
class Judged:
    """One message with what was decided about it: what a lane remembers.

    ``author``, ``thread`` and ``by_person`` are what was heard, kept at hand: every later message asks for them.
    ``link``: see :class:`Judgement`; of the message judged just now alone.
    """

    prepared: Prepared
    conversation: ConversationId
    reply_to: MessageId | None
    kind: Kind
    confidence: float
    link: float = field(default=1.0, compare=False)
    author: str = field(init=False, compare=False, repr=False)
    thread: MessageId | None = field(init=False, compare=False, repr=False)
    by_person: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Keep at hand what was heard."""
        heard = self.prepared.heard
        for name, value in (("author", heard.author), ("thread", heard.thread), ("by_person", heard.role.is_person)):
            object.__setattr__(self, name, value)

    @property
    def decided(self) -> tuple[ConversationId, MessageId | None, Kind, float]:
        """What was decided about it, which is what storage keeps."""
        return self.conversation, self.reply_to, self.kind, self.confidence


class Tie(StrEnum):
    """Why it is not asked what a message answers."""

    PLATFORM = "the platform says so"
    SHOWN = "whoever it was meant for replied to it"
    KEPT = "it was linked so before"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The message that another one answers, whatever its words: as a platform's own fact (it was replied to, or is the
    thread's root), or as later evidence showed. With its conversation."""

    message: MessageId
    conversation: ConversationId
    tie: Tie = Tie.PLATFORM


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that spoke for a judgement (weight above 0) or against it (below)."""

    name: str
    weight: float


@carried
@dataclass(frozen=True, slots=True)
class Judgement:
    """What a message was understood to be.

    ``reply_to`` is None where it starts a conversation. ``voices``: it states something the firm should know,
    surely enough to be kept as a voice of an insight. ``link``: how sure it is (0 to 1) what it answers, or that it
    answers nothing. ``why`` gives the reasons when asked: a dry run never does.
    """

    reply_to: MessageId | None
    conversation: ConversationId
    kind: Kind
    confidence: float
    language: str
    voices: bool
    link: float
    why: Callable[[], tuple[Reason, ...]] = field(compare=False, repr=False)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The strongest first."""
        return self.why()


_STARTED_BY = "c:"


def conversation_started_by(message: MessageId) -> ConversationId:
    """The name of the conversation that this message starts."""
    return ConversationId(f"{_STARTED_BY}{message}")


def beginning_of(conversation: ConversationId) -> MessageId:
    """The message that started a conversation."""
    return MessageId(conversation.removeprefix(_STARTED_BY))


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a conversation holds as a whole, what was proposed as a fix, and whether somebody confirmed it."""

    kinds: tuple[Kind, ...]
    solutions: tuple[MessageId, ...]
    solved: bool
