"""``parley play``"""

from typing import Annotated

import typer

from bot.cli.options import Config, settings_in, start_logs


def play(
    *,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Where its page listens; a busy port moves to the next.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the earlier playground and start over.")] = False,
    config: Config = None,
) -> None:
    """Try Parley in your browser: no account, no key, no server."""
    import asyncio

    settings = settings_in(config)
    start_logs(settings)
    from bot import playing

    chosen = settings.playground.port if port is None else port
    asyncio.run(playing.play(settings, chosen, fresh=fresh, ready=_tell))


def _tell(address: str) -> None:
    typer.echo(f"The playground is open at {address}\nPress Ctrl+C to close it.")
