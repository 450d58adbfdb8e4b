"""How long it takes to erase a member: ``python -m benchmarks.erasing [--messages 10000]``.

One member says that much in a public channel; every tenth message is a voice of one of 100 insights, which another
member voices too, and a team has their cards. *Erased*: from the command to the commit of all that follows, in seconds
by the clock and of processor time. *Edited*: until the last card that showed their words was changed, without a
platform's time. *Before* and *left*: how often a word that only they use stands in the bytes of the database's files,
while it is open and once it is closed.
"""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from collections.abc import Mapping, Sequence
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
from dialogue.events import Actor, CommandInvoked, Event, MessagePosted, Place, ReplyHandle
from dialogue.meanings import Embedders
from dialogue.understanding.kinds import LearnedKinds
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role

SPACE = SpaceId("acme")
IDEAS = Place(SPACE, ChannelId("ideas"), "ideas", Audience.PUBLIC)
STAFF = Place(SPACE, ChannelId("staff"), "staff", Audience.INTERNAL)
ADA = Actor(AccountId("ada"), "Ada", Role.ADMIN)
ANNA = Actor(AccountId("anna"), "Anna Quickfeather", Role.CUSTOMER)
BEN = Actor(AccountId("ben"), "Ben", Role.CUSTOMER)
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
MARK = "quickfeather"
"""A word that nobody else uses."""

BATCH = 64
VOICED = 10
INSIGHTS = 100
THINGS = ("export", "search", "login", "dark mode", "calendar", "invoice", "upload", "map", "inbox", "editor")
PLACES = ("the phone", "the tablet", "Linux", "the web", "Windows", "large files", "long names", "two accounts")


def wish(number: int) -> str:
    """One of :data:`INSIGHTS` wishes."""
    one = number % INSIGHTS
    return f"Please add {THINGS[one % len(THINGS)]} for {PLACES[one // len(THINGS) % len(PLACES)]} number {one}"


def said(number: int) -> Sequence[MessagePosted]:
    """What Anna says, and where she wishes for something Ben with her."""
    at = BEGAN + timedelta(minutes=number)
    if number % VOICED:
        text = f"good morning, {MARK} had {number} cups of coffee"
        return (MessagePosted(IDEAS, ANNA, PlatformMessageId(f"a{number}"), text, at),)
    text = wish(number // VOICED)
    hers = MessagePosted(IDEAS, ANNA, PlatformMessageId(f"a{number}"), f"{text}, says {MARK}", at)
    his = MessagePosted(IDEAS, BEN, PlatformMessageId(f"b{number}"), text, at + timedelta(seconds=1))
    return (hers, his) if number < VOICED * INSIGHTS else (hers,)


def asked(who: Actor, line: str, **options: str) -> CommandInvoked:
    """Somebody gives a command."""
    noun, verb = line.split()
    name = f"{line} {options}"
    return CommandInvoked(STAFF, who, name, noun, verb, options, ReplyHandle(name, BEGAN), BEGAN)


async def worked_off(program: Program, events: Sequence[Event]) -> tuple[float, float]:
    """Until the consequences of these are committed: seconds, and seconds of processor time."""
    began, used = time.perf_counter(), time.process_time()
    await program.sink.accept(events)
    while await program.worker.run_once():
        pass
    return time.perf_counter() - began, time.process_time() - used


def traces(folder: Path) -> int:
    """How often :data:`MARK` stands in the files of a database."""
    return sum(file.read_bytes().lower().count(MARK.encode()) for file in folder.glob("erasing.db*"))


async def measured(folder: Path, messages: int) -> Mapping[str, float]:
    """What it took, and what is left."""
    chat = RecordingChat(folder / "sent.jsonl", frozenset({SPACE}))
    understanding = Understanding(FastTextIdentifier(), LearnedKinds(), Embedders(Hashing()))
    async with open_storage(f"sqlite:///{folder}/erasing.db", throwaway_sealer()) as storage:
        program = make_program(make_core(storage, SystemClock(), understanding=understanding), [chat])
        await program.sink.accept([asked(ADA, "team add", name="Product", channel=STAFF.channel)])
        await program.drain()
        await program.sink.accept([asked(ADA, "route add", team="product")])
        await program.drain()
        for first in range(0, messages, BATCH):
            numbers = range(first, min(first + BATCH, messages))
            await program.sink.accept([event for number in numbers for event in said(number)])
            await program.drain()
        before = traces(folder)
        seconds, used = await worked_off(program, [asked(ANNA, "privacy erase")])
        began = time.perf_counter()
        await program.drain()
        edited = time.perf_counter() - began
    taken = {"erased": round(seconds, 3), "erased_cpu": round(used, 3), "edited": round(edited, 3)}
    return {"messages": messages, **taken, "before": before, "left": traces(folder)}


def main() -> None:
    """Measure; a line of JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--messages", type=int, default=10_000)
    chosen = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(asyncio.run(measured(Path(made), chosen.messages))))


if __name__ == "__main__":
    main()
