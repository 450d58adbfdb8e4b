"""Early signs: what is counted of a channel's days, what a team was told, and what is silenced, on both databases."""

from dataclasses import replace
from datetime import timedelta

from adapters.storage.database import Database
from dialogue.actions import OutboxId
from dialogue.ports import UnitOfWork
from dialogue.rows import OutboxState
from dialogue.signs.storing import Sign
from knowledge_base.channels import Audience, Shared
from knowledge_base.facets import Facets, Tone
from knowledge_base.ids import ChannelId, MemberId, MessageId, TeamId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.messages import Message
from knowledge_base.signs import Day, Found, SignSettings, SignSort, Silence, Topical
from knowledge_base.teams import Team
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    found,
    message,
    say,
    sent,
)

TEAM, ROOM = TeamId("team"), ChannelId("room")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SURGE = Topical(SignSort.SURGE, GUILD, HELP)
RIVAL = Topical(SignSort.COMPETITOR, GUILD, HELP, "Rival")
UNHAPPY = Facets(tone=Tone.NEGATIVE)
NAMES = Facets(competitors=("Rival", "Other"))


def sign(post: str, about: Topical = SURGE, *evidence: MessageId) -> Sign:
    told = Found(about.sort, 6, 9, 1.5, about.competitor)
    return Sign(OutboxId(post), told, about.space, about.channel, NOW, GUILD, ROOM, evidence)


async def said(uow: UnitOfWork, key: str, ago: timedelta = HOUR, **rest: object) -> Message:
    one = message(key, at=NOW - ago, **rest)
    await uow.messages.add([one])
    return one


