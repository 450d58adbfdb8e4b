"""What README tells people to type or to open is there."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from bot.cli import app

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```\n(.*?)```", TEXT, re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines()] + re.findall(r"`((?:\S*/)?parley [^`]+)`", TEXT)


@pytest.mark.parametrize("target", sorted({line.split()[1] for line in LINES if line.startswith("make ")}))
def test_every_make_target_is_in_the_makefile(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("line", [line for line in LINES if "parley " in line])
def test_every_command_is_one_with_these_options(line: str) -> None:
    words = shlex.split(line)[1:]
    command = typer.main.get_command(app)
    while words and hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    if words:
        context = command.make_context("parley", words)
        assert not context.args, f"{line}: {context.args} would not be understood"
    assert (
        CliRunner().invoke(app, [*shlex.split(line)[1 : len(shlex.split(line)) - len(words)], "--help"]).exit_code == 0
    )


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT))))
def test_every_file_it_links_to_is_there(link: str) -> None:
    assert (ROOT / link).is_file()
