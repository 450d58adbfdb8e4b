import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.language.hashing import Hashing
from adapters.language.minilm import MiniLM
from adapters.language.models import load_understanding
from bot import analysing, thinking
from bot.thinking import Thinking
from dialogue.meanings import REMEMBERED, Embedders
from tests.histories import made_up
from tests.integration.cli.lines import LINE, line
from tests.integration.cli.terminal import Terminal

MESSAGE_KEYS = ["id", "conversation", "reply_to", "kind", "confidence", "insight", "language"]
CONVERSATION_KEYS = ["id", "channel", "messages", "kinds", "solutions", "solved"]
KINDS = {"question", "problem", "request", "solution", "information", "praise", "complaint", "chatter"}
OUTPUTS = ("--messages", "m.jsonl", "--conversations", "c.jsonl")


def analysed(terminal: Terminal, *rows: dict | str | bytes) -> tuple[list[dict], list[dict]]:
    """The two outputs for a history of these lines."""
    ended = terminal.type("analyse", terminal.write("h.jsonl", *rows), *OUTPUTS)
    assert (ended.code, ended.out) == (0, ""), ended.err
    return terminal.rows("m.jsonl"), terminal.rows("c.jsonl")


def test_each_line_has_one_row_in_file_order_with_every_key(terminal: Terminal):
    history = made_up(300)
    rows, conversations = analysed(terminal, *history)
    assert [row["id"] for row in rows] == [said["id"] for said in history]
    assert all(list(row) == MESSAGE_KEYS for row in rows)
    assert all(list(conversation) == CONVERSATION_KEYS for conversation in conversations)
    assert {row["kind"] for row in rows} <= KINDS
    assert all(0 <= row["confidence"] <= 1 for row in rows)
    assert {row["kind"] for row in rows if row["insight"]} <= KINDS - {"chatter"}
    assert any(row["insight"] for row in rows)


