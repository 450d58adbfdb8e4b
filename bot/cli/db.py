"""``parley db``"""

import json

import typer

from bot.cli.options import Config, Database, Json, url_of

app = typer.Typer(help="Look after the database.", no_args_is_help=True)


@app.command()
def upgrade(database: Database = None, config: Config = None) -> None:
    """Bring its tables up to this version, or make them."""
    import asyncio

    url = url_of(database, config)
    from adapters.storage.upgrade import upgrade as bring_up

    typer.echo(f"The database stands at revision {asyncio.run(bring_up(url))}.")


@app.command()
def check(*, database: Database = None, config: Config = None, as_json: Json = False) -> None:
    """Tell whether it is sound and up to date."""
    import asyncio

    url = url_of(database, config)
    from bot.checking import check_database

    found = asyncio.run(check_database(url))
    if as_json:
        typer.echo(json.dumps({"revision": found.revision, "current": found.current, "problems": found.problems}))
    else:
        for sentence in found.sentences():
            typer.echo(sentence)
    raise typer.Exit(0 if found.sound else 1)
