"""Discord as the dialogue sees it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from adapters.discord.changes import changed, places_before
from adapters.discord.client import Wait, payloads
from adapters.discord.commands import payload_of, same
from adapters.discord.config import DiscordConfig
from adapters.discord.desk import Desk
from adapters.discord.directory import Directory, shard_for, shard_of
from adapters.discord.errors import NotConnected, why_not_connected
from adapters.discord.history import page_of
from adapters.discord.intake import PATIENCE, Intake
from adapters.discord.outgoing import Outgoing
from adapters.discord.parse import Reader, events_of
from adapters.discord.payload import Payload, children, flag, identifier, optional_identifier
from adapters.discord.permitted import Permitted
from adapters.discord.presence import Presence
from adapters.discord.render import ROW, TEXT
from adapters.discord.sent import Sent
from adapters.discord.servers import Servers
from adapters.discord.session import Session
from adapters.discord.unplaced import Unplaced
from dialogue.actions import Findable, OutboxId
from dialogue.actions import Post as PostIn
from dialogue.commands.declarations import ButtonAction, Command
from dialogue.errors import Rejected, SendError, Unavailable, Uncertain
from dialogue.events import ChannelChanged, Event, MemberChanged, ReplyHandle
from dialogue.interactions import Interactions
from dialogue.ports import (
    AddsReactions,
    AnswersInteractions,
    Chat,
    Clock,
    EditsMessages,
    EventSink,
    FetchesHistory,
    FindsSent,
    GrantsRoles,
    Identity,
    Ids,
    Limits,
    OpensThreads,
    SendsDirectMessages,
)
from dialogue.posts import Post
from dialogue.rows import Gap, SentRef
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId

_WITHOUT_ID: Final = ("MESSAGE_REACTION", "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE")
"""Events to which Discord gives no id."""
LIMITS: Final = Limits(text=TEXT, buttons=ROW)
HELD: Final = timedelta(minutes=1)
"""A connection that lasted so long was a good one."""
BROKEN: Final = (*PATIENCE, 30.0, 60.0, 120.0)
"""Seconds before each next connection after some that did not last: Discord allows a thousand a day."""


class DiscordChat(
    Chat,
    EditsMessages,
    AddsReactions,
    AnswersInteractions,
    SendsDirectMessages,
    OpensThreads,
    GrantsRoles,
    FindsSent,
    FetchesHistory,
):
    """One bot account. :meth:`prepare` it before asking who it is and where; :meth:`run` it once at a time."""

    def __init__(
        self,
        config: DiscordConfig,
        *,
        interactions: Interactions,
        commands: Sequence[Command],
        buttons: Sequence[ButtonAction],
        texts: Texts,
        clock: Clock,
        ids: Ids,
        wait: Wait = asyncio.sleep,
    ) -> None:
        self.spaces: frozenset[SpaceId] = frozenset()
        self._config = config
        self._commands = payload_of(commands, texts)
        self._clock = clock
        self._ids = ids
        self._wait = wait
        self._directory = Directory()
        self._intake = Intake(wait)
        self._session = Session(config, self._arrived, wait)
        self._servers = Servers(self._session, self._directory)
        self._desk = Desk(self._session, self._intake, interactions, commands, buttons, texts, ids)
        self._unplaced = Unplaced(self._session, self._intake, clock, wait, self._reader)
        self._sent = Sent()
        self._presence = Presence(config.shards)
        permitted = Permitted(self._session, self._directory, self._intake, self._reader, self._presence.hears)
        self._outgoing = Outgoing(self._session, self._servers, self._directory, permitted, self._desk, self._sent)
        self._away: set[str] = set()
        self._tries = 0
        self._ready_at: datetime | None = None

    async def prepare(self) -> None:
        """Log in, learn who we are and which servers we are on. Harmless to repeat.

        Raises :class:`~adapters.discord.errors.NotConnected` for a token that is refused, :class:`SendError` if Discord
        can't be reached.
        """
        await self._session.client()
        joined = await self._servers.joined()
        owned = self._config.shards
        self.spaces = frozenset(
            SpaceId(server.id)
            for server in joined
            if not owned or shard_for(server.id, self._config.shard_count) in owned
        )

    async def run(self, sink: EventSink) -> None:
        """See :meth:`dialogue.ports.Chat.run`. Raises :class:`~adapters.discord.errors.NotConnected`."""
        self._presence.start()
        listening = asyncio.create_task(self._listen())
        feeding = asyncio.create_task(self._intake.feed(sink))
        try:
            done, _ = await asyncio.wait({listening, feeding}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (listening, feeding):
                task.cancel()
                await asyncio.wait({task})
            self._presence.stop()
            await self.close()

    async def close(self) -> None:
        """End every connection. What arrived and was not accepted is handed over by the next :meth:`run`."""
        await self._desk.close()
        await self._unplaced.close()
        await self._session.close()

    async def send(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        """Post; the same key posts once while this program runs, and for some minutes after."""
        return self._sent.get(key) or await self._outgoing.post(space, channel, thread, post, key)

    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        """Show ``post`` there instead."""
        await self._outgoing.edit(space, ref, post, key)

    async def react(
        self,
        space: SpaceId,
        channel: ChannelId,
        message: PlatformMessageId,
        emoji: str,
        key: OutboxId,
        *,
        present: bool,
    ) -> None:
        """Add our reaction, or take it back."""
        await self._outgoing.react(space, channel, message, emoji, present=present)

    async def reply(
        self, space: SpaceId, channel: ChannelId, to: AccountId, handle: ReplyHandle, post: Post, key: OutboxId
    ) -> None:
        """Answer where it was asked; only ``to`` sees it."""
        if handle.expires_at <= self._clock.now():
            raise Rejected("the time in which this could be answered is over")
        if self._sent.get(key) is None:
            await self._outgoing.reply(space, handle, post, key)

    async def send_direct(self, space: SpaceId, to: AccountId, post: Post, key: OutboxId) -> SentRef:
        """Write to one person alone."""
        return self._sent.get(key) or await self._outgoing.direct(space, to, post, key)

    async def open_thread(
        self, space: SpaceId, channel: ChannelId, message: PlatformMessageId, name: str, key: OutboxId
    ) -> None:
        """Begin a thread on a message; where it has one, that is done."""
        await self._outgoing.open_thread(space, channel, message, name)

    async def grant_role(self, space: SpaceId, to: AccountId, group: str, key: OutboxId, *, granted: bool) -> None:
        """Give somebody a server role, or take it away."""
        await self._outgoing.grant_role(space, to, group, granted=granted)

    async def find_sent(self, action: Findable, key: OutboxId, since: datetime) -> SentRef | None:
        """Where the message of an action is. What only the asker saw is only remembered, while the program runs."""
        known = self._sent.get(key)
        if known is not None:
            return known
        await self._session.client()
        try:
            places = await self._outgoing.places_of(action)
        except Uncertain as error:
            raise Unavailable(str(error)) from error
        found = await self._sent.find(places, key, since, self._me(), self._servers)
        if found is not None and not isinstance(action, PostIn):
            self._outgoing.note_direct(action.space, action.to, found)
        return found

    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        """The next messages of the channel and its threads, as they are today.

        While :meth:`run` connects, or the server has not come yet, this waits a little for it, and is
        :class:`Unavailable` then: what is said after the last page was read must arrive live.
        """
        await self._presence.heard(str(gap.space))
        await self._session.client()
        sessions = self._presence.sessions
        events = await page_of(gap, page, self._servers, self._reader())
        if not events and sessions != self._presence.sessions:
            raise Unavailable("Discord was connected anew while this was read")
        return events

    def identity(self) -> Identity:
        """Who we are here, once prepared."""
        name = self._session.account.name if self._session.account else ""
        return Identity("Discord", AccountId(self._me()), name, f"<@{self._me()}>", groups="role", gives_roles=True)

    def limits(self) -> Limits:
        """What fits here."""
        return LIMITS

    async def _listen(self) -> None:
        """Stay connected. The library reconnects by itself; where it gives up, a new connection is made."""
        while True:
            try:
                client = await self._session.client()
                await self._sync_commands()
                await client.connect()
            except NotConnected:
                raise
            except Exception as error:
                # whatever broke the connection, the bot must come back
                reason = why_not_connected(error)
                if reason is not None:
                    raise reason from error
                structlog.get_logger().warning("connection_failed", reason=_reason(error))
            self._presence.lose()
            await self._session.close()
            await self._wait(self._pause())

    def _pause(self) -> float:
        """Seconds until the next connection."""
        steps = PATIENCE if self._ready_at is None else BROKEN
        if self._ready_at is not None and self._clock.now() - self._ready_at >= HELD:
            self._tries = 0
        self._ready_at, tries = None, self._tries
        self._tries += 1
        return steps[min(tries, len(steps) - 1)]

    async def _sync_commands(self) -> None:
        """Tell Discord of our commands, unless it has exactly these."""
        path, application = "/applications/{application_id}/commands", await self._session.application()
        try:
            there = list(payloads(await self._session.ask("GET", path, application_id=application)))
            if same(self._commands, there):
                return
            await self._session.ask("PUT", path, self._commands, application_id=application)
        except SendError as error:
            # without its commands, or with those of its last start, the bot still hears and answers
            name = "commands_refused" if isinstance(error, Rejected) else "commands_not_synced"
            structlog.get_logger().error(name, reason=str(error))
        else:
            structlog.get_logger().info("commands_synced", commands=len(self._commands))

    def _arrived(self, name: str, payload: Payload) -> None:
        """A gateway event, before anything waits. Raises :class:`~adapters.discord.payload.Malformed`."""
        reader = self._reader()
        match name:
            case "READY":
                self._ready(payload)
            case "INTERACTION_CREATE":
                self._desk.take(payload, reader)
            case _:
                fresh = self._ids.fresh() if name.startswith(_WITHOUT_ID) else ""
                events = events_of(name, payload, reader, fresh, self._clock.now())
                for event in events:
                    self._put(event)
                if not events:
                    self._note_unknown(name, payload)
        before = places_before(name, payload, reader)
        self._directory.apply(name, payload)
        for place in changed(before, reader):
            self._intake.put(ChannelChanged(place, self._ids.fresh(), self._clock.now()))
        self._follow_spaces(name, payload)
        self._presence.apply(name, payload)

    def _ready(self, payload: Payload) -> None:
        """A new session of a shard: after an earlier one, what came in between was missed."""
        shard, count = shard_of(payload)
        others = frozenset(space for space in self.spaces if shard_for(space, count) != shard)
        mine = frozenset(SpaceId(identifier(server, "id")) for server in children(payload, "guilds"))
        self.spaces = others | mine
        if self._presence.began_before(shard):
            for space in sorted(mine):
                self._intake.interrupt(space)
        self._ready_at = self._ready_at or self._clock.now()

    def _follow_spaces(self, name: str, payload: Payload) -> None:
        """Servers joined and left; one that was away has been missed meanwhile."""
        if name == "GUILD_DELETE":
            space = identifier(payload, "id")
            if flag(payload, "unavailable"):
                self._away.add(space)
            else:
                self.spaces -= {SpaceId(space)}
        elif name == "GUILD_CREATE" and not flag(payload, "unavailable"):
            space = identifier(payload, "id")
            self.spaces |= {SpaceId(space)}
            if space in self._away:
                self._away.discard(space)
                self._intake.interrupt(SpaceId(space))

    def _put(self, event: Event) -> None:
        if isinstance(event, MemberChanged):
            self._intake.put_member(event)
        else:
            self._intake.put(event)

    def _note_unknown(self, name: str, payload: Payload) -> None:
        """What was deleted in a place that no event told of since the start is not found here, at most by history."""
        if name.startswith(("MESSAGE_DELETE", "THREAD_DELETE")):
            server = optional_identifier(payload, "guild_id")
            channel = identifier(payload, "id" if name == "THREAD_DELETE" else "channel_id")
            if server is None:
                self._unplaced.take(name, payload)
            elif self._directory.find(server, channel) is None:
                structlog.get_logger().warning("deletion_of_unknown_place", payload=name, space=server, channel=channel)

    def _reader(self) -> Reader:
        return Reader(self._me(), self._directory, self._clock.now(), self._config.members)

    def _me(self) -> str:
        return self._session.account.id if self._session.account else ""


def _reason(error: Exception) -> str:
    """A send error's own sentence; of any other the type, as it may quote what somebody said."""
    return str(error) if isinstance(error, SendError) else type(error).__name__
