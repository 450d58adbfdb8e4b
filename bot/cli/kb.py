"""``parley kb``"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import Community, Config, Database, url_of

app = typer.Typer(help="Look after the stored answers.", no_args_is_help=True)


@app.command("import")
def bring_in(
    *,
    answers: Annotated[Path, typer.Argument(metavar="ANSWERS", help="JSON Lines, or - for standard input.")],
    database: Database = None,
    community: Community = None,
    config: Config = None,
) -> None:
    """Store answers, approved; the same again changes nothing."""
    import asyncio

    from adapters.files.answers import read_answers
    from bot.knowing import import_answers
    from bot.moments import RandomIds, SystemClock

    read = read_answers(answers)
    url = url_of(database, config)
    typer.echo(asyncio.run(import_answers(url, read, community, SystemClock().now(), RandomIds())).in_words())


@app.command()
def export(
    *,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where the answers go, JSON Lines.")],
    database: Database = None,
    community: Community = None,
    config: Config = None,
) -> None:
    """Write the approved answers that everybody may hear."""
    import asyncio

    from bot.knowing import export_answers, stored_answers

    stored = asyncio.run(stored_answers(url_of(database, config), community))
    export_answers(stored.answers, out)
    typer.echo(f"{len(stored.answers)} answers.")
    if stored.withheld:
        typer.echo(f"parley: {stored.withheld} more were not said in public, and are left out", err=True)