def test_whoever_has_time_for_it_reads_and_concludes_the_same(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    history, none, all_of_it = made_up(300), -1, 10**6
    monkeypatch.setattr(analysing, "_CONCLUDED_TOGETHER", 20)
    monkeypatch.setattr(analysing, "_LEFT", none)
    here = analysed(terminal, *history)
    monkeypatch.setattr(analysing, "_LEFT", all_of_it)
    assert analysed(terminal, *history) == here


def test_a_reply_stays_in_its_conversation_and_null_starts_one(terminal: Terminal):
    rows, conversations = analysed(terminal, *made_up(300))
    in_the_end = {name: ended["id"] for ended in conversations for name in ended["messages"]}
    conversation_of: dict[str, str] = {}
    for row in rows:
        if row["reply_to"] is None:
            assert row["conversation"] not in conversation_of.values()
        else:  # what is replied to may have been moved by that
            assert row["conversation"] in (conversation_of[row["reply_to"]], in_the_end[row["reply_to"]])
        conversation_of[row["id"]] = row["conversation"]


def test_conversations_hold_every_message_once_in_its_own_channel(terminal: Terminal):
    history = made_up(300)
    rows, conversations = analysed(terminal, *history)
    channel_of = {said["id"]: said["channel"] for said in history}
    held = {name: ended["id"] for ended in conversations for name in ended["messages"]}
    assert sum(len(ended["messages"]) for ended in conversations) == len(history)
    moved = {row["id"] for row in rows if row["conversation"] != held[row["id"]]}
    assert len(moved) < 0.02 * len(history)  # by what was said later
    for ended in conversations:
        assert {channel_of[name] for name in ended["messages"]} == {ended["channel"]}
        assert set(ended["kinds"]) <= KINDS
        assert set(ended["solutions"]) <= set(ended["messages"])


@pytest.mark.parametrize("count", [0, 1, 7, 150])
def test_the_first_lines_give_the_first_rows(terminal: Terminal, count: int):
    history = made_up(200)
    rows, _ = analysed(terminal, *history)
    assert analysed(terminal, *history[:count])[0] == rows[:count]


def test_every_role_has_its_row(terminal: Terminal):
    roles = ("customer", "staff", "admin", "bot", "system")
    rows, _ = analysed(terminal, *[line(number, role=role) for number, role in enumerate(roles)])
    assert len(rows) == 5
    assert [row["insight"] for row in rows][3:] == [None, None]


def test_a_platforms_reply_is_followed(terminal: Terminal):
    rows, _ = analysed(terminal, line(1), line(2, "lunch?", author="bob"), line(3, "me too", author="c", reply_to="m1"))
    assert rows[2]["reply_to"] == "m1"


@pytest.mark.parametrize("unknown", [{"reply_to": "gone"}, {"mood": [1]}, {"space": None}])
def test_what_is_unknown_is_ignored(terminal: Terminal, unknown: dict):
    plain = analysed(terminal, line(1), line(2, "restart it", author="bob"))
    assert analysed(terminal, line(1) | unknown, line(2, "restart it", author="bob"))[0] == plain[0]


def test_null_stands_for_what_is_left_out(terminal: Terminal):
    left_out = {name: value for name, value in line(1).items() if value is not None}
    optional = ("space", "author_name", "edited", "deleted", "reactions", "attachments", "audience")
    assert analysed(terminal, line(1) | dict.fromkeys(optional)) == analysed(terminal, left_out)


def test_a_late_line_is_judged_when_it_comes(terminal: Terminal):
    late = line(9, "restart it, that helps", time="2025-01-02T03:04:05Z", author="bob")
    rows, _ = analysed(terminal, line(1), late, line(2))
    assert [row["id"] for row in rows] == ["m1", "m9", "m2"]
    assert rows[:2] == analysed(terminal, line(1), late)[0]


def test_a_deleted_message_has_a_row_that_tells_nothing(terminal: Terminal):
    rows, _ = analysed(terminal, line(1), line(2, deleted=True, reply_to="m1"))
    assert (rows[1]["reply_to"], rows[1]["kind"], rows[1]["insight"]) == (None, "chatter", None)


def test_two_who_say_the_same_are_voices_of_one_insight(terminal: Terminal):
    text = "The export drops all my tags since the last update"
    rows, _ = analysed(terminal, line(1, text), line(70, text, author="bob", channel="other"))
    assert rows[0]["insight"] == rows[1]["insight"] is not None


def test_an_empty_history_gives_empty_files(terminal: Terminal):
    assert analysed(terminal) == ([], [])


def test_standard_input_is_read_like_a_file(terminal: Terminal):
    history = made_up(120)
    expected = analysed(terminal, *history)
    ended = terminal.type("analyse", "-", *OUTPUTS, stdin=terminal.folder.joinpath("h.jsonl").read_bytes())
    assert ended.code == 0
    assert (terminal.rows("m.jsonl"), terminal.rows("c.jsonl")) == expected


def test_the_model_is_named_on_standard_error_and_progress_shown_when_asked(terminal: Terminal):
    history = terminal.write("h.jsonl", *made_up(30))
    quiet = terminal.type("analyse", history, *OUTPUTS)
    assert quiet.err.startswith("parley: model ")
    assert quiet.err.count("\n") == 1
    shown = terminal.type("analyse", history, *OUTPUTS, "--progress")
    assert (shown.code, shown.out) == (0, "")
    size = history.stat().st_size
    assert f"{size}/{size}" in shown.err
    assert "Analysing" in shown.err
    assert "30/30" in shown.err


def test_what_a_text_means_is_made_once(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    asked, embed = list[str](), MiniLM.embed
    monkeypatch.setattr(MiniLM, "embed", lambda model, text: asked.append(text) or embed(model, text))
    texts = [f"the export of report number {number} drops all my tags" for number in range(REMEMBERED + 50)]
    history = terminal.write("h.jsonl", *[line(at, text) for at, text in enumerate((*texts, *texts))])
    assert terminal.type("analyse", history, *OUTPUTS).code == 0
    assert sorted(asked) == sorted(texts)


def test_the_process_that_places_ends_before_conversations_are_concluded(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    running, begin, conclude = list[Thinking](), thinking.in_a_process, analysing._write_conversations

    @contextmanager
    def noted(*given: object, **how: object) -> Iterator[Thinking]:
        with begin(*given, **how) as beside:
            running.append(beside)
            yield beside
            running.remove(beside)

    def concluded(*given: object) -> int:
        assert len(running) == 1
        return conclude(*given)

    monkeypatch.setattr(thinking, "in_a_process", noted)
    monkeypatch.setattr(analysing, "_write_conversations", concluded)
    analysed(terminal, LINE)


def test_without_the_model_it_falls_back_and_says_so(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    poor = replace(load_understanding(), embedders=Embedders(Hashing()))
    monkeypatch.setattr("adapters.language.models.load_understanding", lambda: poor)
    ended = terminal.type("analyse", terminal.write("h.jsonl", line(1)), *OUTPUTS)
    assert ended.code == 0
    assert f"model {Hashing.name} (the language model's files are missing" in ended.err


def test_outputs_replace_earlier_ones_and_may_be_devices(terminal: Terminal):
    terminal.write("m.jsonl", "before")
    rows, _ = analysed(terminal, LINE)
    assert [row["id"] for row in rows] == ["m1"]
    ended = terminal.type("analyse", "h.jsonl", "--messages", "../null", "--conversations", "../null")
    assert ended.code == 0
    assert Path("../null").is_char_device()


def test_rows_can_be_piped_on(terminal: Terminal):
    terminal.write("h.jsonl", LINE)
    ended = terminal.process("analyse", "h.jsonl", "--messages", "/dev/stdout", "--conversations", "../null")
    assert ended.code == 0
    assert json.loads(ended.out)["id"] == "m1"
    assert terminal.names() == {"h.jsonl"}


def test_a_named_pipe_is_read_to_its_end(terminal: Terminal):
    os.mkfifo("pipe")
    terminal.write("h.jsonl", LINE, line(2))
    with subprocess.Popen(["sh", "-c", "cat h.jsonl > pipe"]) as writer:
        try:
            ended = terminal.process("analyse", "pipe", *OUTPUTS)
        finally:
            writer.kill()
    assert ended.code == 0, ended.err
    assert len(terminal.rows("m.jsonl")) == 2
