"""A Slack workspace as the dialogue sees it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

from adapters.slack.api import Api, Me
from adapters.slack.config import SlackConfig, Transport
from adapters.slack.desk import DEADLINE, Desk
from adapters.slack.directory import Directory
from adapters.slack.fields import text
from adapters.slack.finding import Finder, metadata
from adapters.slack.forms import Forms
from adapters.slack.history import History
from adapters.slack.intake import Intake, Interruption
from adapters.slack.outsiders import refuse_others_words
from adapters.slack.pacing import Pace
from adapters.slack.reading import Reader
from adapters.slack.render import WHOLE, message_of
from adapters.slack.transports import HttpTransport, SocketTransport, Transports, bolt_app
from dialogue.actions import OutboxId
from dialogue.commands.declarations import ButtonAction, Command
from dialogue.errors import Rejected, Unavailable, Uncertain
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
from dialogue.posts import Post
from dialogue.rows import Gap, SentRef
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId

LIMITS: Final = Limits(text=WHOLE, buttons=25)
FIRST_HELLO: Final = 5.0
"""Seconds for which a history waits until there is a connection."""
_LITERAL: Final = {"parse": "none"}
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
        self._heard = asyncio.Event()
        self._heard.set()
        self._api = Api(config)
        self._pace = Pace(clock, wait)
        self._finder = Finder(self._api, me)
        self._directory = Directory(self._api, me, clock, config.staff)
        self._reader = Reader(me, self._directory, self._api)
        self._history = History(self._api, self._reader)
        self._forms = Forms(me, self._api, self._reader, clock, interactions, commands, buttons, texts)

    async def run(self, sink: EventSink) -> None:
        """Connect and feed the sink until cancelled."""
        if self._config.transport is Transport.SOCKET:
            self._heard.clear()
        intake = Intake(SpaceId(self._me.team), self._reader.events, self._wait)
        desk = Desk(self._me.team, intake, self._forms, self._deadline)
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

    async def send(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        """Post, with the key in the message's metadata; not what others mustn't read where they may read it now."""
        refuse_others_words(post, space, channel, await self._directory.room(channel))
        message = message_of(post) | _LITERAL | {"channel": channel, "metadata": metadata(key)}
        if thread is not None:
            message["thread_ts"] = thread
        await self._pace.turn(channel)
        self._finder.aim(key, channel, thread)
        told = await self._api.act("chat.postMessage", message)
        return SentRef(channel, PlatformMessageId(text(told, "ts")))

    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        """Show ``post`` there instead; the metadata stays. Who may read it is looked at as in :meth:`send`."""
        refuse_others_words(post, space, ref.channel, await self._directory.room(ref.channel))
        await self._pace.turn(ref.channel)
        await self._api.act("chat.update", message_of(post) | _LITERAL | {"channel": ref.channel, "ts": ref.message})

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
            await self._api.act(f"reactions.{method}", where)
        except Rejected as error:
            if not str(error).endswith(done):
                raise

    async def reply(
        self, space: SpaceId, channel: ChannelId, to: AccountId, handle: ReplyHandle, post: Post, key: OutboxId
    ) -> None:
        """Answer through the interaction's address; only ``to`` sees it."""
        if handle.expires_at <= self._clock.now():
            raise Rejected("the time in which this could be answered is over")
        self._finder.nowhere(key)
        await self._api.answer(
            handle.token, message_of(post) | {"response_type": "ephemeral", "replace_original": False}
        )

    async def send_direct(self, space: SpaceId, to: AccountId, post: Post, key: OutboxId) -> SentRef:
        """Post in the talk between the app and one person."""
        try:
            opened = await self._api.act("conversations.open", {"users": to})
        except Uncertain as error:
            # opening it twice is harmless
            raise Unavailable(str(error)) from error
        return await self.send(space, ChannelId(text(opened, "channel", "id")), None, post, key)

    async def find_sent(self, space: SpaceId, key: OutboxId, since: datetime) -> SentRef | None:
        """Where the post with this key is."""
        return await self._finder.find(key, since)

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
        return Identity("Slack", AccountId(self._me.user), self._me.name, f"@{self._me.name}", "/parley ")

    def limits(self) -> Limits:
        """What fits here."""
        return LIMITS

    def _transport(self, desk: Desk, intake: Intake) -> Transports:
        app = bolt_app(self._config, self._me, self._api.client, desk)
        if self._config.transport is Transport.HTTP:
            return HttpTransport(self._config, app)

        def lost() -> None:
            self._history.forget()
            intake.put(Interruption())

        return SocketTransport(self._config, app, self._api.client, self._wait, self._heard, lost)
