"""The playground as the dialogue sees it: one space of a platform that can do most of what platforms can."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

from adapters.playground.cast import BOT, BOT_NAME, SPACE, direct
from adapters.playground.facts import Block, Marked, Posted, Reshown
from adapters.playground.parse import history_of
from adapters.playground.platform import Platform
from adapters.playground.render import blocks_of, length_of
from dialogue.actions import Findable, OutboxId
from dialogue.errors import Refused, Rejected, StorageUnavailable, Unavailable
from dialogue.events import Event, ReplyHandle
from dialogue.ports import (
    AddsReactions,
    AnswersInteractions,
    Chat,
    EditsMessages,
    EventSink,
    FetchesHistory,
    FindsSent,
    Identity,
    Limits,
    SendsDirectMessages,
)
from dialogue.posts import Picture, Post
from dialogue.rows import Gap, SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId

LIMITS: Final = Limits(text=8000, buttons=5)
LARGEST_PICTURE: Final = 256 * 1024
"""Bytes; a page that comes is given the pictures of all messages that it shows."""
PAGE: Final = 100
"""Messages in one page of history."""
PATIENCE: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before each next try to deliver what the bot could not keep; the last one again and again."""


class Playground(
    Chat, EditsMessages, AddsReactions, AnswersInteractions, SendsDirectMessages, FindsSent, FetchesHistory
):
    """The bot's side of a :class:`Platform`. Nothing it does comes back to it as an event."""

    spaces = frozenset({SPACE})

    def __init__(self, platform: Platform, wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._platform = platform
        self._wait = wait

    async def run(self, sink: EventSink) -> None:
        """Deliver everything in order until cancelled; what the sink can't keep is delivered again and again."""
        tries = 0
        while True:
            upto, events = await self._platform.undelivered()
            try:
                await sink.accept(events)
                self._platform.delivered(upto)
            except (StorageUnavailable, Refused) as error:
                self._platform.in_trouble(str(error))
                await self._wait(PATIENCE[min(tries, len(PATIENCE) - 1)])
                tries += 1
            else:
                tries = 0

    async def send(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        """Post; the same key posts once, however often it is given."""
        return self._post(key, channel, post, thread, None)

    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        """Show ``post`` there instead."""
        state = self._platform.state
        if key in state.sent:
            return
        message = state.messages.get(ref.message)
        if not message or message.deleted_at or message.author != BOT:
            raise Rejected(f"there is no message {ref.message} of ours in {ref.channel}")
        self._keep(Reshown(key, message.id, _fitting(post), self._platform.clock.now()))

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
        state = self._platform.state
        if key in state.sent:
            return
        found = state.messages.get(message)
        if not found or found.deleted_at:
            raise Rejected(f"there is no message {message} in {channel}")
        self._keep(Marked(key, message, emoji, present))

    async def reply(
        self, space: SpaceId, channel: ChannelId, to: AccountId, handle: ReplyHandle, post: Post, key: OutboxId
    ) -> None:
        """Answer where it was asked; only ``to`` sees it."""
        asked = self._platform.state.asked.get(handle.token)
        if key not in self._platform.state.sent and (
            asked is None or asked.by != to or asked.expires_at < self._platform.clock.now()
        ):
            raise Rejected("the time in which this could be answered is over")
        self._post(key, channel, post, asked.thread if asked else None, to)

    async def send_direct(self, space: SpaceId, to: AccountId, post: Post, key: OutboxId) -> SentRef:
        """Post in the talk between the bot and one person."""
        if to not in self._platform.state.people:
            raise Rejected(f"there is nobody called {to}")
        return self._post(key, direct(to).id, post, None, to)

    async def find_sent(self, action: Findable, key: OutboxId, since: datetime) -> SentRef | None:
        """Where the effect with this key is."""
        return self._platform.state.sent.get(key)

    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        """The next hundred messages of the channel, as they are today."""
        state = self._platform.state
        after = state.messages.get(page or gap.after or PlatformMessageId(""))
        start = after.number if after else 0
        missed = [
            message
            for message in state.messages.values()
            if message.channel == gap.channel and message.number > start and message.author != BOT
        ]
        return [event for message in missed[:PAGE] for event in history_of(message, state)]

    def identity(self) -> Identity:
        """Who we are here."""
        return Identity("Playground", BOT, BOT_NAME, f"@{BOT_NAME}")

    def limits(self) -> Limits:
        """What fits here."""
        return LIMITS

    def _post(
        self,
        key: OutboxId,
        channel: ChannelId,
        post: Post,
        thread: PlatformMessageId | None,
        to: AccountId | None,
    ) -> SentRef:
        known = self._platform.state.sent.get(key)
        if known:
            return known
        if not self._platform.has_channel(channel):
            raise Rejected(f"there is no channel {channel}")
        posted = Posted(key, self._platform.fresh_id(), channel, _fitting(post), self._platform.clock.now(), thread, to)
        self._keep(posted)
        return SentRef(channel, posted.id)

    def _keep(self, fact: Posted | Reshown | Marked) -> None:
        try:
            self._platform.keep(fact)
        except Refused as error:
            raise Unavailable(str(error)) from error


def _fitting(post: Post) -> tuple[Block, ...]:
    if any(isinstance(block, Picture) and len(block.png) > LARGEST_PICTURE for block in post.blocks):
        raise Rejected(f"a picture has at most {LARGEST_PICTURE} bytes here")
    blocks = blocks_of(post)
    if length_of(blocks) > LIMITS.text:
        raise Rejected(f"a post has at most {LIMITS.text} characters here")
    return blocks
