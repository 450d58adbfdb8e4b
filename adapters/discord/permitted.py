"""Asks Discord only for what the bot may do, and tells what it may not: in a log line, and as an event, once each."""

from collections.abc import Mapping, Sequence

import structlog

from adapters.discord.client import File
from adapters.discord.directory import Directory
from adapters.discord.errors import NO_ACCESS, NO_PERMISSION, code_of
from adapters.discord.intake import Intake
from adapters.discord.parse import Reader
from adapters.discord.permissions import missing
from adapters.discord.session import Session
from dialogue.errors import Rejected
from dialogue.events import PermissionMissing
from dialogue.ports import Clock


class Permitted:
    """Requests that need permissions. Where it isn't known whether the bot has them, Discord is asked."""

    def __init__(self, session: Session, directory: Directory, intake: Intake, clock: Clock) -> None:
        self._session = session
        self._directory = directory
        self._intake = intake
        self._clock = clock
        self._told: set[tuple[str, str]] = set()

    async def ask(
        self,
        server: str,
        channel: str | None,
        needed: Sequence[str],
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        files: Sequence[File] = (),
        **parts: str,
    ) -> object:
        """One request, which needs permissions in a channel or thread, or (None) on the whole server.

        Raises :class:`~dialogue.errors.SendError`; :class:`Rejected` with what is missing where that is the reason.
        """
        me = self._session.account.id if self._session.account else ""
        lacking = missing(self._directory, me, server, channel, needed)
        if lacking:
            raise self._refusal(server, channel, lacking)
        try:
            return await self._session.ask(method, path, body, None, files, **parts)
        except Rejected as error:
            if code_of(error.__cause__) not in (NO_ACCESS, NO_PERMISSION):
                raise
            raise self._refusal(server, channel, needed) from error.__cause__

    def _refusal(self, server: str, channel: str | None, lacking: Sequence[str]) -> Rejected:
        permission = " and ".join(lacking)
        known = self._directory.find(server, channel) if channel is not None else None
        name = f"#{known.name}" if known else "the server" if channel is None else f"channel {channel}"
        if (channel or server, permission) not in self._told:
            self._told.add((channel or server, permission))
            structlog.get_logger().warning("permission_missing", space=server, channel=name, permission=permission)
            place = Reader("", self._directory).place(server, channel) if channel is not None else None
            if place is not None:
                self._intake.put(PermissionMissing(place, permission, self._clock.now()))
        return Rejected(f"the bot may not do this in {name}: it needs the permission {permission}")
