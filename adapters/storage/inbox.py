"""What came in and is not done yet.

A message's deletion is its tombstone: rows that say or change it lose their payload, and none comes in any more. So is
that of a thread or channel, for all that was said there; what is open of it is still handled, before the deletion is,
whose handling wipes what of it died.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import ColumnElement, bindparam, delete, exists, literal_column, select, update

from adapters.storage.codec import Codec, Packed
from adapters.storage.columns import storable
from adapters.storage.communities import known_community_of
from adapters.storage.tables import inbox
from adapters.storage.transaction import StoredRow, Transaction, Values
from adapters.storage.upserts import insert_if_new
from dialogue.events import (
    Acted,
    Interaction,
    Lane,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
    PlaceDeleted,
    space_of,
)
from dialogue.ports import Inbox, Unreadable
from dialogue.rows import InboxRow, NewEvent
from knowledge_base.ids import AccountId, CommunityId, MessageId, PlatformMessageId, SpaceId, message_id

Name = tuple[str, str, str]
"""Community, space and key: what makes a row a duplicate."""
About = tuple[CommunityId, MessageId]

_FIRST, _LATER = 0, 1
_OPEN_STATE, _DONE_STATE, _DEAD_STATE = "open", "done", "dead"
# the word itself and no parameter, so that the databases see that the index on open rows fits
_OPEN: ColumnElement[bool] = inbox.c.state == literal_column("'open'")
_THESE = inbox.c.seq.in_(bindparam("seqs", expanding=True))

_TOMBSTONES = select(inbox.c.message).where(
    inbox.c.community_id == bindparam("community"),
    inbox.c.message.in_(bindparam("messages", expanding=True)),
    inbox.c.deletion,
)
_PURGE = (
    update(inbox)
    .where(
        inbox.c.community_id == bindparam("community"),
        inbox.c.message == bindparam("of_message"),
        inbox.c.deletion.is_(False),
        inbox.c.payload.is_not(None),
    )
    .values(state=_DONE_STATE, payload=None, held_until=None, error=None, finished_at=bindparam("now"))
)
_HELD = select(inbox.c.lane).where(_OPEN, inbox.c.held_until > bindparam("now"))
_EARLIER = inbox.alias("earlier")
_WAITS = exists().where(
    _EARLIER.c.state == literal_column("'open'"), _EARLIER.c.lane == inbox.c.lane, _EARLIER.c.seq < inbox.c.seq
)
_TAKE_FIRST = (
    select(inbox)
    .where(_OPEN, inbox.c.rank == _FIRST, inbox.c.lane.not_in(_HELD), ~_WAITS)
    .order_by(inbox.c.seq)
    .limit(bindparam("most"))
)
_TAKE = select(inbox).where(_OPEN, inbox.c.lane.not_in(_HELD)).order_by(inbox.c.seq).limit(bindparam("most"))
_UNDONE = select(inbox).where(
    inbox.c.community_id == bindparam("community"),
    inbox.c.space == bindparam("of_space"),
    inbox.c.state.in_([_OPEN_STATE, _DEAD_STATE]),
    inbox.c.payload.is_not(None),
)
_DEAD_OF_LANE = select(inbox).where(
    inbox.c.community_id == bindparam("community"),
    inbox.c.lane == bindparam("of_lane"),
    inbox.c.state == _DEAD_STATE,
    inbox.c.payload.is_not(None),
)
_STILL_OPEN = select(inbox.c.seq).where(_THESE, _OPEN)
_DONE = (
    update(inbox)
    .where(_THESE)
    .values(state=_DONE_STATE, payload=None, handle=None, held_until=None, finished_at=bindparam("now"))
)
_FAIL = (
    update(inbox)
    .where(inbox.c.seq == bindparam("of_seq"), _OPEN)
    .values(
        tries=inbox.c.tries + 1,
        error=bindparam("why"),
        held_until=bindparam("until"),
        state=bindparam("becomes"),
        finished_at=bindparam("ended"),
    )
)
_BUSY = select(inbox.c.seq).where(inbox.c.lane == bindparam("of_lane"), _OPEN).limit(1)
_FORGET = delete(inbox).where(inbox.c.state == _DONE_STATE, inbox.c.finished_at < bindparam("before"))
_DEAD = select(inbox.c.key, inbox.c.error).where(inbox.c.state == _DEAD_STATE).order_by(inbox.c.seq)
_BURY = (
    update(inbox)
    .where(inbox.c.seq == bindparam("of_seq"), _OPEN)
    .values(
        state=_DEAD_STATE,
        payload=None,
        handle=None,
        held_until=None,
        error=bindparam("why"),
        finished_at=bindparam("now"),
    )
)


class SqlInbox(Inbox):
    """See :class:`dialogue.ports.Inbox`."""

    def __init__(self, transaction: Transaction, codec: Codec) -> None:
        self._transaction = transaction
        self._codec = codec

    async def insert(self, events: Sequence[NewEvent], now: datetime) -> Sequence[bool]:
        """Add rows in order; True where new."""
        arrivals = [_Arrival(event) for event in events]
        buried: set[About | None] = await self._buried(arrivals)
        fresh: dict[Name, _Arrival] = {}
        for arrival in arrivals:
            if arrival.deletion:
                buried.add(arrival.about)
                for earlier in fresh.values():
                    earlier.purged = earlier.purged or earlier.tells_of(arrival.about)
            elif not buried.isdisjoint(arrival.graves):
                continue
            fresh.setdefault(arrival.name, arrival)
        new = await self._write(list(fresh.values()), now)
        await self._purge([arrival for arrival in fresh.values() if arrival.deletion and arrival.name in new], now)
        return [fresh.get(arrival.name) is arrival and arrival.name in new for arrival in arrivals]

    async def take(self, limit: int, now: datetime) -> Sequence[InboxRow | Unreadable]:
        """The oldest open rows of lanes that are not held; interactions that nothing precedes go first, alone."""
        wanted = {"now": now, "most": limit}
        rows = await self._transaction.rows(_TAKE_FIRST, wanted) or await self._transaction.rows(_TAKE, wanted)
        return [self._read(row) for row in rows]

    async def still_open(self, seqs: Sequence[int]) -> frozenset[int]:
        """Which of these rows are open now."""
        if not seqs:
            return frozenset()
        return frozenset(row.seq for row in await self._transaction.rows(_STILL_OPEN, {"seqs": list(seqs)}))

    async def done(self, seqs: Sequence[int], now: datetime) -> None:
        """Mark as done and wipe the payload; the key stays."""
        if seqs:
            await self._transaction.run(_DONE, {"seqs": list(seqs), "now": now})

    async def fail(self, seq: int, error: str, now: datetime, retry_at: datetime | None) -> None:
        """Count a try; hold the lane until ``retry_at``, or give the row up."""
        state = _OPEN_STATE if retry_at else _DEAD_STATE
        ended = None if retry_at else now
        await self._transaction.run(
            _FAIL, {"of_seq": seq, "why": error, "until": retry_at, "becomes": state, "ended": ended}
        )

    async def bury(self, unreadable: Unreadable, now: datetime) -> None:
        """Give up a row that can't be read."""
        await self._transaction.run(_BURY, {"of_seq": unreadable.seq, "why": unreadable.error, "now": now})

    async def busy(self, lane: Lane) -> bool:
        """Whether the lane has open rows."""
        return await self._transaction.row(_BUSY, {"of_lane": lane}) is not None

    async def forget(self, before: datetime) -> int:
        """Remove keys of rows done before that moment; returns how many."""
        return await self._transaction.run(_FORGET, {"before": before})

    async def purge_author(self, space: SpaceId, account: AccountId, now: datetime) -> None:
        """Wipe what an account said that is not handled yet, and all it did that could not be."""
        community = await known_community_of(self._transaction, space)
        rows = await self._transaction.rows(_UNDONE, {"community": community, "of_space": space})
        theirs = [row.seq for row in rows if self._tells_of(row, account)]
        if theirs:
            await self._transaction.run(_DONE, {"seqs": theirs, "now": now})

    async def purge_place(self, community: CommunityId, gone: Place, now: datetime) -> None:
        """Wipe what was said in a thread or channel and could not be handled."""
        rows = await self._transaction.rows(_DEAD_OF_LANE, {"community": community, "of_lane": gone.lane})
        said = [
            (row.seq, read.event.place)
            for row in rows
            if isinstance(read := self._read(row), InboxRow) and isinstance(read.event, MessagePosted | MessageEdited)
        ]
        theirs = [seq for seq, place in said if gone.thread in (None, place.thread)]
        if theirs:
            await self._transaction.run(_DONE, {"seqs": theirs, "now": now})

    async def dead(self) -> Sequence[tuple[str, str]]:
        """The keys of dead rows and their errors, oldest first."""
        return [(row.key, row.error) for row in await self._transaction.rows(_DEAD)]

    async def _buried(self, arrivals: Sequence["_Arrival"]) -> set[About | None]:
        """Of the messages that arrive, and of the threads and channels in which they stand, those with a tombstone."""
        messages: dict[CommunityId, list[MessageId]] = {}
        for community, name in dict.fromkeys(chain.from_iterable(arrival.graves for arrival in arrivals)):
            messages.setdefault(community, []).append(name)
        return {
            (community, row.message)
            for community, about in messages.items()
            for row in await self._transaction.rows(_TOMBSTONES, {"community": community, "messages": about})
        }

    async def _write(self, arrivals: Sequence["_Arrival"], now: datetime) -> frozenset[Name]:
        """Insert what is not there yet; the names of what was inserted."""
        if not arrivals:
            return frozenset()
        statement = insert_if_new(inbox, ("community_id", "space", "key"), self._transaction.dialect)
        rows = await self._transaction.returned(
            statement.returning(inbox.c.community_id, inbox.c.space, inbox.c.key),
            [self._columns(arrival, now) for arrival in arrivals],
        )
        return frozenset((row.community_id, row.space, row.key) for row in rows)

    async def _purge(self, deletions: Sequence["_Arrival"], now: datetime) -> None:
        for deletion in deletions:
            community, message = deletion.about or ("", "")
            await self._transaction.run(_PURGE, {"community": community, "of_message": message, "now": now})

    def _columns(self, arrival: "_Arrival", now: datetime) -> Values:
        # what is deleted already is never written
        packed = Packed(None, None) if arrival.purged else self._codec.pack_event(arrival.event)
        return {
            "community_id": arrival.community,
            "space": arrival.name[1],
            "lane": arrival.lane,
            "key": arrival.name[2],
            "message": arrival.about[1] if arrival.about else None,
            "deletion": arrival.deletion,
            "rank": _FIRST if isinstance(arrival.event, Interaction) else _LATER,
            "state": _DONE_STATE if arrival.purged else _OPEN_STATE,
            "payload": packed.payload,
            "handle": packed.handle,
            "tries": 0,
            "received_at": now,
            "finished_at": now if arrival.purged else None,
        }

    def _read(self, row: StoredRow) -> InboxRow | Unreadable:
        try:
            event = self._codec.unpack_event(row.payload, row.handle)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others must go on
            return Unreadable(row.seq, f"unreadable: {type(error).__name__}")
        return InboxRow(row.seq, row.community_id, row.lane, row.key, event, row.tries)

    def _tells_of(self, row: StoredRow, account: AccountId) -> bool:
        """Whether this holds an account's words. What asks for something and is open has still to be done."""
        read = self._read(row)
        if isinstance(read, Unreadable):
            return False  # its words go when it is taken
        event = read.event
        said = isinstance(event, MessagePosted | MessageEdited)
        done_by = event.actor.account if isinstance(event, Acted) else None
        return done_by == account and (said or row.state == _DEAD_STATE)


