import asyncio
import errno
import os
from datetime import UTC, datetime

import pytest

from adapters.files.errors import BrokenLine, Unwritable
from adapters.files.recording import RecordingChat, recorded_keys
from dialogue.actions import Post, Said
from dialogue.errors import Unavailable
from dialogue.events import ReplyHandle
from dialogue.posts import plain
from dialogue.rows import SentRef

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
ACTION = Post("import", "cards", Said(plain("x")))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "x.db.sent.jsonl"


def chat_on(file):
    return RecordingChat(file, frozenset({"import"}))


async def test_every_send_is_one_line_with_its_key(file):
    chat = chat_on(file)
    ref = await chat.send("import", "cards", None, plain("A new problem"), "k1")
    await chat.edit("import", ref, plain("A planned problem"), "k2")
    await chat.react("import", "help", "m1", "eyes", "k3", present=True)
    await chat.reply("import", "help", "u1", ReplyHandle("t", SINCE), plain("Only you"), "k4")
    await chat.send_direct("import", "u1", plain("Hello"), "k5")
    assert file.read_text().splitlines() == [
        '{"key": "k1", "action": "post", "channel": "cards", "text": "A new problem"}',
        '{"key": "k2", "action": "edit", "channel": "cards", "text": "A planned problem", "message": "k1"}',
        '{"key": "k3", "action": "react", "channel": "help", "text": "eyes", "message": "m1"}',
        '{"key": "k4", "action": "reply", "channel": "help", "text": "Only you", "to": "u1"}',
        '{"key": "k5", "action": "direct", "channel": "@u1", "text": "Hello", "to": "u1"}',
    ]
    assert file.stat().st_mode & 0o777 == 0o600


async def test_what_was_sent_is_found_after_a_kill(file):
    await chat_on(file).send("import", "cards", None, plain("x"), "k1")
    again = chat_on(file)
    assert await again.find_sent(ACTION, "k1", SINCE) == SentRef("cards", "k1")
    assert await again.find_sent(ACTION, "k2", SINCE) is None


@pytest.mark.parametrize("torn", [b'{"key": "k2", "act', b"x" * 200_000])
async def test_a_line_torn_by_a_kill_was_never_sent(file, torn):
    await chat_on(file).send("import", "cards", None, plain("x"), "k1")
    with file.open("ab") as stream:
        stream.write(torn)
    chat = chat_on(file)
    assert await chat.find_sent(ACTION, "k2", SINCE) is None
    await chat.send("import", "cards", None, plain("y"), "k2")
    assert list(recorded_keys(file)) == ["k1", "k2"]


async def test_a_broken_line_within_the_file_is_named(file):
    file.write_bytes(b'{"key": "k1", "channel": "c"}\nnonsense\n{"key": "k2", "channel": "c"}\n')
    with pytest.raises(BrokenLine, match="line 2"):
        chat_on(file)


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_full_disk_records_nothing_and_says_so(file, monkeypatch):
    chat = chat_on(file)
    await chat.send("import", "cards", None, plain("x"), "k1")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(Unavailable, match="the disk is full"):
            await chat.send("import", "cards", None, plain("y"), "k2")
    assert await chat.find_sent(ACTION, "k2", SINCE) is None
    await chat.send("import", "cards", None, plain("z"), "k3")
    assert list(recorded_keys(file)) == ["k1", "k3"]


async def test_all_that_was_sent_comes_to_the_disk_at_once_what_is_sent_meanwhile_too(file, monkeypatch):
    chat, synced, bring = chat_on(file), [], os.fsync

    async def send(key: str) -> None:
        await chat.send("import", "cards", None, plain("x"), key)

    def noted(number: int) -> None:
        synced.append(list(recorded_keys(file)))
        bring(number)
        if len(synced) == 1:
            asyncio.run(send("k3"))

    monkeypatch.setattr(os, "fsync", noted)
    await chat.sync()
    await send("k1")
    await send("k2")
    await chat.sync()
    await chat.sync()
    assert synced == [["k1", "k2"], ["k1", "k2", "k3"]]


async def test_what_could_not_be_brought_to_the_disk_is_brought_there_the_next_time(file, monkeypatch):
    chat = chat_on(file)
    await chat.send("import", "cards", None, plain("x"), "k1")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        for _ in range(2):
            with pytest.raises(Unwritable, match="the disk is full"):
                await chat.sync()
    await chat.sync()


async def test_a_key_that_is_sent_twice_stands_there_twice(file):
    chat = chat_on(file)
    await chat.send("import", "cards", None, plain("x"), "k1")
    await chat.send("import", "cards", None, plain("x"), "k1")
    assert list(recorded_keys(file)) == ["k1", "k1"]


def test_no_file_has_no_keys(file):
    assert list(recorded_keys(file)) == []
