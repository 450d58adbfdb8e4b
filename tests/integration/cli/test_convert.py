import subprocess

import pytest

from tests.integration.cli.exports import DISCORD, ROOT, SLACK, discord_export, said, slack_export
from tests.integration.cli.terminal import COMMAND, Terminal, environment

SLACK_COMMAND = ("convert", "slack-export", "export.zip")
DISCORD_COMMAND = ("convert", "discord-chat-exporter", "export.json")


def analysed(terminal: Terminal) -> tuple[dict[str, dict], dict[str, dict]]:
    """The rows of the history and of what analyse makes of it, by the messages' ids."""
    ended = terminal.type("analyse", "h.jsonl", "--messages", "m.jsonl", "--conversations", "c.jsonl")
    assert ended.code == 0, ended.err
    history = {row["id"]: row for row in terminal.rows("h.jsonl")}
    understood = {row["id"]: row for row in terminal.rows("m.jsonl")}
    assert list(history) == list(understood)
    return history, understood


def test_a_slack_workspace_becomes_a_history_that_is_understood(terminal: Terminal):
    slack_export(terminal.folder, SLACK)
    ended = terminal.type(*SLACK_COMMAND, "h.jsonl")
    assert (ended.code, ended.out, ended.err) == (0, "", "Messages written to h.jsonl: 5\n")
    history, understood = analysed(terminal)
    root, answer = history[f"C1:{ROOT}"], history["C1:1704164650.000200"]
    assert [row["role"] for row in history.values()] == ["system", "customer", "bot", "admin", "customer"]
    assert answer["thread"] == root["id"]
    assert root["edited"] == "2024-01-02T03:05:00Z"
    assert root["reactions"] == [{"name": "bug", "authors": ["U2"]}]
    assert root["attachments"] == [{"name": "log.txt", "type": "text/plain"}]
    assert understood[root["id"]]["kind"] == "problem"
    assert understood["C1:1704164651.000200"]["conversation"] == understood[answer["id"]]["conversation"]


def test_a_discord_channel_becomes_a_history_that_is_understood(terminal: Terminal):
    discord_export(terminal.folder, DISCORD)
    ended = terminal.type(*DISCORD_COMMAND, "h.jsonl")
    assert (ended.code, ended.out, ended.err) == (0, "", "Messages written to h.jsonl: 5\n")
    history, understood = analysed(terminal)
    assert [row["role"] for row in history.values()] == ["customer", "bot", "customer", "customer", "system"]
    assert history["104"]["reply_to"] == "101" == understood["104"]["reply_to"]
    assert history["101"]["edited"] == "2024-01-02T03:05:00Z"
    assert history["101"]["reactions"] == [{"name": "bug", "authors": ["12"]}]
    assert history["101"]["attachments"] == [{"name": "log.txt", "type": ""}]
    assert understood["101"]["kind"] == "problem"
    assert history["105"]["reply_to"] is understood["105"]["reply_to"] is None


def test_a_thread_of_discord_stays_one(terminal: Terminal):
    thread = {"id": "101", "type": "GuildPublicThread", "categoryId": "2", "category": "help", "name": "tags lost"}
    discord_export(terminal.folder, DISCORD | {"channel": thread})
    terminal.type(*DISCORD_COMMAND, "h.jsonl")
    history, _ = analysed(terminal)
    assert [row["thread"] for row in history.values()] == [None, "101", "101", "101", "101"]
    assert {row["channel"] for row in history.values()} == {"help"}


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "\u202e<@1>" * 999, "x" * 40_000, "<" * 40_000, "&lt;@everyone&gt;"]
)
def test_hostile_texts_become_a_history_too(terminal: Terminal, text: str):
    days = {"help/2024-01-02.json": [{"user": "U1", "ts": ROOT, "text": text, "username": text}]}
    slack_export(terminal.folder, SLACK | days)
    discord_export(terminal.folder, DISCORD | {"messages": [said(101, text)]})
    for command in (SLACK_COMMAND, DISCORD_COMMAND):
        assert terminal.type(*command, "h.jsonl").code == 0
        analysed(terminal)


def test_progress_is_shown_when_asked(terminal: Terminal):
    slack_export(terminal.folder, SLACK)
    discord_export(terminal.folder, DISCORD)
    for command in (SLACK_COMMAND, DISCORD_COMMAND):
        shown = terminal.type(*command, "h.jsonl", "--progress")
        assert "Converting" in shown.err
        assert "5/" in shown.err
        assert "Converting" not in terminal.type(*command, "h.jsonl").err