class _Arrival:
    """An event while it is decided whether it is new.

    ``about``: the message that it says, changes or deletes, or the thread or channel that it deletes. ``graves``: what
    must not have been deleted where it says or changes something: the message, its thread, its channel.
    """

    def __init__(self, new: NewEvent) -> None:
        self.community = new.community
        self.lane = new.lane
        self.event = new.event
        self.name: Name = (new.community, storable(space_of(new.event)), storable(new.key))
        self.about = _about(new)
        self.deletion = isinstance(new.event, MessageDeleted | PlaceDeleted)
        self.graves = () if self.about is None or self.deletion else (self.about, *_places(new))
        self.purged = False

    def tells_of(self, about: About | None) -> bool:
        """Whether this says or changes that message."""
        return self.about == about and not self.deletion


def _about(new: NewEvent) -> About | None:
    event = new.event
    if isinstance(event, PlaceDeleted):
        return _place(new.community, event.place, event.place.thread)
    if not isinstance(event, MessagePosted | MessageEdited | MessageDeleted):
        return None
    message = message_id(event.place.space, event.place.channel, event.message)
    return new.community, MessageId(storable(message))


def _places(new: NewEvent) -> Sequence[About]:
    """Where a message stands."""
    if not isinstance(new.event, MessagePosted | MessageEdited):
        return ()
    place = new.event.place
    return [_place(new.community, place, thread) for thread in dict.fromkeys((place.thread, None))]


def _place(community: CommunityId, place: Place, thread: PlatformMessageId | None) -> About:
    """A thread or channel as if it were a message, by a name that no platform gives one."""
    name = PlatformMessageId(f"*{thread or ''}")
    return community, MessageId(storable(message_id(place.space, place.channel, name)))
