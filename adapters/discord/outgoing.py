"""What the bot does on Discord: posts, changes, reactions, private answers, direct messages, threads, roles."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from adapters.discord.desk import Desk, parts_of
from adapters.discord.directory import Directory
from adapters.discord.emoji import character
from adapters.discord.errors import (
    HAS_THREAD,
    UNKNOWN_CHANNEL,
    UNKNOWN_EMOJI,
    UNKNOWN_MESSAGE,
    WRONG_KIND,
    code_of,
)
from adapters.discord.interacting import How
from adapters.discord.payload import identifier, payload_of
from adapters.discord.permissions import (
    ADD_REACTIONS,
    ATTACH_FILES,
    CREATE_THREADS,
    MANAGE_ROLES,
    READ_HISTORY,
    SEND,
    SEND_IN_THREADS,
    VIEW,
)
from adapters.discord.permitted import Needed, Permitted
from adapters.discord.render import files_of, message_of
from adapters.discord.sent import Sent
from adapters.discord.servers import Servers
from adapters.discord.session import Session
from adapters.discord.snowflakes import made_at
from adapters.discord.talks import put
from dialogue.actions import OutboxId, Reply, SendDirect
from dialogue.actions import Post as PostIn
from dialogue.errors import Rejected
from dialogue.events import ReplyHandle
from dialogue.posts import Block, Choices, Document, Menu, Paragraph, Picture, Post
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId

_THREAD_NAME: Final = 100
_MOST_ANSWERED: Final = 1000
_MOST_DIRECT: Final = 10_000
_ROLE_TOO_HIGH: Final = (
    "this role stands above the bot's own: draw the bot's role above it, in the server's settings under Roles"
)
_MESSAGES: Final = "/channels/{channel_id}/messages"
_MESSAGE: Final = "/channels/{channel_id}/messages/{message_id}"


class Outgoing:
    """Sends. Raises :class:`~dialogue.errors.SendError`."""

    def __init__(
        self,
        session: Session,
        servers: Servers,
        directory: Directory,
        permitted: Permitted,
        desk: Desk,
        sent: Sent,
    ) -> None:
        self._session = session
        self._servers = servers
        self._directory = directory
        self._permitted = permitted
        self._desk = desk
        self._sent = sent
        self._answered: OrderedDict[str, OutboxId] = OrderedDict()
        self._direct: OrderedDict[str, str] = OrderedDict()

    async def post(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        """Post in a channel or thread. A root that has no thread of its own is answered in the channel."""
        if thread is None:
            return await self._create(space, str(channel), post, key, Needed((VIEW, SEND)))
        try:
            return await self._create(space, _id(thread), post, key, Needed((VIEW, SEND_IN_THREADS)))
        except Rejected as error:
            if code_of(error.__cause__) != UNKNOWN_CHANNEL:
                raise
        reference = {"message_id": thread, "channel_id": channel, "fail_if_not_exists": False}
        needed = Needed((VIEW, SEND, READ_HISTORY))
        return await self._create(space, str(channel), post, key, needed, {"message_reference": reference})

    async def places_of(self, action: PostIn | Reply | SendDirect) -> Sequence[str]:
        """The channels and threads in which the message of an action stands, if it was sent."""
        if isinstance(action, PostIn):
            thread = [str(action.thread)] if action.thread is not None and is_id(action.thread) else []
            return [*thread, str(action.channel)]
        try:
            return [await self.direct_channel(action.to)]
        except Rejected:  # there is nobody to write to, so nothing was written
            return []

    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        """Show ``post`` there instead; pictures in words where the bot may attach none."""
        try:
            await self._edit(space, ref, post, key)
        except Rejected:
            if not _with_files(post):
                raise
            await self._edit(space, ref, _in_words(post), key)

    async def _edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        channel, message, needed = str(ref.channel), _id(ref.message), Needed((VIEW, *_with_files(post)))
        body = {"attachments": [], **self._body(space, post, key)}  # pictures that were there before go
        parts = {"channel_id": channel, "message_id": message}
        await self._permitted.ask(str(space), channel, needed, "PATCH", _MESSAGE, body, files_of(post), **parts)

    async def react(
        self, space: SpaceId, channel: ChannelId, message: PlatformMessageId, emoji: str, *, present: bool
    ) -> None:
        """Put our reaction on a message of the channel or of one of its threads, or take it back."""
        shown = character(emoji) or self._own_emoji(space, emoji)
        if shown is None:
            raise Rejected(f"Discord has no emoji called {emoji}")
        method = "PUT" if present else "DELETE"
        try:
            await self._mark(space, str(channel), _id(message), shown, method)
        except Rejected as error:
            code = code_of(error.__cause__)
            if code == UNKNOWN_EMOJI and not present:
                return
            if code not in (UNKNOWN_MESSAGE, WRONG_KIND) or not await self._mark_in_threads(
                space, str(channel), message, shown, method
            ):
                raise

    async def reply(self, space: SpaceId, handle: ReplyHandle, post: Post, key: OutboxId) -> SentRef:
        """Answer an interaction privately: first by filling the note that is there, then by notes of their own."""
        how, token = parts_of(handle.token)
        await self._desk.acknowledged(token)
        body = self._body(space, post, key, private=True)
        parts = {"webhook_id": await self._session.application(), "webhook_token": token}
        if how is How.NOTE and self._answered.setdefault(token, key) == key:
            path, method = "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "PATCH"
            if len(self._answered) > _MOST_ANSWERED:
                self._answered.popitem(last=False)
        else:
            path, method = "/webhooks/{webhook_id}/{webhook_token}", "POST"
        answer = await self._session.ask(method, path, body, None, files_of(post), **parts)
        return self._sent.note(key, payload_of(answer))

    async def direct(self, space: SpaceId, to: AccountId, post: Post, key: OutboxId) -> SentRef:
        """Write to one person alone."""
        ref = await self._create(space, await self.direct_channel(to), post, key, Needed())
        self.note_direct(space, to, ref)
        return ref

    def note_direct(self, space: SpaceId, to: AccountId, ref: SentRef) -> None:
        """A direct message was sent for that server: what is pressed, and first said, there is for it."""
        talks, channel = self._directory.talks, str(ref.channel)
        talks.note_sent(str(ref.message), str(space))
        if self._directory.noted_home(channel) is None:
            talks.note(channel, str(to), str(space), made_at(str(ref.message)))

    async def direct_channel(self, to: AccountId) -> str:
        """Where the bot writes to one person alone."""
        known = self._direct.get(str(to))
        if known is None:
            opened = await self._session.ask("POST", "/users/@me/channels", {"recipient_id": _id(to)})
            known = identifier(payload_of(opened), "id")
        put(self._direct, str(to), known, _MOST_DIRECT)
        return known

    async def open_thread(self, space: SpaceId, channel: ChannelId, message: PlatformMessageId, name: str) -> None:
        """Begin a thread on a message. In a forum everything said stands in one already."""
        if self._servers.is_forum(str(space), str(channel)):
            return
        body, parts = {"name": name[:_THREAD_NAME]}, {"channel_id": str(channel), "message_id": _id(message)}
        try:
            await self._permitted.ask(
                str(space),
                str(channel),
                Needed((VIEW, CREATE_THREADS)),
                "POST",
                f"{_MESSAGE}/threads",
                body,
                (),
                **parts,
            )
        except Rejected as error:
            if code_of(error.__cause__) != HAS_THREAD:
                raise

    async def grant_role(self, space: SpaceId, to: AccountId, group: str, *, granted: bool) -> None:
        """Give somebody a server role, or take it away."""
        path, method = "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", "PUT" if granted else "DELETE"
        parts = {"guild_id": str(space), "user_id": _id(to), "role_id": _id(group)}
        needed = Needed((MANAGE_ROLES,), otherwise=_ROLE_TOO_HIGH)
        await self._permitted.ask(str(space), None, needed, method, path, None, (), **parts)

    async def _create(
        self,
        space: SpaceId,
        channel: str,
        post: Post,
        key: OutboxId,
        needed: Needed,
        more: Mapping[str, object] | None = None,
    ) -> SentRef:
        """Pictures stand in words where Discord refuses them: what is refused was surely not shown."""
        try:
            return await self._create_as_it_is(space, channel, post, key, needed, more)
        except Rejected:
            if not _with_files(post):
                raise
            return await self._create_as_it_is(space, channel, _in_words(post), key, needed, more)

    async def _create_as_it_is(
        self,
        space: SpaceId,
        channel: str,
        post: Post,
        key: OutboxId,
        needed: Needed,
        more: Mapping[str, object] | None,
    ) -> SentRef:
        """The same key twice within minutes is one message, says Discord. Direct channels need no permissions."""
        body = {**self._body(space, post, key), "nonce": key, "enforce_nonce": True, **(more or {})}
        if needed.surely:
            needed = Needed((*needed.surely, *_with_files(post)))
        answer = await self._permitted.ask(
            str(space), channel, needed, "POST", _MESSAGES, body, files_of(post), channel_id=channel
        )
        return self._sent.note(key, payload_of(answer))

    def _body(self, space: SpaceId, post: Post, key: OutboxId, *, private: bool = False) -> dict[str, object]:
        """The message, without what was chosen in a menu once and is not on the server any more."""
        known = self._directory.servers.get(str(space))
        if known is not None:
            there = {Choices.CHANNELS: known.channels.keys(), Choices.GROUPS: known.roles.keys()}
            post = Post(tuple(_with_known(block, there) for block in post.blocks))
        return message_of(post, key, private=private)

    def _own_emoji(self, space: SpaceId, name: str) -> str | None:
        """One that the server made itself, as Discord wants it."""
        known = self._directory.servers.get(str(space))
        found = known.emoji.get(name) if known else None
        return f"{name}:{found}" if found else None

    async def _mark(self, space: SpaceId, channel: str, message: str, emoji: str, method: str) -> None:
        path = f"{_MESSAGE}/reactions/{{emoji}}/@me"
        parts = {"channel_id": channel, "message_id": message, "emoji": emoji}
        # an emoji that somebody has put there already needs no permission to add one
        needed = Needed((VIEW, READ_HISTORY), (ADD_REACTIONS,)) if method == "PUT" else Needed((VIEW,))
        await self._permitted.ask(str(space), channel, needed, method, path, None, (), **parts)

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


def is_id(value: str) -> bool:
    """Whether it is an id as Discord gives them; anything else names nothing there."""
    return value.isascii() and value.isdecimal()


def _with_known(block: Block, there: Mapping[Choices, Collection[str]]) -> Block:
    if not isinstance(block, Menu):
        return block
    return replace(block, selected=tuple(each for each in block.selected if each in there[block.choices]))


def _in_words(post: Post) -> Post:
    """The same with what each picture shows told, and that there is no document."""
    return Post(tuple(_told(block) for block in post.blocks))


def _told(block: Block) -> Block:
    match block:
        case Picture():
            return Paragraph(block.alt)
        case Document():
            return Paragraph(block.instead)
        case _:
            return block


def _with_files(post: Post) -> Sequence[str]:
    return (ATTACH_FILES,) if any(isinstance(block, Picture | Document) for block in post.blocks) else ()


def _id(value: str) -> str:
    if not is_id(value):
        raise Rejected(f"{value} is no id of Discord")
    return value