def test_a_history_can_be_piped_into_analyse(terminal: Terminal):
    slack_export(terminal.folder, SLACK)
    with terminal.start(*SLACK_COMMAND, "/dev/stdout") as converting:
        command = [*COMMAND, "analyse", "-", "--messages", "m.jsonl", "--conversations", "c.jsonl"]
        subprocess.run(command, stdin=converting.stdout, cwd=terminal.folder, env=environment(), check=True, timeout=60)
        assert converting.wait(timeout=30) == 0
    assert len(terminal.rows("m.jsonl")) == 5


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"help/2024-01-03.json": "{"}, "export.zip, help/2024-01-03.json: not JSON at line 1"),
        ({"help/2024-01-03.json": b"\xff"}, "export.zip, help/2024-01-03.json: not UTF-8 at byte 1"),
        ({"help/2024-01-03.json": [{"text": "x"}]}, 'help/2024-01-03.json: a message has no "ts" that is a time'),
        ({"users.json": {}}, "export.zip, users.json: a list was expected"),
        ({"channels.json": []}, "export.zip: it has no channels.json with channels; is it a Slack workspace export?"),
    ],
)
def test_a_broken_slack_export_names_its_entry_and_writes_nothing(terminal: Terminal, broken: dict, said: str):
    slack_export(terminal.folder, SLACK | broken)
    terminal.type(*SLACK_COMMAND, "h.jsonl").refuses(said)
    assert terminal.names() == {"export.zip"}


@pytest.mark.parametrize("kept", [0, 1, 100, -50])
def test_a_slack_export_that_was_cut_is_a_sentence(terminal: Terminal, kept: int):
    path = slack_export(terminal.folder, SLACK)
    path.write_bytes(path.read_bytes()[:kept])
    terminal.type(*SLACK_COMMAND, "h.jsonl").refuses(
        "export.zip: it is no zip file, or it is damaged; download it again"
    )


HINT = "is it DiscordChatExporter's JSON? Export with: --format Json"


@pytest.mark.parametrize(
    ("export", "said"),
    [
        ("<!DOCTYPE html>", f"export.json: not JSON at line 1 (Expecting value); {HINT}"),
        ('{"messages": [', "export.json: not JSON at line 1"),
        ([], f'export.json: it has no "channel" and "messages"; {HINT}'),
        (DISCORD | {"messages": [said(1, "x"), said(2, "x", timestamp="noon")]}, "export.json, message 2: it has no"),
        ("[" * 100_000, "export.json: holds a number or nesting that can't be read"),
    ],
)
def test_a_broken_discord_export_is_named_and_nothing_is_written(terminal: Terminal, export: object, said: str):
    discord_export(terminal.folder, export)
    terminal.type(*DISCORD_COMMAND, "h.jsonl").refuses(said)
    assert terminal.names() == {"export.json"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["slack-export", "none.zip", "h.jsonl"], "none.zip can't be read: there is no such file or folder; check the"),
        (["slack-export", ".", "h.jsonl"], ". can't be read: it is a folder; name a file."),
        (["slack-export", "export.json", "h.jsonl"], "export.json: it is no zip file"),
        (["discord-chat-exporter", "export.zip", "h.jsonl"], f"; {HINT}"),
        (["discord-chat-exporter", "none.json", "h.jsonl"], "none.json can't be read: there is no such file"),
        (["slack-export", "export.zip", "export.zip"], "IN.zip and OUT name the same file, export.zip; give each one"),
        (["discord-chat-exporter", "export.json", "./export.json"], "IN.json and OUT name the same file"),
        (["slack-export", "export.zip", "none/h.jsonl"], "its folder does not exist; create the folder"),
        (["slack-export", "export.zip", "../full"], "../full can't be written: the disk is full"),
    ],
)
def test_what_cannot_be_converted_is_a_sentence_and_changes_nothing(
    terminal: Terminal, arguments: list[str], said: str
):
    exports = [slack_export(terminal.folder, SLACK), discord_export(terminal.folder, DISCORD)]
    before = [file.read_bytes() for file in exports]
    terminal.type("convert", *arguments).refuses(said)
    assert [file.read_bytes() for file in exports] == before
    assert terminal.names() == {"export.zip", "export.json"}
