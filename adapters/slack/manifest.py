"""The app's manifest: exactly the scopes, events, shortcuts and commands in use. Slack makes the app from it.

Its form: https://docs.slack.dev/reference/app-manifest.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dialogue.commands.declarations import Command, Verb
from dialogue.texts.catalogue import Texts

SCOPES: Final = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "reactions:read",
    "reactions:write",
    "usergroups:read",
    "users:read",
)
"""What the bot token may do."""

EVENTS: Final = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "reaction_removed",
    "subteam_created",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
)
"""What the app is told of."""

NAME: Final = "Parley"
COMMAND: Final = "/parley"
MENU: Final = "menu:"
"""What a message shortcut's ``callback_id`` begins with; noun and verb follow."""
DESCRIPTION: Final = 150
"""Characters of a shortcut's description."""


def manifest(commands: Sequence[Command], texts: Texts, address: str | None) -> dict[str, object]:
    """The manifest as JSON values. ``address``: where Slack sends its requests; None for Socket Mode."""
    where: Mapping[str, object] = {"request_url": address} if address else {}
    typed: Mapping[str, object] = {"url": address} if address else {}
    menus: Mapping[str, object] = {"message_menu_options_url": address} if address else {}
    return {
        "display_information": {"name": NAME},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Ask Parley; alone, it shows what there is",
                    "usage_hint": "insight show 12",
                    "should_escape": True,
                    **typed,
                }
            ],
            "shortcuts": _shortcuts(commands, texts),
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **where},
            "interactivity": {"is_enabled": True, **where, **menus},
            "org_deploy_enabled": False,
            "socket_mode_enabled": address is None,
        },
    }


def _shortcuts(commands: Sequence[Command], texts: Texts) -> list[dict[str, object]]:
    """The entries of a message's menu, and those that stand everywhere."""
    verbs = [(command, verb) for command in commands for verb in command.verbs]
    return [
        _shortcut(texts, verb, verb.menu, "message", f"{MENU}{command.noun}:{verb.name}")
        for command, verb in verbs
        if verb.menu
    ] + [
        _shortcut(texts, verb, verb.shortcut, "global", f"{command.noun} {verb.name}")
        for command, verb in verbs
        if verb.shortcut
    ]


def _shortcut(texts: Texts, verb: Verb, key: str, kind: str, callback: str) -> dict[str, object]:
    name, description = texts.say(key), texts.say(verb.help)
    return {"name": name, "type": kind, "callback_id": callback, "description": description[:DESCRIPTION]}
