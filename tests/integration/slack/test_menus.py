"""Menus in posts: Slack lists channels, the app lists people and user groups; what is chosen is kept."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from dialogue.actions import OutboxId
from dialogue.events import ChannelChanged, OptionsSelected, ReplyHandle, Selected
from dialogue.posts import Choices, Menu, Paragraph, Post, plain
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import AccountId, ChannelId, SpaceId
from tests.integration.slack.playing import Play, playing
from tests.servers.slack.server import SlackServer
from tests.servers.slack.state import Payload

T1, C1, U2, K1 = SpaceId("T1"), ChannelId("C1"), AccountId("U2"), OutboxId("k1")
TEAM, HELPING, STAFF = "select:setup_team::", "select:setup_helping::", "select:setup_staff::"


@pytest.fixture(params=["socket", "http"])
async def play(request: pytest.FixtureRequest, server: SlackServer) -> AsyncIterator[Play]:
    async with playing(server, request.param) as play:
        yield play


def guide(team: tuple[str, ...] = (), helping: tuple[str, ...] = (), staff: tuple[str, ...] = ()) -> Post:
    return Post(
        (
            Paragraph("Where?"),
            Menu("Choose a channel", "setup_team::", Choices.CHANNELS, 1, team),
            Menu("Choose channels", "setup_helping::", Choices.CHANNELS, 25, helping),
            Menu("Choose people", "setup_staff::", Choices.GROUPS, 25, staff),
        )
    )


async def shown(play: Play, post: Post) -> list[Payload]:
    """The blocks of a private answer."""
    until = datetime.fromtimestamp(play.server.space.now(), UTC) + timedelta(minutes=29)
    handle = ReplyHandle(play.server.space.address(play.server.base, "U2", "C1"), until)
    await play.chat.reply(T1, C1, U2, handle, post, K1)
    blocks: list[Payload] = play.server.answers("U2")[-1]["blocks"]
    return blocks


def accessories(blocks: list[Payload]) -> dict[str, Payload]:
    return {block["accessory"]["action_id"]: block["accessory"] for block in blocks if "accessory" in block}


async def test_a_menu_says_what_is_chosen_now_by_its_name(play: Play) -> None:
    play.server.space.group("S1", "support", "U1")
    menus = accessories(await shown(play, guide(("C1",), ("C1", "C2"), ("S1", "U1", "U0"))))
    assert menus[TEAM]["initial_conversation"] == "C1"
    assert menus[HELPING]["initial_conversations"] == ["C1", "C2"]
    chosen = [(one["value"], one["text"]["text"]) for one in menus[STAFF]["initial_options"]]
    assert chosen == [("S1", "support"), ("U1", "Anna Kowalska"), ("U0", "U0")]


async def test_a_menu_is_shown_also_where_names_are_not_to_be_had(play: Play) -> None:
    play.server.fail("usergroups.list", "500")
    play.server.fail("users.info", "429", 30)
    menus = accessories(await shown(play, guide(staff=("S1", "U1"))))
    assert [one["text"]["text"] for one in menus[STAFF]["initial_options"]] == ["S1", "U1"]


async def test_a_menu_in_which_nothing_is_chosen_offers_channels_that_people_talk_in(play: Play) -> None:
    menus = accessories(await shown(play, guide()))
    assert not [name for menu in menus.values() for name in menu if name.startswith("initial")]
    assert menus[TEAM]["filter"] == {"include": ["public", "private"], "exclude_bot_users": True}


async def test_chosen_channels_are_told_of_before_that_they_were_chosen(play: Play) -> None:
    play.server.space.channel("C2", "ideas", is_ext_shared=True)
    play.server.space.channel("G3", "secret", "private").member = False
    blocks = await shown(play, guide())
    assert await play.server.choose("U2", "C1", blocks, HELPING, "C2", "G3") is not None
    chosen = await play.one(OptionsSelected)
    assert (chosen.custom_id, chosen.actor.account) == ("setup_helping::", "U2")
    assert chosen.selected == (Selected("C2", "ideas"), Selected("G3", "G3"))
    places = {event.place.channel: event.place for event in play.sink.events[:-1] if isinstance(event, ChannelChanged)}
    assert (places[ChannelId("C2")].name, places[ChannelId("C2")].shared) == ("ideas", Shared.YES)
    unknown = places[ChannelId("G3")]
    assert (unknown.audience, unknown.shared) == (Audience.PRIVATE, Shared.UNKNOWN)
    await play.chat.reply(T1, C1, U2, chosen.handle, plain("done"), K1)
    assert play.server.answers("U2")[-1]["text"] == "done"


async def test_the_one_channel_of_a_menu_for_one_is_told(play: Play) -> None:
    await play.server.choose("U2", "C1", await shown(play, guide()), TEAM, "C1")
    chosen = await play.one(OptionsSelected)
    assert chosen.selected == (Selected("C1", "help"),)
    assert [event.type for event in play.sink.events] == ["channel_changed", "options_selected"]


@pytest.mark.parametrize("menu", [TEAM, HELPING, STAFF])
async def test_choosing_nothing_any_more_is_told_too(play: Play, menu: str) -> None:
    await play.server.choose("U2", "C1", await shown(play, guide()), menu)
    assert (await play.one(OptionsSelected)).selected == ()


async def test_chosen_people_and_user_groups_are_told_by_their_names(play: Play) -> None:
    await play.server.choose("U2", "C1", await shown(play, guide()), STAFF, "S1", "U1")
    chosen = await play.one(OptionsSelected)
    assert chosen.selected == (Selected("S1", "name of S1"), Selected("U1", "name of U1"))


async def test_user_groups_and_then_people_are_offered_whose_names_hold_what_is_typed(play: Play) -> None:
    space = play.server.space
    space.group("S1", "annals")
    space.person("U5", "Joanna")
    space.person("U6", "Anna Stranger", team_id="T9")
    space.person("U7", "Anna Gone", deleted=True)
    space.person("U8", "Annabot", is_bot=True)
    blocks = await shown(play, guide())
    assert await play.server.offer("U2", "C1", blocks, STAFF, "anna") == ["S1", "U1", "U5"]
    assert await play.server.offer("U2", "C1", blocks, STAFF, "") == ["S1", "U1", "U5", "U2"]
    assert [method for method, _ in play.server.calls].count("users.list") == 1


async def test_of_many_people_a_hundred_are_offered_and_each_is_found(play: Play) -> None:
    for number in range(450):
        play.server.space.person(f"UM{number}", f"Person {number:03d}")
    blocks = await shown(play, guide())
    assert len(await play.server.offer("U2", "C1", blocks, STAFF, "person")) == 100
    assert await play.server.offer("U2", "C1", blocks, STAFF, "person 449") == ["UM449"]
    assert [args["limit"] for method, args in play.server.calls if method == "users.list"] == ["200"] * 3


async def test_where_a_limit_stops_the_list_what_is_known_is_offered_and_reading_goes_on(play: Play) -> None:
    for number in range(250):
        play.server.space.person(f"UM{number}", f"Person {number:03d}")
    blocks = await shown(play, guide())
    play.server.fail("users.list", "")
    play.server.fail("users.list", "429", 30)
    assert await play.server.offer("U2", "C1", blocks, STAFF, "person 249") == []
    assert await play.server.offer("U2", "C1", blocks, STAFF, "person 001") == ["UM1"]
    play.clock.advance(timedelta(seconds=30))
    assert await play.server.offer("U2", "C1", blocks, STAFF, "person 249") == ["UM249"]
    cursors = [args.get("cursor") for method, args in play.server.calls if method == "users.list"]
    assert cursors == [None, "200", "200"]


async def test_who_came_meanwhile_is_offered_after_a_while(play: Play) -> None:
    blocks = await shown(play, guide())
    assert await play.server.offer("U2", "C1", blocks, STAFF, "ben") == []
    play.server.space.person("U7", "Ben")
    play.clock.advance(timedelta(minutes=11))
    assert await play.server.offer("U2", "C1", blocks, STAFF, "ben") == ["U7"]


async def test_a_menu_of_before_a_restart_works(server: SlackServer) -> None:
    async with playing(server) as before:
        blocks = await shown(before, guide())
    async with playing(server) as after:
        assert await server.offer("U2", "C1", blocks, STAFF, "anna") == ["U1"]
        await server.choose("U2", "C1", blocks, TEAM, "C1")
        assert (await after.one(OptionsSelected)).selected == (Selected("C1", "help"),)
