"""Signed requests: what isn't surely Slack's has no effect, and Slack is told only what is true."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.slack.api import bolt_log
from adapters.slack.config import Transport
from dialogue.events import MessagePosted
from tests.integration.slack.playing import Play, playing
from tests.servers.slack.server import SlackServer

EVENT = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": "hello"}
BROKEN = (
    '{"team": 5}',
    '{"event": {"user": 5}}',
    '{"authorizations": 5}',
    "[" * 100_000,
    "{",
    "[]",
    "null",
    "payload=%7B",
    "payload=5",
)
"""Bodies of which bolt can make nothing."""


@pytest.fixture
async def play(server: SlackServer) -> AsyncIterator[Play]:
    async with playing(server, Transport.HTTP) as play:
        server.space.say("U1", "C1", "it listens")
        await play.one(MessagePosted)
        yield play


async def post(play: Play, body: str, headers: dict[str, str]) -> tuple[int, str]:
    kind = {"Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(play.server.deliveries.url or "", data=body.encode(), headers=kind | headers) as response,
    ):
        return response.status, await response.text()


def delivered(**more: object) -> str:
    outer = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": EVENT}
    return json.dumps(outer | more)


async def test_a_forged_or_stale_signature_gets_401_and_has_no_effect(play: Play) -> None:
    body, signed = delivered(), play.server.deliveries.signed
    now = int(play.server.space.now())
    forged = [
        {},
        {"X-Slack-Request-Timestamp": str(now), "X-Slack-Signature": "v0=" + "0" * 64},
        signed(body, secret="another secret"),
        signed(body + " "),
        signed(body, at=now - 6 * 60),
        signed(body, at=now + 6 * 60),
        signed(body) | {"X-Slack-Request-Timestamp": "yesterday"},
        signed(body) | {"X-Slack-Signature": "v0=é"},
    ]
    assert [(await post(play, body, headers))[0] for headers in forged] == [401] * len(forged)
    assert len(play.sink.events) == 1


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=foo"])
async def test_whatever_is_not_signed_gets_401(play: Play, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    now = str(int(play.server.space.now()))
    unsigned = [
        {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=" + "0" * 64, "Content-Type": kind}
        for stamp in (now, "1" * 5_000)
    ]
    for body in BROKEN:
        assert [(await post(play, body, headers))[0] for headers in unsigned] == [401, 401]
    assert caplog.text == ""


async def test_what_cannot_be_unpacked_gets_401(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    assert (await post(play, "{}", {"Content-Encoding": "gzip"}))[0] == 401
    assert caplog.text == ""


async def test_the_words_of_a_forged_request_are_in_no_log(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    body = json.dumps({"type": "event_callback", "event": EVENT | {"text": "marmalade"}})
    forged = play.server.deliveries.signed(body, secret="another secret")
    assert (await post(play, body, forged))[0] == 401
    assert "marmalade" not in caplog.text


def test_bolt_logs_nothing_below_warnings(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    bolt_log().info("a whole request")
    assert caplog.text == ""


async def test_peers_04_a_replayed_request_has_one_effect(play: Play) -> None:
    headers = play.server.deliveries.signed(delivered())
    for number in range(3):
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {}
        assert (await post(play, delivered(), headers | retry))[0] == 200
    assert [event.text for event in await play.sink.kept(2, MessagePosted)] == ["it listens", "hello"]


async def test_what_is_not_kept_yet_is_not_acknowledged(server: SlackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.transports.LATEST", 0.1)
    async with playing(server, Transport.HTTP) as play:
        server.space.say("U1", "C1", "it listens")
        await play.one(MessagePosted)
        play.sink.slow.clear()
        body = delivered()
        assert (await post(play, body, server.deliveries.signed(body)))[0] == 503
        play.sink.slow.set()
        await play.sink.kept(2, MessagePosted)
        assert (await post(play, body, server.deliveries.signed(body)))[0] == 200
    assert len(play.sink.events) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"type": "event_callback"}', 200),
        ('{"type": "dance"}', 200),
        ("", 200),
        *((body, 400) for body in BROKEN),
    ],
)
async def test_a_body_that_is_nothing_does_not_stop_anything(play: Play, body: str, status: int) -> None:
    assert (await post(play, body, play.server.deliveries.signed(body)))[0] == status
    body = delivered()
    assert (await post(play, body, play.server.deliveries.signed(body)))[0] == 200
    await play.sink.kept(2, MessagePosted)


async def test_the_address_is_verified_as_slack_asks(play: Play) -> None:
    body = json.dumps({"type": "url_verification", "token": "x", "challenge": "c-17"})
    status, answer = await post(play, body, play.server.deliveries.signed(body))
    assert (status, json.loads(answer)) == (200, {"challenge": "c-17"})


async def test_another_workspaces_events_are_skipped(play: Play) -> None:
    for body in (delivered(team_id="T9"), delivered(authorizations=[{"team_id": "T9"}])):
        assert (await post(play, body, play.server.deliveries.signed(body)))[0] == 200
    assert len(play.sink.events) == 1


async def test_an_event_of_a_shared_channel_is_for_whom_it_is_authorized(play: Play) -> None:
    body = delivered(team_id="T9", authorizations=[{"team_id": "T1"}])
    assert (await post(play, body, play.server.deliveries.signed(body)))[0] == 200
    await play.sink.kept(2, MessagePosted)
