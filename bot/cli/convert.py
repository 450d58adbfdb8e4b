"""``parley convert``"""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Turn another tool's export into a history.", no_args_is_help=True)
Out = Annotated[Path, typer.Argument(metavar="OUT", help="The history, JSON Lines.")]


@app.command("slack-export")
def slack_export(
    export: Annotated[Path, typer.Argument(metavar="IN.zip", help="A workspace export, as downloaded.")], out: Out
) -> None:
    """Convert a Slack workspace export (zip)."""
    from adapters.files.converting.slack_export import convert
    from adapters.files.writing import written

    with written(out) as rows:
        count = 0
        for row in convert(export):
            rows.write(row)
            count += 1
    typer.echo(f"{count} messages written to {out}", err=True)


@app.command("discord-chat-exporter")
def discord_chat_exporter(
    export: Annotated[Path, typer.Argument(metavar="IN.json", help="A channel as DiscordChatExporter's JSON.")],
    out: Out,
) -> None:
    """Convert a file of DiscordChatExporter (JSON)."""
    from adapters.files.converting.discord_exporter import convert
    from adapters.files.writing import written

    with written(out) as rows:
        count = 0
        for row in convert(export):
            rows.write(row)
            count += 1
    typer.echo(f"{count} messages written to {out}", err=True)
