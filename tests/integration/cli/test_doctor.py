from dataclasses import replace
from pathlib import Path

import pytest

import bot.doctor
import migrations
from adapters.language.hashing import Hashing
from adapters.language.models import load_understanding
from dialogue.meanings import Embedders
from tests.integration.cli.terminal import Ended, Terminal

NAMES = ["python", "settings", "database", "model", "model across languages", "language", "disk"]


def finding(ended: Ended, name: str) -> dict:
    return next(found for found in ended.json["findings"] if found["name"] == name)


def database_at(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, url: str) -> dict:
    monkeypatch.setenv("PARLEY_DATABASE__URL", url)
    ended = terminal.type("doctor", "--json")
    found = finding(ended, "database")
    assert (ended.code == 0) == ended.json["well"]
    assert found["well"] or not ended.json["well"]
    return found


def test_everything_is_looked_at_and_told_for_programs(terminal: Terminal):
    ended = terminal.type("doctor", "--json")
    assert [found["name"] for found in ended.json["findings"]] == NAMES
    assert all(set(found) == {"name", "well", "said", "remedy"} for found in ended.json["findings"])
    assert all(bool(found["remedy"]) != found["well"] for found in ended.json["findings"])


def test_people_read_a_line_for_each_and_what_to_do(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PARLEY_DATABASE__URL", "sqlite:///none/x.db")
    ended = terminal.type("doctor")
    assert (ended.code, ended.err) == (1, "")
    lines = ended.out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("BAD  database: none/x.db"))
    assert lines[at + 1] == "     Mend that, or set url in [database]."
    assert [line[5:].partition(":")[0] for line in lines if not line.startswith(" ")] == NAMES


def test_it_leaves_nothing_behind(terminal: Terminal):
    terminal.type("doctor")
    assert terminal.names() == set()


def test_broken_settings_are_told_and_the_rest_is_looked_at(terminal: Terminal):
    terminal.write("config.toml", "[worker]", "batsh = 3")
    ended = terminal.type("doctor", "--json")
    assert ended.code == 1
    assert finding(ended, "settings")["said"].startswith("config.toml: [worker] batsh is no setting")
    assert finding(ended, "database")["well"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///none/x.db", "none/x.db can't be made: in its folder, there is no such file or folder"),
        ("sqlite:///notes.txt/x.db", "notes.txt/x.db can't be made: in its folder, a part of its path is no folder"),
        ("sqlite:////proc/x.db", "/proc/x.db can't be made: in its folder, "),
        ("sqlite:///.", ".: this is a folder; give the path of a file"),
        ("sqlite:///notes.txt", "notes.txt: the file is not a database"),
        ("postgresql://parley:hunter2@127.0.0.1:1/x", "127.0.0.1:1/x: the server can't be reached"),
    ],
)
def test_a_database_that_cannot_be_used_is_told(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, url: str, said: str
):
    terminal.write("notes.txt", *["remember the milk"] * 9)
    found = database_at(terminal, monkeypatch, url)
    assert not found["well"]
    assert said in found["said"]
    assert "hunter2" not in found["said"]


def test_a_database_that_can_be_used_is_told(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    assert database_at(terminal, monkeypatch, "sqlite:///new.db")["said"] == "new.db will be made at the first start"
    Path("new.db").touch()
    assert database_at(terminal, monkeypatch, "sqlite:///new.db")["said"] == "reachable, revision none yet"
    terminal.type("db", "upgrade")
    assert database_at(terminal, monkeypatch, "sqlite:///new.db")["said"] == f"reachable, revision {migrations.HEAD}"


def test_a_missing_model_is_told(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    poor = replace(load_understanding(), embedders=Embedders(Hashing()))
    monkeypatch.setattr(bot.doctor, "load_understanding", lambda: poor)
    ended = terminal.type("doctor", "--json")
    assert ended.code == 1
    assert finding(ended, "model")["said"].endswith("finds equal words only: the language model's files are missing")
    assert finding(ended, "model across languages")["said"].startswith("none: what is said in two languages is not")


def test_voices_whose_vectors_other_models_made_are_told(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    said = [
        {"id": f"m{n}", "platform": "discord", "channel": "help", "author": f"a{n}", "role": "customer", "text": text}
        | {"time": "2026-01-02T03:04:05Z"}
        for n, text in enumerate(("The export drops my tags every time", "Please add a dark mode to the app"))
    ]
    terminal.write("h.jsonl", *said)
    assert terminal.type("replay", "h.jsonl", "--database", "sqlite:///x.db").code == 0
    monkeypatch.setenv("PARLEY_DATABASE__URL", "sqlite:///x.db")
    assert "vectors" not in [found["name"] for found in terminal.type("doctor", "--json").json["findings"]]
    poor = replace(load_understanding(), embedders=Embedders(Hashing()))
    monkeypatch.setattr(bot.doctor, "load_understanding", lambda: poor)
    found = finding(terminal.type("doctor", "--json"), "vectors")
    assert found["said"].startswith("2 voices have vectors by other models, and are not compared until")


def test_a_full_disk_is_told(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bot.doctor, "LEAST_SPACE", 2**62)
    found = finding(terminal.type("doctor", "--json"), "disk")
    assert not found["well"]
    assert found["remedy"].startswith("Free at least ")
