"""``parley run``"""

from bot.cli.failing import BadInput
from bot.cli.options import Config, settings_in


def run(config: Config = None) -> None:
    """Listen in your community's chats, until stopped."""
    settings_in(config)
    raise BadInput(
        "no chat platform is set up, so there is nowhere to listen. Try it without one: parley play; "
        "or on your own past: parley convert, then parley analyse"
    )
