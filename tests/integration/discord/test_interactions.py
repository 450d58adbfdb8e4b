from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from adapters.discord import desk
from adapters.discord.errors import CHANNEL_UNKNOWN
from dialogue.actions import OutboxId
from dialogue.commands.catalogue import COMMANDS
from dialogue.errors import Rejected
from dialogue.events import ButtonPressed, CommandInvoked, FormSubmitted
from dialogue.posts import Button, Buttons, Paragraph, Post, plain
from dialogue.texts.catalogue import Texts
from knowledge_base.members import Role
from tests.integration.discord.stage import ANNA, BEN, CARA, Stage, chat_on, readable, stage
from tests.servers.discord.server import Fault

EPHEMERAL = 1 << 6
MENU = Texts.load().say("menu.tag")
VOICES = Texts.load().say("menu.voices")
WHY = Texts.load().say("menu.why")


async def posted_with_button(on: Stage, custom_id: str) -> str:
    post = Post((Paragraph("a card"), Buttons((Button("Press", custom_id),))))
    ref = await on.chat.send(on.guild, on.channel, None, post, OutboxId("card"))  # type: ignore[arg-type]
    return str(ref.message)


async def test_every_declared_command_stands_on_the_platform_and_is_told_once() -> None:
    async with stage() as on:
        for _ in range(2):
            async with on.live():
                pass
        there = [command["name"] for command in on.server.world.commands]
        told = [request for request in on.server.requests if request.startswith("PUT /applications/")]
        menus = [command for command in on.server.world.commands if command["type"] == 3]
    assert there[: len(COMMANDS)] == [command.noun for command in COMMANDS]
    assert {MENU, VOICES, WHY} == set(there[len(COMMANDS) :])
    assert len(menus) <= 5
    assert len(told) == 1


async def test_commands_are_told_again_when_something_changed() -> None:
    async with stage() as on:
        async with on.live():
            on.server.world.commands[0]["description"] = "of yesterday"
        async with on.live():
            assert on.server.world.commands[0]["description"] != "of yesterday"


async def test_a_command_is_kept_first_and_acknowledged_then_and_answered_privately() -> None:
    async with stage() as on, on.live():
        on.chat._desk._patience = 60
        on.sink.open.clear()
        asked = on.server.world.command(CARA, on.channel, "tag", "create", name="billing")
        await on.sink.until(lambda: on.sink.asked)
        assert asked.acknowledged is None
        on.sink.open.set()
        (event,) = await on.sink.got(CommandInvoked)
        await on.server.until(lambda: asked.acknowledged)
        assert asked.acknowledged == {"type": 5, "data": {"flags": EPHEMERAL}}
        await on.chat.reply(
            event.place.space, event.place.channel, event.actor.account, event.handle, plain("Made."), OutboxId("k1")
        )
    assert (event.noun, event.verb, event.options) == ("tag", "create", {"name": "billing"})
    assert (event.actor.role, event.place.channel) == (Role.ADMIN, on.channel)
    (answer,) = asked.answers
    assert readable(answer) == "\nMade."
    assert answer["flags"] & EPHEMERAL


async def test_a_command_without_verbs_means_its_default() -> None:
    async with stage() as on, on.live():
        on.server.world.command(ANNA, on.channel, "help")
        (event,) = await on.sink.got(CommandInvoked)
    assert (event.noun, event.verb) == ("help", "show")


async def test_a_command_in_a_thread_is_of_its_channel() -> None:
    async with stage() as on, on.live():
        root = on.say("root")
        thread = on.server.world.thread(on.channel, "talk", root)
        on.server.world.command(ANNA, thread, "help")
        (event,) = await on.sink.got(CommandInvoked)
    assert (event.place.channel, event.place.thread) == (on.channel, root)


async def test_a_message_menu_gives_the_command_with_its_message() -> None:
    async with stage() as on, on.live():
        message = on.say("the export drops my tags")
        on.server.world.menu(BEN, on.channel, WHY, message)
        (event,) = await on.sink.got(CommandInvoked)
    assert (event.noun, event.verb, event.message, event.options) == ("why", "show", message, {})


async def test_a_message_menu_opens_the_form_about_its_message() -> None:
    async with stage() as on, on.live():
        message = on.say("the export drops my tags")
        asked = on.server.world.menu(BEN, on.channel, MENU, message)
        await on.server.until(lambda: asked.acknowledged)
        assert asked.acknowledged["type"] == 9
        custom_id = asked.acknowledged["data"]["custom_id"]
        on.server.world.submit(BEN, on.channel, custom_id, reason="export")
        (event,) = await on.sink.got(FormSubmitted)
    assert custom_id == f"tag:{on.guild}/{on.channel}/{message}:"
    assert (event.custom_id, event.values) == (custom_id, {"reason": "export"})


