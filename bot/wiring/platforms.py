"""The program on the platforms that the settings name, and who the bot is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.program import Program
from bot.settings import DiscordSettings, Settings, SlackWorkspaceSettings
from bot.wiring.core import Core, advice_of, make_core, make_program
from dialogue.buttons import BUTTONS
from dialogue.commands.catalogue import COMMANDS
from dialogue.errors import DialogueError
from dialogue.ports import Chat, Clock, Greeting, Storage

if TYPE_CHECKING:
    from adapters.discord.config import DiscordConfig
    from adapters.slack.config import SlackConfig


class NotConnected(DialogueError):
    """A platform can't be connected. The message names the section of the settings, why, and what to do."""


async def make_bot(settings: Settings, storage: Storage, clock: Clock) -> Program:
    """The program over an open database, logged in wherever the settings hold a token.

    Raises :class:`~dialogue.errors.DialogueError`, whose sentence names the section, where that can't be done.
    """
    core = make_core(storage, clock, settings.community.zone, settings.worker.batch)
    core = replace(core, advice=advice_of(settings.model), kept=settings.security.kept_texts)
    chats: list[Chat] = []
    for name, workspace in settings.slack.connected().items():
        with _named(name):
            chats.append(await _slack(workspace, core))
    if settings.discord.token.get_secret_value():
        with _named("discord"):
            chats.append(await _discord(settings.discord, core))
    return make_program(core, chats)


@contextmanager
def _named(section: str) -> Iterator[None]:
    try:
        yield
    except DialogueError as error:
        raise NotConnected(f"[{section}] can't be connected: {error}; run parley doctor for what to do") from error


async def greet_slack(workspace: SlackWorkspaceSettings) -> Greeting:
    """Who the bot is in a workspace, and what is wrong. Raises :class:`~dialogue.errors.DialogueError`."""
    from adapters.slack.checking import greet

    return await greet(_slack_config(workspace))


async def greet_discord(settings: DiscordSettings) -> Greeting:
    """Who the bot is on Discord, and what is wrong. Raises :class:`~dialogue.errors.DialogueError`."""
    from adapters.discord.checking import greet

    return await greet(_discord_config(settings))


def _slack_config(workspace: SlackWorkspaceSettings) -> "SlackConfig":
    from adapters.slack.config import SlackConfig, Transport

    return SlackConfig(
        bot_token=workspace.bot_token.get_secret_value(),
        app_token=workspace.app_token.get_secret_value(),
        signing_secret=workspace.signing_secret.get_secret_value(),
        transport=Transport(workspace.transport),
        host=workspace.host,
        port=workspace.port,
        api_base=workspace.api_base,
    )


def _discord_config(settings: DiscordSettings) -> "DiscordConfig":
    from adapters.discord.config import DiscordConfig

    return DiscordConfig(
        token=settings.token,
        api_base=settings.api_base,
        gateway=settings.gateway,
        message_content=settings.message_content,
        members=settings.members,
        shards=() if settings.shards == "auto" else settings.shards,
        shard_count=settings.shard_count,
    )


async def _slack(workspace: SlackWorkspaceSettings, core: Core) -> Chat:
    from adapters.slack.gateway import SlackChat, who_am_i

    config = _slack_config(workspace)
    return SlackChat(
        config,
        await who_am_i(config),
        interactions=core.interactions(),
        commands=COMMANDS,
        buttons=BUTTONS,
        texts=core.texts,
        clock=core.clock,
    )


async def _discord(settings: DiscordSettings, core: Core) -> Chat:
    from adapters.discord.gateway import DiscordChat

    chat = DiscordChat(
        _discord_config(settings),
        interactions=core.interactions(),
        commands=COMMANDS,
        buttons=BUTTONS,
        texts=core.texts,
        clock=core.clock,
        ids=core.ids,
    )
    try:
        await chat.prepare()
    except BaseException:
        await chat.close()
        raise
    return chat
