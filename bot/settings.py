"""Settings: one frozen object, read from ``config.toml`` and the environment, checked whole before anything starts.

The environment goes before the file: ``PARLEY_DATABASE__URL`` is ``url`` in ``[database]``. ``PARLEY_CONFIG`` names the
file. Every error names the place, the key and what to do.
"""

import base64
import binascii
import difflib
import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationError, model_validator

from adapters.discord.config import API_BASE as DISCORD_API
from adapters.discord.config import GATEWAY as DISCORD_GATEWAY
from adapters.files.errors import reason
from adapters.slack.config import API_BASE as SLACK_API
from bot.logs import LogFormat
from bot.model_settings import ModelSettings
from bot.section import Section
from dialogue.errors import StorageUnavailable

PREFIX: Final = "PARLEY_"
DEFAULT_FILE: Final = Path("config.toml")

_SAYINGS: Final = {
    "missing": "is missing",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "string_type": "must be a text in quotation marks",
    "bool_type": "must be true or false",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}


class SettingsError(Exception):
    """The settings can't be used. The message names file or variable, key and remedy."""


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return name


def _known_database(url: SecretStr) -> SecretStr:
    from adapters.storage.address import Address

    try:
        Address.parse(url.get_secret_value())
    except StorageUnavailable as error:
        raise ValueError(f"can't be used: {error}") from error
    return url


def _sealing_key(key: SecretStr) -> SecretStr:
    try:
        size = len(base64.urlsafe_b64decode(key.get_secret_value()))
    except (binascii.Error, ValueError):
        size = -1
    if size not in (0, _KEY_BYTES):
        raise ValueError("must be 32 bytes in URL-safe base64, or empty to have one made")
    return key


def _usable_path(path: str) -> str:
    if not path.strip() or "\0" in path:
        raise ValueError("must be the path of a file or folder")
    return path


def _web_address(address: str) -> str:
    if not address.startswith(("https://", "wss://", "http://", "ws://")):
        raise ValueError("must be an address that begins with https:// or wss://")
    return address


_KEY_BYTES: Final = 32
DatabaseUrl = Annotated[SecretStr, AfterValidator(_known_database)]
SealingKey = Annotated[SecretStr, AfterValidator(_sealing_key)]
PlaceOnDisk = Annotated[str, AfterValidator(_usable_path)]
Shards = Literal["auto"] | Annotated[tuple[int, ...], Field(strict=False)]
Address = Annotated[str, AfterValidator(_web_address)]
Zone = Annotated[str, AfterValidator(_known_zone)]


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: DatabaseUrl = Field(
        default=SecretStr("sqlite:///parley.db"),
        description="sqlite:///file.db, or postgresql://user:password@host/name",
    )


class KeptTexts(StrEnum):
    """How what people type is kept."""

    AS_SAID = "as_said"
    MASKED = "masked"


class SecuritySettings(Section):
    """Secrets of the program itself."""

    key: SealingKey = Field(
        default=SecretStr(""),
        description="32 bytes in URL-safe base64 that seal short-lived tokens; empty: made once, kept in key_file",
    )
    key_file: PlaceOnDisk = Field(
        default="parley.key", description="where a made key is kept, readable by its owner only"
    )
    kept_texts: KeptTexts = Field(
        default=KeptTexts.AS_SAID,
        description="as_said, or masked: personal data and secrets go before anything is stored, not when it leaves",
        strict=False,
    )


class CommunitySettings(Section):
    """What holds for the whole community."""

    zone: Zone = Field(
        default="UTC",
        description="IANA time zone in which weekly digests fall due, and by which hours are quiet for reminders",
    )


class WorkerSettings(Section):
    """How events are handled."""

    batch: int = Field(default=64, ge=1, le=1000, description="events decided in one transaction, at most")