async def test_what_takes_too_long_to_keep_is_acknowledged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage() as on:
        monkeypatch.setattr(on.chat._desk, "_patience", 0.05)
        assert desk.PATIENCE < 3
        async with on.live():
            on.sink.open.clear()
            with capture_logs() as logs:
                asked = on.server.world.command(ANNA, on.channel, "help")
                await on.server.until(lambda: asked.acknowledged)
            assert [log["event"] for log in logs] == ["interaction_kept_late"]
            assert on.sink.of(CommandInvoked) == []
            on.sink.open.set()
            await on.sink.got(CommandInvoked)


async def test_an_option_is_completed_at_once_and_nothing_is_kept() -> None:
    async with stage() as on, on.live():
        asked = on.server.world.type_option(BEN, on.channel, "tag", "remove", "tag", "bil")
        await on.server.until(lambda: asked.acknowledged)
    assert on.interactions.completions == [("tag", "remove", "tag", "bil")]
    assert asked.acknowledged is not None
    assert asked.acknowledged["data"]["choices"][0] == {"name": "Billing", "value": "billing"}
    assert on.sink.events == []


async def test_a_button_still_works_after_a_restart() -> None:
    async with stage() as on:
        message = await posted_with_button(on, "plan:insight:1")
        await on.chat.close()
        on.chat = chat_on(on.server, on.interactions)
        async with on.live():
            asked = on.server.world.press(BEN, on.channel, message, "plan:insight:1")
            (event,) = await on.sink.got(ButtonPressed)
            await on.server.until(lambda: asked.acknowledged)
            assert asked.acknowledged == {"type": 6}
            for number in range(2):
                await on.chat.reply(
                    event.place.space,
                    event.place.channel,
                    event.actor.account,
                    event.handle,
                    plain("Done."),
                    OutboxId(f"k{number}"),
                )
    assert (event.custom_id, event.message) == ("plan:insight:1", message)
    assert [answer["flags"] & EPHEMERAL for answer in asked.answers] == [EPHEMERAL, EPHEMERAL]


async def test_a_button_with_a_form_opens_it_and_the_form_is_kept_when_it_is_right() -> None:
    async with stage() as on, on.live():
        message = await posted_with_button(on, "decline:insight:1")
        asked = on.server.world.press(BEN, on.channel, message, "decline:insight:1")
        await on.server.until(lambda: asked.acknowledged)
        assert asked.acknowledged is not None
        assert (asked.acknowledged["type"], asked.acknowledged["data"]["title"]) == (9, "Decline")
        sent = on.server.world.submit(BEN, on.channel, "decline:insight:1", reason="too costly")
        (event,) = await on.sink.got(FormSubmitted)
        await on.server.until(lambda: sent.acknowledged)
    assert (event.custom_id, event.values) == ("decline:insight:1", {"reason": "too costly"})


async def test_a_form_filled_in_wrongly_is_answered_by_what_is_wrong() -> None:
    async with stage() as on, on.live():
        on.interactions.wrong = {"reason": "This is needed."}
        sent = on.server.world.submit(BEN, on.channel, "decline:insight:1", reason="")
        await on.server.until(lambda: sent.answers)
    assert (sent.answers[0]["content"], sent.answers[0]["flags"]) == ("This is needed.", EPHEMERAL)
    assert on.sink.events == []


async def test_what_may_not_be_opened_is_refused_privately() -> None:
    async with stage() as on, on.live():
        on.interactions.refusal = "Only staff may do this."
        message = await posted_with_button(on, "decline:insight:1")
        asked = on.server.world.press(ANNA, on.channel, message, "decline:insight:1")
        await on.server.until(lambda: asked.answers)
    assert (asked.answers[0]["content"], asked.answers[0]["flags"]) == ("Only staff may do this.", EPHEMERAL)


async def test_a_database_that_is_gone_leaves_nobody_without_an_answer() -> None:
    async with stage() as on, on.live():
        message = await posted_with_button(on, "decline:insight:1")
        on.interactions.gone = True
        world = on.server.world
        with capture_logs() as logs:
            option = world.type_option(BEN, on.channel, "tag", "remove", "tag", "bil")
            pressed = world.press(BEN, on.channel, message, "decline:insight:1")
            sent = world.submit(BEN, on.channel, "decline:insight:1", reason="too costly")
            await on.server.until(lambda: option.acknowledged and pressed.answers and sent.answers)
        assert [log["event"] for log in logs] == ["completion_unavailable"]
    assert option.acknowledged == {"type": 8, "data": {"choices": []}}
    assert pressed.answers[0]["content"] == sent.answers[0]["content"] == Texts.load().say("refused.too_slow")


