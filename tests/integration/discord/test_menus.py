import pytest
from structlog.testing import capture_logs

from dialogue.actions import OutboxId
from dialogue.errors import Rejected
from dialogue.events import ChannelChanged, CommandInvoked, OptionsSelected, PlaceDeleted, Selected
from dialogue.posts import Button, Buttons, Choices, Heading, Menu, Paragraph, Post, plain
from knowledge_base.channels import Audience
from knowledge_base.ids import ChannelId, SpaceId
from tests.integration.discord.stage import CARA, Stage, chat_on, readable, stage
from tests.servers.discord.state import FORUM, Json

TEAM, STAFF = "setup_team::", "setup_staff::"


def guide(*chosen: str) -> Post:
    return Post(
        (
            Heading("Set up"),
            Paragraph("Where is the team?"),
            Menu("Choose channels", TEAM, Choices.CHANNELS, 25, chosen),
            Paragraph("Who is staff?"),
            Menu("Choose roles", STAFF, Choices.GROUPS, 2),
            Buttons((Button("Done", "plan:1:1"),)),
            Paragraph("That is all."),
        )
    )


async def shown_privately(on: Stage, post: Post) -> str:
    """Cara asks and sees ``post`` alone; the id of what she sees."""
    asked = on.server.world.command(CARA, on.channel, "setup")
    event = (await on.sink.got(CommandInvoked))[-1]
    await on.chat.reply(
        event.place.space, event.place.channel, event.actor.account, event.handle, post, OutboxId("guide")
    )
    return str(asked.answers[0]["id"])


def parts(message: Json) -> list[Json]:
    return list(message["components"][0]["components"])


async def test_texts_menus_and_buttons_stand_in_the_order_of_the_post() -> None:
    async with stage() as on, on.live():
        message = await shown_privately(on, guide(on.channel))
        there = parts(on.server.world.shown(on.channel, message))
    kinds = [each["components"][0]["type"] if each["type"] == 1 else each["content"] for each in there]
    assert kinds == ["### Set up\nWhere is the team?", 8, "Who is staff?", 6, 2, "That is all."]
    channels, roles = there[1]["components"][0], there[3]["components"][0]
    assert channels["default_values"] == [{"id": on.channel, "type": "channel"}]
    assert (channels["placeholder"], channels["min_values"], channels["max_values"]) == ("Choose channels", 0, 25)
    assert "default_values" not in roles


async def test_what_is_gone_from_the_server_is_not_shown_as_chosen() -> None:
    async with stage() as on, on.live():
        gone = on.server.world.channel(on.guild, "gone")
        on.server.world.delete_channel(gone)
        await on.sink.got(PlaceDeleted)
        roles = Menu("Choose roles", STAFF, Choices.GROUPS, 25, (on.support, "404"))
        message = await shown_privately(on, Post((*guide(gone, on.channel).blocks[:3], roles)))
        menus = [
            each["components"][0] for each in parts(on.server.world.shown(on.channel, message)) if each["type"] == 1
        ]
    assert [[each["id"] for each in menu["default_values"]] for menu in menus] == [[on.channel], [on.support]]


async def test_the_channels_that_were_chosen_are_told_before_the_choice() -> None:
    async with stage() as on, on.live():
        forum = on.server.world.channel(on.guild, "ideas", FORUM)
        staff = on.server.world.channel(on.guild, "staff", everyone=False)
        message = await shown_privately(on, guide())
        asked = on.server.world.choose(CARA, on.channel, message, TEAM, forum, staff)
        (event,) = await on.sink.got(OptionsSelected)
        await on.server.until(lambda: asked.acknowledged)
        await on.chat.reply(
            event.place.space, event.place.channel, event.actor.account, event.handle, plain("Done."), OutboxId("k2")
        )
    told = on.sink.of(ChannelChanged)
    assert [(each.place.channel, each.place.audience) for each in told] == [
        (forum, Audience.PUBLIC),
        (staff, Audience.PRIVATE),
    ]
    assert on.sink.log[-3:] == ["channel_changed", "channel_changed", "options_selected"]
    assert event.selected == (Selected(forum, "ideas"), Selected(staff, "staff"))
    assert (event.custom_id, event.message, event.actor.account) == (TEAM, message, CARA)
    assert [readable(answer).strip() for answer in asked.answers] == ["Done."]
    assert asked.answers[0]["flags"] & (1 << 6)


async def test_the_role_of_everybody_can_not_be_chosen() -> None:
    async with stage() as on, on.live():
        message = await shown_privately(on, guide())
        on.server.world.choose(CARA, on.channel, message, STAFF, on.guild, on.support)
        (event,) = await on.sink.got(OptionsSelected)
    assert event.selected == (Selected(on.support, "Support"),)
    assert on.sink.of(ChannelChanged) == []


async def test_where_one_channel_is_chosen_no_forum_can_be() -> None:
    async with stage() as on, on.live():
        forum = on.server.world.channel(on.guild, "ideas", FORUM)
        with pytest.raises(Rejected, match="can't post in a channel of this kind"):
            await on.chat.send(SpaceId(on.guild), ChannelId(forum), None, plain("card"), OutboxId("k1"))
        message = await shown_privately(on, Post((Menu("Choose a channel", TEAM, Choices.CHANNELS, 1),)))
        with pytest.raises(AssertionError, match="it isn't offered"):
            on.server.world.choose(CARA, on.channel, message, TEAM, forum)
        on.server.world.choose(CARA, on.channel, message, TEAM, on.channel)
        await on.sink.got(OptionsSelected)


async def test_everything_can_be_taken_out_of_a_menu_again() -> None:
    async with stage() as on, on.live():
        message = await shown_privately(on, guide(on.channel))
        on.server.world.choose(CARA, on.channel, message, TEAM)
        (event,) = await on.sink.got(OptionsSelected)
    assert event.selected == ()


async def test_a_menu_still_works_after_a_restart_also_where_only_one_person_sees_it() -> None:
    async with stage() as on:
        async with on.live():
            private = await shown_privately(on, guide())
        ref = await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), None, guide(), OutboxId("public"))
        await on.chat.close()
        on.chat = chat_on(on.server, on.interactions)
        async with on.live():
            for message in (private, ref.message):
                asked = on.server.world.choose(CARA, on.channel, message, TEAM, on.channel)
                await on.server.until(lambda asked=asked: asked.acknowledged)  # type: ignore[misc]
                assert asked.acknowledged == {"type": 6}
            events = await on.sink.got(OptionsSelected, 2)
    assert [event.message for event in events] == [private, ref.message]


async def test_a_choice_that_is_not_what_it_should_be_is_skipped() -> None:
    async with stage() as on, on.live():
        message = await shown_privately(on, guide())
        with capture_logs() as logs:
            world = on.server.world
            for broken in ({"values": "all"}, {"values": [None]}, {"resolved": []}, {"resolved": {"channels": [1]}}):
                data = {"custom_id": TEAM, "component_type": 8, "values": [on.channel], "resolved": {}, **broken}
                world.ask(CARA, on.channel, 3, data, message)
            world.choose(CARA, on.channel, message, TEAM, on.channel)
            (event,) = await on.sink.got(OptionsSelected)
    assert event.selected == (Selected(on.channel, "general"),)
    assert sum(log["event"] == "payload_skipped" for log in logs) == 4
