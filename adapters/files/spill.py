"""What a dry run remembers, on disk: judged messages by lane, by id and by conversation.

A private SQLite database that vanishes with the process; a few megabytes of it are held in memory.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Final, Self

from adapters.files.errors import Unwritable
from adapters.files.remembering import packed, unpacked
from dialogue.events import Lane
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.values import WINDOW, Anchor, Judged, Prepared, Sign
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.speech import READ

MOST_REMEMBERED: Final = 24_000
"""How many judged messages of the lanes' memory stay in memory: each takes some 2,900 bytes of busy help chat with all
that it is compared by (as Python counts what it allocates), and its text is cut to what understanding reads of it."""

MOST_KNOWN: Final = 10_000
"""Messages of which it is known without asking the disk to which conversation they belong: what is answered is rarely
older."""
AT_ONCE: Final = 500
"""Rows written together: one by one, each would cost as much as five of them, and let every other thread go first."""
_KEPT: Final = 8_192
"""Different sets of names, or of signs, that are kept once for all messages that have them."""

_SCHEMA = """
PRAGMA cache_size = -4000;
PRAGMA journal_mode = OFF;
CREATE TABLE judged (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, lane TEXT, conversation INTEGER NOT NULL, judged TEXT NOT NULL
);
CREATE UNIQUE INDEX judged_id ON judged (id);
CREATE INDEX judged_lane ON judged (lane, seq) WHERE lane IS NOT NULL;
"""
_BY_CONVERSATION = "CREATE INDEX IF NOT EXISTS judged_conversation ON judged (conversation, seq)"
"""Made when it is needed, at the end: kept up with every row it would cost several times as much."""


@contextmanager
def temporary_database() -> Iterator[sqlite3.Connection]:
    """A database that vanishes with the block, for one thread at a time. Raises :class:`Unwritable` when the temporary
    folder is full."""
    opened = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    with told_when_full(), closing(opened) as database:
        yield database


@contextmanager
def told_when_full() -> Iterator[None]:
    """A block that works with temporary databases raises :class:`Unwritable` when their folder is full."""
    try:
        yield
    except sqlite3.OperationalError as cause:
        raise Unwritable("The temporary file", OSError(0, f"{cause}; set TMPDIR to a folder with space")) from cause


class Spill:
    """Everything judged so far. Conversations are numbered in the order in which they appear, from 1.

    ``remembered``: how many messages of it may stay in memory; results are the same for any number.
    """

    def __init__(self, database: sqlite3.Connection, remembered: int = MOST_REMEMBERED) -> None:
        self._database = database
        self._remembered = remembered
        self._lanes: OrderedDict[Lane, ChannelState] = OrderedDict()
        self._held = 0
        self._known: OrderedDict[MessageId, tuple[ConversationId, int]] = OrderedDict()
        self._waiting: list[tuple[MessageId, Lane | None, int, str]] = []
        self._conversations = 0
        database.executescript(_SCHEMA)
        database.execute("BEGIN")

    @classmethod
    @contextmanager
    def opened(cls, remembered: int = MOST_REMEMBERED) -> Iterator[Self]:
        """A spill for the time of the block. Raises :class:`Unwritable` when the temporary folder is full."""
        with temporary_database() as database:
            yield cls(database, remembered)

    def state(self, lane: Lane) -> ChannelState:
        """The lane's last judged messages, from memory or from disk."""
        if lane in self._lanes:
            self._lanes.move_to_end(lane)
            return self._lanes[lane]
        self._write()
        rows = self._database.execute(
            "SELECT judged FROM judged WHERE lane = ? ORDER BY seq DESC LIMIT ?", (lane, WINDOW)
        ).fetchall()
        return ChannelState.of(unpacked(row) for (row,) in reversed(rows))

    def anchor(self, candidates: Sequence[MessageId]) -> Anchor | None:
        """The first of these messages that is known, with its conversation."""
        for candidate in candidates:
            found = self._find(candidate)
            if found:
                return Anchor(candidate, found[0])
        return None

    def remember(self, lane: Lane, state: ChannelState) -> int:
        """Keep the message judged last in this state of its lane; returns its conversation's number."""
        judged = _read_part(state.recent[-1])
        self._hold(lane, state.with_last(judged))
        return self._insert(judged, lane)

    def move(self, lane: Lane, moved: Sequence[Judged]) -> None:
        """Keep messages that this lane remembers as they were judged again, in their order."""
        self._write()
        read = [_read_part(judged) for judged in moved]
        self._hold(lane, self.state(lane).with_moved(read))
        for judged in read:
            message, number = judged.prepared.heard.id, self._number(judged.reply_to)
            self._know(message, (judged.conversation, number))
            row = (number, packed(judged), message)
            self._database.execute("UPDATE judged SET conversation = ?, judged = ? WHERE id = ?", row)

    def keep(self, judged: Judged) -> int:
        """Keep a message that its lane doesn't remember; returns its conversation's number."""
        return self._insert(_read_part(judged), None)

    def conversations(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Every conversation's number and messages, packed, in the order of their numbers."""
        self._write()
        self._database.execute(_BY_CONVERSATION)
        rows = self._database.execute("SELECT conversation, judged FROM judged ORDER BY conversation, seq")
        for number, group in groupby(rows, key=lambda row: int(row[0])):
            yield number, [judged for _, judged in group]

    def _insert(self, judged: Judged, lane: Lane | None) -> int:
        number, message = self._number(judged.reply_to), judged.prepared.heard.id
        self._know(message, (judged.conversation, number))
        self._waiting.append((message, lane, number, packed(judged)))
        if len(self._waiting) == AT_ONCE:
            self._write()
        return number

    def _number(self, reply_to: MessageId | None) -> int:
        """A message belongs to the conversation of the one it answers, or starts one."""
        found = self._find(reply_to) if reply_to is not None else None
        if found is not None:
            return found[1]
        self._conversations += 1
        return self._conversations

    def _find(self, message: MessageId) -> tuple[ConversationId, int] | None:
        """The conversation of a message, by name and by number; what still waits to be written is always known."""
        known = self._known.get(message)
        if known is None:
            row = self._database.execute("SELECT judged, conversation FROM judged WHERE id = ?", (message,)).fetchone()
            known = (unpacked(row[0]).conversation, int(row[1])) if row else None
        return known

    def _know(self, message: MessageId, conversation: tuple[ConversationId, int]) -> None:
        self._known[message] = conversation
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def _write(self) -> None:
        self._database.executemany(
            "INSERT INTO judged (id, lane, conversation, judged) VALUES (?, ?, ?, ?)", self._waiting
        )
        self._waiting.clear()

    def _hold(self, lane: Lane, state: ChannelState) -> None:
        before = self._lanes.pop(lane, ChannelState())
        self._lanes[lane] = state
        self._held += len(state.recent) - len(before.recent)
        while self._held > self._remembered:
            _, dropped = self._lanes.popitem(last=False)
            self._held -= len(dropped.recent)


def _read_part(judged: Judged) -> Judged:
    """The judged message as it comes back from disk: the part of its text that understanding reads, its bare guess."""
    return Judged(_read_prepared(judged.prepared), *judged.decided, judged.link)


def _read_prepared(prepared: Prepared) -> Prepared:
    heard = prepared.heard
    if len(heard.text) > READ:
        heard = replace(heard, text=heard.text[:READ])
    return Prepared(
        heard,
        prepared.language,
        prepared.words,
        _one_of_equal(prepared.names),
        _one_of_equal(prepared.addressees),
        _one_of_equal(prepared.hints),
        prepared.guess.remembered(),
        _one_of_equal_signs(prepared.signs),
        prepared.seconds,
        prepared.length,
    )


@lru_cache(_KEPT)
def _one_of_equal(names: frozenset[str]) -> frozenset[str]:
    """Most messages name nobody, and whoever writes goes by the same names: a set for each would take 216 bytes."""
    return names


@lru_cache(_KEPT)
def _one_of_equal_signs(signs: frozenset[Sign]) -> frozenset[Sign]:
    """Apart from names, as a sign is equal to its word."""
    return signs