async def test_an_interaction_delivered_twice_is_kept_and_acknowledged_once() -> None:
    async with stage() as on, on.live():
        with capture_logs() as logs:
            asked = on.server.world.command(ANNA, on.channel, "help")
            await on.sink.got(CommandInvoked)
            await on.server.until(lambda: asked.acknowledged)
            on.server.gateway.raw("INTERACTION_CREATE", asked.payload)
            await on.server.until(lambda: sum("callback" in request for request in on.server.requests) == 2)
            on.server.world.command(ANNA, on.channel, "privacy", "show")
            await on.sink.got(CommandInvoked, 2)
    assert [event.noun for event in on.sink.of(CommandInvoked)] == ["help", "privacy"]
    assert [log for log in logs if log["event"] == "interaction_not_answered"] == []


async def test_an_interaction_that_came_too_late_is_kept_and_its_answer_rejected() -> None:
    async with stage() as on, on.live():
        with capture_logs() as logs:
            on.sink.open.clear()
            asked = on.server.world.command(ANNA, on.channel, "help")
            await on.sink.until(lambda: on.sink.asked)
            on.server.world.skip(4)
            on.sink.open.set()
            (event,) = await on.sink.got(CommandInvoked)
            with pytest.raises(Rejected, match="is over"):
                await on.chat.reply(
                    event.place.space,
                    event.place.channel,
                    event.actor.account,
                    event.handle,
                    plain("x"),
                    OutboxId("k1"),
                )
    assert asked.acknowledged is None
    (late,) = [log for log in logs if log["event"] == "interaction_not_answered"]
    assert asked.token not in str(late)


async def test_an_answer_waits_for_the_acknowledgement_and_expires_after_fifteen_minutes() -> None:
    async with stage() as on, on.live():
        asked = on.server.world.command(ANNA, on.channel, "help")
        (event,) = await on.sink.got(CommandInvoked)
        args = (event.place.space, event.place.channel, event.actor.account, event.handle)
        await on.chat.reply(*args, plain("now"), OutboxId("k1"))
        await on.chat.reply(*args, plain("again"), OutboxId("k2"))
        on.server.world.skip(16 * 60)
        with pytest.raises(Rejected):
            await on.chat.reply(*args, plain("late"), OutboxId("k3"))
    assert [readable(answer).strip() for answer in asked.answers] == ["now", "again"]


async def test_an_answer_whose_time_is_over_is_not_even_tried() -> None:
    async with stage() as on, on.live():
        asked = on.server.world.command(ANNA, on.channel, "help")
        (event,) = await on.sink.got(CommandInvoked)
        await on.server.until(lambda: asked.acknowledged)
        over = replace(event.handle, expires_at=event.at)
        with pytest.raises(Rejected, match="is over"):
            await on.chat.reply(
                event.place.space, event.place.channel, event.actor.account, over, plain("late"), OutboxId("k1")
            )
    assert asked.answers == []


async def test_peers_07_command_and_menu_work_without_message_content() -> None:
    async with stage(message_content=False) as on, on.live():
        message = on.say("unread")
        on.server.world.command(ANNA, on.channel, "help")
        on.server.world.menu(BEN, on.channel, WHY, message)
        events = await on.sink.got(CommandInvoked, 2)
    assert [event.noun for event in events] == ["help", "why"]


async def test_a_platform_in_trouble_does_not_keep_the_rest_from_being_heard() -> None:
    async with stage(request_timeout=0.1) as on, on.live():
        on.server.faults.append(Fault("callback", 500, times=99))
        on.server.world.command(ANNA, on.channel, "help")
        on.say("still heard")
        await on.sink.until(lambda: len(on.sink.events) == 2)


async def test_a_question_from_a_channel_that_is_not_known_yet_is_answered_in_words() -> None:
    async with stage() as on, on.live():
        asked = on.server.world.command(ANNA, on.channel, "help")
        await on.server.until(lambda: asked.acknowledged)
        lost = on.server.world.channels["77"] = {**on.server.world.channels[on.channel], "id": "77"}
        asked = on.server.world.ask(ANNA, lost["id"], 2, {"id": "1", "name": "help", "type": 1, "options": []})
        await on.server.until(lambda: asked.answers)
    assert [answer["content"] for answer in asked.answers] == [CHANNEL_UNKNOWN]
    assert asked.answers[0]["flags"] & EPHEMERAL
