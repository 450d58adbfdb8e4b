"""``parley run``"""

from bot.cli.failing import BadInput
from bot.cli.options import Config, settings_in, start_logs


def run(config: Config = None) -> None:
    """Listen in your community's chats, until stopped."""
    settings = settings_in(config)
    if not settings.discord.token.get_secret_value() and not settings.slack.connected():
        raise BadInput(
            "no chat platform is set up, so there is nowhere to listen: set token in [discord] or bot_token in [slack] "
            "(docs/discord.md and docs/slack.md tell how). Or try it without one: parley play; "
            "or on your own past: parley convert, then parley analyse"
        )
    start_logs(settings)
    from bot import loops, running

    loops.run(running.listen(settings))
