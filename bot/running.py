"""``parley run``: connected to the company's chats, until somebody stops it."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from bot.moments import SystemClock
from bot.program import Program
from bot.settings import Settings
from bot.wiring import make_bot, open_storage, sealer_of

_ENDING = (signal.SIGINT, signal.SIGTERM)


async def listen(settings: Settings) -> None:
    """Run the program until SIGINT or SIGTERM, which let it finish what it has begun.

    Raises :class:`~dialogue.errors.DialogueError` where the database or a platform can't be used.
    """
    url = settings.database.url.get_secret_value()
    async with open_storage(url, sealer_of(settings.security)) as storage:
        program = await make_bot(settings, storage, SystemClock())
        with _ended_by_signals(program):
            await program.run()


@contextmanager
def _ended_by_signals(program: Program) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in _ENDING:
        loop.add_signal_handler(number, program.stop)
    try:
        yield
    finally:
        for number in _ENDING:
            loop.remove_signal_handler(number)
