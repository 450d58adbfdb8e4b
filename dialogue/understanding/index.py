"""Where words, names and answers stand among the lines of a lane, so that nobody looks through all of them for one.

As much of it is made anew with every line, these are tuples: frozen dataclasses take several times as long to make.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Final, Generic, NamedTuple, Self, TypeVar

from dialogue.understanding.values import Judged
from knowledge_base.ids import MessageId

Key = TypeVar("Key", bound=Hashable)

BLOCK: Final = 16
"""How many lines a block is of: with each line the last block is copied, and for each word every block is asked."""


class Places(NamedTuple, Generic[Key]):
    """By word, name or message the numbers of the lines that have it. What is here is never changed.

    ``blocks``: of the lines whose numbers have the same whole part of a :data:`BLOCK`, the oldest first. Lines before
    the ``first`` don't count, though the oldest block may still tell of them.
    """

    blocks: tuple[Mapping[Key, tuple[int, ...]], ...] = ()
    first: int = 0

    def get(self, key: Key) -> list[int]:
        """The numbers of the lines that have it, the oldest first."""
        found = [number for block in self.blocks if key in block for number in block[key]]
        if found and found[0] < self.first:
            return [number for number in found if number >= self.first]
        return found

    def after(self, number: int, keys: Iterable[Key]) -> "Places[Key]":
        """With a line of this number, one more than the last."""
        alone = (number,)  # one for all keys: most are in a single line of their block
        if number % BLOCK == 0:
            return Places((*self.blocks, dict.fromkeys(keys, alone)), self.first)
        if not keys:
            return self
        *full, last = self.blocks
        block = dict(last)
        for key in keys:
            block[key] = (*block[key], number) if key in block else alone
        return Places((*full, block), self.first)

    def since(self, first: int) -> "Places[Key]":
        """Without the lines before one."""
        gone = first // BLOCK - self.first // BLOCK
        return self if first == self.first else Places(self.blocks[gone:], first)


class Index(NamedTuple):
    """Lines by what is in them. Lines are numbered as they come, from 0. What is here is never changed.

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
        return cls(Places(), Places(), Places(), Places(), Places(), Places())

    def after(self, judged: Judged, number: int) -> "Index":
        """With one more line."""
        message = judged.prepared
        return Index(
            self.words.after(number, message.words),
            self.speakers.after(number, message.names),
            self.addressed.after(number, message.addressees),
            self.hinted.after(number, message.hints),
            self.messages.after(number, (message.heard.id,)),
            self.answers.after(number, () if judged.reply_to is None else (judged.reply_to,)),
        )

    def since(self, first: int) -> "Index":
        """Without the lines before one."""
        return Index(
            self.words.since(first),
            self.speakers.since(first),
            self.addressed.since(first),
            self.hinted.since(first),
            self.messages.since(first),
            self.answers.since(first),
        )
