"""``parley convert``"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import Progress
from bot.cli.places import must_differ
from bot.cli.progress import progress

app = typer.Typer(help="Turn another tool's export into a history.", no_args_is_help=True)
Out = Annotated[Path, typer.Argument(metavar="OUT", help="The history, JSON Lines.")]


@app.command("slack-export")
def slack_export(
    export: Annotated[Path, typer.Argument(metavar="IN.zip", help="A workspace export, as downloaded.")],
    out: Out,
    *,
    show_progress: Progress = False,
) -> None:
    """Convert a Slack workspace export (zip)."""
    from adapters.files.converting.slack_export import convert

    must_differ({"IN.zip": export, "OUT": out})
    _write(convert(export), out, shown=show_progress)


@app.command("discord-chat-exporter")
def discord_chat_exporter(
    export: Annotated[Path, typer.Argument(metavar="IN.json", help="A channel as DiscordChatExporter's JSON.")],
    out: Out,
    *,
    show_progress: Progress = False,
) -> None:
    """Convert a file of DiscordChatExporter (JSON)."""
    from adapters.files.converting.discord_exporter import convert

    must_differ({"IN.json": export, "OUT": out})
    _write(convert(export), out, shown=show_progress)


def _write(history: Iterator[dict[str, object]], out: Path, *, shown: bool) -> None:
    from adapters.files.writing import written

    count = 0
    with written(out) as rows, progress("Converting", None, shown=shown) as advance:
        for row in history:
            rows.write(row)
            count += 1
            advance(1)
    typer.echo(f"Messages written to {out}: {count}", err=True)
