"""``parley replay``"""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failing import BadInput
from bot.cli.options import Config, Json, settings_in, start_logs
from bot.cli.places import bytes_in
from bot.cli.progress import progress

AS_FAST_AS_IT_GOES = "max"


def replay(
    *,
    history: Annotated[str, typer.Argument(metavar="HISTORY", help="JSON Lines, or - for standard input.")],
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="Where to write; else the settings' database.")
    ] = None,
    speed: Annotated[
        str, typer.Option(metavar="max|REAL", help="How many times faster than it was said; max: without waiting.")
    ] = AS_FAST_AS_IT_GOES,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Send a history through everything; nothing is said aloud."""
    pace = _pace(speed)
    settings = settings_in(config)
    start_logs(settings, level="warning")
    from adapters.files.history import open_history
    from adapters.files.lines import STANDARD_INPUT
    from bot import loops, replaying

    size = None if history == STANDARD_INPUT else bytes_in(Path(history))
    with progress("Checking", size, shown=not as_json) as advance:
        opened = open_history(history, advance)
    url = settings.database.url.get_secret_value() if database is None else database
    with progress("Replaying", opened.lines, shown=not as_json) as advance:
        report = loops.run(replaying.replay(settings, opened, url, pace, advance))
    typer.echo(json.dumps(report.as_dict()))


def _pace(speed: str) -> float | None:
    """How many times faster than real; None for no waiting."""
    if speed == AS_FAST_AS_IT_GOES:
        return None
    try:
        pace = float(speed)
    except ValueError:
        pace = 0.0
    if not 0 < pace < float("inf"):
        raise BadInput(f"--speed is {speed!a}; it must be {AS_FAST_AS_IT_GOES} or a number above 0, such as 60")
    return pace
