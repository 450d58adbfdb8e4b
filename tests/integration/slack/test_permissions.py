"""What the app may not do is told to admins, by way of an event; it is still an error of what was to be sent."""

import pytest

from dialogue.actions import OutboxId
from dialogue.errors import Rejected
from dialogue.events import PermissionMissing
from dialogue.posts import plain
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId
from tests.integration.slack.playing import Play

T1, C1, K1 = SpaceId("T1"), ChannelId("C1"), OutboxId("k1")


@pytest.mark.parametrize(
    ("refusal", "permission"),
    [
        ("not_in_channel", "to read and write (type /invite there, and choose me)"),
        ("missing_scope", "chat:write"),
        ("restricted_action_read_only_channel", "to post"),
    ],
)
async def test_where_it_may_not_post_what_is_missing_is_told(play: Play, refusal: str, permission: str) -> None:
    play.server.fail("chat.postMessage", refusal, times=2)
    for _ in range(2):
        with pytest.raises(Rejected):
            await play.chat.send(T1, C1, None, plain("hello"), K1)
    missing = await play.one(PermissionMissing)
    assert (missing.permission, missing.place.channel, missing.place.name) == (permission, "C1", "help")


async def test_where_it_may_not_react_what_is_missing_is_told(play: Play) -> None:
    ts = PlatformMessageId(play.server.space.say("U1", "C1", "hello"))
    play.server.scopes -= {"reactions:write"}
    with pytest.raises(Rejected):
        await play.chat.react(T1, C1, ts, "memo", K1, present=True)
    (missing,) = await play.sink.kept(1, PermissionMissing)
    assert missing.permission == "reactions:write"


async def test_what_is_refused_for_another_reason_is_told_to_nobody(play: Play) -> None:
    for refusal in ("is_archived", "channel_not_found", "msg_too_long"):
        play.server.fail("chat.postMessage", refusal)
        with pytest.raises(Rejected):
            await play.chat.send(T1, C1, None, plain("hello"), K1)
    await play.server.deliveries.settled()
    assert not await play.sink.kept(0, PermissionMissing)
