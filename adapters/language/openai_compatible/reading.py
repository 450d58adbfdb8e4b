"""What a server answered, read without trust: whatever is not exactly what was asked for is thrown away and counted."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.language.openai_compatible.prompt import Asking
from dialogue.advice.values import Verdict

_THOUGHT: Final = "</think>"
"""What some models end their thinking with, before they answer."""


class Unusable(Exception):
    """Nothing of an answer can be used; the message says why, and nothing of what it says."""


class _Said(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Said
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: Annotated[int, Field(ge=0)]
    completion_tokens: Annotated[int, Field(ge=0)] = 0


class _Completion(BaseModel):
    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _Usage | None = None


class _Answers(BaseModel):
    answers: list[object]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    choice: str
    confidence: Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Completion:
    """A server's answer: the model's text, whether it was cut off, and the tokens it cost (None: it doesn't say)."""

    text: str
    cut_off: bool
    tokens: int | None


@dataclass(frozen=True, slots=True)
class Read:
    """Usable verdicts by the place of their question, and how many answers were thrown away."""

    verdicts: Mapping[int, Verdict]
    discarded: int


def completion_in(body: bytes) -> Completion:
    """The completion in a response. Raises :class:`Unusable`."""
    try:
        found = _Completion.model_validate_json(body)
    except ValidationError as error:
        raise Unusable("the server's response is no chat completion") from error
    choice, usage = found.choices[0], found.usage
    tokens = usage.prompt_tokens + usage.completion_tokens if usage else None
    return Completion(choice.message.content or "", choice.finish_reason == "length", tokens)


def read(completion: Completion, asking: Asking) -> Read:
    """The usable verdicts in a completion. Raises :class:`Unusable` where it can't be trusted as a whole."""
    found = _entries(completion)
    named = Counter(answer.id for answer in found if answer)
    usable = {
        answer.id: Verdict(answer.choice, answer.confidence)
        for answer in found
        if answer and named[answer.id] == 1 and answer.choice in asking.choices.get(answer.id, ())
    }
    for name, control in asking.controls.items():
        if name not in usable or usable[name].choice not in control.right:
            raise Unusable("it answered a question wrongly whose answer is known, so nothing of it is used")
    verdicts = {asking.questions[name]: verdict for name, verdict in usable.items() if name in asking.questions}
    return Read(verdicts, len(found) - len(usable))


def _entries(completion: Completion) -> Sequence[_Answer | None]:
    text = completion.text.rpartition(_THOUGHT)[2]
    begin, end = text.find("{"), text.rfind("}") + 1
    try:
        answers = _Answers.model_validate(json.loads(text[begin:end] if begin >= 0 else text)).answers
    except (ValueError, RecursionError) as error:
        how = "was cut off" if completion.cut_off else "is not the JSON that was asked for"
        raise Unusable(f"the model's answer {how}") from error
    return [_entry(answer) for answer in answers]


def _entry(answer: object) -> _Answer | None:
    try:
        return _Answer.model_validate(answer)
    except ValidationError:
        return None
