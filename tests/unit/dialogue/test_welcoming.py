"""Newcomers are welcomed once, after their first post, alone, where the bot may speak, and can end it by one press."""

from dataclasses import replace

from dialogue.plain import plain_text
from dialogue.posts import Buttons
from knowledge_base.channels import Mode, Shared
from knowledge_base.members import Recording
from tests.unit.dialogue.stage import ADA, ANNA, BEN, GENERAL, SAM, SECLUDED, SPACE, Stage

DROPS = "The export drops my tags, this is broken"
SHAPES = "What is said here shapes the product"


def welcomed(stage: Stage) -> list[str]:
    """Who was welcomed, one entry for each time."""
    return [sent.to for sent in stage.chat.sent if "I write you this only once" in plain_text(sent.post)]


async def switch_on(stage: Stage) -> None:
    assert "once, alone, after their first post" in await stage.command(ADA, "welcome on")
    stage.chat.sent.clear()


async def test_nobody_is_welcomed_before_admins_want_it(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    assert welcomed(stage) == []
    assert "I welcome nobody" in await stage.command(SAM, "welcome show")


async def test_whoever_posts_first_is_told_once_what_comes_of_it_what_is_kept_and_how_to_end_it(stage: Stage) -> None:
    await switch_on(stage)
    await stage.say(ANNA, DROPS)
    (sent,) = stage.chat.sent
    assert sent.to == ANNA.account
    for told in (SHAPES, "Where I listen I keep what you say", "/privacy shows", "/privacy stop"):
        assert told in plain_text(sent.post)

    await stage.say(ANNA, "And it is slow, too")
    await stage.say(BEN, DROPS)
    assert welcomed(stage) == [ANNA.account, BEN.account]


async def test_one_press_ends_it(stage: Stage) -> None:
    await switch_on(stage)
    await stage.say(ANNA, DROPS)
    (sent,) = stage.chat.sent
    (buttons,) = [block for block in sent.post.blocks if isinstance(block, Buttons)]
    (stop,) = buttons.buttons
    assert "From now on I keep nothing you say" in await stage.press(ANNA, stop.custom_id)

    assert await stage.message(await stage.say(ANNA, "And it is slow, too")) is None
    async with stage.look() as (uow, community):
        member = await uow.members.behind(community, SPACE, ANNA.account)
    assert member.consent.recording is Recording.STOPPED
    assert "by a button of mine" in await stage.command(ANNA, "privacy show")


async def test_who_ends_it_so_is_named_on_no_card_any_more(stage: Stage) -> None:
    await stage.with_team()
    await switch_on(stage)
    await stage.say(ANNA, DROPS)
    card = next(sent for sent in stage.chat.sent if not sent.to)
    assert "Anna" in plain_text(card.post)
    await stage.press(ANNA, "consent_stop::")
    card = next(sent for sent in stage.chat.sent if not sent.to)
    assert DROPS in plain_text(card.post)
    assert "Anna" not in plain_text(card.post)


async def test_who_spoke_before_it_was_on_is_no_newcomer(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await switch_on(stage)
    await stage.say(ANNA, "And it is slow, too")
    assert welcomed(stage) == []


async def test_who_was_erased_is_not_welcomed_again(stage: Stage) -> None:
    await switch_on(stage)
    await stage.say(ANNA, DROPS)
    await stage.command(ANNA, "privacy erase")
    await stage.say(ANNA, DROPS)
    assert welcomed(stage) == [ANNA.account]


async def test_it_is_silent_where_it_may_not_speak_or_outsiders_read(stage: Stage) -> None:
    await switch_on(stage)
    await stage.open_channel(SECLUDED, Mode.LISTENING)
    await stage.say(ANNA, DROPS, SECLUDED)
    await stage.say(BEN, DROPS, replace(GENERAL, shared=Shared.YES))
    assert welcomed(stage) == []


async def test_staff_history_and_who_chose_before_are_not_welcomed(stage: Stage) -> None:
    await switch_on(stage)
    await stage.say(SAM, "good morning")
    await stage.say(ANNA, DROPS, live=False)
    await stage.command(BEN, "privacy resume")
    stage.chat.sent.clear()
    await stage.say(BEN, DROPS)
    assert stage.chat.sent == []


async def test_a_community_that_asks_first_sends_one_message_that_welcomes_and_asks(stage: Stage) -> None:
    await stage.command(ADA, "community policy", {"policy": "opt-in"})
    await switch_on(stage)
    await stage.say(ANNA, DROPS)
    await stage.say(ANNA, DROPS)
    (sent,) = stage.chat.sent
    assert SHAPES in plain_text(sent.post)
    assert "May I keep what you say" in plain_text(sent.post)

    await stage.press(ANNA, "consent_yes::")
    async with stage.look() as (uow, community):
        member = await uow.members.behind(community, SPACE, ANNA.account)
        held = await uow.belongings.of_member(community, member.id)
    assert [one["account"] for one in held["asked_for_consent"]] == [ANNA.account]
    stage.chat.sent.clear()
    await stage.say(ANNA, DROPS)
    assert stage.chat.sent == []


async def test_admins_choose_the_words_but_not_what_is_said_of_what_is_kept(stage: Stage) -> None:
    shown = await stage.command(ADA, "welcome words", {"words": "Hello! Every month we build what you ask for most."})
    assert "I welcome nobody" in shown
    await switch_on(stage)
    await stage.say(ANNA, DROPS)
    told = plain_text(stage.chat.sent[0].post)
    assert "Hello! Every month we build what you ask for most." in told
    assert SHAPES not in told
    assert "Where I listen I keep what you say" in told

    assert SHAPES in await stage.command(ADA, "welcome words")
    await stage.command(ADA, "welcome off")
    await stage.say(BEN, DROPS)
    assert BEN.account not in welcomed(stage)


async def test_only_admins_change_it(stage: Stage) -> None:
    for line in ("welcome on", "welcome off", "welcome words"):
        assert "admins" in await stage.command(SAM, line)
    assert "staff" in await stage.command(ANNA, "welcome show")
