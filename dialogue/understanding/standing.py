"""Who said the last lines of a lane, to whom, and how their conversations stand."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from dialogue.understanding import rows
from dialogue.understanding.values import Judged
from knowledge_base.ids import ConversationId

NOBODY: Final = 0
"""The number of what is not there."""

STRANGER: Final = -1
"""The number of who said nothing here."""

Key = TypeVar("Key", bound=Hashable)
_TABLE: Final = bytes(256)


class Standing(NamedTuple):
    """Rows as in ``rows.py``, latest line first. Nothing is changed once it is here.

    People and conversations have numbers from 1 on as long as they are among these lines: ``people``, ``talks``.
    ``authors``, ``within`` (the conversation) and ``to`` (the author of the parent, as far as that is here) are such
    numbers; ``starts`` are flags of what answers nothing; ``later_by_same`` (its speaker's later lines), ``later`` (its
    conversation's), ``replies`` (what answers it) and ``since`` (lines since its conversation's last) count.

    Tables of 256 bytes by the number of a conversation: ``totals``, its lines; ``members``, how many people are in it;
    ``began``, who said the oldest of its lines.
    """

    people: Mapping[str, int]
    talks: Mapping[ConversationId, int]
    authors: bytes = b""
    within: bytes = b""
    to: bytes = b""
    starts: bytes = b""
    later_by_same: bytes = b""
    later: bytes = b""
    replies: bytes = b""
    since: bytes = b""
    totals: bytes = _TABLE
    members: bytes = _TABLE
    began: bytes = _TABLE

    def after(self, judged: Judged, answered: Sequence[int]) -> "Standing":
        """With one more line, which answers those at these places."""
        author = self.people.get(judged.author) or _free(self.people)
        talk = self.talks.get(judged.conversation) or _free(self.talks)
        by_same, same = rows.equal(self.authors, author), rows.equal(self.within, talk)
        replies = rows.sums(self.replies, rows.flagged(len(self.replies), answered)) if answered else self.replies
        to = self.authors[answered[0]] if answered else NOBODY
        authors, within = bytes((author,)) + self.authors, bytes((talk,)) + self.within
        since = rows.only(rows.sums(self.since, b"\1" * len(same)), rows.none(same))
        totals, members, began = _recounted(self, talk, authors, within)
        return Standing(
            self.people if judged.author in self.people else {**self.people, judged.author: author},
            self.talks if judged.conversation in self.talks else {**self.talks, judged.conversation: talk},
            authors,
            within,
            bytes((to,)) + self.to,
            bytes((judged.reply_to is None,)) + self.starts,
            b"\0" + rows.sums(self.later_by_same, by_same),
            b"\0" + rows.sums(self.later, same),
            b"\0" + replies,
            b"\0" + since,
            totals,
            members,
            began,
        )

    def without_oldest(self, gone: Judged, orphans: Iterable[int]) -> "Standing":
        """Without the oldest line, and so without whom those at these places answered."""
        authors, within = self.authors[:-1], self.within[:-1]
        totals, members, began = _recounted(self, self.within[-1], authors, within)
        to = bytearray(self.to[:-1])
        for place in orphans:
            to[place] = NOBODY
        return Standing(
            self.people if self.authors[-1] in authors else _without(self.people, gone.author),
            self.talks if self.within[-1] in within else _without(self.talks, gone.conversation),
            authors,
            within,
            bytes(to),
            self.starts[:-1],
            self.later_by_same[:-1],
            self.later[:-1],
            self.replies[:-1],
            self.since[:-1],
            totals,
            members,
            began,
        )

    def narrowed(self, flags: bytes) -> "Standing":
        """Only the flagged lines; what they count, and how conversations stand, stays as it is."""
        return self._replace(
            authors=rows.picked(self.authors, flags),
            within=rows.picked(self.within, flags),
            to=rows.picked(self.to, flags),
            starts=rows.picked(self.starts, flags),
            later_by_same=rows.picked(self.later_by_same, flags),
            later=rows.picked(self.later, flags),
            replies=rows.picked(self.replies, flags),
            since=rows.picked(self.since, flags),
        )


def _recounted(before: Standing, talk: int, authors: bytes, within: bytes) -> tuple[bytes, bytes, bytes]:
    """The tables once these are the authors of the lines, and their conversations, of which one was touched."""
    oldest = within.rfind(talk)
    people = set(rows.only(authors, rows.equal(within, talk)))
    people.discard(NOBODY)
    return (
        _put(before.totals, talk, within.count(talk)),
        _put(before.members, talk, len(people)),
        _put(before.began, talk, authors[oldest] if oldest >= 0 else NOBODY),
    )


def _put(table: bytes, number: int, value: int) -> bytes:
    if table[number] == value:
        return table
    return b"%b%c%b" % (table[:number], value, table[number + 1 :])


def _free(taken: Mapping[Key, int]) -> int:
    """The smallest number but ``NOBODY`` that is not taken."""
    numbers = set(taken.values())
    return next(number for number in range(1, len(numbers) + 2) if number not in numbers)


def _without(taken: Mapping[Key, int], gone: Key) -> Mapping[Key, int]:
    left = dict(taken)
    del left[gone]
    return left
