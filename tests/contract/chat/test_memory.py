from collections.abc import Sequence
from datetime import timedelta

import pytest

from adapters.memory.chat import MemoryChat
from dialogue.events import Actor, MessagePosted, Place, ReplyHandle
from dialogue.plain import plain_text
from dialogue.rows import SentRef
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId
from tests.contract.chat.contract import SINCE, ChatContract, Driver


class MemoryDriver(Driver):
    """The chat in memory outlives the program that talks to it, so a restart changes nothing."""

    def __init__(self) -> None:
        self.space = SpaceId("memory")
        self.channel = ChannelId("general")
        self.chat: MemoryChat = MemoryChat(self.space)
        self._count = 0

    async def say(self, actor: Actor, text: str) -> PlatformMessageId:
        self._count += 1
        message = PlatformMessageId(f"m{self._count}")
        place = Place(self.space, self.channel, "general", Audience.PUBLIC)
        self.chat.happen(MessagePosted(place, actor, message, text, SINCE))
        return message

    def interrupt(self) -> None:
        self.chat.interrupt()

    async def asks(self, actor: Actor) -> ReplyHandle:
        return ReplyHandle("token", SINCE + timedelta(minutes=15))

    def restart(self) -> None:
        return None

    def shown(self, ref: SentRef) -> str:
        return next(plain_text(sent.post) for sent in self.chat.sent if sent.ref == ref)

    def reactions(self, message: PlatformMessageId) -> Sequence[str]:
        return [emoji for _, reacted, emoji in self.chat.reactions if reacted == message]


class TestMemoryChat(ChatContract):
    """The chat for tests."""

    @pytest.fixture
    def driver(self) -> MemoryDriver:
        return MemoryDriver()
