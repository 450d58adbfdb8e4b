"""``parley analyse``"""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.interrupting import ended_at_once
from bot.cli.models import tell_models
from bot.cli.options import Progress
from bot.cli.places import bytes_in, must_differ
from bot.cli.progress import progress


def analyse(
    *,
    history: Annotated[str, typer.Argument(metavar="HISTORY", help="JSON Lines, or - for standard input.")],
    messages: Annotated[Path, typer.Option(metavar="OUT", help="What each message was understood to be.")],
    conversations: Annotated[Path, typer.Option(metavar="OUT", help="What each conversation holds.")],
    show_progress: Progress = False,
) -> None:
    """Tell what the bot would have understood of a history."""
    from adapters.files.history import open_history
    from adapters.files.lines import STANDARD_INPUT

    source = None if history == STANDARD_INPUT else Path(history)
    must_differ({"HISTORY": source, "--messages": messages, "--conversations": conversations})
    with progress("Checking", bytes_in(source) if source else None, shown=show_progress) as advance:
        opened = open_history(history, advance)
    from adapters.language.models import load_understanding
    from bot import analysing, thinking
    from bot.recalling import load_recalling

    understanding = load_understanding()
    tell_models(*understanding.embedders.models)
    placer = thinking.in_a_process(load_understanding, reads=False)
    with (
        thinking.in_a_process(load_recalling) as thinker,
        progress("Analysing", opened.lines, shown=show_progress) as advance,
        ended_at_once(),
    ):
        analysing.analyse(opened, thinker, placer, understanding, messages, conversations, advance)
