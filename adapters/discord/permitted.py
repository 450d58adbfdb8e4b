"""Asks Discord only for what the bot may do, and tells what it may not: in a log line, and as an event, once each."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from adapters.discord.client import File
from adapters.discord.directory import Directory
from adapters.discord.errors import NO_ACCESS, NO_PERMISSION, code_of
from adapters.discord.intake import Intake
from adapters.discord.parse import Reader
from adapters.discord.permissions import missing
from adapters.discord.session import Session
from adapters.discord.talks import put
from dialogue.errors import Rejected
from dialogue.events import PermissionMissing
from knowledge_base.ids import SpaceId

MOST_TOLD: Final = 10_000
"""Missing permissions of which it is remembered that they were told."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What a request needs: ``surely``, or ``perhaps``, which only Discord can tell.

    ``otherwise``: why it is refused where none of that is missing.
    """

    surely: Sequence[str] = ()
    perhaps: Sequence[str] = ()
    otherwise: str | None = None


class Permitted:
    """Requests that need permissions. Where it isn't known whether the bot has them, Discord is asked.

    ``hears``: whether what is known of a server is as it is now.
    """

    def __init__(
        self,
        session: Session,
        directory: Directory,
        intake: Intake,
        reader: Callable[[], Reader],
        hears: Callable[[str], bool],
    ) -> None:
        self._session = session
        self._directory = directory
        self._intake = intake
        self._reader = reader
        self._hears = hears
        self._told: OrderedDict[str, None] = OrderedDict()

    async def ask(
        self,
        server: str,
        channel: str | None,
        needed: Needed,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        files: Sequence[File] = (),
        **parts: str,
    ) -> object:
        """One request, which needs permissions in a channel or thread, or (None) on the whole server.

        Raises :class:`~dialogue.errors.SendError`; :class:`Rejected` with what is missing where that is the reason.
        """
        if needed.surely and self._hears(server):
            lacking = self._missing(server, channel, needed.surely)
            if lacking:
                raise self._refusal(server, channel, lacking)
        try:
            return await self._session.ask(method, path, body, None, files, **parts)
        except Rejected as error:
            reason = self._reason(server, channel, needed, code_of(error.__cause__))
            if reason is None:
                raise
            raise reason from error.__cause__

    def _reason(self, server: str, channel: str | None, needed: Needed, code: int) -> Rejected | None:
        """Why Discord refused it, where that is known better than by its code."""
        every = (*needed.surely, *needed.perhaps)
        if code not in (NO_ACCESS, NO_PERMISSION) or not every:
            return None
        lacking = self._missing(server, channel, every)
        if lacking is None:
            lacking = every
        if lacking:
            return self._refusal(server, channel, lacking)
        return Rejected(needed.otherwise) if needed.otherwise else None

    def _missing(self, server: str, channel: str | None, needed: Sequence[str]) -> Sequence[str] | None:
        me = self._session.account.id if self._session.account else ""
        return missing(self._directory, me, server, channel, needed)

    def _refusal(self, server: str, channel: str | None, lacking: Sequence[str]) -> Rejected:
        """A thread has the permissions of its channel, and a title that somebody wrote: it is called by its channel."""
        permission = " and ".join(lacking)
        known = self._directory.find(server, channel) if channel is not None else None
        if known is not None and known.is_thread:
            known = self._directory.find(server, known.parent or "")
        name = f"#{known.name}" if known else "the server" if channel is None else f"channel {channel}"
        key = f"{server} {known.id if known else channel} {permission}"
        if key not in self._told:
            structlog.get_logger().warning("permission_missing", space=server, channel=name, permission=permission)
            place = self._reader().place(server, channel) if channel is not None else None
            if place is not None or channel is None:
                self._intake.put(PermissionMissing(SpaceId(server), permission, self._reader().now, place))
        put(self._told, key, None, MOST_TOLD)
        return Rejected(f"the bot may not do this in {name}: it needs the permission {permission}")
