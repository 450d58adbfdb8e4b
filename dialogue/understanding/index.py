"""Where words, names and answers stand among the lines of a lane, so that nobody looks through all of them for one."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from dialogue.understanding.values import Judged
from knowledge_base.ids import MessageId

Key = TypeVar("Key", bound=Hashable)
Places = Mapping[Key, tuple[int, ...]]
"""By word, name or message the numbers of the lines that have it, the oldest first."""


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Lines by what is in them. Lines are numbered as they come. What is here is never changed.

    ``words``: by the rare words said. ``speakers``: by the names that their speakers answer to. ``addressed``,
    ``hinted``: by the names that are spoken to, and by words that may be such a name. ``messages``: by what a line is;
    ``answers``: by what it answers.
    """

    words: Places[int]
    speakers: Places[str]
    addressed: Places[str]
    hinted: Places[str]
    messages: Places[MessageId]
    answers: Places[MessageId]

    @classmethod
    def none(cls) -> Self:
        """Of no line."""
        return cls({}, {}, {}, {}, {}, {})

    def moved(self, came: Judged | None, gone: Judged | None, number: int) -> "Index":
        """With one more line of this number, and without the oldest one."""
        new, old = came.prepared if came else None, gone.prepared if gone else None
        return Index(
            _moved(self.words, new.words if new else (), old.words if old else (), number),
            _moved(self.speakers, new.names if new else (), old.names if old else (), number),
            _moved(self.addressed, new.addressees if new else (), old.addressees if old else (), number),
            _moved(self.hinted, new.hints if new else (), old.hints if old else (), number),
            _moved(self.messages, (new.heard.id,) if new else (), (old.heard.id,) if old else (), number),
            _moved(self.answers, _answered(came), _answered(gone), number),
        )


def _answered(judged: Judged | None) -> tuple[MessageId, ...]:
    return (judged.reply_to,) if judged is not None and judged.reply_to is not None else ()


def _moved(places: Places[Key], came: Iterable[Key], gone: Iterable[Key], number: int) -> Places[Key]:
    if not came and not gone:
        return places
    moved = dict(places)
    for key in gone:
        left = moved.pop(key)[1:]
        if left:
            moved[key] = left
    for key in came:
        moved[key] = (*moved.get(key, ()), number)
    return moved
