"""/setup leads an admin through the first steps; each choice holds at once."""

from dataclasses import replace

import pytest

from adapters.memory.chat import MemoryChat
from dialogue.events import ChannelChanged, Place, Selected
from dialogue.posts import Choices, Menu
from dialogue.setting_up import ADMINS, HELPING, REPORTS, STAFF, TEAM
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.ids import ChannelId, SpaceId
from knowledge_base.members import Group, Role
from tests.unit.dialogue.stage import ADA, ANNA, BEN, GENERAL, PRODUCT, SAM, SPACE, Stage

DROPS = "The export drops my tags, this is broken"
OFFICE = Place(SPACE, ChannelId("office"), "office", Audience.PRIVATE)
SUPPORT = Selected("r1", "Support")


async def menus(stage: Stage) -> dict[str, Menu]:
    await stage.command(ADA, "setup show")
    blocks = stage.chat.sent[-1].post.blocks
    return {block.custom_id.split(":")[0]: block for block in blocks if isinstance(block, Menu)}


async def mode(stage: Stage, place: Place) -> Mode:
    async with stage.look() as (uow, _):
        return (await uow.channels.get(SPACE, place.channel)).mode


async def test_only_admins_are_led_and_only_they_choose(stage: Stage) -> None:
    assert "Only admins" in await stage.command(SAM, "setup show")
    assert "Only admins" in await stage.select(SAM, TEAM, OFFICE)
    assert await stage.command(ADA, "team list") == "There are no teams yet. An admin adds one with /team add."


async def test_the_guide_tells_each_step_above_its_menu(stage: Stage) -> None:
    said = await stage.command(ADA, "setup show")
    steps = ["Where do my cards go", "Where may I help", "Who is staff", "Who may set me up", "where do I tell admins"]
    assert [said.index(step) for step in steps] == sorted(said.index(step) for step in steps)
    found = await menus(stage)
    assert list(found) == [TEAM, HELPING, STAFF, ADMINS, REPORTS]
    assert [menu.choices for menu in found.values()].count(Choices.GROUPS) == 2
    assert (found[TEAM].most, found[HELPING].most) == (1, 25)


