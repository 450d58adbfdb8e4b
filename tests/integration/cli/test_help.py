import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.cli.terminal import SOURCE, Terminal, environment

COMMANDS = {"play", "run", "replay", "analyse", "ask", "convert", "kb", "db", "config", "manifest", "doctor", "version"}
HEAVY = (
    "asyncio",
    "rich",
    "numpy",
    "onnxruntime",
    "tokenizers",
    "sqlalchemy",
    "alembic",
    "pydantic",
    "starlette",
    "discord",
    "slack_bolt",
)


def listed(text: str) -> set[str]:
    return set(re.findall(r"^  (\w+) ", text.partition("Commands:")[2], re.MULTILINE))


def test_help_lists_every_command_with_a_whole_sentence(terminal: Terminal):
    ended = terminal.type("--help")
    assert (ended.code, ended.err) == (0, "")
    assert listed(ended.out) == COMMANDS
    assert "..." not in ended.out.partition("Commands:")[2]


def test_typing_nothing_shows_the_help(terminal: Terminal):
    ended = terminal.type()
    assert listed(ended.out + ended.err) == COMMANDS
    assert ended.code == 2


@pytest.mark.parametrize("command", [[], ["db"], ["config"], ["convert"], ["analyse"], ["db", "check"]])
def test_the_short_option_shows_the_same_help(terminal: Terminal, command: list[str]):
    assert terminal.type(*command, "-h") == terminal.type(*command, "--help")
    assert "..." not in terminal.type(*command, "-h").out.partition("Commands:")[2]


@pytest.mark.parametrize("arguments", [["nonsense"], ["analyse"], ["play", "--port", "0"], ["db", "nonsense"]])
def test_a_command_typed_wrongly_points_to_its_help(terminal: Terminal, arguments: list[str]):
    ended = terminal.type(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "--help" in ended.err
    assert "Error: " in ended.err


def test_help_loads_nothing_heavy():
    script = "import sys, bot.cli; bot.cli.run(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr.replace("'", '"'))}
    assert loaded.isdisjoint(HEAVY)
    assert "typer" in loaded


def test_the_module_is_the_command(terminal: Terminal):
    ended = terminal.process("--help")
    assert ended.code == 0
    assert ended.out.startswith("Usage: parley ")


def test_the_version_is_told(terminal: Terminal):
    ended = terminal.type("version")
    assert ended.code == 0
    declared = re.search(r'^version = "(.+)"', (SOURCE / "pyproject.toml").read_text(), re.MULTILINE)
    assert ended.out == f"parley {declared[1]}\n"


def test_without_a_chat_platform_run_says_what_to_do(terminal: Terminal):
    terminal.type("run").refuses("no chat platform is set up", "parley play", "parley convert")


def test_run_refuses_broken_settings_first(terminal: Terminal):
    terminal.write("config.toml", "[worker]", "batsh = 3")
    terminal.type("run").refuses("config.toml: [worker] batsh is no setting")


def test_a_reader_that_goes_away_ends_it_quietly(terminal: Terminal):
    reading, writing = os.pipe()
    os.close(reading)
    ended = terminal.process("config", "check", stdout=writing)
    os.close(writing)
    assert (ended.code, ended.err) == (1, "")


@pytest.mark.parametrize("arguments", [["--help"], ["version"], ["config", "check"]])
def test_a_full_disk_behind_standard_output_is_a_sentence(terminal: Terminal, arguments: list[str]):
    with Path("/dev/full").open("wb") as full:
        ended = terminal.process(*arguments, stdout=full)
    assert (ended.code, ended.err) == (2, "parley: the disk is full; free some space and run it again\n")
