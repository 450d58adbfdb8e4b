"""Asking what was answered before: one question, or a file of them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from adapters.files.answers import KnownAnswer, Question
from adapters.files.writing import written
from adapters.language.models import load_understanding
from dialogue.ports import Embedder
from knowledge_base.ids import AnswerId
from knowledge_base.ranking import Entry, KnownAnswers, Ranking, Verdict


class Asking:
    """Answers made ready to be asked, with the model that compares meanings."""

    def __init__(self, answers: Sequence[KnownAnswer], embedder: Embedder, advance: Callable[[int], None]) -> None:
        self.embedder = embedder
        self._answers = {answer.id: answer for answer in answers}
        phrases = []
        for answer in answers:
            phrases += [embedder.embed(phrase) for phrase in answer.questions]
            advance(1)
        vectors = np.stack(phrases) if phrases else np.empty((0, embedder.size), np.float32)
        entries = [Entry(AnswerId(answer.id), answer.questions, answer.answer) for answer in answers]
        self._known = KnownAnswers(entries, vectors, embedder.thresholds)

    @classmethod
    def over(cls, answers: Sequence[KnownAnswer], advance: Callable[[int], None]) -> Self:
        """These answers, by the model that ships; ``advance`` is told how many more are ready."""
        return cls(answers, load_understanding().embedder, advance)

    def ask(self, question: str) -> Ranking:
        """Rank all answers for one question."""
        return self._known.rank(question, self.embedder.embed(question))

    def batch(self, questions: Sequence[Question], out: Path, advance: Callable[[int], None]) -> None:
        """Answer every question, each by itself. Raises :class:`~adapters.files.errors.Unwritable`."""
        with written(out) as rows:
            for question in questions:
                rows.write({"id": question.id, **self.as_row(self.ask(question.text))})
                advance(1)

    def as_row(self, ranking: Ranking) -> dict[str, object]:
        """A ranking as written to files."""
        return {"answer": ranking.answer, "confidence": round(ranking.confidence, 3), "ranked": list(ranking.ranked)}

    def in_words(self, ranking: Ranking) -> str:
        """A ranking for a person: the answer, or what it might be, or that nothing is known."""
        if ranking.verdict is Verdict.SILENT:
            return "I don't know."
        first = self._answers[ranking.ranked[0]]
        if ranking.verdict is Verdict.ANSWER:
            return first.answer + (f"\nSource: {first.source}" if first.source else "")
        might = [self._answers[name].questions[0] for name in ranking.ranked[:3]]
        return "I am not sure. Did you mean one of these?\n" + "\n".join(f"- {question}" for question in might)