async def test_where_a_platform_has_no_groups_nobody_is_asked_for_them(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = replace(stage.chat.identity(), groups="")
    monkeypatch.setattr(MemoryChat, "identity", lambda _: without)
    assert list(await menus(stage)) == [TEAM, HELPING, REPORTS]


async def test_the_teams_channel_gets_every_card_from_then_on(stage: Stage) -> None:
    said = await stage.select(ADA, TEAM, OFFICE)
    assert said.startswith("The cards and digests of product appear in #office now.")
    await stage.say(ANNA, DROPS)
    assert stage.cards()[0].ref.channel == "office"
    assert DROPS in stage.card()
    assert (await menus(stage))[TEAM].selected == ("office",)


async def test_another_choice_moves_the_team_with_its_digest(stage: Stage) -> None:
    await stage.select(ADA, TEAM, OFFICE)
    other = replace(OFFICE, channel=ChannelId("den"), name="den")
    await stage.select(ADA, TEAM, other)
    assert "#den" in await stage.command(ADA, "team list")
    assert "Route 1" in await stage.command(ADA, "route list")
    assert "Route 2" not in await stage.command(ADA, "route list")
    await stage.say(ANNA, DROPS)
    assert [card.ref.channel for card in stage.cards()] == ["den"]


@pytest.mark.parametrize(
    "place",
    [GENERAL, replace(OFFICE, audience=Audience.MEMBERS), replace(OFFICE, shared=Shared.YES)],
    ids=["everybody", "all members", "outsiders"],
)
@pytest.mark.parametrize("verb", [TEAM, REPORTS])
async def test_a_channel_that_others_read_is_refused_in_words(stage: Stage, place: Place, verb: str) -> None:
    assert f"#{place.name}" in (said := await stage.select(ADA, verb, place))
    assert said.startswith(("Others than your own people can read", "People from outside read"))
    assert "no teams yet" in await stage.command(ADA, "team list")
    assert (await menus(stage))[verb].selected == ()


async def test_with_several_teams_the_command_says_which(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "team add", {"name": "Second", "channel": "product"})
    assert TEAM not in await menus(stage)
    assert "There are 2 teams" in await stage.command(ADA, "setup show")
    assert "Say which team" in await stage.select(ADA, TEAM, OFFICE)


async def test_a_team_of_another_space_is_told_and_not_moved_by_a_menu(stage: Stage) -> None:
    await stage.with_team()
    elsewhere = SpaceId("elsewhere")
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        await uow.communities.add_space(community, elsewhere)
        await uow.communities.choose_admin_channel(community, SPACE, PRODUCT.channel)
        await uow.commit()
    there = replace(OFFICE, space=elsewhere)
    said = await stage.command(ADA, "setup show", place=there)
    assert "My cards go to #product in Memory." in said
    assert "Now that is #product in Memory." in said
    assert "Say which team" in await stage.select(ADA, TEAM, there, place=there)
    assert "#product" in await stage.command(ADA, "team list")


async def test_a_team_that_nothing_was_sent_to_gets_everything(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "route remove", {"route": "1"})
    await stage.select(ADA, TEAM, OFFICE)
    await stage.say(ANNA, DROPS)
    assert stage.cards()[0].ref.channel == "office"


async def test_a_channel_that_is_opened_later_gets_no_cards_any_more(stage: Stage) -> None:
    await stage.select(ADA, TEAM, OFFICE)
    await stage.say(ANNA, DROPS)
    opened = replace(OFFICE, audience=Audience.PUBLIC)
    await stage.happen(ChannelChanged(opened, "opened", stage.clock.now()))
    assert "This card is hidden" in stage.card()
    await stage.say(BEN, "Please add a dark mode to the app")
    assert len(stage.cards()) == 1


async def test_what_was_taken_by_a_slip_is_private_again(stage: Stage) -> None:
    vip = replace(OFFICE, channel=ChannelId("vip"), name="vip")
    await stage.select(ADA, TEAM, vip)
    await stage.select(ADA, TEAM, OFFICE)
    await stage.open_channel(vip)
    await stage.say(ANNA, DROPS, vip)
    assert DROPS not in stage.card()


@pytest.mark.parametrize("verb", [TEAM, HELPING, REPORTS])
async def test_what_somebody_writes_to_the_bot_alone_is_no_channel_to_choose(stage: Stage, verb: str) -> None:
    direct = Place(SPACE, ChannelId("dm"), "Anna", Audience.PRIVATE, direct=True)
    await stage.say(ANNA, "hello", direct)
    assert "I know no channel" in await stage.select(ADA, verb, direct)
    async with stage.look() as (uow, _):
        channel = await uow.channels.get(SPACE, direct.channel)
    assert (channel.audience, channel.mode) == (Audience.PRIVATE, Mode.ON_MENTION)


async def test_helping_channels_are_those_chosen_last(stage: Stage) -> None:
    lounge = replace(GENERAL, channel=ChannelId("lounge"), name="lounge")
    assert await stage.select(ADA, HELPING, GENERAL, lounge) == "I help in #general, #lounge now."
    assert (await menus(stage))[HELPING].selected == ("general", "lounge")
    await stage.select(ADA, HELPING, lounge)
    assert (await mode(stage, GENERAL), await mode(stage, lounge)) == (Mode.ON_MENTION, Mode.HELPING)
    assert await stage.select(ADA, HELPING) == "I help nowhere unasked now."
    assert await mode(stage, lounge) is Mode.ON_MENTION
    closed = replace(lounge, audience=Audience.PRIVATE)
    await stage.happen(ChannelChanged(closed, "closed", stage.clock.now()))
    assert await mode(stage, lounge) is Mode.OFF


async def test_where_outsiders_are_it_does_not_help(stage: Stage) -> None:
    shared = replace(GENERAL, channel=ChannelId("both"), name="both", shared=Shared.YES)
    assert "People from outside read #both" in await stage.select(ADA, HELPING, shared)
    assert await mode(stage, shared) is Mode.ON_MENTION


async def test_what_the_menus_do_not_show_is_left_as_it_is(stage: Stage) -> None:
    places = [replace(GENERAL, channel=ChannelId(f"c{n:02}"), name=f"c{n:02}") for n in range(27)]
    for place in places:
        await stage.open_channel(place, Mode.HELPING)
    assert len((await menus(stage))[HELPING].selected) == 25
    await stage.select(ADA, HELPING, *places[:24])
    assert [await mode(stage, place) for place in places[23:]] == [
        Mode.HELPING,
        Mode.ON_MENTION,
        Mode.HELPING,
        Mode.HELPING,
    ]
    groups = [Selected(f"g{n:02}", f"G{n}") for n in range(25)]
    await stage.select(ADA, STAFF, *groups)
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        before = await uow.members.groups(community, SPACE)
        await uow.members.choose_groups(community, SPACE, [*before, Group(SPACE, "g99", Role.STAFF)])
        await uow.commit()
    await stage.select(ADA, STAFF, groups[0], groups[0])
    async with stage.look() as (uow, community):
        assert [group.id for group in await uow.members.groups(community, SPACE)] == ["g00", "g99"]


async def test_people_of_a_chosen_group_are_staff_at_once_and_no_more_when_it_is_left_out(stage: Stage) -> None:
    ben = replace(BEN, groups=("r0", "r1"))
    assert "Only staff" in await stage.command(ben, "insight list")
    assert await stage.select(ADA, STAFF, SUPPORT) == "Staff are now: Support."
    assert "Nothing is open" in await stage.command(ben, "insight list")
    assert (await menus(stage))[STAFF].selected == ("r1",)
    assert await stage.select(ADA, STAFF) == "Only admins are staff now."
    assert "Only staff" in await stage.command(ben, "insight list")


async def test_a_group_of_admins_may_set_up_too(stage: Stage) -> None:
    ben = replace(BEN, groups=("r2",))
    boss = Selected("r2", "Boss")
    await stage.select(ADA, ADMINS, boss)
    assert "Staff are now: Support." in await stage.select(ben, STAFF, SUPPORT)
    # who is chosen as staff too may still do what admins may
    await stage.select(ben, STAFF, SUPPORT, boss)
    assert "Staff are now: Support." in await stage.select(ben, STAFF, SUPPORT)


async def test_what_may_be_completed_follows_the_chosen_group(stage: Stage) -> None:
    await stage.with_team()
    ben = replace(BEN, groups=("r1",))
    assert await stage.interactions.complete(SPACE, ben, "route", "add", "team", "") == ()
    await stage.select(ADA, ADMINS, SUPPORT)
    choices = await stage.interactions.complete(SPACE, ben, "route", "add", "team", "")
    assert [choice.value for choice in choices] == ["Product"]
    offered = [await stage.interactions.offered(*one) for one in ((SPACE, ben), (SPACE, BEN), (SpaceId("new"), ben))]
    assert ["setup" in {command.noun for command in commands} for commands in offered] == [True, False, False]


async def test_a_channel_nobody_told_of_and_nothing_at_all_change_nothing(stage: Stage) -> None:
    assert "I know no channel" in await stage.select(ADA, TEAM, Selected("c404", "lost"))
    assert "Nothing is chosen" in await stage.select(ADA, TEAM)
    assert "no teams yet" in await stage.command(ADA, "team list")
