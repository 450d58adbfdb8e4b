import pytest
from structlog.testing import capture_logs

from dialogue.actions import OutboxId
from dialogue.errors import Rejected
from dialogue.events import MessagePosted, PermissionMissing
from dialogue.posts import Picture, Post, plain
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from tests.integration.discord.stage import ANNA, Stage, stage
from tests.servers.discord.server import Fault
from tests.servers.discord.state import ATTACH, REACT, SEND, THREAD_SEND, THREADS, VIEW


async def send(on: Stage, post: Post | None = None, thread: str | None = None) -> None:
    place = PlatformMessageId(thread) if thread else None
    key = OutboxId(f"k{len(on.server.requests)}")
    await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), place, post or plain("hello"), key)


async def react(on: Stage, message: str) -> None:
    channel, found = ChannelId(on.channel), PlatformMessageId(message)
    await on.chat.react(SpaceId(on.guild), channel, found, "memo", OutboxId("k"), present=True)


async def heard(on: Stage) -> str:
    """Everything that changed before is known."""
    message = on.say("now")
    await on.sink.until(lambda: message in [event.message for event in on.sink.of(MessagePosted)])
    return message


async def everything(on: Stage, message: str) -> None:
    await react(on, message)
    await send(on, Post((Picture(b"png", "a picture"),)))
    channel, found = ChannelId(on.channel), PlatformMessageId(message)
    await on.chat.open_thread(SpaceId(on.guild), channel, found, "Talk", OutboxId("thread"))


def writes(on: Stage) -> list[str]:
    return [each for each in on.server.requests if each.startswith(("POST /channels", "PUT /channels", "PUT /guilds"))]


async def test_what_surely_is_missing_is_refused_here_and_told_once() -> None:
    async with stage() as on, on.live():
        on.server.world.overwrite(on.channel, on.guild, deny=SEND)
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=SEND)
        await heard(on)
        with capture_logs() as logs:
            for _ in range(2):
                with pytest.raises(Rejected, match="#general: it needs the permission Send Messages"):
                    await send(on)
        assert writes(on) == []
        (told,) = await on.sink.got(PermissionMissing)
        await heard(on)
        assert on.sink.of(PermissionMissing) == [told]
    assert (told.place.channel, told.permission) == (on.channel, "Send Messages")
    assert sum(log["event"] == "permission_missing" for log in logs) == 1


@pytest.mark.parametrize(
    ("denied", "named"),
    [(VIEW, "View Channels"), (REACT, "Add Reactions"), (THREADS, "Create Public Threads"), (ATTACH, "Attach Files")],
)
async def test_each_permission_is_named(denied: int, named: str) -> None:
    async with stage() as on, on.live():
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=denied)
        message = await heard(on)
        with pytest.raises(Rejected, match=named):
            await everything(on, message)
        (told,) = await on.sink.got(PermissionMissing)
    assert told.permission == named


async def test_a_thread_has_the_permissions_of_its_channel() -> None:
    async with stage() as on, on.live():
        thread = on.server.world.thread(on.channel, "talk", on.say("root"))
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=THREAD_SEND)
        await heard(on)
        with pytest.raises(Rejected, match="Send Messages in Threads"):
            await send(on, thread=thread)
        assert writes(on) == []
        await send(on)
        (told,) = await on.sink.got(PermissionMissing)
    assert (told.place.channel, told.place.thread, told.permission) == (on.channel, thread, "Send Messages in Threads")


async def test_what_a_channel_gives_back_is_used() -> None:
    async with stage() as on, on.live():
        world = on.server.world
        (ours,) = [role["id"] for role in world.guilds[on.guild]["roles"] if role["name"] == "Parley"]
        world.overwrite(on.channel, on.guild, deny=SEND)
        world.overwrite(on.channel, ours, allow=SEND)
        await heard(on)
        await send(on)
        world.change_member(on.guild, world.bot, roles=[])
        await heard(on)
        with pytest.raises(Rejected):
            await send(on)


async def test_what_only_discord_knows_is_told_too() -> None:
    async with stage() as on, on.live():
        await heard(on)
        on.server.world.mute.add(on.channel)
        with pytest.raises(Rejected, match="View Channels and Send Messages"):
            await send(on)
        (told,) = await on.sink.got(PermissionMissing)
    assert (told.place.channel, told.permission) == (on.channel, "View Channels and Send Messages")


async def test_before_anything_is_known_the_bot_just_tries() -> None:
    async with stage() as on:
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=SEND)
        with pytest.raises(Rejected, match="Send Messages"):
            await send(on)
        assert len(writes(on)) == 1


async def test_nobody_is_told_of_what_is_in_no_channel() -> None:
    async with stage() as on, on.live():
        await heard(on)
        on.server.faults.append(Fault("PUT /guilds", 403))
        on.server.world.change_member(on.guild, on.server.world.bot, roles=[])
        await heard(on)
        with capture_logs() as logs, pytest.raises(Rejected, match="the server: it needs the permission Manage Roles"):
            await on.chat.grant_role(SpaceId(on.guild), AccountId(ANNA), on.support, OutboxId("k1"), granted=True)
        await heard(on)
        assert on.sink.of(PermissionMissing) == []
        assert writes(on) == []
    assert [log["channel"] for log in logs if log["event"] == "permission_missing"] == ["the server"]
