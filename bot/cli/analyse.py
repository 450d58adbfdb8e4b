"""``parley analyse``"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failing import BadInput
from bot.cli.models import tell_model
from bot.cli.options import Progress
from bot.cli.progress import progress


def analyse(
    *,
    history: Annotated[str, typer.Argument(metavar="HISTORY", help="JSON Lines, or - for standard input.")],
    messages: Annotated[Path, typer.Option(metavar="OUT", help="What each message was understood to be.")],
    conversations: Annotated[Path, typer.Option(metavar="OUT", help="What each conversation holds.")],
    show_progress: Progress = False,
) -> None:
    """Tell what the bot would have understood of a history."""
    import asyncio

    if messages.resolve() == conversations.resolve() and not messages.is_char_device():
        raise BadInput("--messages and --conversations name the same file; give each one of its own")
    from adapters.files.history import open_history
    from bot import analysing
    from bot.wiring import load_understanding

    understanding = load_understanding()
    with progress("Checking", None, shown=show_progress) as advance:
        opened = open_history(history, advance)
    tell_model(understanding.embedder)
    with progress("Analysing", opened.lines, shown=show_progress) as advance:
        asyncio.run(analysing.analyse(opened, understanding, messages, conversations, advance))