class LogSettings(Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    format: LogFormat = Field(
        default=LogFormat.CONSOLE, description="console for people, json for machines", strict=False
    )


class PlaygroundSettings(Section):
    """The web chat that needs no account."""

    folder: PlaceOnDisk = Field(
        default="playground", description="where the playground keeps its own database and chat"
    )
    port: int = Field(default=8765, ge=1, le=65535, description="where its page listens; a busy port moves to the next")


class DiscordSettings(Section):
    """The bot's account on Discord; docs/discord.md tells how to get one."""

    token: SecretStr = Field(default=SecretStr(""), description="the bot's token; empty: Discord is not connected")
    message_content: bool = Field(
        default=True, description="whether it reads all messages, which Discord must allow; else only what mentions it"
    )
    members: bool = Field(
        default=True, description="whether it hears who joins and whose roles change, which Discord must allow"
    )
    shards: Shards = Field(
        default="auto", description='"auto", or the ids of the shards that this process owns, as [0, 1]'
    )
    shard_count: int = Field(default=0, ge=0, description="how many shards there are in all, where shards are listed")
    api_base: Address = Field(default=DISCORD_API, description="where Discord's API is")
    gateway: Address = Field(default=DISCORD_GATEWAY, description="where Discord's gateway is")

    @model_validator(mode="after")
    def _shards_exist(self) -> Self:
        """The shards that are listed are among those that there are."""
        if self.shards != "auto" and not (self.shards and 0 <= min(self.shards) <= max(self.shards) < self.shard_count):
            raise ValueError('needs shards = "auto", or ids from 0 up to, but without, shard_count')
        return self


class SlackWorkspaceSettings(Section):
    """The app as one workspace has it; docs/slack.md tells how to make it."""

    bot_token: SecretStr = Field(
        default=SecretStr(""), description="the bot token, xoxb-…; empty: the workspace is not connected"
    )
    transport: Literal["socket", "http"] = Field(
        default="socket", description="socket: a connection that the bot opens; http: requests that Slack sends"
    )
    app_token: SecretStr = Field(default=SecretStr(""), description="the app-level token, xapp-…, for socket")
    signing_secret: SecretStr = Field(default=SecretStr(""), description="what Slack signs its requests with, for http")
    host: str = Field(default="127.0.0.1", description="where requests are taken, for http")
    port: int = Field(default=3000, ge=1, le=65535, description="the port of that")
    api_base: Address = Field(default=SLACK_API, description="where Slack's API is")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """What a connected workspace needs is there."""
        needed = "app_token" if self.transport == "socket" else "signing_secret"
        if self.bot_token.get_secret_value() and not getattr(self, needed).get_secret_value():
            raise ValueError(f"needs {needed} where transport is {self.transport}")
        return self


class SlackSettings(SlackWorkspaceSettings):
    """A workspace, and by name in [slack.workspaces.NAME] any others, each with the same keys."""

    workspaces: dict[str, SlackWorkspaceSettings] = Field(
        default={}, description="more workspaces: sections [slack.workspaces.NAME] with the keys above"
    )

    def connected(self) -> Mapping[str, SlackWorkspaceSettings]:
        """The workspaces that have a token, by the name of their section."""
        all_of_them = {"slack": self, **{f"slack.workspaces.{name}": one for name, one in self.workspaces.items()}}
        return {name: one for name, one in all_of_them.items() if one.bot_token.get_secret_value()}


class Settings(Section):
    """Everything that can be set."""

    database: DatabaseSettings = DatabaseSettings()
    security: SecuritySettings = SecuritySettings()
    community: CommunitySettings = CommunitySettings()
    worker: WorkerSettings = WorkerSettings()
    log: LogSettings = LogSettings()
    playground: PlaygroundSettings = PlaygroundSettings()
    discord: DiscordSettings = DiscordSettings()
    slack: SlackSettings = SlackSettings()
    model: ModelSettings = ModelSettings()


def file_in_force(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Path | None:
    """The file that is read: the given one, else PARLEY_CONFIG, else config.toml if there is one, else None."""
    variables = os.environ if environment is None else environment
    named = variables.get(f"{PREFIX}CONFIG")
    if file or named:
        return file or Path(named or "")
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def load(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. A named file must be there; the default one may be absent.

    Raises :class:`SettingsError`.
    """
    variables = os.environ if environment is None else environment
    path = file_in_force(file, variables)
    values = _read(path) if path else {}
    overrides = _overrides(variables, values)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_sentence(error, path or DEFAULT_FILE, overrides)) from error


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: no such file; copy config.example.toml there, or name another") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise SettingsError(f"{path}: can't be read: {reason(error)}") from error


def _overrides(variables: Mapping[str, str], values: dict[str, object]) -> dict[tuple[str, ...], str]:
    """Lay ``PARLEY_SECTION__KEY`` over the file's values; returns which variable set which section or key."""
    found: dict[tuple[str, ...], str] = {}
    for name in sorted(variables):
        section, parted, key = name.removeprefix(PREFIX).lower().partition("__")
        if not name.startswith(PREFIX):
            continue
        if not parted:
            _refuse_single_underscore(name)
            continue
        if section not in values:
            found[section,] = name
        table = values.setdefault(section, {})
        if isinstance(table, dict):
            table[key] = _typed(section, key, variables[name])
            found[section, key] = name
    return found


def _refuse_single_underscore(name: str) -> None:
    """A variable that would silently not count is refused; others that begin like ours belong to somebody else."""
    section, _, key = name.removeprefix(PREFIX).lower().partition("_")
    model = _model_of(section)
    if model and key in model.model_fields:
        meant = f"{PREFIX}{section}__{key}".upper()
        raise SettingsError(f"{name}: is no setting; write {meant}, with two underscores")


def _typed(section: str, key: str, text: str) -> str | int | bool | list[int | str]:
    """Variables are text; where something else is wanted and written, it is that. Numbers stand between commas."""
    model = _model_of(section)
    field = model.model_fields.get(key) if model else None
    wanted = field.annotation if field else str
    if wanted == Shards and text != "auto":
        return [int(number) if number.strip().isdecimal() else number for number in text.split(",")]
    if wanted is bool and text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return int(text) if wanted is int else text
    except ValueError:
        return text


def _model_of(section: str) -> type[BaseModel] | None:
    field = Settings.model_fields.get(section)
    model = field.annotation if field else None
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _sentence(error: ValidationError, path: Path, overrides: Mapping[tuple[str, ...], str]) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    location = tuple(str(part) for part in first["loc"])
    place = overrides.get(location[:2]) or path
    key = f"[{location[0]}]" if len(location) == 1 else f"[{'.'.join(location[:-1])}] {location[-1]}"
    if first["type"] == "extra_forbidden":
        return f"{place}: {key} is no setting{_nearest(location)}; see config.example.toml"
    if first["type"] == "model_type" or (len(location) == 1 and first["type"].endswith("_type")):
        return f"{place}: {key} must be a table: a line [{location[0]}] and its keys below"
    saying = _SAYINGS.get(first["type"])
    said = saying.format(**first.get("ctx", {})) if saying else first["msg"].removeprefix("Value error, ")
    return f"{place}: {key} {said}; see config.example.toml"


def _nearest(location: tuple[str, ...]) -> str:
    """The known name most like an unknown one, as a suggestion."""
    model = Settings if len(location) == 1 else _model_of(location[0])
    near = difflib.get_close_matches(location[-1], list(model.model_fields) if model else [], n=1)
    return f" (did you mean {near[0]}?)" if near else ""
