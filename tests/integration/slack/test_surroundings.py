"""Who speaks and who reads is looked up beside each event, within bounds, and holds nothing back for good."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from dialogue.events import Actor, ChannelChanged, MemberChanged, MessagePosted, PlaceDeleted
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import AccountId
from knowledge_base.members import Role
from tests.integration.slack.playing import Play, playing
from tests.servers.slack.server import SlackServer


async def test_roles_and_groups_come_from_the_workspace(server: SlackServer) -> None:
    space = server.space
    for user, more in {"U3": {}, "U4": {"team_id": "T9", "is_admin": True}, "U5": {"is_bot": True}}.items():
        space.person(user, user, **more)
    space.group("S1", "support", "U3", "U4")
    space.group("S2", "product", "U2", "U3")
    async with playing(server) as play:
        for user in ("U1", "U2", "U3", "U4", "U5", "UNHEARDOF"):
            space.say(user, "C1", "hello")
        said = await play.sink.kept(6, MessagePosted)
    roles = [Role.CUSTOMER, Role.ADMIN, Role.CUSTOMER, Role.CUSTOMER, Role.BOT, Role.CUSTOMER]
    assert [event.actor.role for event in said] == roles
    assert [event.actor.groups for event in said] == [("U1",), ("U2", "S2"), ("U3", "S1", "S2"), (), (), ()]
    assert [method for method, _ in server.calls].count("usergroups.list") == 1


async def test_who_joins_a_user_group_is_in_it_from_then_on(play: Play) -> None:
    play.server.space.say("U1", "C1", "before")
    await play.sink.kept(1, MessagePosted)
    play.server.space.group("S1", "support", "U1")
    play.server.space.say("U1", "C1", "after")
    assert [event.actor.groups for event in await play.sink.kept(2, MessagePosted)] == [("U1",), ("U1", "S1")]


async def test_who_leaves_a_user_group_is_in_it_no_longer_and_nothing_is_said_of_it(play: Play) -> None:
    space = play.server.space
    space.group("S1", "support", "U1")
    space.say("U1", "C1", "before")
    await play.sink.kept(1, MessagePosted)
    with capture_logs() as logs:
        space.group("S1", "support")
        space.say("U1", "C1", "after")
        said = await play.sink.kept(2, MessagePosted)
    assert [event.actor.groups for event in said] == [("U1", "S1"), ("U1",)]
    assert not [log for log in logs if log["event"] == "payload_skipped"]


@pytest.mark.parametrize("error", ["missing_scope", "paid_teams_only", "plan_upgrade_required"])
async def test_a_workspace_that_tells_no_user_groups_leaves_each_their_own_id(play: Play, error: str) -> None:
    play.server.fail("usergroups.list", error)
    play.server.space.say("U1", "C1", "hello")
    assert (await play.one(MessagePosted)).actor.groups == ("U1",)


async def test_who_comes_or_is_changed_is_told_of_without_looking_anybody_up(play: Play) -> None:
    space = play.server.space
    space.come("U7", "Ben")
    space.come("U1", "Anna Nowak", is_admin=True)
    space.come("U8", "Build", is_bot=True)
    came, changed = await play.sink.kept(2, MemberChanged)
    assert (came.space, came.actor) == ("T1", Actor(AccountId("U7"), "Ben", Role.CUSTOMER, ("U7",)))
    assert (changed.actor.name, changed.actor.role) == ("Anna Nowak", Role.ADMIN)
    space.say("U1", "C1", "hello")
    assert (await play.one(MessagePosted)).actor == changed.actor
    assert len(play.sink.events) == 3
    assert not [args for method, args in play.server.calls if method == "users.info" and args["user"] != "T1BOTUSER"]


async def test_a_change_that_is_told_again_late_gives_no_role_back(play: Play) -> None:
    space, tell = play.server.space, play.server.deliveries.tell
    told = [space.person("U1", "Anna", is_admin=admin, updated=second) for admin, second in ((True, 100), (False, 200))]
    for user in (*told, *told):
        tell({"type": "user_change", "user": user, "event_ts": space.ts()})
    roles = [event.actor.role for event in await play.sink.kept(4, MemberChanged)]
    assert roles == [Role.ADMIN, Role.CUSTOMER, Role.CUSTOMER, Role.CUSTOMER]
    play.clock.advance(timedelta(minutes=11))
    tell({"type": "team_join", "user": told[0], "event_ts": space.ts()})
    space.say("U1", "C1", "hello")
    assert (await play.one(MessagePosted)).actor.role is Role.CUSTOMER


async def test_of_two_changes_in_one_second_the_workspace_is_asked(play: Play) -> None:
    space, tell = play.server.space, play.server.deliveries.tell
    told = [space.person("U1", "Anna", is_admin=admin, updated=100) for admin in (True, False)]
    for user in (*told, told[0]):
        tell({"type": "user_change", "user": user, "event_ts": space.ts()})
    roles = [event.actor.role for event in await play.sink.kept(3, MemberChanged)]
    assert roles == [Role.ADMIN, Role.CUSTOMER, Role.CUSTOMER]


async def test_an_old_change_of_somebody_unknown_is_not_believed(play: Play) -> None:
    was = play.server.space.person("U1", "Anna", is_admin=True)
    play.server.space.person("U1", "Anna")
    before = f"{play.server.space.now() - 300:.6f}"
    play.server.deliveries.tell({"type": "user_change", "user": was, "event_ts": before})
    assert (await play.one(MemberChanged)).actor.role is Role.CUSTOMER


async def test_after_a_lost_connection_nothing_that_was_known_is_believed(play: Play) -> None:
    space = play.server.space
    space.group("S1", "support", "U1")
    space.say("U1", "C1", "before")
    await play.sink.kept(1, MessagePosted)
    space.person("U1", "Anna Nowak", is_admin=True)
    space.groups.clear()
    space.channels["C1"].flags["is_ext_shared"] = True
    play.server.break_sockets()
    space.say("U1", "C1", "after")
    _, after = await play.sink.kept(2, MessagePosted)
    assert after.actor == Actor(AccountId("U1"), "Anna Nowak", Role.ADMIN, ("U1",))
    assert after.place.shared is Shared.YES


async def test_ten_thousand_joins_look_nobody_up_and_hold_nothing_back(play: Play) -> None:
    async with asyncio.timeout(60):
        for number in range(10_000):
            play.server.deliveries.tell({"type": "member_joined_channel", "user": f"U{number}", "channel": "C1"})
            if number % 500 == 499:
                await play.server.deliveries.settled()
        play.server.space.say("U1", "C1", "at last")
        await play.server.deliveries.settled()
    assert [event.text for event in await play.sink.kept(1, MessagePosted)] == ["at last"]
    assert len([method for method, _ in play.server.calls if method in ("users.info", "conversations.info")]) < 5


async def test_a_channel_that_the_app_joins_is_told_of(play: Play) -> None:
    space = play.server.space
    space.channel("C2", "product", "private").member = False
    await play.server.command("U2", "C2", "help")
    space.join("U1", "C1")
    space.join(space.bot_user, "C2")
    place = (await play.one(ChannelChanged)).place
    assert (place.channel, place.name, place.shared) == ("C2", "product", Shared.NO)


async def test_a_deleted_channel_is_told_of_by_the_name_it_had(play: Play) -> None:
    space = play.server.space
    space.channel("C2", "ideas")
    space.channel("G3", "leads", "private")
    space.say("U1", "C2", "hello")
    await play.sink.kept(1, MessagePosted)
    space.remove("C2")
    space.remove("G3")
    ideas, leads = [event.place for event in await play.sink.kept(2, PlaceDeleted)]
    assert (ideas.channel, ideas.name, ideas.audience, ideas.thread) == ("C2", "ideas", Audience.PUBLIC, None)
    assert (leads.channel, leads.audience) == ("G3", Audience.PRIVATE)


async def test_a_deletion_of_which_slack_itself_does_not_know_is_a_change(play: Play) -> None:
    space = play.server.space
    space.say("U1", "C1", "hello")
    await play.sink.kept(1, MessagePosted)
    space.channels["C1"].name = "support"
    play.server.deliveries.tell({"type": "channel_deleted", "channel": "C1"})
    assert (await play.one(ChannelChanged)).place.name == "support"
    play.server.fail("conversations.info", "access_denied")
    play.server.deliveries.tell({"type": "channel_deleted", "channel": "C1"})
    assert [event.place.name for event in await play.sink.kept(2, ChannelChanged)] == ["support", "support"]
    assert not await play.sink.kept(0, PlaceDeleted)


async def test_peers_13_who_reads_a_channel_is_told_with_every_message(play: Play) -> None:
    space = play.server.space
    space.channel("C2", "partners", is_ext_shared=True, is_shared=True)
    space.channel("C3", "soon", is_pending_ext_shared=True)
    space.channel("C4", "leads", "private")
    space.channel("G5", "group", "mpim")
    space.channel("C6", "silent", is_ext_shared=None)
    for channel in ("C1", "C2", "C3", "C4", "G5", "C6"):
        space.say("U1", channel, "hello")
    said = {event.place.channel: event.place for event in await play.sink.kept(6, MessagePosted)}
    private = {channel for channel, place in said.items() if place.audience is Audience.PRIVATE}
    assert private == {"C4", "G5"}
    assert all(place.audience is Audience.PUBLIC for channel, place in said.items() if channel not in private)
    outside = {"C2": Shared.YES, "C3": Shared.YES, "C6": Shared.UNKNOWN}
    assert {channel: place.shared for channel, place in said.items()} == dict.fromkeys(said, Shared.NO) | outside


async def test_peers_13_a_channel_that_cannot_be_looked_up_counts_as_shared(play: Play) -> None:
    play.server.fail("conversations.info", "missing_scope")
    play.server.space.say("U1", "C1", "hello")
    place = (await play.one(MessagePosted)).place
    assert (place.audience, place.shared) == (Audience.PRIVATE, Shared.UNKNOWN)


async def test_peers_13_a_channel_that_becomes_shared_is_looked_up_again(play: Play) -> None:
    space = play.server.space
    space.say("U1", "C1", "before")
    await play.sink.kept(1, MessagePosted)
    space.channels["C1"].flags["is_ext_shared"] = True
    play.server.deliveries.tell({"type": "channel_shared", "channel": "C1", "connected_team_id": "T9"})
    space.say("U1", "C1", "after")
    before, after = await play.sink.kept(2, MessagePosted)
    assert (before.place.shared, after.place.shared) == (Shared.NO, Shared.YES)


async def test_peers_13_a_channel_that_becomes_shared_is_told_of_before_anybody_speaks(play: Play) -> None:
    space = play.server.space
    space.channels["C1"].flags["is_ext_shared"] = True
    play.server.deliveries.tell({"type": "channel_shared", "channel": "C1", "connected_team_id": "T9"})
    place = (await play.one(ChannelChanged)).place
    assert (place.channel, place.shared) == ("C1", Shared.YES)


@pytest.mark.parametrize("audience", ["public", "private"])
async def test_peers_13_a_channel_that_is_made_public_or_private_is_told_of(play: Play, audience: str) -> None:
    space = play.server.space
    channel = space.channel("C2", "leads", "private" if audience == "public" else "public")
    space.say("U1", "C2", "before")
    await play.sink.kept(1, MessagePosted)
    channel.kind = audience
    space.post("C2", {"user": "U2", "subtype": f"channel_convert_to_{audience}", "text": "made it so"})
    place = (await play.one(ChannelChanged)).place
    assert (place.channel, place.audience) == ("C2", Audience(audience))


async def test_a_renamed_channel_is_told_of(play: Play) -> None:
    play.server.space.channels["C1"].name = "support"
    play.server.deliveries.tell({"type": "channel_rename", "channel": {"id": "C1", "name": "support", "created": 1}})
    assert (await play.one(ChannelChanged)).place.name == "support"


async def test_what_was_looked_up_is_asked_again_after_a_while(play: Play) -> None:
    space = play.server.space
    space.say("U1", "C1", "before")
    await play.sink.kept(1, MessagePosted)
    space.person("U1", "Anna Nowak")
    play.clock.advance(timedelta(minutes=11))
    space.say("U1", "C1", "after")
    assert [e.actor.name for e in await play.sink.kept(2, MessagePosted)] == ["Anna Kowalska", "Anna Nowak"]


async def test_a_limit_on_looking_up_holds_events_back_and_loses_none(play: Play) -> None:
    play.server.fail("users.info", "429", 30)
    play.server.fail("conversations.info", "500")
    play.server.space.say("U1", "C1", "first")
    play.server.space.say("U1", "C1", "second")
    said = await play.sink.kept(2, MessagePosted)
    assert [(event.text, event.actor.name) for event in said] == [
        ("first", "Anna Kowalska"),
        ("second", "Anna Kowalska"),
    ]


async def test_any_number_of_mentions_is_looked_up_within_bounds(play: Play) -> None:
    written = " ".join(f"<@UNOBODY{number}|nobody {number}>" for number in range(1_000))
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": written}
    play.server.deliveries.tell(event)
    posted = await play.one(MessagePosted)
    assert posted.text == " ".join(f"@nobody {number}" for number in range(1_000))
    assert len([method for method, _ in play.server.calls if method == "users.info"]) < 30


@pytest.mark.parametrize("fault", ["429", "500"])
async def test_a_mention_that_cannot_be_looked_up_now_holds_nothing_back(play: Play, fault: str) -> None:
    play.server.space.say("U1", "C1", "known")
    await play.sink.kept(1, MessagePosted)
    play.server.fail("users.info", fault, 30, times=10_000)
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": "<@U2> <@U3|eve>"}
    play.server.deliveries.tell(event)
    assert [event.text for event in await play.sink.kept(2, MessagePosted)] == ["known", "@U2 @eve"]
