import pytest
from structlog.testing import capture_logs

from adapters.discord import permissions
from adapters.discord.directory import Directory
from dialogue.actions import OutboxId
from dialogue.errors import Rejected
from dialogue.events import MessagePosted, PermissionMissing
from dialogue.posts import Paragraph, Picture, Post, plain
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from tests.integration.discord.stage import ANNA, Stage, stage
from tests.servers.discord.server import Fault
from tests.servers.discord.state import ATTACH, HISTORY, REACT, SEND, THREAD_SEND, THREADS, VIEW


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
    [(VIEW, "View Channels"), (REACT, "Add Reactions"), (THREADS, "Create Public Threads")],
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
        assert len(writes(on)) == 1


async def test_where_nothing_is_missing_discords_own_reason_is_told() -> None:
    async with stage() as on, on.live():
        await heard(on)
        on.server.world.mute.add(on.channel)
        with pytest.raises(Rejected, match="the bot lacks a permission here"):
            await send(on)
        await heard(on)
        assert on.sink.of(PermissionMissing) == []


async def test_a_role_above_the_bots_own_is_called_that() -> None:
    async with stage() as on, on.live():
        await heard(on)
        boss = on.server.world.role(on.guild, "Above", position=2)
        with capture_logs() as logs, pytest.raises(Rejected, match="stands above the bot's own"):
            await on.chat.grant_role(SpaceId(on.guild), AccountId(ANNA), boss, OutboxId("k1"), granted=True)
    assert [log for log in logs if log["event"] == "permission_missing"] == []


async def test_what_needs_no_permission_is_refused_for_discords_own_reason() -> None:
    async with stage() as on:
        on.server.world.mute.add(on.server.world.direct(ANNA))
        with pytest.raises(Rejected, match="the bot lacks a permission here"):
            await on.chat.send_direct(SpaceId(on.guild), AccountId(ANNA), plain("hello"), OutboxId("k1"))


async def test_an_emoji_that_is_there_already_needs_no_permission_to_add_one() -> None:
    async with stage() as on, on.live():
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=REACT)
        message = await heard(on)
        with pytest.raises(Rejected, match="needs the permission Add Reactions"):
            await react(on, message)
        on.server.world.react(ANNA, on.channel, message, "📝")
        await react(on, message)
        assert on.server.world.bot in on.server.world.reactions[on.channel, message]["📝"]


async def test_reactions_need_the_history_and_are_not_tried_without_it() -> None:
    async with stage() as on, on.live():
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=HISTORY)
        message = await heard(on)
        with pytest.raises(Rejected, match="needs the permission Read Message History"):
            await react(on, message)
        assert writes(on) == []


async def test_what_was_known_before_a_break_is_no_reason_to_refuse() -> None:
    async with stage() as on, on.live():
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=SEND)
        await heard(on)
        with pytest.raises(Rejected):
            await send(on)
        on.server.gateway.hold_back()
        await on.server.gateway.drop(resumable=False)
        on.server.world.overwrite(on.channel, on.server.world.bot, allow=SEND)
        await on.server.listening()
        await send(on)
        assert len(writes(on)) == 1


async def test_a_connection_that_was_resumed_is_believed_again() -> None:
    async with stage() as on, on.live():
        await heard(on)
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=SEND)
        await on.server.gateway.drop()
        await heard(on)
        await on.server.until(lambda: on.server.gateway.resumed)
        await on.sink.until(lambda: on.chat._presence.hears(on.guild) or not on.say("again"))
        with pytest.raises(Rejected):
            await send(on)
        assert writes(on) == []


async def test_threads_are_called_by_their_channel_and_told_once() -> None:
    async with stage() as on, on.live():
        threads = [on.server.world.thread(on.channel, f"my boss is {name}", on.say("root")) for name in ("Al", "Bo")]
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=THREAD_SEND)
        await heard(on)
        with capture_logs() as logs:
            for thread in threads:
                with pytest.raises(Rejected, match="#general: it needs the permission") as refused:
                    await send(on, thread=thread)
                assert "boss" not in str(refused.value)
        await heard(on)
        assert len(on.sink.of(PermissionMissing)) == 1
    assert [log["channel"] for log in logs if log["event"] == "permission_missing"] == ["#general"]


async def test_a_change_needs_what_a_post_needs() -> None:
    async with stage() as on:
        space, channel = SpaceId(on.guild), ChannelId(on.channel)
        ref = await on.chat.send(space, channel, None, plain("hello"), OutboxId("k1"))
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=VIEW)
        with pytest.raises(Rejected, match="View Channels"):
            await on.chat.edit(space, ref, Post((Picture(b"png", "a picture"),)), OutboxId("k2"))


async def test_where_the_bot_may_attach_nothing_a_pictures_words_are_shown_and_admins_are_told() -> None:
    async with stage() as on, on.live():
        space, channel = SpaceId(on.guild), ChannelId(on.channel)
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=ATTACH)
        await heard(on)
        digest = Post((Paragraph("This week"), Picture(b"png", "Insights rose from 3 to 5")))
        ref = await on.chat.send(space, channel, None, digest, OutboxId("k1"))
        assert "Insights rose from 3 to 5" in str(on.server.world.messages[on.channel][ref.message])
        await on.chat.edit(space, ref, Post((Picture(b"png", "They fell to 4"),)), OutboxId("k2"))
        assert "They fell to 4" in str(on.server.world.messages[on.channel][ref.message])
        (told,) = await on.sink.got(PermissionMissing)
    assert told.permission == "Attach Files"


async def test_what_the_bot_may_do_is_worked_out_once_until_something_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with stage() as on, on.live():
        await heard(on)
        worked_out: list[str | None] = []

        def noting(directory: Directory, me: str, server: str, channel: str | None) -> int | None:
            worked_out.append(channel)
            return held_at(directory, me, server, channel)

        held_at = permissions._held_at
        monkeypatch.setattr(permissions, "_held_at", noting)
        for _ in range(3):
            await send(on)
        assert worked_out == [on.channel]
        on.server.world.overwrite(on.channel, on.server.world.bot, allow=SEND)
        await heard(on)
        await send(on)
        assert worked_out == [on.channel] * 2


async def test_before_anything_is_known_the_bot_just_tries() -> None:
    async with stage() as on:
        on.server.world.overwrite(on.channel, on.server.world.bot, deny=SEND)
        with pytest.raises(Rejected, match="Send Messages"):
            await send(on)
        assert len(writes(on)) == 1


async def test_what_is_lacking_on_the_whole_server_is_told_of_no_channel() -> None:
    async with stage() as on, on.live():
        await heard(on)
        on.server.faults.append(Fault("PUT /guilds", 403))
        on.server.world.change_member(on.guild, on.server.world.bot, roles=[])
        await heard(on)
        with capture_logs() as logs, pytest.raises(Rejected, match="the server: it needs the permission Manage Roles"):
            await on.chat.grant_role(SpaceId(on.guild), AccountId(ANNA), on.support, OutboxId("k1"), granted=True)
        (told,) = await on.sink.got(PermissionMissing)
        assert writes(on) == []
    assert (told.space, told.place, told.permission) == (on.guild, None, "Manage Roles")
    assert [log["channel"] for log in logs if log["event"] == "permission_missing"] == ["the server"]
