from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.files.recording import RecordingChat
from dialogue.events import Actor, ReplyHandle
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from tests.contract.chat.contract import ChatContract
from tests.contract.chat.driver import SINCE, Driver


class RecordingDriver(Driver):
    """Only what was sent can be looked at, in the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.space = SpaceId("history")
        self.channel = ChannelId("help")
        self.restart()

    async def say(self, actor: Actor, text: str) -> PlatformMessageId:
        raise NotImplementedError("nobody can speak here")

    async def asks(self, actor: Actor) -> ReplyHandle:
        return ReplyHandle("token", SINCE + timedelta(minutes=15))

    async def selects(self, actor: Actor, on: SentRef, custom_id: str, channels: Sequence[ChannelId]) -> None:
        raise NotImplementedError("nobody can choose here")

    def restart(self) -> None:
        self.chat: RecordingChat = RecordingChat(self._file, frozenset({self.space}))

    def shown(self, ref: SentRef) -> str:
        raise NotImplementedError("what was sent can't be looked at as it stands now")

    def answers(self, account: AccountId) -> Sequence[str]:
        raise NotImplementedError("what was sent can't be looked at as it stands now")

    def documents(self, account: AccountId) -> Sequence[bytes]:
        raise NotImplementedError("what was sent can't be looked at as it stands now")

    def reactions(self, message: PlatformMessageId) -> Sequence[str]:
        raise NotImplementedError("what was sent can't be looked at as it stands now")


class TestRecordingChat(ChatContract):
    """The chat of a replay: it hears nobody, keeps a record instead of posts, and is asked before each resend."""

    HEARS = False
    KEEPS_POSTS = False
    POSTS_ONCE = False

    @pytest.fixture
    def driver(self, tmp_path: Path) -> RecordingDriver:
        return RecordingDriver(tmp_path / "sent.jsonl")
