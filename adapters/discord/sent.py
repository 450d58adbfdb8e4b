"""What the bot sent, by outbox id: remembered while the program runs, else found on the server by its marks."""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from adapters.discord.payload import Payload, child, children, identifier
from adapters.discord.render import marks
from adapters.discord.servers import Servers
from adapters.discord.skipping import UNREADABLE
from adapters.discord.snowflakes import snowflake_at
from dialogue.actions import OutboxId
from dialogue.errors import Rejected
from dialogue.rows import SentRef
from knowledge_base.ids import ChannelId, PlatformMessageId

MOST: Final = 10_000
"""How many sent messages are remembered."""
SKEW: Final = timedelta(minutes=1)
"""How far our clock and Discord's may be apart."""


class Sent:
    """The latest :data:`MOST` messages."""

    def __init__(self) -> None:
        self._known: OrderedDict[OutboxId, SentRef] = OrderedDict()

    def get(self, key: OutboxId) -> SentRef | None:
        """Where it is, if it is remembered."""
        return self._known.get(key)

    def note(self, key: OutboxId, message: Payload) -> SentRef:
        """It was sent: Discord answered with this message."""
        ref = SentRef(ChannelId(identifier(message, "channel_id")), PlatformMessageId(identifier(message, "id")))
        self._known[key] = ref
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return ref

    async def find(
        self, channels: Sequence[str], key: OutboxId, since: datetime, me: str, servers: Servers
    ) -> SentRef | None:
        """Look through these channels and threads, from that time on."""
        start = snowflake_at(since - SKEW)
        for channel in channels:
            message = await _marked(channel, start, key, me, servers)
            if message is not None:
                return self.note(key, message)
        return None


async def _marked(channel: str, after: int, key: OutboxId, me: str, servers: Servers) -> Payload | None:
    wanted = marks(key)
    while True:
        try:
            page = await servers.messages(channel, after)
        except Rejected:  # not ours to read, so nothing of ours is there
            return None
        for message in page:
            with suppress(*UNREADABLE):  # what is ours can be read
                if child(message, "author").get("id") == me and marks_of(message) == wanted:
                    return message
        if not page:
            return None
        after = int(identifier(page[-1], "id"))


def marks_of(message: Payload) -> tuple[object, object] | None:
    """The marks a message carries, or None."""
    for container in children(message, "components"):
        for inner in children(container, "components"):
            return container.get("id"), inner.get("id")
    return None
