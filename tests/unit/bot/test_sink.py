"""What may not be kept is never written; what is kept stands in the lane of its parent channel."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from adapters.language.masking import PatternMasker
from adapters.memory.clock import FakeClock
from adapters.memory.ids import CountingIds
from adapters.storage.database import Database
from adapters.storage.tables import inbox
from bot.sink import Sink
from dialogue.events import (
    Actor,
    CommandInvoked,
    ConsentWanted,
    Event,
    FormSubmitted,
    MemberChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
    ReactionAdded,
    ReplyHandle,
)
from knowledge_base.channels import Audience, Mode
from knowledge_base.ids import AccountId, ChannelId, CommunityId, MemberId, PlatformMessageId, SpaceId
from knowledge_base.members import Consent, Group, Policy, Recording, Role
from tests.stage import ANNA, BEN, HELP, MONDAY, SPACE

ACME = CommunityId("acme")


def posted(who=ANNA, message: str = "m1", place=HELP) -> MessagePosted:
    return MessagePosted(place, who, PlatformMessageId(message), "the export drops my tags", MONDAY)


def edited(who=ANNA) -> MessageEdited:
    return MessageEdited(HELP, who, PlatformMessageId("m0"), "the export drops all my tags", "v1", MONDAY)


def reacted(who=ANNA) -> ReactionAdded:
    return ReactionAdded(HELP, who, PlatformMessageId("m0"), "bug", "r1", MONDAY)


SPOKEN = pytest.mark.parametrize("spoken", [posted, edited, reacted])


class Door:
    """A sink before a community with Anna and Ben in a channel that is listened to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.rung = 0
        self.sink = Sink(database, FakeClock(MONDAY), CountingIds(), self._ring)

    def _ring(self) -> None:
        self.rung += 1

    async def open(self) -> "Door":
        async with self.database.begin() as uow:
            await uow.communities.found(ACME, SPACE, "acme", MONDAY)
            await uow.channels.see(ACME, SPACE, HELP.channel, "help", HELP.audience, HELP.shared)
            await uow.channels.choose(SPACE, HELP.channel, mode=Mode.LISTENING)
            for who in (ANNA, BEN):
                await uow.members.see(ACME, SPACE, who.account, who.name, who.role, MemberId(who.account))
            await uow.commit()
        return self

    async def choose(self, mode: Mode) -> None:
        async with self.database.begin() as uow:
            await uow.channels.choose(SPACE, HELP.channel, mode=mode)
            await uow.commit()

    async def stop(self) -> None:
        async with self.database.begin() as uow:
            await uow.members.consent(ACME, MemberId(ANNA.account), Consent(Recording.STOPPED, changed_at=MONDAY))
            await uow.commit()

    async def written(self, *events: Event) -> Sequence[Event]:
        """What stands in the inbox after these came, whatever its state."""
        await self.sink.accept(events)
        async with self.database.read() as uow:
            count = len(await uow._transaction.rows(inbox.select()))
            rows = await uow.inbox.take(100, MONDAY)
        assert len(rows) == count
        return [row.event for row in rows]


@pytest.fixture
async def door(database: Database) -> Door:
    return await Door(database).open()


@SPOKEN
async def test_what_is_said_where_nobody_may_listen_is_never_written(door: Door, spoken):
    await door.choose(Mode.OFF)
    assert await door.written(spoken()) == []


@SPOKEN
async def test_what_somebody_says_who_stopped_that_is_never_written(door: Door, spoken):
    await door.stop()
    assert await door.written(spoken(), spoken(BEN)) == [spoken(BEN)]


async def test_where_it_is_asked_first_only_who_spoke_is_written_until_they_agree(door: Door):
    async with door.database.begin() as uow:
        await uow.communities.choose_policy(ACME, Policy.OPT_IN)
        await uow.members.consent(ACME, MemberId(BEN.account), Consent(Recording.ALLOWED, changed_at=MONDAY))
        await uow.commit()
    stranger = replace(ANNA, account=AccountId("stranger"))
    wanted = [ConsentWanted(SPACE, who.account, MONDAY) for who in (ANNA, stranger)]
    spoken = [posted(), posted(BEN, "m2"), edited(), posted(stranger, "m3"), posted(stranger, "m4")]
    assert sorted(await door.written(*spoken), key=str) == sorted([posted(BEN, "m2"), *wanted], key=str)


@SPOKEN
async def test_what_may_be_kept_is_written_and_the_worker_woken(door: Door, spoken):
    assert await door.written(spoken()) == [spoken()]
    assert door.rung == 1


async def test_deletions_and_commands_come_in_whatever_mode_and_consent_say(door: Door):
    await door.choose(Mode.OFF)
    await door.stop()
    handle = ReplyHandle("token", MONDAY)
    asked = CommandInvoked(HELP, ANNA, "i", "privacy", "resume", {}, handle, MONDAY)
    gone = MessageDeleted(HELP, PlatformMessageId("m0"), MONDAY)
    assert await door.written(gone, asked) == [gone, asked]


async def test_a_threads_lane_is_its_parents(door: Door):
    within = replace(HELP, thread=PlatformMessageId("m1"))
    await door.written(posted(), posted(BEN, "m2", within))
    async with door.database.read() as uow:
        rows = await uow.inbox.take(100, MONDAY)
    assert [row.lane for row in rows] == [HELP.lane, HELP.lane]


