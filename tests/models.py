"""A language model that says what a test wants, and keeps what it was asked."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence

from dialogue.advice.planning import Advice
from dialogue.advice.values import Advised, Policy, Question, Spent, Verdict
from dialogue.errors import ModelFailed
from dialogue.ports import KindClassifier, LanguageModel
from dialogue.understanding.reading import Reading
from dialogue.understanding.values import KindGuess
from knowledge_base.channels import Audience
from knowledge_base.kinds import Kind
from knowledge_base.merging import Vector


class Told(KindClassifier):
    """Guesses as it was told to, whatever a text says; of all else it is sure that it is chatter.

    ``second``: what it guesses of whatever is looked at a second time, where that is another thing.
    """

    def __init__(self, guesses: Mapping[str, tuple[Kind, float]], second: tuple[Kind, float] | None = None) -> None:
        self._guesses, self._second = guesses, second

    def classify(self, reading: Reading) -> KindGuess:
        return KindGuess(*self._guesses.get(reading.shown, (Kind.CHATTER, 0.95)), "told")

    def reconsider(self, guess: KindGuess, model: str, vector: Vector) -> KindGuess:
        return guess if self._second is None else KindGuess(*self._second, "told twice")


class FakeModel(LanguageModel):
    """``says``: a verdict for each text. ``meanwhile``: what happens while it thinks. ``troubles``: how calls fail."""

    def __init__(self, says: Mapping[str, Verdict] | None = None) -> None:
        self.name = "wise-1"
        self.prompt = "t"
        self.says = dict(says or {})
        self.asked: list[Sequence[Question]] = []
        self.troubles: deque[BaseException] = deque()
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self.closed = False

    @property
    def texts(self) -> list[str]:
        return [question.said.text for questions in self.asked for question in questions]

    def at_most(self, questions: Sequence[Question]) -> Spent:
        return Spent(100 * len(questions), 2000)

    async def ask(self, questions: Sequence[Question]) -> Advised:
        self.asked.append(questions)
        if self.meanwhile:
            await self.meanwhile()
        if self.troubles:
            raise self.troubles.popleft()
        found = {place: self.says.get(one.said.text) for place, one in enumerate(questions)}
        return Advised({at: one for at, one in found.items() if one}, 0, Spent(40 * len(questions), 500))

    async def close(self) -> None:
        self.closed = True


def surely(kind: Kind, confidence: float = 0.9) -> Verdict:
    return Verdict(kind.value, confidence)


def failed(tokens: int | None = 0) -> ModelFailed:
    return ModelFailed("the server can't answer (500)", 500, tokens)


def advice(model: LanguageModel, **changed: object) -> Advice:
    """What the settings' defaults say."""
    policy = {
        "doubt_from": 0.45,
        "doubt_below": 0.6,
        "audiences": frozenset({Audience.PUBLIC, Audience.MEMBERS}),
        "per_day": Spent(200_000, 1_800_000),
        "batch": 8,
        "merge_from": 1.01,
    }
    return Advice(model, Policy(**(policy | changed)))
