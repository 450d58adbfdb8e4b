import socket
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest

from adapters.slack.api import Me
from adapters.slack.config import SlackConfig, Transport
from adapters.slack.gateway import SlackChat, who_am_i
from adapters.slack.render import SELECT
from dialogue.events import Actor, ReplyHandle
from dialogue.rows import SentRef
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from knowledge_base.members import Role
from tests.contract.chat.contract import ChatContract, Driver
from tests.integration.slack.running import chat_on, config_of
from tests.servers.slack.server import SlackServer
from tests.servers.slack.state import texts

AT_ONCE = (0.02,) * 200


class SlackDriver(Driver):
    """Drives the server's workspace; the app talks to it over sockets, through the SDK."""

    def __init__(self, server: SlackServer, config: SlackConfig, me: Me) -> None:
        self.server = server
        self.space = SpaceId(server.space.team)
        self.channel = ChannelId("C1")
        self._config = config
        self._me = me
        server.space.person("ANNA", "Anna Kowalska")
        self.restart()

    async def say(self, actor: Actor, text: str) -> PlatformMessageId:
        self.server.space.person(actor.account, actor.name)
        return PlatformMessageId(self.server.space.say(actor.account, self.channel, text))

    def interrupt(self) -> None:
        self.server.break_sockets()

    async def asks(self, actor: Actor) -> ReplyHandle:
        self.server.space.person(actor.account, actor.name)
        address = self.server.space.address(self.server.base, actor.account, self.channel)
        return ReplyHandle(address, datetime.fromtimestamp(self.server.space.now() + 1800, UTC))

    async def selects(self, actor: Actor, on: SentRef, custom_id: str, channels: Sequence[ChannelId]) -> None:
        blocks = self.server.space.message(on.channel, on.message)["blocks"]
        action = f"{SELECT}{custom_id}"
        await self.server.choose(actor.account, on.channel, blocks, action, *channels, ts=on.message)

    def restart(self) -> None:
        self.chat: SlackChat = chat_on(self._config, self._me)

    def shown(self, ref: SentRef) -> str:
        return self.server.space.shown(ref.channel, ref.message)

    def answers(self, account: AccountId) -> Sequence[str]:
        given = self.server.answers(account)
        assert all(answer["response_type"] == "ephemeral" for answer in given)
        return ["\n".join(texts(answer["blocks"])) for answer in given]

    def documents(self, account: AccountId) -> Sequence[bytes]:
        space = self.server.space
        shared = [file for file in space.files.values() if file.complete and file.channel]
        return [file.content for file in shared if space.channels[file.channel].other == account]

    def reactions(self, message: PlatformMessageId) -> Sequence[str]:
        given = self.server.space.message(self.channel, message).get("reactions", [])
        return [one["name"] for one in given for user in one["users"] if user == self.server.space.bot_user]


class SlackContract(ChatContract):
    """What both transports promise."""

    POSTS_ONCE = False
    FINDS_PRIVATE = False
    """Slack keeps private answers in no history."""
    ANNA = Actor(AccountId("ANNA"), "Anna Kowalska", Role.CUSTOMER, ("ANNA",))


class TestSlackOverSocketMode(SlackContract):
    """The app opens a socket."""

    @pytest.fixture
    async def driver(self) -> AsyncIterator[SlackDriver]:
        async with SlackServer(retries=AT_ONCE).serving() as server:
            config = config_of(server)
            yield SlackDriver(server, config, await who_am_i(config))


class TestSlackOverHttp(SlackContract):
    """Slack sends signed requests, so there is no connection that could be lost."""

    STAYS_CONNECTED = True

    @pytest.fixture
    async def driver(self) -> AsyncIterator[SlackDriver]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        async with SlackServer(retries=AT_ONCE).serving() as server:
            server.deliveries.url = f"http://127.0.0.1:{port}/slack/events"
            config = config_of(server, transport=Transport.HTTP, port=port)
            yield SlackDriver(server, config, await who_am_i(config))