async def test_peers_22_the_watermark_stands_at_the_last_live_message_that_was_kept(door: Door):
    await door.written(posted(), posted(BEN, "m2"), replace(posted(BEN, "m3"), live=False), edited())
    async with door.database.read() as uow:
        assert await uow.gaps.watermark(SPACE, HELP.channel) == "m2"


async def test_after_an_interruption_what_is_listened_to_has_a_gap_from_where_it_was_read(door: Door):
    quiet = replace(HELP, channel="quiet", name="quiet")
    async with door.database.begin() as uow:
        await uow.channels.see(ACME, SPACE, quiet.channel, "quiet", quiet.audience, quiet.shared)
        await uow.channels.choose(SPACE, quiet.channel, mode=Mode.LISTENING)
        await uow.commit()
    await door.written(posted(), posted(BEN, "q1", quiet))
    async with door.database.begin() as uow:
        await uow.channels.choose(SPACE, quiet.channel, mode=Mode.OFF)
        await uow.commit()
    await door.sink.interrupted(SPACE)
    await door.sink.accept([posted(BEN, "m2")])
    async with door.database.read() as uow:
        assert [(gap.channel, gap.after) for gap in await uow.gaps.all(SPACE)] == [(HELP.channel, "m1")]
        assert await uow.gaps.watermark(SPACE, HELP.channel) == "m1"


async def test_an_interruption_of_a_space_nobody_spoke_in_opens_nothing(door: Door):
    await door.sink.interrupted(SpaceId("elsewhere"))
    async with door.database.read() as uow:
        assert await uow.gaps.all(SPACE) == []


async def test_who_joins_is_nobody_here_until_they_say_something(door: Door):
    """Ten thousand strangers come in at once: nothing of them is written. Of a member the new name counts."""
    strangers = [
        MemberChanged(SPACE, Actor(AccountId(f"u{n}"), f"U{n}", Role.CUSTOMER), f"j{n}", MONDAY) for n in range(10_000)
    ]
    renamed = MemberChanged(SPACE, replace(BEN, name="Benno"), "c1", MONDAY)
    assert await door.written(*strangers, renamed) == [renamed]


async def test_the_new_name_of_who_stopped_or_took_everything_back_is_not_written(door: Door):
    await door.stop()
    async with door.database.begin() as uow:
        await uow.members.forget_name(ACME, MemberId(BEN.account))
        await uow.commit()
    changes = [MemberChanged(SPACE, who, f"c-{who.account}", MONDAY) for who in (ANNA, BEN)]
    assert await door.written(*changes) == []


async def test_a_group_that_admins_chose_gives_its_role_and_none_takes_the_platforms_away(door: Door):
    async with door.database.begin() as uow:
        await uow.members.choose_groups(ACME, SPACE, [Group(SPACE, "support", Role.STAFF)])
        await uow.commit()
    anna, ben = replace(ANNA, groups=("fans", "support")), replace(BEN, role=Role.ADMIN, groups=("support",))
    bot = Actor(AccountId("bot"), "Helper", Role.BOT, ("support",))
    heard = await door.written(posted(anna), posted(ben, "m2"), posted(bot, "m3"), posted(replace(ANNA), "m4"))
    assert [event.actor for event in heard] == [
        replace(ANNA, role=Role.STAFF, tier=""),
        replace(BEN, role=Role.ADMIN, tier=""),
        replace(bot, groups=(), tier=""),
        ANNA,
    ]


async def test_what_was_written_to_the_bot_alone_while_it_was_away_is_read_back_too(door: Door):
    direct = Place(SPACE, ChannelId("dm"), "Anna", Audience.PRIVATE, direct=True)
    await door.sink.accept([posted(place=direct)])
    await door.sink.interrupted(SPACE)
    async with door.database.read() as uow:
        assert [gap.channel for gap in await uow.gaps.all(SPACE)] == ["dm"]


@pytest.mark.usefixtures("door")
async def test_where_it_is_kept_masked_no_secret_is_written_at_all(database: Database) -> None:
    sink = Sink(database, FakeClock(MONDAY), CountingIds(), lambda: None, PatternMasker())
    handle = ReplyHandle("token", MONDAY)
    form = FormSubmitted(HELP, ANNA, "f", "note:1:", {"text": "mail a.nna@example.com"}, handle, MONDAY)
    asked = CommandInvoked(HELP, ANNA, "i", "insight", "note", {"text": "call +49 170 1234567"}, handle, MONDAY)
    said = replace(posted(), text="write to anna@exam\u200bple.com, the password is hunter2")
    changed = replace(edited(), text="my card is 4111 1111 1111 1111")

    await sink.accept([said, changed, form, asked])

    async with database.read() as uow:
        kept = str([row.payload for row in await uow._transaction.rows(inbox.select())])
    shown = ("write to [e-mail], the password is [secret]", "my card is [card]", "mail [e-mail]", "call [phone]")
    assert all(text in kept for text in shown)
    assert not any(secret in kept for secret in ("hunter2", "4111", "a.nna", "1234567", "anna@exam"))