class Signs:
    async def test_days_count_each_customer_once_a_day_back_to_the_first_message(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            await uow.channels.see(ACME, GUILD, ChannelId("elsewhere"), "elsewhere", Audience.PUBLIC, Shared.NO)
            for key in ("1", "2"):
                await said(uow, key, facets=UNHAPPY)
            await said(uow, "3", author="m-ben", kind=Kind.CHATTER, facets=NAMES)
            await said(uow, "4", author="m-ben", role=Role.STAFF)
            await said(uow, "5", channel="elsewhere")
            await said(uow, "6", ago=DAY)
            await said(uow, "7", ago=3 * DAY - HOUR, author="m-ben", role=Role.TRUSTED, facets=NAMES)
            await said(uow, "8", ago=5 * DAY + HOUR, kind=Kind.CHATTER)
            await uow.commit()
        async with storage.read() as uow:
            days = await uow.signs.days(ACME, GUILD, HELP, NOW, 10)
            assert days == [
                Day(2, 1, 2, 1, 1, {"Rival": 1, "Other": 1}),
                Day(1, 1, 1, 1),
                Day(1, 1, 1, 1, 0, {"Rival": 1, "Other": 1}),
                Day(),
                Day(),
            ]
            assert await uow.signs.days(ACME, GUILD, HELP, NOW, 1) == days[:2]
            assert await uow.signs.days(ACME, GUILD, HELP, NOW - 9 * DAY, 3) == [Day()]
            assert await uow.signs.days(OTHER, GUILD, HELP, NOW, 3) == [Day()]
            assert await uow.signs.busy(ACME, NOW, 2) == [(GUILD, HELP)]
            assert await uow.signs.busy(ACME, NOW, 1) == [(GUILD, "elsewhere"), (GUILD, HELP)]
            assert await uow.signs.busy(ACME, NOW - 10 * DAY, 1) == []

    async def test_of_what_was_deleted_it_stays_known_that_somebody_spoke(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            first = await said(uow, "1", facets=replace(UNHAPPY, competitors=("Rival",)))
            await uow.messages.erase(ACME, [first.id])
            assert await uow.signs.days(ACME, GUILD, HELP, NOW, 0) == [Day(1, 1)]
            assert await uow.signs.busy(ACME, NOW, 1) == []
            assert await uow.signs.evidence(ACME, SURGE, NOW, 5) == []

    async def test_evidence_is_the_latest_of_each_person_that_shows_it(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            await said(uow, "1", ago=3 * HOUR)
            late = await said(uow, "2", ago=2 * HOUR, facets=UNHAPPY)
            last = await said(uow, "3", author="m-ben", facets=NAMES)
            await said(uow, "4", author="m-ben", kind=Kind.CHATTER, ago=HOUR / 2)
            await said(uow, "5", ago=2 * DAY)
            assert await uow.signs.evidence(ACME, SURGE, NOW, 5) == [last.id, late.id]
            assert await uow.signs.evidence(ACME, SURGE, NOW, 1) == [last.id]
            assert await uow.signs.evidence(ACME, replace(SURGE, sort=SignSort.TONE), NOW, 5) == [late.id]
            assert await uow.signs.evidence(ACME, RIVAL, NOW, 5) == [last.id]
            assert await uow.signs.evidence(ACME, replace(RIVAL, competitor="Riv"), NOW, 5) == []

    async def test_signs_are_found_by_what_they_are_about_quote_and_where_they_stand(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            first, second = await said(uow, "1"), await said(uow, "2", author="m-ben")
            surge, rival = sign("p1", SURGE, second.id, first.id), sign("p2", RIVAL, second.id)
            for one in (surge, rival):
                await uow.signs.add(ACME, one)
            await uow.commit()
        async with storage.begin() as uow:
            assert await uow.signs.get(ACME, OutboxId("p1")) == surge
            assert await uow.signs.get(OTHER, OutboxId("p1")) is None
            assert await uow.signs.about(ACME, RIVAL) == [rival]
            assert await uow.signs.about(ACME, replace(RIVAL, competitor="Other")) == []
            assert await uow.signs.showing(ACME, [first.id]) == [surge]
            assert await uow.signs.showing(ACME, [first.id, second.id]) == [surge, rival]
            assert await uow.signs.showing(ACME, []) == []
            assert await uow.signs.quoting(ACME, MemberId("m-anna")) == [surge]
            assert await uow.signs.touching(ACME, GUILD, HELP) == [surge, rival]
            assert await uow.signs.touching(ACME, GUILD, ROOM) == [surge, rival]
            assert await uow.signs.touching(ACME, GUILD, ChannelId("else")) == []
            await uow.signs.end(ACME, surge.post, NOW + DAY)
            assert await uow.signs.lasting(ACME) == [rival]
            assert await uow.signs.get(ACME, surge.post) == replace(surge, over_at=NOW + DAY)

    async def test_those_whose_post_will_never_stand_are_forgotten(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            heard = await said(uow, "1")
            for post in ("open", "dead", "sent"):
                await uow.signs.add(ACME, sign(post, SURGE, heard.id))
                await uow.outbox.add(ACME, replace(say("team"), id=OutboxId(post)), post, OutboxId("x"), NOW)
            for row in await uow.outbox.claim(NOW, DAY, 10):
                if row.outgoing.id == "dead":
                    await uow.outbox.end(row.token, OutboxState.DEAD, "nobody may write there")
                if row.outgoing.id == "sent":
                    await sent(uow, row.token, None, "", NOW)
            await uow.signs.forget_unposted(OTHER)
            assert len(await uow.signs.lasting(ACME)) == 3
            await uow.signs.forget_unposted(ACME)
            assert [one.post for one in await uow.signs.lasting(ACME)] == ["open", "sent"]
            assert [one.post for one in await uow.signs.showing(ACME, [heard.id])] == ["open", "sent"]

    async def test_what_is_silenced_is_so_as_it_was_said_last(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            await uow.signs.silence(ACME, Silence(SURGE, NOW + DAY))
            await uow.signs.silence(ACME, Silence(RIVAL, None))
            await uow.signs.silence(ACME, Silence(SURGE, None))
            assert await uow.signs.silences(ACME) == [Silence(RIVAL, None), Silence(SURGE, None)]
            assert await uow.signs.silences(OTHER) == []
            await uow.signs.hear(ACME, RIVAL)
            assert await uow.signs.silences(ACME) == [Silence(SURGE, None)]

    async def test_who_is_told_is_one_team_and_nobody_once_it_is_gone(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            assert await uow.signs.settings(ACME) is None
            await uow.channels.see(ACME, GUILD, ROOM, "room", Audience.INTERNAL, Shared.NO)
            for team in (TEAM, TeamId("other")):
                await uow.teams.put_team(Team(team, ACME, team, GUILD, ROOM))
            chosen = SignSettings(ACME, TEAM, 7, (SignSort.TONE,))
            await uow.signs.put_settings(SignSettings(ACME, TeamId("other")))
            assert await uow.signs.settings(ACME) == SignSettings(ACME, TeamId("other"))
            await uow.signs.put_settings(chosen)
            assert await uow.signs.settings(ACME) == chosen
            await uow.teams.remove_team(ACME, TEAM)
            assert await uow.signs.settings(ACME) is None
            await uow.signs.put_settings(SignSettings(ACME, TeamId("other")))
            await uow.signs.remove_settings(ACME)
            assert await uow.signs.settings(ACME) is None


class TestOnSqlite(OnSqlite, Signs):
    pass


class TestOnPostgresql(OnPostgresql, Signs):
    pass
