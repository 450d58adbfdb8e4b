"""How fast the database takes a message through the whole path: ``python -m benchmarks.storage [URL]``.

Batches of 64, each step in the transactions it has in the program, everything durable. Without an address: a SQLite
file in a temporary folder.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from adapters.storage.database import Database
from dialogue.events import Actor, MessagePosted, Place, dedupe_key, lane_of
from dialogue.ports import Sealer
from dialogue.rows import InboxRow, NewEvent
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import (
    AccountId,
    ChannelId,
    CommunityId,
    ConversationId,
    MemberId,
    PlatformMessageId,
    SpaceId,
    message_id,
)
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.messages import Message

ROWS = 6400
BATCH = 64
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
COMMUNITY = CommunityId("acme")
PLACE = Place(SpaceId("guild"), ChannelId("help"), "help", Audience.PUBLIC)
ANNA = Actor(AccountId("anna"), "Anna", Role.CUSTOMER)


class NoSealer(Sealer):
    """Messages have no handles."""

    def seal(self, secret: str) -> bytes:
        """As it is."""
        return secret.encode()

    def unseal(self, sealed: bytes) -> str:
        """As it is."""
        return sealed.decode()

    def digest(self, secret: str) -> str:
        """As it is."""
        return secret


class Stopwatch:
    """Seconds spent in each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, step: str) -> Iterator[None]:
        """Add what the block takes."""
        began = time.perf_counter()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - began


async def measure(database: Database, watch: Stopwatch) -> None:
    """Take every row through."""
    async with database.begin() as uow:
        await uow.communities.found(COMMUNITY, PLACE.space, "Acme", NOW)
        await uow.channels.see(COMMUNITY, PLACE.space, PLACE.channel, PLACE.name, PLACE.audience, Shared.NO)
        await uow.members.see(COMMUNITY, PLACE.space, ANNA.account, ANNA.name, ANNA.role, MemberId("anna"))
        await uow.commit()
    for start in range(0, ROWS, BATCH):
        with watch.measure("insert"):
            async with database.begin() as uow:
                await uow.inbox.insert([_event(number) for number in range(start, start + BATCH)], NOW)
                await uow.commit()
        with watch.measure("take"):
            async with database.read() as uow:
                rows = await uow.inbox.take(BATCH, NOW)
        with watch.measure("store and done"):
            async with database.begin() as uow:
                await uow.lock_lanes([PLACE.lane])
                open_rows = await uow.inbox.still_open([row.seq for row in rows])
                await uow.messages.add([_message(row) for row in rows])
                await uow.inbox.done(sorted(open_rows), NOW)
                await uow.commit()


def _event(number: int) -> NewEvent:
    text = f"the export drops my tags, and it did so {number} times since the last update of the app"
    event = MessagePosted(PLACE, ANNA, PlatformMessageId(str(number)), text, NOW)
    return NewEvent(COMMUNITY, lane_of(event), dedupe_key(event), event)


def _message(row: InboxRow) -> Message:
    event = row.event
    assert isinstance(event, MessagePosted)
    return Message(
        id=message_id(PLACE.space, PLACE.channel, event.message),
        community=COMMUNITY,
        space=PLACE.space,
        channel=PLACE.channel,
        thread=None,
        author=MemberId("anna"),
        author_name=ANNA.name,
        role=ANNA.role,
        at=NOW,
        text=event.text,
        language="en",
        kind=Kind.PROBLEM,
        confidence=0.9,
        conversation=ConversationId("talk"),
        reply_to=None,
        reasons=("names what is wrong",),
    )


async def main() -> None:
    """Print rows a second for each step and milliseconds a message for all."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/benchmark.db"
        database = await Database.open(address, NoSealer())
        await measure(database, watch)
        await database.close()
    for step, seconds in watch.seconds.items():
        print(f"{step:16} {ROWS / seconds:10,.0f} rows/s")
    print(f"{'all':16} {sum(watch.seconds.values()) / ROWS * 1000:10.3f} ms a message")


if __name__ == "__main__":
    asyncio.run(main())
