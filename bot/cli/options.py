"""Options that several commands have."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings file; else PARLEY_CONFIG, else config.toml.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
Progress = Annotated[bool, typer.Option("--progress", help="Show on standard error how far it is.")]


def settings_in(config: Path | None) -> "Settings":
    """The settings in force. Raises :class:`bot.settings.SettingsError`."""
    from bot.settings import load

    return load(config)


def start_logs(settings: "Settings", level: str | None = None) -> None:
    """Begin to write logs as the settings say; ``level`` goes before theirs."""
    from bot.logs import configure

    configure(level or settings.log.level, settings.log.format)
