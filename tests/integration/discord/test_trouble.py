import aiohttp
import pytest
from structlog.testing import capture_logs

from adapters.discord.config import GATEWAY
from dialogue.actions import OutboxId
from dialogue.errors import SendError, Uncertain
from dialogue.events import FormSubmitted, MessagePosted
from dialogue.posts import plain
from knowledge_base.ids import ChannelId, SpaceId
from tests.integration.discord.stage import BEN, Scripted, Stage, chat_on, stage
from tests.servers.discord.server import Fault


async def send(on: Stage) -> None:
    await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), None, plain("hello"), OutboxId("k1"))


async def test_a_gateway_that_can_not_be_reached_is_logged_without_the_token() -> None:
    async with stage() as on:
        on.server.gateway_address = "ws://127.0.0.1:9/"
        chat = chat_on(on.server)
        client = await chat._session.client()
        with capture_logs() as logs, pytest.raises(aiohttp.ClientError):
            await client.http.ws_connect(GATEWAY)
        await chat.close()
    assert [log["event"] for log in logs] == ["connection_failed"]
    assert on.server.world.token not in str(logs)


async def test_a_limit_of_the_whole_account_that_is_broken_off_holds_nothing_up() -> None:
    async with stage(request_timeout=0.2) as on:
        on.server.faults.append(Fault("/messages", 429, wait=2.5, everywhere=True))
        with pytest.raises(SendError):
            await send(on)
        await on.chat.prepare()


@pytest.mark.parametrize("last", [Fault("POST /channels", 429, wait=40), Fault("POST /channels", 404)])
async def test_what_an_earlier_try_may_have_done_is_uncertain_whatever_the_last_one_met(last: Fault) -> None:
    async with stage() as on:
        on.server.faults += [Fault("POST /channels", 502), last]
        with pytest.raises(Uncertain):
            await send(on)
        assert not any(fault.times for fault in on.server.faults)


@pytest.mark.parametrize("fault", [Fault("GET /applications", 503), Fault("PUT /applications", 429, wait=60)])
async def test_commands_that_can_not_be_told_do_not_keep_the_bot_away(fault: Fault) -> None:
    async with stage() as on:
        on.server.faults.append(fault)
        with capture_logs() as logs:
            async with on.live():
                on.say("heard all the same")
                await on.sink.got(MessagePosted)
            assert [log["event"] for log in logs if log["log_level"] == "error"] == ["commands_not_synced"]
            assert not fault.times
            assert len([request for request in on.server.requests if request == "GET /users/@me"]) == 1


async def test_checking_a_form_counts_towards_the_time_in_which_it_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with stage() as on, on.live():
        monkeypatch.setattr(on.chat._desk, "_patience", 0.05)
        on.sink.open.clear()
        plainly = Scripted.validate

        async def slowly(*given: object) -> object:
            monkeypatch.setattr(on.chat._desk, "_patience", 1000.0)  # whoever begins to wait only now
            return await plainly(on.interactions, *given)  # type: ignore[arg-type]

        monkeypatch.setattr(on.interactions, "validate", slowly)
        sent = on.server.world.submit(BEN, on.channel, "decline:insight:1", reason="too costly")
        await on.server.until(lambda: sent.acknowledged, 5)
        on.sink.open.set()
        await on.sink.got(FormSubmitted)
