from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from adapters.playground.cast import BOT, SPACE
from adapters.playground.clock import MovableClock
from adapters.playground.facts import DocumentBlock
from adapters.playground.gateway import Playground
from adapters.playground.platform import Platform
from adapters.playground.render import texts_of
from adapters.playground.state import Message
from dialogue.events import Actor, ReplyHandle
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId
from tests.contract.chat.contract import ChatContract
from tests.contract.chat.driver import Driver


class PlaygroundDriver(Driver):
    """Drives the platform itself, as the page does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.space = SPACE
        self.channel = ChannelId("community")
        self.start()

    def start(self) -> None:
        self.platform = Platform(self._folder, MovableClock())
        self.chat = Playground(self.platform)

    async def say(self, actor: Actor, text: str) -> PlatformMessageId:
        return self.platform.say(actor.account, self.channel, text)

    async def asks(self, actor: Actor) -> ReplyHandle:
        self.platform.command(actor.account, self.channel, "help", "show", {})
        token, asked = list(self.platform.state.asked.items())[-1]
        return ReplyHandle(token, asked.expires_at)

    async def selects(self, actor: Actor, on: SentRef, custom_id: str, channels: Sequence[ChannelId]) -> None:
        self.platform.choose(actor.account, on.message, custom_id, channels)

    def restart(self) -> None:
        self.platform.close()
        self.start()

    def shown(self, ref: SentRef) -> str:
        return _text(self.platform.state.messages[ref.message])

    def answers(self, account: AccountId) -> Sequence[str]:
        return [_text(message) for message in self.platform.state.messages.values() if message.to == account]

    def documents(self, account: AccountId) -> Sequence[bytes]:
        blocks = [block for one in self.platform.state.messages.values() if one.to == account for block in one.blocks]
        return [b64decode(block.content) for block in blocks if isinstance(block, DocumentBlock)]

    def reactions(self, message: PlatformMessageId) -> Sequence[str]:
        given = self.platform.state.messages[message].reactions
        return [emoji for emoji, who in given.items() for account in who if account == BOT]


def _text(message: Message) -> str:
    return "\n".join(text for block in message.blocks for text in texts_of(block))


class TestPlayground(ChatContract):
    """The playground's chat."""

    STAYS_CONNECTED = True

    @pytest.fixture
    def driver(self, tmp_path: Path) -> Iterator[PlaygroundDriver]:
        driver = PlaygroundDriver(tmp_path)
        yield driver
        driver.platform.close()
