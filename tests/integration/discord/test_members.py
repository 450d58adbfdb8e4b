from adapters.discord.intake import MOST_AT_ONCE
from dialogue.events import MemberChanged, MessagePosted
from knowledge_base.members import Role
from tests.integration.discord.stage import ANNA, BEN, CARA, Stage, stage

JOINS = 10_000


async def told(on: Stage) -> list[MemberChanged]:
    """What was told of people, once all of it arrived."""
    end = f"end{len(on.sink.events)}"
    on.server.world.user(end, end)
    on.server.world.users[end]["id"] = "5005"
    on.server.world.join(on.guild, end)
    await on.sink.until(lambda: any(each.actor.name == end for each in on.sink.of(MemberChanged)))
    return [each for each in on.sink.of(MemberChanged) if not each.actor.name.startswith("end")]


async def test_who_joins_is_told_with_name_and_roles() -> None:
    async with stage() as on, on.live():
        on.server.world.user("2001", "Dora")
        on.server.world.join(on.guild, "2001", (on.support,), nick="Dora of Acme")
        (event,) = await told(on)
    assert (event.space, event.actor.account, event.actor.name) == (on.guild, "2001", "Dora of Acme")
    assert (event.actor.role, event.actor.groups) == (Role.CUSTOMER, (on.support,))
    assert event.id


async def test_only_another_name_or_other_roles_are_a_change() -> None:
    async with stage() as on, on.live():
        on.say("hello", BEN)
        changes: list[int] = []
        for parts in ({"avatar": "new"}, {"roles": []}, {"roles": []}, {"nick": "Benjamin"}):
            on.server.world.change_member(on.guild, BEN, **parts)
            changes.append(len(await told(on)))
        on.server.world.react(BEN, on.channel, on.say("hello"), "💡")
        on.server.world.write(BEN, "alone")
        said = await on.sink.got(MessagePosted, 3)
        people = await told(on)
    assert changes == [0, 1, 1, 2]
    assert [(each.actor.name, each.actor.groups) for each in people] == [("Ben", ()), ("Benjamin", ())]
    assert people[0].id != people[1].id
    assert said[-1].actor.name == "Benjamin"


async def test_bots_that_join_or_change_are_nobody() -> None:
    async with stage() as on, on.live():
        on.server.world.user("77", "Other bot", bot=True)
        on.server.world.join(on.guild, "77")
        on.server.world.change_member(on.guild, on.server.world.bot, nick="Parley of Acme")
        assert await told(on) == []


async def test_without_the_intent_nobody_is_told_of_and_everything_else_works() -> None:
    async with stage(members=False) as on, on.live():
        on.server.world.change_member(on.guild, CARA, roles=[])
        on.say("hello", CARA)
        (said,) = await on.sink.got(MessagePosted)
        (identified,) = on.server.gateway.identified
    assert not identified["intents"] & (1 << 1)
    assert on.sink.of(MemberChanged) == []
    assert said.actor.role is Role.CUSTOMER


async def test_what_is_said_while_ten_thousand_join_does_not_wait_for_them_and_nobody_is_lost() -> None:
    async with stage() as on, on.live():
        on.chat._desk._patience = 0.05
        on.say("before")
        await on.sink.got(MessagePosted)
        on.sink.open.clear()
        for number in range(JOINS):
            user = {"id": str(10_000 + number), "username": f"user{number}"}
            on.server.gateway.raw("GUILD_MEMBER_ADD", {"guild_id": on.guild, "user": user, "roles": []})
        on.say("meanwhile")
        asked = on.server.world.command(ANNA, on.channel, "help")
        await on.server.until(lambda: asked.acknowledged, 120)  # so all of it has arrived
        assert on.sink.of(MemberChanged) == []
        on.sink.open.set()
        await on.sink.got(MemberChanged, JOINS)
        people = on.chat._directory.servers[on.guild].people
    assert [event.text for event in on.sink.of(MessagePosted)] == ["before", "meanwhile"]
    assert on.sink.log.index("command_invoked") <= 2 * MOST_AT_ONCE
    assert len({each.actor.account for each in on.sink.of(MemberChanged)}) == JOINS
    assert set(people) == {ANNA}
