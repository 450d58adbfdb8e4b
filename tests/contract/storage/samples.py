"""What the tests put into a database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import numpy as np

from dialogue.actions import CardOf, Edit, OutboxId, Outgoing, Post, Reply, Said
from dialogue.events import (
    Actor,
    CommandInvoked,
    Event,
    Lane,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
    ReactionAdded,
    ReplyHandle,
    dedupe_key,
    lane_of,
)
from dialogue.ports import Storage, UnitOfWork
from dialogue.posts import plain
from dialogue.rows import NewEvent, Sent, SentRef
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import (
    AccountId,
    ChannelId,
    CommunityId,
    ConversationId,
    InsightId,
    MemberId,
    PlatformMessageId,
    SpaceId,
    message_id,
)
from knowledge_base.insights import Insight, Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.merging import Embedding, Meaning, Vector
from knowledge_base.messages import Message

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ACME = CommunityId("acme")
GUILD = SpaceId("guild")
HELP = ChannelId("help")
OTHER, ELSEWHERE = CommunityId("other"), SpaceId("elsewhere")
ANNA = Actor(AccountId("anna"), "Anna", Role.CUSTOMER)


def place(channel: str = HELP) -> Place:
    return Place(GUILD, ChannelId(channel), channel, Audience.PUBLIC)


def lane(channel: str = HELP) -> Lane:
    return place(channel).lane


def posted(key: str, channel: str = HELP, text: str = "it drops my tags", actor: Actor = ANNA) -> MessagePosted:
    return MessagePosted(place(channel), actor, PlatformMessageId(key), text, NOW)


def edited(key: str, version: str = "1", channel: str = HELP) -> MessageEdited:
    return MessageEdited(place(channel), ANNA, PlatformMessageId(key), "it drops all my tags", version, NOW)


def deleted(key: str, channel: str = HELP) -> MessageDeleted:
    return MessageDeleted(place(channel), PlatformMessageId(key), NOW)


def reacted(key: str, event: str, channel: str = HELP) -> ReactionAdded:
    return ReactionAdded(place(channel), ANNA, PlatformMessageId(key), "bug", event, NOW)


def commanded(key: str, channel: str = HELP, token: str = "secret-token") -> CommandInvoked:
    handle = ReplyHandle(token, NOW + timedelta(minutes=15))
    return CommandInvoked(place(channel), ANNA, key, "tag", "list", {}, handle, NOW)


def new(event: Event) -> NewEvent:
    return NewEvent(ACME, lane_of(event), dedupe_key(event), event)


def say(channel: str = "team", text: str = "hello") -> Outgoing:
    return Outgoing(Post(GUILD, ChannelId(channel), Said(plain(text))))


def below(post: str, channel: str = "team") -> Outgoing:
    return Outgoing(Post(GUILD, ChannelId(channel), Said(plain("more")), under=OutboxId(post)))


def change(target: str, channel: str = "team") -> Outgoing:
    return Outgoing(Edit(GUILD, ChannelId(channel), OutboxId(target), CardOf(InsightId("i"))))


def answer(token: str = "secret-token") -> Outgoing:
    handle = ReplyHandle(token, NOW + timedelta(minutes=15))
    return Outgoing(Reply(GUILD, HELP, AccountId("anna"), handle, Said(plain("done"))))


def message(key: str, channel: str = HELP, author: str = "m-anna", text: str = "it drops my tags", **rest) -> Message:
    fields = {
        "id": message_id(GUILD, ChannelId(channel), PlatformMessageId(key)),
        "community": ACME,
        "space": GUILD,
        "channel": ChannelId(channel),
        "thread": None,
        "author": MemberId(author),
        "author_name": author,
        "role": Role.CUSTOMER,
        "at": NOW,
        "text": text,
        "language": "en",
        "kind": Kind.PROBLEM,
        "confidence": 0.1 + 0.2,
        "conversation": ConversationId("talk"),
        "reply_to": None,
    }
    return Message(**(fields | rest))


def insight(key: str, kind: Kind = Kind.PROBLEM, **rest) -> Insight:
    fields = {
        "id": InsightId(key),
        "community": ACME,
        "number": 0,
        "kind": kind,
        "title": "it drops my tags",
        "titled_by": message_id(GUILD, HELP, PlatformMessageId("1")),
        "status": Status.NEW,
        "demand": 0,
        "first_at": NOW,
        "last_at": NOW,
    }
    return Insight(**(fields | rest))


def vector(*numbers: float, size: int = 16) -> Vector:
    padded = np.zeros(size, np.float32)
    padded[: len(numbers)] = numbers
    return padded / np.linalg.norm(padded)


TINY = "tiny"


def meaning(*vectors: Vector, models: tuple[str, ...] = (TINY,)) -> Meaning:
    """A vector by each of the models."""
    return Meaning(" + ".join(models), tuple(map(Embedding, models, vectors)))


async def found(storage: Storage) -> None:
    """A community with two members and a channel."""
    async with storage.begin() as uow:
        await uow.communities.found(ACME, GUILD, "Acme", NOW)
        await uow.channels.see(ACME, GUILD, HELP, "help", Audience.PUBLIC, Shared.NO)
        for name in ("anna", "ben"):
            await join(uow, name)
        await uow.commit()


@asynccontextmanager
async def beside_another(storage: Storage) -> AsyncIterator[UnitOfWork]:
    """That community, and another one that nobody is in yet."""
    await found(storage)
    async with storage.begin() as uow:
        await uow.communities.found(OTHER, ELSEWHERE, "Other", NOW)
        yield uow


async def sent(uow: UnitOfWork, token: str, ref: SentRef | None, text: str, now: datetime) -> bool:
    """Tell what came of one claim; whether it held."""
    return token in await uow.outbox.sent([Sent(token, ref, text)], now)


async def join(uow: UnitOfWork, name: str) -> None:
    await uow.members.see(ACME, GUILD, AccountId(name), name.title(), Role.CUSTOMER, MemberId(f"m-{name}"))
