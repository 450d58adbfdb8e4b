"""How long it takes to tell everybody who asked: ``python -m benchmarks.telling [--voices 500] [--folder FOLDER]``.

So many people say the same in one public channel; it ships, and the news is sent to all of them. *Decided* and
*accepted*: from the press of the button, Ship and then Send, to the commit of all that follows, in seconds by the clock
and of processor time. *Delivered*: until the last of them is written down and all are on the disk. With a folder that
was begun before, as by a run that was killed, it goes on there.
"""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from adapters.files.recording import RecordingChat
from adapters.language.hashing import Hashing
from adapters.language.identification import FastTextIdentifier
from bot.moments import SystemClock
from bot.program import Program
from bot.wiring import make_core, make_program, open_storage, throwaway_sealer
from dialogue.capturing.thinking import Understanding
from dialogue.closing.verbs import SEND
from dialogue.custom_ids import custom_id
from dialogue.events import Actor, ButtonPressed, Event, MessagePosted, Place, ReplyHandle
from dialogue.meanings import Embedders
from dialogue.ports import Storage
from dialogue.understanding.kinds import LearnedKinds
from knowledge_base.announcements import Announcement, AnnouncementState
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from knowledge_base.insights import Insight
from knowledge_base.members import Role
from knowledge_base.statuses import Decision

SPACE = SpaceId("acme")
IDEAS = Place(SPACE, ChannelId("ideas"), "ideas", Audience.PUBLIC)
STAFF = Place(SPACE, ChannelId("staff"), "staff", Audience.INTERNAL)
SAM = Actor(AccountId("sam"), "Sam", Role.STAFF)
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
WISH = "It would be great to have a dark mode, please add one"
BATCH = 64


def said(number: int) -> MessagePosted:
    """Somebody says it."""
    who = Actor(AccountId(f"u{number}"), f"User {number}", Role.CUSTOMER)
    at = BEGAN + timedelta(minutes=number)
    return MessagePosted(IDEAS, who, PlatformMessageId(f"m{number}"), WISH, at)


def pressed(name: str, button: str) -> ButtonPressed:
    """Sam presses a button."""
    handle = ReplyHandle(name, BEGAN)
    return ButtonPressed(STAFF, SAM, name, button, PlatformMessageId("card"), handle, BEGAN)


async def decided(program: Program, event: Event) -> tuple[float, float]:
    """Until an event's consequences are committed: seconds, and seconds of processor time."""
    began, used = time.perf_counter(), time.process_time()
    await program.sink.accept([event])
    while await program.worker.run_once():
        pass
    return time.perf_counter() - began, time.process_time() - used


async def found(storage: Storage) -> tuple[Insight | None, Announcement | None]:
    """The insight, and what was prepared or sent of it last."""
    async with storage.read() as uow:
        community = await uow.communities.of_space(SPACE)
        insight = await uow.insights.by_number(community, 1) if community else None
        if community is None or insight is None:
            return None, None
        announced = await uow.announcements.of_insight(community, insight.id)
        return insight, announced[-1] if announced else None


async def measured(folder: Path, voices: int) -> Mapping[str, float]:
    """What it took, and whether everybody was told once."""
    chat = RecordingChat(folder / "sent.jsonl", frozenset({SPACE}))
    understanding = Understanding(FastTextIdentifier(), LearnedKinds(), Embedders(Hashing()))
    taken: dict[str, float] = {}
    async with open_storage(f"sqlite:///{folder}/telling.db", throwaway_sealer()) as storage:
        program = make_program(make_core(storage, SystemClock(), understanding=understanding), [chat])
        insight, announcement = await found(storage)
        for first in range(0, voices, BATCH) if insight is None else ():
            await program.sink.accept([said(number) for number in range(first, min(first + BATCH, voices))])
            await program.drain()
        insight = (await found(storage))[0]
        if insight and announcement is None:
            ship = pressed("ship", custom_id(Decision.SHIP, insight.id, "0"))
            taken["decided"], taken["decided_cpu"] = await decided(program, ship)
            announcement = (await found(storage))[1]
        if announcement and announcement.state is AnnouncementState.PREPARED:
            send = pressed("send", custom_id(SEND, announcement.id, str(announcement.change)))
            taken["accepted"], taken["accepted_cpu"] = await decided(program, send)
        began = time.perf_counter()
        await program.drain()
        await chat.sync()
        taken["delivered"] = time.perf_counter() - began
    rows = [json.loads(line) for line in (folder / "sent.jsonl").read_text("utf-8").splitlines()]
    told = Counter(row["thread"] for row in rows if row["action"] == "post" and "this is done now" in row["text"])
    doubled = sum(count - 1 for count in told.values())
    return {**taken, "voices": voices, "lost": voices - len(told), "doubled": doubled}


def main() -> None:
    """Measure; a line of JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--voices", type=int, default=500)
    arguments.add_argument("--folder", type=Path)
    chosen = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(asyncio.run(measured(chosen.folder or Path(made), chosen.voices))))


if __name__ == "__main__":
    main()
