"""Codes, communities that become one, members that become one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from dialogue.rows import Gap
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.circles import Circle
from knowledge_base.codes import Code, Entry, Purpose, digest
from knowledge_base.ids import AccountId, ChannelId, InsightId, MemberId, PlatformMessageId
from knowledge_base.members import Consent, Naming, Recording, Role
from knowledge_base.teams import Tag
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    ELSEWHERE,
    GUILD,
    NOW,
    OTHER,
    SECOND,
    beside_another,
    found,
    insight,
    meaning,
    message,
    new,
    posted,
    vector,
)

ADA, BOSS = MemberId("m-ada"), MemberId("m-boss")
CODE = Code(ACME, digest("abcd1234"), Purpose.JOIN, ADA, GUILD, NOW + timedelta(minutes=10))
ENTRY = Entry(OTHER, BOSS, ELSEWHERE)


class JoiningContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        async with beside_another(storage) as uow:
            yield uow

    # ---- codes

    async def test_a_code_is_found_from_any_community_by_its_digest_alone(self, uow: UnitOfWork) -> None:
        await uow.codes.add(CODE, NOW)
        assert await uow.codes.find(digest(" ABCD1234 "), Purpose.JOIN, NOW) == CODE
        assert await uow.codes.find(digest("abcd1235"), Purpose.JOIN, NOW) is None
        assert await uow.codes.find(CODE.digest, Purpose.LINK, NOW) is None

    async def test_a_code_holds_until_it_expires_and_is_used_once(self, uow: UnitOfWork) -> None:
        await uow.codes.add(CODE, NOW)
        assert await uow.codes.find(CODE.digest, Purpose.JOIN, CODE.expires_at - SECOND) is not None
        assert await uow.codes.find(CODE.digest, Purpose.JOIN, CODE.expires_at) is None
        await uow.codes.remove(CODE)
        assert await uow.codes.find(CODE.digest, Purpose.JOIN, NOW) is None

    async def test_the_last_who_entered_counts(self, uow: UnitOfWork) -> None:
        await uow.codes.add(CODE, NOW)
        await uow.codes.enter(CODE, Entry(OTHER, MemberId("m-eve"), ELSEWHERE))
        await uow.codes.enter(CODE, ENTRY)
        assert await uow.codes.find(CODE.digest, Purpose.JOIN, NOW) == replace(CODE, entry=ENTRY)

    async def test_expired_codes_are_forgotten_when_another_is_made(self, uow: UnitOfWork) -> None:
        await uow.codes.add(CODE, NOW)
        await uow.codes.add(replace(CODE, expires_at=CODE.expires_at + timedelta(hours=1)), CODE.expires_at)
        assert await uow.codes.find(CODE.digest, Purpose.JOIN, CODE.expires_at) is not None

    # ---- communities that become one

    async def test_all_that_was_anothers_belongs_to_the_one_that_absorbs_it(self, storage: Database) -> None:
        await found(storage)
        lobby = ChannelId("lobby")
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, ELSEWHERE, "Other", NOW)
            await uow.channels.see(OTHER, ELSEWHERE, lobby, "lobby", Audience.PUBLIC, Shared.NO)
            await uow.channels.choose(ELSEWHERE, lobby, mode=Mode.HELPING)
            await uow.members.see(OTHER, ELSEWHERE, AccountId("u1"), "Boss", Role.ADMIN, BOSS)
            await uow.members.consent(OTHER, BOSS, Consent(Recording.STOPPED, changed_at=NOW))
            said = replace(message("1"), community=OTHER, space=ELSEWHERE, channel=lobby, author=BOSS)
            await uow.messages.add([said])
            await uow.inbox.insert([replace(new(posted("2")), community=OTHER)], NOW)
            await uow.gaps.advance(ELSEWHERE, lobby, PlatformMessageId("1"))
            await uow.gaps.open(Gap(ELSEWHERE, lobby, PlatformMessageId("1"), NOW))
            await uow.commit()
        async with storage.begin() as uow:
            assert await uow.communities.is_new(OTHER)
            await uow.communities.absorb(OTHER, ACME)
            await uow.commit()
        async with storage.read() as uow:
            assert await uow.communities.of_space(ELSEWHERE) == ACME
            assert await uow.communities.spaces(ACME) == [ELSEWHERE, GUILD]
            assert (await uow.channels.get(ELSEWHERE, lobby)).mode is Mode.HELPING
            member = await uow.members.get(ACME, BOSS)
            assert (member.name, member.consent.recording) == ("Boss", Recording.STOPPED)
            assert await uow.members.get(OTHER, BOSS) is None
            assert (await uow.messages.get(ACME, said.id)).author == BOSS
            assert [gap.channel for gap in await uow.gaps.all(ELSEWHERE)] == [lobby]
            assert [row.community for row in await uow.inbox.take(9, NOW)] == [ACME]

    async def test_one_that_has_begun_is_not_new(self, uow: UnitOfWork) -> None:
        assert await uow.communities.is_new(OTHER)
        await uow.teams.put_tag(Tag(OTHER, "bug", None))
        assert not await uow.communities.is_new(OTHER)
        assert await uow.communities.is_new(ACME)
        await uow.insights.add(insight("i"))
        assert not await uow.communities.is_new(ACME)

    # ---- members that become one

    async def test_what_two_accounts_said_is_one_persons(self, uow: UnitOfWork) -> None:
        await uow.insights.add(replace(insight("i"), owner=MemberId("m-ben")))
        for number, author in (("1", "m-anna"), ("2", "m-ben")):
            said = replace(message(number), author=MemberId(author))
            await uow.messages.add([said])
            await uow.insights.add_voice(ACME, InsightId("i"), said.id, meaning(vector(1)), Circle("public"))
        assert (await uow.insights.get(ACME, InsightId("i"))).demand == 2
        await uow.members.become_one(ACME, MemberId("m-anna"), MemberId("m-ben"))
        await uow.insights.recount(ACME, InsightId("i"))
        kept = await uow.insights.get(ACME, InsightId("i"))
        assert (kept.demand, kept.owner) == (1, "m-anna")
        assert await uow.members.get(ACME, MemberId("m-ben")) is None
        assert len(await uow.messages.by_author(ACME, MemberId("m-anna"))) == 2
        accounts = await uow.members.accounts(ACME, MemberId("m-anna"))
        assert [account.id for account in accounts] == ["anna", "ben"]
        seen = await uow.members.see(ACME, GUILD, AccountId("ben"), "Ben", Role.STAFF, MemberId("fresh"))
        assert seen.id == "m-anna"

    @pytest.mark.parametrize("refuses", ["m-anna", "m-ben"])
    async def test_what_either_refused_stays_refused(self, uow: UnitOfWork, refuses: str) -> None:
        await uow.members.consent(ACME, MemberId("m-anna"), Consent(share_private=True, changed_at=NOW))
        await uow.members.consent(ACME, MemberId("m-ben"), Consent(share_private=True, changed_at=NOW))
        stopped = Consent(Recording.STOPPED, True, NOW + SECOND, Naming.ANONYMOUS)
        await uow.members.consent(ACME, MemberId(refuses), stopped)
        await uow.members.become_one(ACME, MemberId("m-anna"), MemberId("m-ben"))
        member = await uow.members.get(ACME, MemberId("m-anna"))
        assert replace(member.consent, way=stopped.way) == stopped
        history = await uow.members.consent_history(ACME, MemberId("m-anna"))
        assert stopped in history
        assert len(history) >= 3


class TestJoiningOnSqlite(OnSqlite, JoiningContract):
    pass


class TestJoiningOnPostgresql(OnPostgresql, JoiningContract):
    pass
