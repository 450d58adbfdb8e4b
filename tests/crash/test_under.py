"""A post under one that is not sent yet, through a death at every step: each stands once, in its place."""

from datetime import timedelta
from pathlib import Path

from adapters.storage.database import Database
from bot.relay import LEASE
from dialogue.actions import OutboxId, Post, Said
from dialogue.errors import Unavailable, Uncertain
from dialogue.posts import plain
from tests.conftest import ReversingSealer
from tests.crash.faults import Crash, FragileChat, FragileStorage, Fuse
from tests.stage import SPACE
from tests.unit.bot.office import ACME, ROOM, Office


async def perform(file: Path, blows_at: int) -> tuple[FragileChat, list[str]]:
    """Both are sent, after some trouble, with one death at that step (0: none)."""
    chat, fuse = FragileChat(SPACE), Fuse(blows_at)
    chat.troubles.extend((Unavailable("down"), Uncertain("the connection broke"), Uncertain("it broke again")))
    database = await Database.open(f"sqlite:///{file}", ReversingSealer())
    office = await Office(database, chat).found()
    await office.add("a", Post(SPACE, ROOM, Said(plain("hello"))))
    await office.add("b", Post(SPACE, ROOM, Said(plain("more")), under=OutboxId("a")))
    chat.fuse, office.database = fuse, FragileStorage(database, fuse)
    office.relay = office.another()
    try:
        await office.rounds(12)
    except Crash:
        await database.close()
        database = await Database.open(f"sqlite:///{file}", ReversingSealer())
        office.database = database
        office.relay = office.another()
        office.clock.advance(LEASE + timedelta(seconds=1))
        await office.rounds(12)
    async with database.read() as uow:
        assert await uow.outbox.next_due() is None
        assert await uow.outbox.where(ACME, OutboxId("b")) == chat.sent[1].ref
    await database.close()
    return chat, fuse.steps


async def test_a_death_at_any_step_leaves_both_once_and_in_their_places(tmp_path: Path, sqlite_template: Path) -> None:
    step, steps = 0, [""]
    while step <= len(steps):
        file = tmp_path / f"parley-{step}.db"
        file.write_bytes(sqlite_template.read_bytes())
        chat, burnt = await perform(file, step)
        steps = steps if step else burnt
        first, second = chat.sent
        assert (first.key, second.key, chat.effects) == ("a", "b", ["a", "b"]), f"died at step {step}"
        assert (first.thread, second.thread) == (None, first.ref.message), f"died at step {step}"
        step += 1
    assert {"before a send", "after a send", "before a commit", "after a commit"} <= set(steps)
