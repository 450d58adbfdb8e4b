"""Whether a workspace can be worked in, before anything is begun there."""

from collections.abc import Sequence

from adapters.slack.api import Api
from adapters.slack.config import SlackConfig
from adapters.slack.manifest import SCOPES


async def greet(config: SlackConfig) -> tuple[str, Sequence[str]]:
    """Who the bot is there, and what is wrong, each with what to do. Raises :class:`~dialogue.errors.SendError`."""
    api = Api(config)
    me = await api.me()
    missing = sorted(frozenset(SCOPES) - await api.granted())
    wrong = (
        [f"add the scopes {', '.join(missing)} (parley manifest slack) and install the app again"] if missing else []
    )
    return f"{me.name} in the workspace {me.team}", wrong
