"""A Slack workspace as the dialogue sees it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from adapters.slack.api import Api, Me
from adapters.slack.changes import permission_missing
from adapters.slack.choosing import Choosing
from adapters.slack.config import SlackConfig, Transport
from adapters.slack.desk import DEADLINE, Desk
from adapters.slack.directory import Directory
from adapters.slack.fields import Table, text
from adapters.slack.finding import Aim, Finder, metadata
from adapters.slack.forms import Forms
from adapters.slack.history import History
from adapters.slack.home import Home
from adapters.slack.intake import Intake, Interruption
from adapters.slack.outsiders import holds_others_words, refuse_outsiders
from adapters.slack.pacing import Pace
from adapters.slack.permissions import lacking
from adapters.slack.reading import Deed, Reader
from adapters.slack.render import WHOLE
from adapters.slack.roster import Roster
from adapters.slack.showing import Showing
from adapters.slack.transports import HttpTransport, SocketTransport, Transports
from dialogue.actions import Findable, OutboxId, Reply, SendDirect
from dialogue.commands.declarations import ButtonAction, Command
from dialogue.errors import Rejected, Unavailable
from dialogue.events import Event, ReplyHandle
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
    Identity,
    Limits,
    SendsDirectMessages,
)
from dialogue.posts import Document, Post
from dialogue.rows import Gap, SentRef
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId

LIMITS: Final = Limits(text=WHOLE, buttons=25)
FIRST_HELLO: Final = 5.0
"""Seconds for which a history waits until there is a connection."""
TYPED: Final = "/parley "
"""With what a command begins."""
_LITERAL: Final[Mapping[str, object]] = {"parse": "none"}
"""Nothing in the text is looked for names and channels."""


async def who_am_i(config: SlackConfig) -> Me:
    """The app a token belongs to, asked once before anything else. Raises :class:`~dialogue.errors.SendError`."""
    return await Api(config).me()


class SlackChat(
    Chat, EditsMessages, AddsReactions, AnswersInteractions, SendsDirectMessages, FindsSent, FetchesHistory
):
    """One workspace. ``me``: see :func:`who_am_i`. ``wait``: lets seconds pass.

    A key given twice posts twice: the caller looks with :meth:`find_sent` first. Private answers are in no history,
    so they are never found.
    """

    def __init__(
        self,
        config: SlackConfig,
        me: Me,
        *,
        interactions: Interactions,
        commands: Sequence[Command],
        buttons: Sequence[ButtonAction],
        texts: Texts,
        clock: Clock,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        deadline: float = DEADLINE,
    ) -> None:
        self.spaces = frozenset({SpaceId(me.team)})
        self._config = config
        self._me = me
        self._clock = clock
        self._wait = wait
        self._deadline = deadline
        self._intake: Intake | None = None
        self._heard = asyncio.Event()
        self._heard.set()
        self._api = Api(config)
        self._pace = Pace(clock, wait)
        self._finder = Finder(self._api, me)
        self._directory = Directory(self._api, me, clock)
        self._showing = Showing(self._api, self._directory, clock, wait)
        self._reader = Reader(me, self._directory, self._api)
        self._history = History(self._api, self._reader)
        self._forms = Forms(me, self._api, self._reader, self._directory, clock, interactions, commands, buttons, texts)
        self._choosing = Choosing(Roster(me, self._directory, clock), clock)
        self._interactions = interactions
        self._texts = texts

    async def run(self, sink: EventSink) -> None:
        """Connect and feed the sink until cancelled."""
        if self._config.transport is Transport.SOCKET:
            self._heard.clear()
        intake = self._intake = Intake(SpaceId(self._me.team), self._reader.events, self._wait)
        home = Home(
            SpaceId(self._me.team), self._api, self._reader, self._interactions, self._texts.with_commands(TYPED)
        )
        desk = Desk(self._me.team, intake, self._forms, self._choosing, home, self._deadline)
        async with self._api.connected():
            transport = self._transport(desk, intake)
            tasks = [asyncio.ensure_future(transport.run()), asyncio.ensure_future(intake.run(sink))]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
                intake.close()
                await transport.stop()
                await home.close()

    async def send(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        """Post, with the key in the message's metadata; not what others mustn't read where they may read it now."""
        await self._look_who_reads(post, space, channel)
        more = {**_LITERAL, "channel": channel, "metadata": metadata(key)}
        if thread is not None:
            more["thread_ts"] = thread

        async def put(message: dict[str, object]) -> Table:
            await self._pace.turn(channel)
            async with self._reporting(channel):
                return await self._api.act("chat.postMessage", message | more)

        told = await self._showing.shown(post, put)
        return SentRef(channel, PlatformMessageId(text(told, "ts")))

    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        """Show ``post`` there instead; the metadata stays. Who may read it is looked at as in :meth:`send`."""
        await self._look_who_reads(post, space, ref.channel)
        more = {**_LITERAL, "channel": ref.channel, "ts": ref.message}

        async def put(message: dict[str, object]) -> None:
            await self._pace.turn(ref.channel)
            async with self._reporting(ref.channel):
                await self._api.act("chat.update", message | more)

        await self._showing.shown(post, put)

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
        """Add our reaction, or take it back; where it stands already, or is gone already, that is done."""
        where = {"channel": channel, "timestamp": message, "name": emoji}
        method, done = ("add", "already_reacted") if present else ("remove", "no_reaction")
        try:
            async with self._reporting(channel):
                await self._api.act(f"reactions.{method}", where)
        except Rejected as error:
            if not str(error).endswith(done):
                raise

    async def reply(
        self, space: SpaceId, channel: ChannelId, to: AccountId, handle: ReplyHandle, post: Post, key: OutboxId
    ) -> None:
        """Answer through the interaction's address; only ``to`` sees it. Documents come in the talk with them."""
        if handle.expires_at <= self._clock.now():
            raise Rejected("the time in which this could be answered is over")
        post = await self._handed(to, post)
        more = {"response_type": "ephemeral", "replace_original": False}
        await self._showing.shown(post, lambda message: self._api.answer(handle.token, message | more))

    async def send_direct(self, space: SpaceId, to: AccountId, post: Post, key: OutboxId) -> SentRef:
        """Post in the talk between the app and one person."""
        post = await self._handed(to, post)
        return await self.send(space, ChannelId(await self._directory.talk(to)), None, post, key)

    async def find_sent(self, action: Findable, key: OutboxId, since: datetime) -> SentRef | None:
        """Where the post with this key is: in the channel or thread it was for, or in the talk with one person."""
        if not isinstance(action, Reply | SendDirect):
            return await self._finder.find(key, Aim(action.channel, action.thread, since))
        try:
            channel = await self._directory.talk(action.to)
        except Rejected:
            # whoever can't be written to was sent nothing
            return None
        return await self._finder.find(key, Aim(channel, None, since))

    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        """The next hundred messages of the channel and its threads, as they are today.

        While this runs, not before Slack tells us of what is said from now on: what came in between nobody would tell.
        """
        try:
            async with asyncio.timeout(FIRST_HELLO):
                await self._heard.wait()
        except TimeoutError as error:
            raise Unavailable("Slack is not connected yet") from error
        return await self._history.page(gap, page)

    def identity(self) -> Identity:
        """Who the app is here."""
        account = AccountId(self._me.user)
        return Identity("Slack", account, self._me.name, f"@{self._me.name}", TYPED, groups="people or user groups")

    def limits(self) -> Limits:
        """What fits here."""
        return LIMITS

    async def _handed(self, to: AccountId, post: Post) -> Post:
        if not any(isinstance(block, Document) for block in post.blocks):
            return post
        return await self._showing.handed(post, await self._directory.talk(to))

    async def _look_who_reads(self, post: Post, space: SpaceId, channel: ChannelId) -> None:
        if holds_others_words(post, space, channel):
            refuse_outsiders(channel, await self._directory.room_now(channel))

    @asynccontextmanager
    async def _reporting(self, channel: ChannelId) -> AsyncIterator[None]:
        """Where something is refused because we may not do it, admins are to know what we lack."""
        try:
            yield
        except Rejected as error:
            permission = lacking(str(error))
            if permission is not None and self._intake is not None:
                now = self._clock.now()
                told = Deed(channel, lambda around: [permission_missing(channel, permission, around, now)])
                self._intake.put(told)
            raise

    def _transport(self, desk: Desk, intake: Intake) -> Transports:
        if self._config.transport is Transport.HTTP:
            return HttpTransport(self._config, self._me, self._api.client, desk)

        def lost() -> None:
            self._history.forget()
            self._directory.forget_all()
            intake.put(Interruption())

        return SocketTransport(self._config, desk, self._api.client, self._wait, self._heard, lost)
