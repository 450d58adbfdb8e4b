"""What the bot does on Discord: posts, changes, reactions, private answers, direct messages."""

from collections import OrderedDict
from typing import Final

import structlog

from adapters.discord.asking import How
from adapters.discord.desk import Desk, parts_of
from adapters.discord.directory import Directory
from adapters.discord.emoji import character
from adapters.discord.errors import NO_ACCESS, NO_PERMISSION, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, WRONG_KIND, code_of
from adapters.discord.payload import identifier, payload_of
from adapters.discord.render import message_of
from adapters.discord.sent import Sent
from adapters.discord.servers import Servers
from adapters.discord.session import Session
from dialogue.actions import OutboxId
from dialogue.errors import Rejected
from dialogue.events import ReplyHandle
from dialogue.posts import Post
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId

POSTING: Final = "View Channel and Send Messages"
POSTING_IN_THREADS: Final = "View Channel and Send Messages in Threads"
REACTING: Final = "Read Message History and Add Reactions"
CHANGING: Final = "View Channel"

_UNKNOWN_EMOJI: Final = 10014
_MOST_ANSWERED: Final = 1000
_MESSAGES: Final = "/channels/{channel_id}/messages"
_MESSAGE: Final = "/channels/{channel_id}/messages/{message_id}"


class Outgoing:
    """Sends. Raises :class:`~dialogue.errors.SendError`; what the bot may not do is logged once, in words."""

    def __init__(self, session: Session, servers: Servers, directory: Directory, desk: Desk, sent: Sent) -> None:
        self._session = session
        self._servers = servers
        self._directory = directory
        self._desk = desk
        self._sent = sent
        self._missing: set[tuple[str, str]] = set()
        self._answered: OrderedDict[str, OutboxId] = OrderedDict()
        self._direct: dict[AccountId, str] = {}

    async def post(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        """Post in a channel or thread. A root that has no thread of its own is answered in the channel."""
        body = self._once(post, key)
        if thread is None:
            return await self._create(space, str(channel), body, key, POSTING)
        try:
            return await self._create(space, _id(thread), body, key, POSTING_IN_THREADS)
        except Rejected as error:
            if code_of(error.__cause__) != UNKNOWN_CHANNEL:
                raise
        reference = {"message_id": thread, "channel_id": channel, "fail_if_not_exists": False}
        return await self._create(space, str(channel), {**body, "message_reference": reference}, key, POSTING)

    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        """Show ``post`` there instead."""
        parts = {"channel_id": str(ref.channel), "message_id": _id(ref.message)}
        await self._allowed(space, str(ref.channel), CHANGING, "PATCH", _MESSAGE, message_of(post, key), **parts)

    async def react(
        self, space: SpaceId, channel: ChannelId, message: PlatformMessageId, emoji: str, *, present: bool
    ) -> None:
        """Put our reaction on a message of the channel or of one of its threads, or take it back."""
        shown = character(emoji)
        if shown is None:
            raise Rejected(f"Discord has no emoji called {emoji}")
        method = "PUT" if present else "DELETE"
        try:
            await self._mark(space, str(channel), _id(message), shown, method)
        except Rejected as error:
            code = code_of(error.__cause__)
            if code == _UNKNOWN_EMOJI and not present:
                return
            if code not in (UNKNOWN_MESSAGE, WRONG_KIND) or not await self._mark_in_threads(
                space, str(channel), message, shown, method
            ):
                raise

    async def reply(self, handle: ReplyHandle, post: Post, key: OutboxId) -> SentRef:
        """Answer an interaction privately: first by filling the note that is there, then by notes of their own."""
        how, token = parts_of(handle.token)
        await self._desk.acknowledged(token)
        body = message_of(post, key, private=True)
        parts = {"webhook_id": await self._session.application(), "webhook_token": token}
        if how is How.NOTE and self._answered.setdefault(token, key) == key:
            path, method = "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "PATCH"
            if len(self._answered) > _MOST_ANSWERED:
                self._answered.popitem(last=False)
        else:
            path, method = "/webhooks/{webhook_id}/{webhook_token}", "POST"
        return self._sent.note(key, payload_of(await self._session.ask(method, path, body, None, **parts)))

    async def direct(self, space: SpaceId, to: AccountId, post: Post, key: OutboxId) -> SentRef:
        """Write to one person alone."""
        if to not in self._direct:
            opened = await self._session.ask("POST", "/users/@me/channels", {"recipient_id": _id(to)})
            self._direct[to] = identifier(payload_of(opened), "id")
        return await self._create(space, self._direct[to], self._once(post, key), key, POSTING)

    def _once(self, post: Post, key: OutboxId) -> dict[str, object]:
        """The same key twice within minutes is one message, says Discord."""
        return {**message_of(post, key), "nonce": key, "enforce_nonce": True}

    async def _create(self, space: SpaceId, channel: str, body: dict[str, object], key: OutboxId, need: str) -> SentRef:
        answer = await self._allowed(space, channel, need, "POST", _MESSAGES, body, channel_id=channel)
        return self._sent.note(key, payload_of(answer))

    async def _mark(self, space: SpaceId, channel: str, message: str, emoji: str, method: str) -> None:
        path = f"{_MESSAGE}/reactions/{{emoji}}/@me"
        parts = {"channel_id": channel, "message_id": message, "emoji": emoji}
        await self._allowed(space, channel, REACTING, method, path, None, **parts)

    async def _mark_in_threads(
        self, space: SpaceId, channel: str, message: PlatformMessageId, emoji: str, method: str
    ) -> bool:
        """Whether one of the channel's threads has the message; only those that were there and have newer ones can."""
        for talk in await self._servers.talks(str(space)):
            if talk.parent == channel and int(talk.id) <= int(message) <= talk.last:
                try:
                    await self._mark(space, talk.id, message, emoji, method)
                except Rejected as error:
                    if code_of(error.__cause__) != UNKNOWN_MESSAGE:
                        raise
                else:
                    return True
        return False

    async def _allowed(
        self,
        space: SpaceId,
        channel: str,
        need: str,
        method: str,
        path: str,
        body: dict[str, object] | None,
        **parts: str,
    ) -> object:
        try:
            return await self._session.ask(method, path, body, None, **parts)
        except Rejected as error:
            if code_of(error.__cause__) not in (NO_ACCESS, NO_PERMISSION):
                raise
            known = self._directory.find(str(space), channel)
            name = f"#{known.name}" if known else f"channel {channel}"
            if (channel, need) not in self._missing:
                self._missing.add((channel, need))
                structlog.get_logger().warning("permission_missing", space=space, channel=name, permission=need)
            raise Rejected(f"the bot may not do this in {name}: it needs the permissions {need}") from error.__cause__


def _id(value: str) -> str:
    """An id as Discord gives them; anything else names nothing there."""
    if not (value.isascii() and value.isdecimal()):
        raise Rejected(f"{value} is no id of Discord")
    return value
