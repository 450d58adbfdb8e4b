import pytest

from dialogue.actions import OutboxId
from dialogue.errors import Rejected
from dialogue.events import MessagePosted
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId, SpaceId
from tests.integration.discord.stage import ANNA, BEN, Stage, stage
from tests.servers.discord.state import FORUM

KEY = OutboxId("k1")


async def open_thread(on: Stage, message: str, name: str = "Talk", channel: str | None = None) -> None:
    where = ChannelId(channel or on.channel)
    await on.chat.open_thread(SpaceId(on.guild), where, PlatformMessageId(message), name, KEY)


async def test_a_thread_is_begun_on_a_message_and_its_name_fits() -> None:
    async with stage() as on, on.live():
        message = on.say("the export drops my tags")
        await open_thread(on, message, "x" * 150)
        on.server.world.say(BEN, message, "which version?")
        _, said = await on.sink.got(MessagePosted, 2)
        assert on.server.world.channels[message]["name"] == "x" * 100
    assert (said.place.channel, said.place.thread) == (on.channel, message)


async def test_a_message_that_has_a_thread_keeps_it() -> None:
    async with stage() as on:
        message = on.say("root")
        on.server.world.thread(on.channel, "there already", message)
        await open_thread(on, message)
        assert on.server.world.channels[message]["name"] == "there already"


async def test_a_post_in_a_forum_is_a_thread_already() -> None:
    async with stage() as on, on.live():
        forum = on.server.world.channel(on.guild, "ideas", FORUM)
        post = on.server.world.post_in_forum(ANNA, forum, "Dark mode", "please")
        await on.sink.got(MessagePosted)
        await open_thread(on, post, channel=forum)
        assert on.server.world.channels[post]["name"] == "Dark mode"


async def test_there_is_no_thread_on_what_is_gone_or_stands_in_a_thread() -> None:
    async with stage() as on:
        thread = on.server.world.thread(on.channel, "talk", on.say("root"))
        inside = on.server.world.say(ANNA, thread, "inside")
        for message in ("404", "nothing", inside):
            with pytest.raises(Rejected):
                await open_thread(on, message)


async def test_a_role_is_given_and_taken() -> None:
    async with stage() as on, on.live():
        held = on.server.world.members[on.guild, ANNA]
        for granted, expected in ((True, [on.support]), (True, [on.support]), (False, []), (False, [])):
            await on.chat.grant_role(SpaceId(on.guild), AccountId(ANNA), on.support, KEY, granted=granted)
            assert held["roles"] == expected


@pytest.mark.parametrize(
    ("who", "role", "sentence"),
    [("404", None, "not on the server"), (ANNA, "404", "no such role"), (ANNA, "Support", "is no id")],
)
async def test_a_role_that_is_none_and_who_has_left_are_rejected(who: str, role: str | None, sentence: str) -> None:
    async with stage() as on:
        with pytest.raises(Rejected, match=sentence):
            await on.chat.grant_role(SpaceId(on.guild), AccountId(who), role or on.support, KEY, granted=True)


async def test_an_emoji_of_the_server_is_put_on_a_message_by_its_name() -> None:
    async with stage() as on:
        early = on.server.world.emoji(on.guild, "acme_logo")
        async with on.live():
            late = on.server.world.emoji(on.guild, "acme_party")
            message = on.say("hello")
            await on.sink.got(MessagePosted)
            for name in ("acme_logo", "acme_party"):
                args = (SpaceId(on.guild), ChannelId(on.channel), PlatformMessageId(message), name, KEY)
                await on.chat.react(*args, present=True)
            await on.chat.react(*args, present=False)
            there = on.server.world.reactions[on.channel, message]
    assert there == {f"acme_logo:{early}": [on.server.world.bot], f"acme_party:{late}": []}
