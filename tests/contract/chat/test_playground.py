from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from adapters.playground.cast import BOT, SPACE
from adapters.playground.clock import MovableClock
from adapters.playground.gateway import Playground
from adapters.playground.platform import Platform
from adapters.playground.render import texts_of
from dialogue.events import Actor, ReplyHandle
from dialogue.rows import SentRef
from knowledge_base.ids import ChannelId, PlatformMessageId
from tests.contract.chat.contract import ChatContract, Driver


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

    def restart(self) -> None:
        self.platform.close()
        self.start()

    def shown(self, ref: SentRef) -> str:
        blocks = self.platform.state.messages[ref.message].blocks
        return "\n".join(text for block in blocks for text in texts_of(block))

    def reactions(self, message: PlatformMessageId) -> Sequence[str]:
        given = self.platform.state.messages[message].reactions
        return [emoji for emoji, who in given.items() for account in who if account == BOT]


class TestPlayground(ChatContract):
    """The playground's chat."""

    STAYS_CONNECTED = True

    @pytest.fixture
    def driver(self, tmp_path: Path) -> Iterator[PlaygroundDriver]:
        driver = PlaygroundDriver(tmp_path)
        yield driver
        driver.platform.close()
