"""A history through the whole live path, against a chat that only records."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from adapters.files.history import open_history
from adapters.files.recording import RecordingChat, recorded_keys
from adapters.language.minilm import MiniLM
from adapters.language.models import load_understanding
from adapters.storage.database import Access, Database
from adapters.storage.outbox import SqlOutbox
from benchmarks import real_chat
from bot import replaying
from bot.analysing import analyse
from bot.fingerprint import Fingerprint, Understood
from bot.foresight import Foresight
from bot.recalling import load_recalling
from bot.settings import Settings
from bot.thinking import Attempt, Promised, Thinking, in_a_process
from dialogue.events import Event
from dialogue.rows import Sent
from dialogue.understanding.foreseeing import Foreseen
from knowledge_base.ids import platform_id
from tests.conftest import ReversingSealer
from tests.histories import Row, made_up, written
from tests.integration.replay.runs import replayed, sent


async def stored(database: Path) -> list[Understood]:
    opened = await Database.open(f"sqlite:///{database}", ReversingSealer(), Access.READ)
    async with opened.read() as uow:
        rows = [
            Understood(platform_id(row.message), row.kind, row.conversation, row.insight)
            async for row in uow.totals.judgements()
        ]
    await opened.close()
    return rows


async def analysed(history: Path, folder: Path) -> list[Understood]:
    """What a dry run says of each line when it comes."""
    out = folder / "messages.jsonl"
    read, understanding, ended = open_history(str(history)), load_understanding(), folder / "conversations.jsonl"
    placer = in_a_process(load_understanding, reads=False)
    with in_a_process(load_recalling) as thinker:
        analyse(read, thinker, placer, understanding, out, ended, lambda _: None)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    return [Understood(row["id"], row["kind"], row["conversation"], row["insight"]) for row in rows]


def in_the_end(folder: Path) -> dict[str, str]:
    """In which conversation each message is, once a dry run has seen all: late evidence may have moved it."""
    lines = (folder / "conversations.jsonl").read_text("utf-8").splitlines()
    return {message: row["id"] for row in map(json.loads, lines) for message in row["messages"]}


async def assert_a_dry_run_agrees(history: Path, database: Path) -> set[str]:
    """Conversations as they are in the end, and kinds and insights of all that was not moved; what was."""
    kept, rows = {row.id: row for row in await stored(database)}, await analysed(history, database.parent)
    ended = in_the_end(database.parent)
    moved = {row.id for row in rows if row.conversation != ended[row.id]}
    lasting = [replace(row, conversation=ended[row.id]) for row in rows]
    assert _partition(kept.values()) == _partition(lasting)
    assert Fingerprint.of([kept[row.id] for row in lasting if row.id not in moved]) == Fingerprint.of(
        [row for row in lasting if row.id not in moved]
    )
    return moved


def _partition(rows: Iterable[Understood]) -> set[frozenset[str]]:
    talks: dict[str, set[str]] = {}
    for row in rows:
        talks.setdefault(row.conversation, set()).add(row.id)
    return set(map(frozenset, talks.values()))


@pytest.mark.parametrize(
    ("spaces", "audiences"),
    [
        ((None,), (None,)),
        (("guild", "work/space"), (None,)),
        (("guild", "work/space"), ("public", "members", "private", "internal")),
    ],
)
async def test_batches_of_1_and_64_and_a_dry_run_agree(
    tmp_path: Path, spaces: Sequence[str | None], audiences: Sequence[str | None]
) -> None:
    history = written(tmp_path / "history.jsonl", made_up(500, spaces=spaces, audiences=audiences))
    one = await replayed(history, tmp_path / "one.db", batch=1)
    many = await replayed(history, tmp_path / "many.db", batch=64)
    assert one["fingerprint"] == many["fingerprint"]
    assert (one["lost"], one["duplicated"]) == (0, 0)
    await assert_a_dry_run_agrees(history, tmp_path / "many.db")


@pytest.mark.shared
async def test_real_chat_is_understood_the_same_in_batches_and_in_a_dry_run(tmp_path: Path) -> None:
    logs = real_chat.logs()[:1]
    if not logs:
        pytest.skip("the labelled chat is not there")
    history = tmp_path / "history.jsonl"
    lines = real_chat.write(logs, history)
    many = await replayed(history, tmp_path / "many.db", batch=64)
    one = await replayed(history, tmp_path / "one.db", batch=1)
    assert one["fingerprint"] == many["fingerprint"]
    assert (many["messages"], many["lost"], many["duplicated"]) == (lines, 0, 0)
    assert many["cards"] > 0
    await assert_a_dry_run_agrees(history, tmp_path / "many.db")


async def test_every_insight_has_its_card_and_merged_voices_show_in_its_demand(tmp_path: Path) -> None:
    rows = made_up(2)
    for row, author in zip(rows, ("anna", "ben"), strict=True):
        row |= {"author": author, "role": "customer", "text": "The CSV export drops my tags", "deleted": False}
        row |= {"reply_to": None, "thread": None, "reactions": []}
    report = await replayed(written(tmp_path / "history.jsonl", rows), tmp_path / "x.db")
    assert (report["insights"], report["merged"], report["cards"]) == (1, 1, 1)
    posts = sent(tmp_path / "x.db")
    assert [post["action"] for post in posts if post["action"] != "edit"] == ["post"]
    assert "The CSV export drops my tags" in posts[-1]["text"]
    assert "2 people" in posts[-1]["text"]


async def test_what_different_audiences_heard_is_no_one_insight(tmp_path: Path) -> None:
    rows = made_up(8)
    places = (("help", "public"), ("lounge", "public"), ("den", "members"), ("vip", "private"), ("box", "private"))
    places = (*places, ("staff", "internal"), ("office", "internal"), ("vip", "private"))
    for row, (channel, audience) in zip(rows, places, strict=True):
        row |= {"role": "customer", "text": "The CSV export drops my tags", "deleted": False, "author": channel}
        row |= {"reply_to": None, "thread": None, "reactions": [], "channel": channel, "audience": audience}
    history = written(tmp_path / "history.jsonl", rows)
    for understood in (await analysed(history, tmp_path), await stored_after(history, tmp_path / "x.db")):
        named = {row.id: row.insight for row in understood}
        together = [sorted(one for one in named if named[one] == insight) for insight in dict.fromkeys(named.values())]
        assert sorted(together) == [["m0", "m1"], ["m2"], ["m3", "m7"], ["m4"], ["m5", "m6"]]


async def test_what_a_reply_moves_is_moved_in_a_dry_run_too_and_what_comes_later_goes_by_that(tmp_path: Path) -> None:
    said: Sequence[tuple[str, str, str | None]] = (
        ("anna", "the export of my invoices loses all tags, it is broken", None),
        ("ben", "the app crashes when I open the calendar on my phone", None),
        ("dora", "ben: me too", None),
        ("cara", "same here", None),
        ("anna", "ok so it is not just me", "m3"),
        ("emil", "same here", "m3"),
        ("emil", "the export of my invoices loses all tags, it is broken", None),
    )
    rows = made_up(len(said))
    for second, (row, (author, text, reply_to)) in enumerate(zip(rows, said, strict=True)):
        row |= {"role": "customer", "text": text, "deleted": False, "author": author, "channel": "help"}
        row |= {"time": f"2026-03-02T10:00:{10 + 5 * second}Z"}
        row |= {"reply_to": reply_to, "thread": None, "reactions": []}
    history = written(tmp_path / "history.jsonl", rows)
    await replayed(history, tmp_path / "x.db")
    kept = {row.id: row for row in await stored(tmp_path / "x.db")}
    assert await assert_a_dry_run_agrees(history, tmp_path / "x.db") == {"m3"}
    assert [kept[name].conversation for name in ("m3", "m4", "m5")] == [kept["m0"].conversation] * 3
    assert [kept[name].insight for name in ("m3", "m5", "m6")] == [kept["m0"].insight] * 3
    before = {row.id: row for row in await analysed(history, tmp_path)}
    assert before["m3"].insight == before["m1"].insight
    assert before["m5"].insight == before["m0"].insight


async def test_the_process_that_judges_a_dry_run_leaves_voices_to_the_one_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = made_up(300)
    rows[1] |= {"text": "good morning everybody", "reply_to": None}
    rows[2] |= {"text": "same here, the export of my invoices loses all tags", "reply_to": rows[1]["id"]}
    for row in rows[1:3]:
        row |= {"role": "customer", "author": row["id"], "channel": "help", "thread": None, "deleted": False}
    monkeypatch.setattr(MiniLM, "embed", lambda *_: pytest.fail("it asks"))
    load_understanding.cache_clear()  # nothing is remembered of what it asked before
    analyses = await analysed(written(tmp_path / "history.jsonl", rows), tmp_path)
    assert analyses[2].insight
    assert sum(row.insight is not None for row in analyses) > 100


async def test_nothing_is_thought_about_twice_because_what_came_in_is_not_what_was_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ask = list[Event](), Thinking.foreseen

    def noted(thinking: Thinking, events: Sequence[Event]) -> Promised[Sequence[Attempt]]:
        asked.extend(events)
        return ask(thinking, events)

    monkeypatch.setattr(Thinking, "foreseen", noted)
    monkeypatch.setattr(Thinking, "events", lambda *_: pytest.fail("it was not expected"))
    await replayed(written(tmp_path / "history.jsonl", made_up(300)), tmp_path / "x.db")
    assert len(asked) == len(set(asked)) == 300


async def test_what_the_process_beside_foresees_is_what_is_judged(
    tmp_path: Path, taken_over: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row for row in made_up(600, spaces=("guild", None)) if not row["deleted"]]
    history = written(tmp_path / "history.jsonl", rows)
    foreseen = await replayed(history, tmp_path / "foreseen.db")
    assert taken_over == [True] * len(rows)
    monkeypatch.setattr(Foreseen, "holds", lambda *_: False)
    judged = await replayed(history, tmp_path / "judged.db")
    assert foreseen["fingerprint"] == judged["fingerprint"]
    texts = [[post.get("text") for post in sent(tmp_path / name)] for name in ("foreseen.db", "judged.db")]
    assert texts[0] == texts[1]


async def test_continued_it_soon_foresees_what_comes_as_if_it_had_judged_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken_over: list[bool]
) -> None:
    monkeypatch.setattr(replaying, "CHUNK", 50)
    rows = [row | {"reactions": []} for row in made_up(400) if not row["deleted"]]
    await replayed(written(tmp_path / "half.jsonl", rows[:170]), tmp_path / "x.db")
    assert taken_over == [True] * 170
    whole = written(tmp_path / "whole.jsonl", rows)
    continued = await replayed(whole, tmp_path / "x.db")
    # its lanes are loaded with the chunk up to line 200, when what comes up to 250 is expected already
    assert taken_over[170:250] == [False] * 80
    assert taken_over[250:] == [True] * (len(rows) - 250)
    one = await replayed(whole, tmp_path / "one.db")
    assert continued["fingerprint"] == one["fingerprint"]


async def test_what_comes_next_is_expected_while_a_chunk_is_decided_unless_a_lane_of_it_has_to_be_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "CHUNK", 20)
    happened, expect, decide = list[str](), Foresight.expect, Foresight.events
    minds = iter([True, False, True])

    def expected(foresight: Foresight, events: Sequence[Event]) -> None:
        happened.append(f"expect {events[0].message}")
        expect(foresight, events)

    async def asked(foresight: Foresight, events: Sequence[Event]) -> Sequence[Attempt]:
        happened.append(f"decide {events[0].message}")
        return await decide(foresight, events)

    monkeypatch.setattr(Foresight, "expect", expected)
    monkeypatch.setattr(Foresight, "events", asked)
    monkeypatch.setattr(Foresight, "is_of_one_mind", lambda *_: next(minds))
    rows = [row | {"reactions": [], "time": f"2026-01-02T10:{n:02}:00Z"} for n, row in enumerate(made_up(60))]
    await replayed(written(tmp_path / "history.jsonl", rows), tmp_path / "x.db")
    assert happened == ["expect m0", "expect m20", "decide m0", "decide m20", "expect m40", "decide m40"]


async def stored_after(history: Path, database: Path) -> list[Understood]:
    await replayed(history, database)
    return await stored(database)


async def test_timers_fire_between_the_lines_they_fall_between(tmp_path: Path) -> None:
    rows = made_up(3)
    times = ("2026-01-02T10:00:00Z", "2026-01-06T10:00:00Z", "2026-01-14T10:00:00Z")
    for row, time in zip(rows, times, strict=True):
        row |= {"time": time, "text": "The export crashed", "deleted": False, "role": "customer"}
    await replayed(written(tmp_path / "history.jsonl", rows), tmp_path / "x.db")
    digests = [post["text"] for post in sent(tmp_path / "x.db") if "comes late" in post["text"]]
    assert [digest.splitlines()[2:4] for digest in digests] == [
        ["New:", "Problem #1, 1 person: The export crashed"],
        ["Said again:", "Problem #1, 2 people, 1 more: The export crashed"],
    ]


async def test_the_same_history_on_postgresql_gives_the_same_fingerprint(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    history = written(tmp_path / "history.jsonl", made_up(200))
    server = await replayed(history, tmp_path / "unused", url=postgresql_url)
    assert server["fingerprint"] == (await replayed(history, tmp_path / "x.db"))["fingerprint"]
    assert (tmp_path / "fresh.sent.jsonl").exists()


async def test_with_a_speed_it_waits_as_long_as_people_did_divided_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def noted(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(replaying, "sleep", noted)
    rows = made_up(4)
    for row, second in zip(rows, (0, 30, 20, 90), strict=True):
        row["time"] = datetime.fromisoformat("2026-01-02T00:00:00Z").replace(minute=second // 60, second=second % 60)
        row["time"] = row["time"].isoformat()
    history = open_history(str(written(tmp_path / "history.jsonl", rows)))
    await replaying.replay(Settings(), history, f"sqlite:///{tmp_path / 'x.db'}", 10.0, lambda _: None)
    assert waits == [0, 3, 0, 6]


async def test_an_empty_history_is_nothing_lost(tmp_path: Path) -> None:
    report = await replayed(written(tmp_path / "history.jsonl", []), tmp_path / "x.db")
    assert (report["messages"], report["lost"], report["duplicated"]) == (0, 0, 0)


@pytest.mark.parametrize("state", ["sent", "dead"])
async def test_what_was_not_stored_or_not_said_is_lost_and_what_was_said_twice_is_told(
    tmp_path: Path, state: str
) -> None:
    history = written(tmp_path / "history.jsonl", made_up(60))
    await replayed(history, tmp_path / "x.db")
    file = tmp_path / "x.db.sent.jsonl"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines[:-1], lines[0]]), "utf-8")
    with closing(sqlite3.connect(tmp_path / "x.db")) as database, database:
        key = json.loads(lines[-1])["key"]
        assert database.execute("UPDATE outbox SET state = ? WHERE id = ?", (state, key)).rowcount == 1
    report = await replayed(history, tmp_path / "x.db")
    assert (report["lost"], report["duplicated"]) == (1, 1)


async def lines_of(rows: Sequence[Row]) -> AsyncIterator[bytes]:
    for row in rows:
        yield (json.dumps(row) + "\n").encode()


@pytest.mark.parametrize(("broken_at", "kept"), [(replaying.CHUNK + 44, replaying.CHUNK), (10, 0)])
async def test_a_broken_line_on_standard_input_is_named_and_what_came_before_its_chunk_is_kept(
    tmp_path: Path, broken_at: int, kept: int
) -> None:
    rows = made_up(broken_at)
    text = b"".join([line async for line in lines_of(rows)]) + b"nonsense\n"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "replay", "-", "--database", f"sqlite:///{tmp_path / 'x.db'}",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, errors = await process.communicate(text)
    assert process.returncode == 2
    assert f"standard input, line {broken_at + 1}: not JSON" in errors.decode()
    assert "Traceback" not in errors.decode()
    assert len(await stored(tmp_path / "x.db")) == kept


async def test_what_was_sent_is_on_the_disk_before_it_is_written_down_as_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring, note, synced, noted = RecordingChat.sync, SqlOutbox.sent, [0], [0]

    async def sync(chat: RecordingChat) -> None:
        await bring(chat)
        synced[0] = sum(1 for _ in recorded_keys(tmp_path / "x.db.sent.jsonl"))

    async def down(outbox: SqlOutbox, rows: Sequence[Sent], now: datetime) -> frozenset[str]:
        noted[0] += len(rows)
        assert noted[0] <= synced[0]
        return await note(outbox, rows, now)

    monkeypatch.setattr(RecordingChat, "sync", sync)
    monkeypatch.setattr(SqlOutbox, "sent", down)
    await replayed(written(tmp_path / "history.jsonl", made_up(40)), tmp_path / "x.db")
    assert noted[0] == synced[0] > 1
