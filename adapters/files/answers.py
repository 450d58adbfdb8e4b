"""Answers and questions in files: what `parley ask` reads. Files are validated whole."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from adapters.files import fields
from adapters.files.errors import BrokenLine, Unreadable
from adapters.files.lines import STANDARD_INPUT, read_rows, standard_input


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """An answer with the phrases it was asked in, at least one; ``source`` is an address, or None."""

    id: str
    questions: tuple[str, ...]
    answer: str
    tags: tuple[str, ...]
    source: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked."""

    id: str
    text: str


def read_answers(file: Path) -> list[KnownAnswer]:
    """Every answer of a file, or of standard input for ``-``. Raises :class:`BrokenLine` or :class:`Unreadable`."""
    return _read(file, _answer, lambda answer: answer.id)


def read_questions(file: Path) -> list[Question]:
    """Every question of a file, or of standard input for ``-``. Raises :class:`BrokenLine` or :class:`Unreadable`."""
    return _read(file, _question, lambda question: question.id)


Row = TypeVar("Row")


def _read(file: Path, parse: Callable[[Mapping[str, object]], Row], name_of: Callable[[Row], str]) -> list[Row]:
    rows: dict[str, Row] = {}
    name = "standard input" if str(file) == STANDARD_INPUT else str(file)
    with _opened(file) as stream:
        for number, row in read_rows(stream, name, parse):
            id_ = name_of(row)
            if id_ in rows:
                raise BrokenLine(name, number, f"the id {fields.shown(id_)} is used by an earlier line; ids are unique")
            rows[id_] = row
    return list(rows.values())


def _opened(file: Path) -> AbstractContextManager[BinaryIO]:
    if str(file) == STANDARD_INPUT:
        return standard_input()
    try:
        return file.open("rb")
    except OSError as cause:
        raise Unreadable(str(file), cause) from cause


def _answer(row: Mapping[str, object]) -> KnownAnswer:
    if "questions" not in row:
        raise ValueError('"questions" is missing')
    questions = fields.texts(row, "questions")
    if not any(question.strip() for question in questions):
        raise ValueError('"questions" must hold at least one question')
    answer = fields.text(row, "answer")
    if not answer.strip():
        raise ValueError('"answer" is empty')
    return KnownAnswer(
        id=fields.name(row, "id"),
        questions=tuple(question for question in questions if question.strip()),
        answer=answer,
        tags=fields.texts(row, "tags"),
        source=fields.optional_text(row, "source"),
    )


def _question(row: Mapping[str, object]) -> Question:
    return Question(fields.name(row, "id"), fields.text(row, "text"))
