"""``parley config``"""

import json

import typer

from bot.cli.options import Config, Json, settings_in

app = typer.Typer(help="Look at the settings.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Look at the settings."""


@app.command()
def check(*, config: Config = None, as_json: Json = False) -> None:
    """Tell whether they can be used, and what they are."""
    settings = settings_in(config)
    if as_json:
        typer.echo(settings.model_dump_json())
        return
    for section, values in json.loads(settings.model_dump_json()).items():
        typer.echo(f"[{section}]")
        for key, value in values.items():
            typer.echo(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    from bot.settings import DEFAULT_FILE, file_in_force

    model = settings.model
    asked = f" In doubt, the language model {model.name} at {model.host} is asked." if model.is_on else ""
    read = file_in_force(config)
    typer.echo(
        f"The settings can be used ({f'from {read}' if read else f'no {DEFAULT_FILE} here: the defaults'}).{asked}"
    )
