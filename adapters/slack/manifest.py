"""The app's manifest: exactly the scopes, events, shortcuts and commands in use. Slack makes the app from it.

Its form: https://docs.slack.dev/reference/app-manifest.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dialogue.commands.declarations import Command
from dialogue.texts.catalogue import Texts

SCOPES: Final = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
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
    "app_mention",
    "app_uninstalled",
    "channel_rename",
    "channel_shared",
    "channel_unshared",
    "group_rename",
    "message.channels",
    "message.groups",
    "message.mpim",
    "reaction_added",
    "reaction_removed",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
)
"""What the app is told of."""

NAME: Final = "Parley"
COMMAND: Final = "/parley"


def manifest(commands: Sequence[Command], texts: Texts, address: str | None) -> dict[str, object]:
    """The manifest as JSON values. ``address``: where Slack sends its requests; None for Socket Mode."""
    where: Mapping[str, object] = {"request_url": address} if address else {}
    typed: Mapping[str, object] = {"url": address} if address else {}
    menus: Mapping[str, object] = {"message_menu_options_url": address} if address else {}
    return {
        "display_information": {"name": NAME},
        "features": {
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
    return [
        {
            "name": texts.say(verb.menu),
            "type": "message",
            "callback_id": f"menu:{command.noun}:{verb.name}",
            "description": texts.say(verb.help),
        }
        for command in commands
        for verb in command.verbs
        if verb.menu
    ]
