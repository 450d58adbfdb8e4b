"""The command line: one file a command. What a command needs is imported when it runs, so that help is quick."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import Final

import typer

from bot.cli import analyse, ask, config, convert, db, doctor, kb, manifest, play, replay, version
from bot.cli import run as running
from bot.cli.failing import BAD_INPUT, sentence_of

GARBAGE_AT: Final = 20_000
"""New objects, after which those are looked for that nobody can reach any more."""

app = typer.Typer(
    name="parley",
    help="Hears what customers know in chat, and brings it to the team that can act on it.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(play.play)
app.command()(running.run)
app.command()(replay.replay)
app.command()(analyse.analyse)
app.command()(ask.ask)
app.add_typer(convert.app, name="convert")
app.add_typer(kb.app, name="kb")
app.add_typer(db.app, name="db")
app.add_typer(config.app, name="config")
app.add_typer(manifest.app, name="manifest")
app.command()(doctor.doctor)
app.command()(version.version)


def main() -> None:
    """Run the command that was typed; ends the process."""
    # numpy's products here are small, and threads of ours do the rest: its own would only stand in their way
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    # what stays for long is most of what there is, and looking through it again and again took a fifteenth of a replay
    gc.set_threshold(GARBAGE_AT)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command; returns its exit code.

    Bad input gives 2 and a sentence on standard error, an interruption 130. A mistake of ours is raised.
    """
    try:
        app(arguments, prog_name="parley")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        typer.echo(f"parley: {sentence}", err=True)
        return BAD_INPUT
    return 0
