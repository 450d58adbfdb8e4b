"""Whose a direct channel is. It is between one person and the bot alone, in no server; the bot serves several.

A channel belongs to the server that opened it, or on which the person was when it was first heard of; and stays there
until the bot or the person leaves that server. What is changed or deleted in it later concerns every server to which it
ever belonged, because each of them may have kept what was said.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from dialogue.events import Place

MOST: Final = 10_000
"""Direct channels, and messages that the bot sent in them, that are remembered."""
MOST_HOMES: Final = 20
"""Servers to which one channel belonged in turn, that are remembered."""

Kept = TypeVar("Kept")


@dataclass(slots=True)
class Talk:
    """A direct channel. ``home``: the server to which it belongs, if that still can be.

    ``homes``: each it had, and from when on. ``places``: what it is called by each server for which something was said.
    """

    home: str | None = None
    homes: list[tuple[datetime, str]] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)


class Talks:
    """The direct channels that are known."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Talk] = OrderedDict()
        self._with: OrderedDict[str, str] = OrderedDict()
        self._sent: OrderedDict[str, str] = OrderedDict()

    def home(self, channel: str, joined: Collection[str]) -> str | None:
        """The server to which it belongs, if that is known and the bot is still on it (or not yet told where it is)."""
        talk = self._known.get(channel)
        return talk.home if talk is not None and (not joined or talk.home in joined) else None

    def home_at(self, channel: str, moment: datetime) -> str | None:
        """The server to which it belonged then. What was said before anything is known counts to the first."""
        talk = self._known.get(channel)
        homes = talk.homes if talk is not None else []
        then = [server for since, server in homes if since <= moment]
        return then[-1] if then else homes[0][1] if homes else None

    def note(self, channel: str, account: str, server: str, since: datetime) -> None:
        """From then on it belongs to that server."""
        talk = self._known.get(channel) or Talk()
        talk.home = server
        if not talk.homes or talk.homes[-1][1] != server:
            talk.homes = [*talk.homes[1 - MOST_HOMES :], (since, server)]
        put(self._with, account, channel, MOST)
        put(self._known, channel, talk, MOST)

    def note_place(self, place: Place) -> None:
        """Something was, or is going to be, heard there."""
        talk = self._known.get(str(place.channel))
        if talk is not None:
            talk.places[str(place.space)] = place

    def note_sent(self, message: str, server: str) -> None:
        """The bot sent it for that server: whoever presses a button of it answers that one."""
        put(self._sent, message, server, MOST)

    def sent_for(self, message: str) -> str | None:
        """For which server the bot sent a direct message, if that is remembered."""
        return self._sent.get(message)

    def places(self, channel: str) -> Sequence[Place]:
        """Where what was said there may have been kept."""
        talk = self._known.get(channel)
        return tuple(talk.places.values()) if talk is not None else ()

    def left(self, account: str, server: str) -> None:
        """Somebody is not on that server any more."""
        talk = self._known.get(self._with.get(account, ""))
        if talk is not None and talk.home == server:
            talk.home = None


def put(there: OrderedDict[str, Kept], key: str, value: Kept, most: int) -> None:
    """As the latest; the oldest goes where there are too many."""
    there[key] = value
    there.move_to_end(key)
    if len(there) > most:
        there.popitem(last=False)
