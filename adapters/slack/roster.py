"""Everybody of a workspace and its user groups, by name, for who chooses among them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from adapters.slack.api import Me
from adapters.slack.directory import Directory, UserGroup, is_at_home, is_bot, person_in
from adapters.slack.fields import Table, flag, text
from dialogue.errors import Rejected, SendError
from dialogue.interactions import Choice
from dialogue.ports import Clock

READING: Final = 1.5
"""Seconds in which names are read on while somebody waits; with what is known then they are answered."""
MOST_KEPT: Final = 10_000
MOST_SHOWN: Final = 100
"""Options of one select."""
FRESH_FOR: Final = timedelta(minutes=10)


class Roster:
    """Reads the list of people page by page, keeps it for a while, and goes on where time or a limit stopped it."""

    def __init__(self, me: Me, directory: Directory, clock: Clock) -> None:
        self._me = me
        self._directory = directory
        self._clock = clock
        self._people: dict[str, str] = {}
        self._cursor = ""
        self._reading = asyncio.Lock()
        self._complete_until: datetime | None = None

    async def matching(self, typed: str) -> Sequence[Choice]:
        """User groups, then people, whose names hold what was typed, as far as they are known now. Raises nothing."""
        groups: Sequence[UserGroup] = ()
        try:
            async with asyncio.timeout(READING):
                groups = await self._directory.groups()
                # two who type at once read one page after the other
                async with self._reading:
                    await self._read_on()
        except (TimeoutError, SendError) as error:
            structlog.get_logger().info("people_not_all_known", reason=type(error).__name__)
            if isinstance(error, Rejected):
                # a cursor that no longer holds
                self._cursor = ""
        wanted = typed.strip().removeprefix("@").casefold()
        together = [
            Choice(group.id, group.name)
            for group in groups
            if wanted in group.name.casefold() or wanted in group.handle.casefold()
        ]
        people = [Choice(user, name) for user, name in self._people.items() if wanted in name.casefold()]
        people.sort(key=lambda choice: (not choice.label.casefold().startswith(wanted), choice.label.casefold()))
        return [*together, *people][:MOST_SHOWN]

    async def _read_on(self) -> None:
        now = self._clock.now()
        while self._complete_until is None or now >= self._complete_until:
            users, self._cursor = await self._directory.listed(self._cursor)
            for user in users:
                self._note(user)
            if not self._cursor or len(self._people) >= MOST_KEPT:
                self._cursor, self._complete_until = "", now + FRESH_FOR

    def _note(self, user: Table) -> None:
        known = text(user, "id")
        if flag(user, "deleted") or is_bot(user) or not is_at_home(user, self._me):
            self._people.pop(known, None)
        elif known:
            self._people[known] = person_in(user, self._me).name
