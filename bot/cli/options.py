"""Options that several commands have."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings file; else PARLEY_CONFIG, else config.toml.")
]
Database = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="Which one; else the settings' database.")
]
Community = Annotated[
    str | None, typer.Option("--community", metavar="NAME", help="Which community; needed where there are several.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
Progress = Annotated[bool, typer.Option("--progress", help="Show on standard error how far it is.")]


def settings_in(config: Path | None) -> "Settings":
    """The settings in force. Raises :class:`bot.settings.SettingsError`."""
    from bot.settings import load

    return load(config)


def url_of(database: str | None, config: Path | None) -> str:
    """The database that was named, or else the settings'. Raises :class:`bot.settings.SettingsError`."""
    return settings_in(config).database.url.get_secret_value() if database is None else database


def start_logs(settings: "Settings", level: str | None = None) -> None:
    """Begin to write logs as the settings say; ``level`` goes before theirs."""
    from bot.logs import configure

    configure(level or settings.log.level, settings.log.format)
