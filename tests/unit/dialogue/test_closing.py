"""Everybody who asked hears what became of it: shown to whoever decided, sent once, where they spoke."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogue.events import ButtonPressed, ReplyHandle
from dialogue.plain import plain_text
from knowledge_base.channels import Mode
from knowledge_base.ids import PlatformMessageId
from tests.unit.dialogue.closing import DARK, buttons_of, decided, heard, offered
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, PRODUCT, SAM, SECLUDED, SPACE, TESS, Stage


async def test_whoever_ships_it_is_shown_what_who_asked_will_read_and_nobody_else_hears_anything(asked: Stage) -> None:
    shown = await decided(asked)

    assert "Shall I tell who said this" in shown
    assert "Read by 2 people" in shown
    assert "Good news: this is done now" in shown
    assert [*offered(asked)] == ["tell_send", "tell_edit", "tell_not_now"]
    assert heard(asked) == []
    assert "Status: shipped, by Sam" in asked.card()


async def test_sent_each_hears_it_once_in_the_thread_of_their_own_words(asked: Stage) -> None:
    await decided(asked)
    assert await asked.press(SAM, offered(asked)["tell_send"]) == "Sent: 2 people will hear of it."

    first, second = heard(asked)
    assert (first.thread, second.thread) == ("m3", "m4")
    assert {first.ref.channel, second.ref.channel} == {GENERAL.channel}
    assert DARK in plain_text(first.post)
    assert "Anna" in plain_text(first.post)
    assert "Ben" not in plain_text(first.post)


async def test_who_spoke_in_one_thread_is_told_there_by_one_post(stage: Stage) -> None:
    await stage.with_team()
    await stage.open_channel(GENERAL, Mode.ON_MENTION)
    root = await stage.say(ANNA, DARK)
    inside = replace(GENERAL, thread=root)
    await stage.say(BEN, DARK, inside)
    await stage.say(CARA, DARK, inside)
    await decided(stage)
    await stage.press(SAM, offered(stage)["tell_send"])

    (post,) = heard(stage)
    assert post.thread == root
    assert all(name in plain_text(post.post) for name in ("Anna", "Ben", "Cara"))


async def test_who_said_it_twice_hears_it_once_where_they_spoke_last(asked: Stage) -> None:
    last = await asked.say(ANNA, DARK)
    await decided(asked)
    await asked.press(SAM, offered(asked)["tell_send"])

    assert sorted(post.thread for post in heard(asked)) == ["m4", last]


async def test_pressed_by_two_people_it_is_sent_once(asked: Stage) -> None:
    await decided(asked)
    send = offered(asked)["tell_send"]
    await asked.press(SAM, send)

    assert await asked.press(TESS, send) == "Everybody has been told already."
    assert len(heard(asked)) == 2


async def test_worded_anew_they_read_that(asked: Stage) -> None:
    await decided(asked)
    edit = offered(asked)["tell_edit"]
    form = await asked.interactions.open_form(SPACE, SAM, edit)
    assert form.fields[0].value.startswith("Good news: this is done now")

    assert "2 people" in await asked.submit(SAM, edit, {"text": "The dark mode is in version 5!"})
    assert len(heard(asked, "The dark mode is in version 5!")) == 2
    assert heard(asked) == []


async def test_put_off_nobody_hears_it_until_it_is_sent_after_all(asked: Stage) -> None:
    await decided(asked)
    buttons = offered(asked)
    assert "/loop tell insight:1" in await asked.press(SAM, buttons["tell_not_now"])
    assert heard(asked) == []

    assert "Shall I tell" in await asked.command(SAM, "loop tell", {"insight": "1"})
    await asked.press(SAM, offered(asked)["tell_send"])
    assert len(heard(asked)) == 2


async def test_what_was_prepared_for_an_earlier_status_is_not_sent(asked: Stage) -> None:
    await decided(asked, "plan")
    old = offered(asked)["tell_send"]
    await decided(asked, "ship")

    assert await asked.press(SAM, old) == "Request #1 is shipped now, so nobody is told what was prepared."
    assert heard(asked) == []


async def test_customers_can_not_send_it(asked: Stage) -> None:
    await decided(asked)
    buttons = offered(asked)
    for verb in ("tell_send", "tell_not_now"):
        assert await asked.press(ANNA, buttons[verb]) == "Only staff can do that."
    assert await asked.submit(ANNA, buttons["tell_edit"], {"text": "free beer"}) == "Only staff can do that."
    assert heard(asked) == []


async def test_declined_they_hear_why_kindly(asked: Stage) -> None:
    await asked.submit(SAM, asked.buttons()["decline"], {"reason": "we are a paper company"})
    await asked.press(SAM, offered(asked)["tell_send"])

    told = heard(asked, "we are not going to do it")
    assert len(told) == 2
    assert "Thank you for telling us" in plain_text(told[0].post)
    assert "The reason: we are a paper company" in plain_text(told[0].post)


async def test_acknowledging_asks_nothing(asked: Stage) -> None:
    assert await decided(asked, "acknowledge") == ""


async def test_a_command_prepares_it_too(asked: Stage) -> None:
    assert "Shall I tell" in await asked.command(SAM, "insight plan", {"insight": "1"})


async def test_where_the_bot_only_listens_each_is_written_to_directly(stage: Stage) -> None:
    await stage.with_team()
    await stage.open_channel(GENERAL, Mode.LISTENING)
    await stage.say(ANNA, DARK)
    shown = await decided(stage)
    assert "By direct message: 1 person" in shown
    send, handle = offered(stage)["tell_send"], ReplyHandle("token", stage.clock.now() + timedelta(minutes=15))
    card = PlatformMessageId("card")
    await stage.happen(ButtonPressed(PRODUCT, SAM, "press", send, card, handle, stage.clock.now()))

    (told,) = heard(stage)
    assert told.to == ANNA.account
    assert DARK in plain_text(told.post)


async def test_who_spoke_in_private_is_told_there_and_their_words_stay_there(asked: Stage) -> None:
    await asked.open_channel(SECLUDED, Mode.ON_MENTION)
    await asked.say(CARA, "Please add a way to sort the list by date, I need it", SECLUDED)
    await asked.command(SAM, "insight ship", {"insight": "2"})
    await asked.press(SAM, offered(asked)["tell_send"])

    (told,) = heard(asked)
    assert (told.ref.channel, told.to) == (SECLUDED.channel, None)
    assert "sort the list" in plain_text(told.post)


async def test_who_muted_it_does_not_hear_it(asked: Stage) -> None:
    await decided(asked, "plan")
    await asked.press(SAM, offered(asked)["tell_send"])
    (anna, _) = heard(asked)
    said = await asked.press(ANNA, buttons_of(anna)["mute"], GENERAL)
    assert "You will hear nothing more of Request #1" in said

    shown = await decided(asked, "ship")
    assert "Read by 1 person" in shown
    assert "Want to hear nothing: 1 person" in shown
    await asked.press(SAM, offered(asked)["tell_send"])
    (shipped,) = heard(asked, "this is done now")
    assert shipped.thread == "m4"


async def test_who_muted_all_hears_nothing_until_they_undo_it(asked: Stage) -> None:
    await asked.command(BEN, "mute all")
    assert "nothing of what becomes" in await asked.command(BEN, "mute show")
    await asked.command(BEN, "mute undo")
    assert "You have muted nothing" in await asked.command(BEN, "mute show")
    await asked.command(ANNA, "mute all")
    await decided(asked)
    await asked.press(SAM, offered(asked)["tell_send"])

    assert [post.thread for post in heard(asked)] == ["m4"]


async def test_one_thing_is_muted_and_heard_again_by_command(asked: Stage) -> None:
    assert "/mute undo insight:1" in await asked.command(ANNA, "mute insight", {"insight": "1"})
    assert DARK in await asked.command(ANNA, "mute show")
    assert await asked.command(ANNA, "mute undo", {"insight": "1"}) == "You will hear of Request #1 again."
    assert "You have muted nothing" in await asked.command(ANNA, "mute show")


async def test_customers_mute_and_are_offered_only_what_they_said(asked: Stage) -> None:
    assert "You have said nothing that is part of #1" in await asked.command(CARA, "mute insight", {"insight": "1"})
    assert await asked.interactions.complete(SPACE, CARA, "mute", "insight", "insight", "") == []
    (choice,) = await asked.interactions.complete(SPACE, ANNA, "mute", "insight", "insight", "")
    assert choice.value == "1"


async def test_who_mutes_after_it_was_sent_and_before_it_arrives_does_not_hear_it(asked: Stage) -> None:
    await decided(asked)
    send = offered(asked)["tell_send"]
    async with asked.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        anna = await uow.members.behind(community, SPACE, ANNA.account)
        await uow.commit()
    relay, asked.relay = asked.relay, Still()
    await asked.press(SAM, send)
    async with asked.storage.begin() as uow:
        await uow.mutes.add(community, anna.id, None, asked.clock.now())
        await uow.commit()
    asked.relay = relay
    await asked.say(CARA, "hello everybody")

    assert [post.thread for post in heard(asked)] == ["m4"]


class Still:
    """Nothing is sent for now."""

    async def run_once(self) -> int:
        return 0


async def test_reopened_before_it_arrives_nobody_hears_it(asked: Stage) -> None:
    await decided(asked)
    relay, asked.relay = asked.relay, Still()
    await asked.press(SAM, offered(asked)["tell_send"])
    await asked.command(SAM, "insight reopen", {"insight": "1"})
    asked.relay = relay
    await asked.say(CARA, "hello everybody")

    assert heard(asked) == []


async def test_what_is_deleted_is_taken_off_what_was_told(asked: Stage) -> None:
    await decided(asked)
    await asked.press(SAM, offered(asked)["tell_send"])
    await asked.delete("m3")

    (told,) = heard(asked)
    assert told.thread == "m4"
    (gone,) = heard(asked, "have taken back what they said")
    assert DARK not in plain_text(gone.post)


async def test_who_says_it_later_gets_the_answer_at_once(asked: Stage) -> None:
    await asked.submit(SAM, asked.buttons()["decline"], {"reason": "we are a paper company"})
    await asked.press(SAM, offered(asked)["tell_send"])
    late = await asked.say(CARA, DARK)

    *_, told = heard(asked, "we are a paper company")
    assert told.thread == late
    before = len(heard(asked, "we are a paper company"))
    await asked.say(CARA, DARK)
    assert len(heard(asked, "we are a paper company")) == before


async def test_who_says_it_later_hears_nothing_where_nobody_was_told_or_it_is_history(asked: Stage) -> None:
    await decided(asked)
    await asked.say(CARA, DARK)
    assert heard(asked) == []
    await asked.press(SAM, offered(asked)["tell_send"])
    assert len(heard(asked)) == 3
    await asked.say(replace(CARA, account="dora", name="Dora"), DARK, live=False)
    assert len(heard(asked)) == 3


async def test_a_problem_heard_again_after_it_was_fixed_may_have_come_back(stage: Stage) -> None:
    await stage.with_team()
    await stage.open_channel(GENERAL, Mode.ON_MENTION)
    drops = "The export drops my tags, this is broken"
    await stage.say(ANNA, drops)
    await decided(stage)
    await stage.press(SAM, offered(stage)["tell_send"])
    assert "this is fixed now" in plain_text(heard(stage)[0].post)
    late = await stage.say(BEN, drops)

    (again,) = heard(stage, "it may have come back")
    assert again.thread == late


async def test_it_is_seen_who_heard(asked: Stage) -> None:
    assert "Nobody has been told anything of Request #1" in await asked.command(SAM, "loop show", {"insight": "1"})
    await decided(asked)
    await asked.press(SAM, offered(asked)["tell_send"])
    shown = await asked.command(SAM, "loop show", {"insight": "1"})
    assert "told: 2 people; waiting: 0 people; not reached: 0 people" in shown
    assert "has heard it" in await asked.command(SAM, "loop tell", {"insight": "1"})


async def test_admins_choose_of_which_statuses_customers_are_told(asked: Stage) -> None:
    assert "is planned, shipped, declined" in await asked.command(ADA, "loop set")
    said = await asked.command(ADA, "loop set", {"statuses": "shipped, In progress, acknowledged"})
    assert "is acknowledged, in progress, shipped" in said

    for decision, wording in (
        ("acknowledge", "We have read what you told us"),
        ("start", "we have started on this"),
        ("ship", "this is done now"),
    ):
        offers = await asked.command(SAM, f"insight {decision}", {"insight": "1"})
        assert wording in offers
        await asked.press(SAM, offered(asked)["tell_send"])
    assert len(heard(asked)) == 4

    assert "of no status by itself" in await asked.command(ADA, "loop set", {"statuses": "off"})
    await asked.say(CARA, DARK)
    assert len(heard(asked)) == 4
    assert "told of no status" in await asked.command(SAM, "loop tell", {"insight": "1"})
    await asked.command(ADA, "loop set", {"statuses": "planned"})
    assert "is shipped: customers are told when it is planned." in await asked.command(
        SAM, "loop tell", {"insight": "1"}
    )


async def test_what_is_not_chosen_is_told_to_nobody(asked: Stage) -> None:
    await asked.command(ADA, "loop set", {"statuses": "planned"})
    assert "Shall I tell" not in await asked.command(SAM, "insight ship", {"insight": "1"})


async def test_what_was_prepared_is_not_sent_once_admins_chose_otherwise(asked: Stage) -> None:
    await asked.command(SAM, "insight ship", {"insight": "1"})
    buttons = offered(asked)
    await asked.command(ADA, "loop set", {"statuses": "planned"})
    assert "customers are told when it is planned" in await asked.press(SAM, buttons["tell_send"])
    assert "customers are told when it is planned" in await asked.submit(SAM, buttons["tell_edit"], {"text": "Done"})
    assert heard(asked) == []
    await asked.command(ADA, "loop set", {"statuses": "shipped"})
    await asked.press(SAM, buttons["tell_send"])
    assert len(heard(asked)) == 2


@pytest.mark.parametrize("typed", ["merged", "shipped, new", "off, planned", ","])
async def test_a_status_that_nobody_can_be_told_of_is_refused(asked: Stage, typed: str) -> None:
    refusal = "Say some of these: acknowledged, planned, in progress, shipped, declined; or off."
    assert refusal in await asked.command(ADA, "loop set", {"statuses": typed})
    assert "is planned, shipped, declined" in await asked.command(ADA, "loop set")
    assert "Only admins" in await asked.command(SAM, "loop set", {"statuses": "planned"})
