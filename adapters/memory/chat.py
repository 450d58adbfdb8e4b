"""A chat platform in memory: what people say is queued, what the bot sends can be looked at."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from dialogue.actions import Findable, OutboxId
from dialogue.errors import Rejected, StorageUnavailable
from dialogue.events import (
    Acted,
    Actor,
    ChannelChanged,
    Event,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    OptionsSelected,
    Place,
    ReplyHandle,
    Selected,
)
from dialogue.ports import (
    AddsReactions,
    AnswersInteractions,
    Chat,
    EditsMessages,
    EventSink,
    FetchesHistory,
    FindsSent,
    GrantsRoles,
    Identity,
    Limits,
    OpensThreads,
    SendsDirectMessages,
)
from dialogue.posts import Post
from dialogue.rows import Gap, SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId

PAGE: Final = 100
"""Messages in one page of history."""
ANSWERABLE: Final = timedelta(minutes=15)
"""How long what somebody chose can be answered."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Something the bot did: where, what it shows now, and under which key. ``to``: who alone sees it."""

    key: OutboxId
    ref: SentRef
    thread: PlatformMessageId | None
    post: Post
    to: AccountId | None = None


class MemoryChat(
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
    """One space. Survives the program that talks to it, as a real platform would.

    ``closed_direct``: accounts that take no direct messages. ``closed``: channels that take no new posts.
    """

    def __init__(self, space: SpaceId) -> None:
        self.spaces = frozenset({space})
        self.sent: list[Sent] = []
        self.reactions: set[tuple[ChannelId, PlatformMessageId, str]] = set()
        self.closed_direct: set[AccountId] = set()
        self.closed: set[ChannelId] = set()
        self.threads: dict[PlatformMessageId, str] = {}
        self.roles: set[tuple[AccountId, str]] = set()
        self._undelivered: deque[Event] = deque()
        self._interrupted = False
        self._arrived = asyncio.Event()
        self._history: dict[PlatformMessageId, MessagePosted] = {}
        self._edits: dict[PlatformMessageId, MessageEdited] = {}
        self._deleted: set[PlatformMessageId] = set()
        self._people: set[AccountId] = set()
        self._selections = 0

    def happen(self, *events: Event) -> None:
        """Something happens on the platform; it is delivered, in order, until a sink has accepted it."""
        self.miss(*events)
        self._undelivered.extend(events)
        self._arrived.set()

    def miss(self, *events: Event) -> None:
        """Something happens that is never delivered, as while nobody was connected; only the history knows of it."""
        for event in events:
            if isinstance(event, Acted):
                self._people.add(event.actor.account)
            match event:
                case MessagePosted():
                    self._history[event.message] = event
                case MessageEdited() if event.message in self._history:
                    self._history[event.message] = replace(self._history[event.message], text=event.text)
                    self._edits[event.message] = event
                case MessageDeleted():
                    # its place stays, so that a page can begin after it
                    self._deleted.add(event.message)
                case _:
                    pass

    def select(
        self,
        actor: Actor,
        place: Place,
        message: PlatformMessageId,
        custom_id: str,
        channels: Sequence[Place],
        at: datetime,
    ) -> None:
        """Somebody chooses channels from a menu on our post in ``place``; what each channel is happens first."""
        self._selections += 1
        chosen = f"selection-{self._selections}"
        self.happen(
            *(ChannelChanged(channel, f"{chosen}-{channel.channel}", at) for channel in channels),
            OptionsSelected(
                place,
                actor,
                chosen,
                custom_id,
                tuple(Selected(channel.channel, channel.name) for channel in channels),
                message,
                ReplyHandle(chosen, at + ANSWERABLE),
                at,
            ),
        )

    def interrupt(self) -> None:
        """The connection is lost and made again: the sink is told before anything else is delivered."""
        self._interrupted = True
        self._arrived.set()

    async def run(self, sink: EventSink) -> None:
        """Deliver what happens. An event leaves the queue only once accepted."""
        while True:
            await self.deliver(sink)
            self._arrived.clear()
            await self._arrived.wait()

    async def deliver(self, sink: EventSink) -> None:
        """Deliver everything queued; what isn't accepted stays queued."""
        while self._undelivered or self._interrupted:
            batch = tuple(self._undelivered)
            try:
                await self._tell_interrupted(sink)
                if batch:
                    await sink.accept(batch)
            except StorageUnavailable:
                return
            for _ in batch:
                self._undelivered.popleft()

    async def _tell_interrupted(self, sink: EventSink) -> None:
        if self._interrupted:
            for space in self.spaces:
                await sink.interrupted(space)
            self._interrupted = False

    async def send(
        self, space: SpaceId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, key: OutboxId
    ) -> SentRef:
        """Keep the post; the same key posts once."""
        if channel in self.closed:
            raise Rejected("nobody may write in that channel")
        return self._keep(key, channel, thread, post, None)

    async def edit(self, space: SpaceId, ref: SentRef, post: Post, key: OutboxId) -> None:
        """Change what a post shows."""
        for index, sent in enumerate(self.sent):
            if sent.ref == ref:
                self.sent[index] = replace(sent, post=post)
                return
        raise Rejected("there is no such post")

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
        """Keep or drop our reaction."""
        (self.reactions.add if present else self.reactions.discard)((channel, message, emoji))

    async def reply(
        self, space: SpaceId, channel: ChannelId, to: AccountId, handle: ReplyHandle, post: Post, key: OutboxId
    ) -> None:
        """Keep the post; only ``to`` sees it."""
        self._keep(key, channel, None, post, to)

    async def send_direct(self, space: SpaceId, to: AccountId, post: Post, key: OutboxId) -> SentRef:
        """Keep the post in the person's own channel."""
        if to in self.closed_direct:
            raise Rejected("this person takes no direct messages")
        return self._keep(key, ChannelId(f"@{to}"), None, post, to)

    async def open_thread(
        self, space: SpaceId, channel: ChannelId, message: PlatformMessageId, name: str, key: OutboxId
    ) -> None:
        """Keep the thread's name; the first one stays."""
        if message in self._deleted or not self._is_there(message):
            raise Rejected("there is no such message")
        self.threads.setdefault(message, name)

    async def grant_role(self, space: SpaceId, to: AccountId, group: str, key: OutboxId, *, granted: bool) -> None:
        """Keep or drop the role of somebody who has ever done something here."""
        if to not in self._people:
            raise Rejected("there is nobody of that account")
        (self.roles.add if granted else self.roles.discard)((to, group))

    async def find_sent(self, action: Findable, key: OutboxId, since: datetime) -> SentRef | None:
        """Where the effect with this key is."""
        return next((sent.ref for sent in self.sent if sent.key == key), None)

    async def history(self, gap: Gap, page: PlatformMessageId | None) -> Sequence[Event]:
        """The next messages of the channel as they are today, with the last edit of each."""
        said = [message for message in self._history.values() if message.place.channel == gap.channel]
        start = next((i + 1 for i, message in enumerate(said) if message.message == (page or gap.after)), 0)
        told: list[Event] = []
        there = [message for message in said[start:] if message.message not in self._deleted]
        for message in there[:PAGE]:
            told.append(replace(message, live=False))
            if message.message in self._edits:
                told.append(self._edits[message.message])
        return told

    def identity(self) -> Identity:
        """Who the bot is here."""
        return Identity("Memory", AccountId("parley"), "Parley", "@Parley", groups="role", gives_roles=True)

    def limits(self) -> Limits:
        """What fits here."""
        return Limits(text=4000, buttons=5)

    def _is_there(self, message: PlatformMessageId) -> bool:
        return message in self._history or any(sent.ref.message == message for sent in self.sent)

    def _keep(
        self, key: OutboxId, channel: ChannelId, thread: PlatformMessageId | None, post: Post, to: AccountId | None
    ) -> SentRef:
        known = next((sent.ref for sent in self.sent if sent.key == key), None)
        if known:
            return known
        ref = SentRef(channel, PlatformMessageId(f"bot-{len(self.sent) + 1}"))
        self.sent.append(Sent(key, ref, thread, post, to))
        return ref
