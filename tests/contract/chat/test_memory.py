from collections.abc import Sequence
from datetime import timedelta

import pytest

from adapters.memory.chat import MemoryChat
from dialogue.events import Actor, MessagePosted, Place, ReplyHandle
from dialogue.plain import plain_text
from dialogue.posts import Document
from dialogue.rows import SentRef
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from tests.contract.chat.contract import ChatContract
from tests.contract.chat.driver import SINCE, Driver


class MemoryDriver(Driver):
    """The chat in memory outlives the program that talks to it, so a restart changes nothing."""

    role = "champion"

    def __init__(self) -> None:
        self.space = SpaceId("memory")
        self.channel = ChannelId("general")
        self.chat: MemoryChat = MemoryChat(self.space)
        self._count = 0

    async def say(self, actor: Actor, text: str) -> PlatformMessageId:
        self._count += 1
        message = PlatformMessageId(f"m{self._count}")
        self.chat.happen(MessagePosted(self._place(self.channel), actor, message, text, SINCE))
        return message

    def interrupt(self) -> None:
        self.chat.interrupt()

    async def asks(self, actor: Actor) -> ReplyHandle:
        return ReplyHandle("token", SINCE + timedelta(minutes=15))

    async def selects(self, actor: Actor, on: SentRef, custom_id: str, channels: Sequence[ChannelId]) -> None:
        chosen = [self._place(channel) for channel in channels]
        self.chat.select(actor, self._place(on.channel), on.message, custom_id, chosen, SINCE)

    def restart(self) -> None:
        return None

    def shown(self, ref: SentRef) -> str:
        return next(plain_text(sent.post) for sent in self.chat.sent if sent.ref == ref)

    def answers(self, account: AccountId) -> Sequence[str]:
        return [plain_text(sent.post) for sent in self.chat.sent if sent.to == account]

    def documents(self, account: AccountId) -> Sequence[bytes]:
        blocks = [block for sent in self.chat.sent if sent.to == account for block in sent.post.blocks]
        return [block.content for block in blocks if isinstance(block, Document)]

    def reactions(self, message: PlatformMessageId) -> Sequence[str]:
        return [emoji for _, reacted, emoji in self.chat.reactions if reacted == message]

    def threads(self, message: PlatformMessageId) -> Sequence[str]:
        return [name for begun, name in self.chat.threads.items() if begun == message]

    def roles(self, account: AccountId) -> Sequence[str]:
        return [role for holder, role in self.chat.roles if holder == account]

    def _place(self, channel: ChannelId) -> Place:
        return Place(self.space, channel, channel, Audience.PUBLIC)


class TestMemoryChat(ChatContract):
    """The chat for tests."""

    @pytest.fixture
    def driver(self) -> MemoryDriver:
        return MemoryDriver()
