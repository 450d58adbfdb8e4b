"""``parley version``"""

import typer


def version() -> None:
    """Print which version this is."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        typer.echo(f"parley {installed('parley-bot')}")
    except PackageNotFoundError:
        typer.echo("parley (not installed: run from its source)")
