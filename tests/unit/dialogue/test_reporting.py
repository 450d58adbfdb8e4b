"""What the bot may not do is told once, in words, where admins read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogue.events import ChannelChanged, PermissionMissing, Place, PlaceDeleted
from dialogue.plain import plain_text
from dialogue.setting_up import REPORTS, TEAM
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import ChannelId
from tests.unit.dialogue.stage import ADA, ANNA, GENERAL, PRODUCT, SPACE, Stage

LOUNGE = replace(GENERAL, channel=ChannelId("lounge"), name="lounge")
OFFICE = Place(SPACE, ChannelId("office"), "office", Audience.PRIVATE)


async def missing(
    stage: Stage, place: Place | None = GENERAL, permission: str = "Send Messages"
) -> list[tuple[str, str]]:
    """What was said of it, and where."""
    before = len(stage.chat.sent)
    await stage.happen(PermissionMissing(SPACE, permission, stage.clock.now(), place))
    return [(sent.ref.channel, plain_text(sent.post)) for sent in stage.chat.sent[before:]]


async def test_it_is_told_in_the_teams_channel_until_admins_choose_another(stage: Stage) -> None:
    await stage.with_team()
    ((channel, said),) = await missing(stage)
    assert channel == "product"
    assert said == (
        "I could not do all of my work: Memory does not give me these permissions. "
        "An admin can give them in the settings of the channel or of my role. I say this once.\n"
        "#general: Send Messages"
    )
    await stage.select(ADA, REPORTS, OFFICE)
    ((channel, said),) = await missing(stage, permission="Add Reactions")
    assert channel == "office"
    assert "Add Reactions" in said
    assert "Send Messages" not in said


async def test_the_same_is_told_once_for_ever_and_elsewhere_again(stage: Stage) -> None:
    await stage.with_team()
    await missing(stage)
    assert await missing(stage) == []
    async with stage.storage.begin() as uow:  # after a month its key is forgotten
        await uow.inbox.forget(stage.clock.now() + timedelta(days=30))
        await uow.commit()
    assert await missing(stage) == []
    assert len(await missing(stage, LOUNGE)) == 1


async def test_what_was_missing_before_anything_was_set_up_is_told_in_one_post_then(stage: Stage) -> None:
    await stage.say(ANNA, "hello")
    assert await missing(stage) == []
    assert await missing(stage, LOUNGE, "Add Reactions") == []
    await stage.select(ADA, TEAM, OFFICE)
    (post,) = stage.cards()
    assert plain_text(post.post).endswith("#general: Send Messages\n#lounge: Add Reactions")


@pytest.mark.parametrize("change", [{"audience": Audience.PUBLIC}, {"shared": Shared.YES}], ids=["opened", "shared"])
async def test_nothing_is_told_where_others_read_it_now(stage: Stage, change: dict[str, object]) -> None:
    await stage.with_team()
    await stage.select(ADA, REPORTS, OFFICE)
    await stage.happen(ChannelChanged(replace(OFFICE, **change), "opened", stage.clock.now()))
    ((channel, _),) = await missing(stage)
    assert channel == "product"


async def test_a_place_that_is_gone_is_no_place_to_tell_it(stage: Stage) -> None:
    await stage.with_team()
    await stage.select(ADA, REPORTS, OFFICE)
    await stage.happen(PlaceDeleted(OFFICE, stage.clock.now()))
    ((channel, _),) = await missing(stage)
    assert channel == "product"


async def test_that_the_very_place_to_tell_it_is_closed_waits_for_another(stage: Stage) -> None:
    await stage.with_team()
    assert await missing(stage, PRODUCT) == []
    before = len(stage.cards())
    await stage.select(ADA, REPORTS, OFFICE)
    (post,) = stage.cards()[before:]
    assert (post.ref.channel, plain_text(post.post).splitlines()[1]) == ("office", "#product: Send Messages")


async def test_what_is_lacking_everywhere_is_told_so(stage: Stage) -> None:
    await stage.with_team()
    ((channel, said),) = await missing(stage, None, "Manage Roles")
    assert channel == "product"
    assert said.endswith("\neverywhere: Manage Roles")
    assert await missing(stage, None, "Manage Roles") == []
