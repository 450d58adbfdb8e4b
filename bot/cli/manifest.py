"""``parley manifest``"""

import json
from typing import Annotated

import typer

from bot.cli.failing import BadInput
from bot.cli.options import Config, settings_in

app = typer.Typer(help="Print what a platform needs to know of the bot.", no_args_is_help=True)


@app.command()
def slack(
    address: Annotated[
        str | None,
        typer.Option(
            "--address", metavar="URL", help="Where Slack sends its requests, for transport http; else Socket Mode."
        ),
    ] = None,
) -> None:
    """Print the app manifest: choose "From a manifest" at api.slack.com/apps and paste it."""
    from adapters.slack.manifest import manifest
    from dialogue.commands.catalogue import COMMANDS
    from dialogue.texts.catalogue import Texts

    if address is not None and not address.startswith("https://"):
        raise BadInput("--address: Slack sends its requests to an address that begins with https:// only")
    typer.echo(json.dumps(manifest(COMMANDS, Texts.load(), address), indent=2, ensure_ascii=False))


@app.command()
def discord(
    application: Annotated[
        str | None,
        typer.Option("--application", metavar="ID", help="The application's id; else that of the configured token."),
    ] = None,
    config: Config = None,
) -> None:
    """Print the link by which the bot is invited to a server."""
    from adapters.discord.manifest import application_of, invitation

    settings = settings_in(config).discord
    found = application or application_of(settings.token.get_secret_value())
    if found is None or not found.isdecimal():
        raise BadInput(
            "which application? Give --application ID (General Information in the Developer Portal), "
            "or set token in [discord]"
        )
    typer.echo(invitation(found))
    intents = {"Message Content Intent": settings.message_content, "Server Members Intent": settings.members}
    wanted = " and ".join(name for name, asked in intents.items() if asked)
    if wanted:
        typer.echo(f"Switch on {wanted} at the Bot page of the Developer Portal.", err=True)
