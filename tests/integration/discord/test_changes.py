from structlog.testing import capture_logs

from dialogue.events import ChannelChanged, MessagePosted, PlaceDeleted
from knowledge_base.channels import Audience
from tests.integration.discord.stage import ANNA, BEN, Stage, stage
from tests.servers.discord.state import FORUM


async def changes(on: Stage) -> list[tuple[str, str, Audience]]:
    """What was told of channels, once a message that was said after it is heard."""
    on.say("end")
    await on.sink.got(MessagePosted)
    return [(each.place.channel, each.place.name, each.place.audience) for each in on.sink.of(ChannelChanged)]


async def test_a_channel_that_is_opened_or_renamed_is_told_and_nothing_else_of_it() -> None:
    async with stage() as on:
        staff = on.server.world.channel(on.guild, "staff", everyone=False)
        async with on.live():
            on.server.world.open_to_everyone(staff)
            on.server.world.rename(staff, "lounge")
            on.server.world.rename(staff, "lounge")
            told = await changes(on)
            ids = {each.id for each in on.sink.of(ChannelChanged)}
    assert told == [(staff, "staff", Audience.PUBLIC), (staff, "lounge", Audience.PUBLIC)]
    assert len(ids) == 2


async def test_a_role_of_everybody_that_loses_sight_closes_every_channel() -> None:
    async with stage() as on:
        other = on.server.world.channel(on.guild, "other")
        on.server.world.channel(on.guild, "a category", 4)
        hidden = on.server.world.channel(on.guild, "staff", everyone=False)
        async with on.live():
            on.server.world.hide_by_default(on.guild)
            told = await changes(on)
    assert {channel for channel, _, _ in told} == {on.channel, other}
    assert {audience for _, _, audience in told} == {Audience.PRIVATE}
    assert hidden not in str(told)


async def test_what_changed_while_nobody_listened_is_told_by_the_next_connection() -> None:
    async with stage() as on, on.live():
        await on.server.gateway.drop(resumable=False)
        on.server.world.hide_by_default(on.guild)
        await on.server.listening()
        told = await changes(on)
    assert told == [(on.channel, "general", Audience.PRIVATE)]


async def test_a_thread_that_was_not_heard_of_since_the_start_can_be_deleted() -> None:
    async with stage() as on:
        forum = on.server.world.channel(on.guild, "ideas", FORUM)
        post = on.server.world.post_in_forum(ANNA, forum, "Dark mode", "please")
        on.server.world.archive(post)
        async with on.live():
            on.server.world.delete_thread(post)
            (gone,) = await on.sink.got(PlaceDeleted)
    assert (gone.place.channel, gone.place.thread) == (forum, post)


async def test_a_deletion_in_a_thread_that_was_not_heard_of_is_logged() -> None:
    async with stage() as on:
        thread = on.server.world.thread(on.channel, "talk", on.say("root"))
        answer = on.server.world.say(BEN, thread, "answer")
        on.server.world.archive(thread)
        async with on.live():
            with capture_logs() as logs:
                on.server.world.delete(thread, answer)
                await changes(on)
    (logged,) = [log for log in logs if log["event"] == "deletion_of_unknown_place"]
    assert (logged["payload"], logged["channel"]) == ("MESSAGE_DELETE", thread)
