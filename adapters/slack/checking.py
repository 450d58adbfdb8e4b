"""Whether a workspace can be worked in, before anything is begun there."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.slack.api import Api
from adapters.slack.config import SlackConfig, Transport
from adapters.slack.manifest import SCOPES
from dialogue.errors import SendError
from dialogue.ports import Greeting


async def greet(config: SlackConfig) -> Greeting:
    """Who the bot is there, and what is wrong. Raises :class:`~dialogue.errors.SendError`."""
    api = Api(config)
    me = await api.me()
    granted, now = await api.granted()
    missing = sorted(frozenset(SCOPES) - granted)
    wrong = (
        [f"add the scopes {', '.join(missing)} (parley manifest slack) and install the app again"] if missing else []
    )
    if config.transport is Transport.SOCKET:
        wrong += await _socket(config)
    return Greeting(f"{me.name} in the workspace {me.team}", wrong, now)


async def _socket(config: SlackConfig) -> Sequence[str]:
    """Whether Slack gives an address for a socket. None is opened."""
    try:
        await Api(replace(config, bot_token=config.app_token)).act("apps.connections.open", {})
    except SendError as error:
        remedy = "set app_token to an app-level token with the scope connections:write, and turn Socket Mode on"
        return [f"no socket is to be had ({error}): {remedy}"]
    return []
