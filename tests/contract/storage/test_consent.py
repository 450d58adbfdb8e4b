"""What members allow, by their own choice or by their community's policy, and under which name they are shown."""

from datetime import timedelta

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import circle_of
from knowledge_base.ids import AccountId, InsightId, MemberId
from knowledge_base.members import Consent, Naming, Policy, Recording, Role
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    ELSEWHERE,
    GUILD,
    HELP,
    NOW,
    OTHER,
    beside_another,
    insight,
    meaning,
    message,
    vector,
)


class ConsentContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        async with beside_another(storage) as uow:
            yield uow

    async def test_what_somebody_chose_since_they_were_expected_counts(self, uow: UnitOfWork) -> None:
        await uow.members.expect(ACME, GUILD, [AccountId("anna")])
        stopped = Consent(Recording.STOPPED, changed_at=NOW)
        await uow.members.consent(ACME, MemberId("m-anna"), stopped)
        seen = await uow.members.see(ACME, GUILD, AccountId("anna"), "Anna", Role.CUSTOMER, MemberId("fresh"))
        assert seen.consent == stopped

    async def test_peers_24_a_name_is_forgotten_until_its_account_is_seen_again(self, uow: UnitOfWork) -> None:
        stopped = Consent(Recording.STOPPED, changed_at=NOW)
        await uow.members.consent(ACME, MemberId("m-anna"), stopped)
        await uow.members.forget_name(OTHER, MemberId("m-anna"))
        assert (await uow.members.get(ACME, MemberId("m-anna"))).name == "Anna"
        await uow.members.forget_name(ACME, MemberId("m-anna"))
        kept = await uow.members.get(ACME, MemberId("m-anna"))
        assert (kept.name, kept.consent) == ("", stopped)
        assert (await uow.members.get(ACME, MemberId("m-ben"))).name != ""
        seen = await uow.members.see(ACME, GUILD, AccountId("anna"), "Anna", Role.CUSTOMER, MemberId("fresh"))
        assert (seen.id, seen.name) == ("m-anna", "Anna")

    async def test_every_choice_of_consent_is_kept_and_the_last_one_holds(self, uow: UnitOfWork) -> None:
        choices = [
            Consent(Recording.STOPPED, share_private=False, changed_at=NOW),
            Consent(Recording.ALLOWED, share_private=True, changed_at=NOW + timedelta(days=1), naming=Naming.FIRST),
        ]
        for choice in choices:
            await uow.members.consent(ACME, MemberId("m-anna"), choice)
        assert (await uow.members.get(ACME, MemberId("m-anna"))).consent == choices[-1]
        assert await uow.members.consent_history(ACME, MemberId("m-anna")) == choices
        assert await uow.members.consent_history(ACME, MemberId("m-ben")) == []

    async def test_words_stand_under_the_name_that_their_author_wants_now(self, uow: UnitOfWork) -> None:
        await uow.members.see(ACME, GUILD, AccountId("anna"), "Anna Berg", Role.CUSTOMER, MemberId("fresh"))
        await uow.insights.add(insight(InsightId("named")))
        said = message("said", author=MemberId("m-anna"))
        await uow.messages.add([said])
        circle = circle_of(GUILD, HELP, Audience.PUBLIC, Shared.NO)
        await uow.insights.add_voice(ACME, InsightId("named"), said.id, meaning(vector(1)), circle)
        names = []
        for naming in Naming:
            await uow.members.consent(ACME, MemberId("m-anna"), Consent(changed_at=NOW, naming=naming))
            names += [voice.author_name for voice in await uow.insights.voices(ACME, InsightId("named"))]
        assert names == ["Anna Berg", "Anna Berg", "Anna", ""]

    async def test_what_may_not_be_kept_is_told_by_the_policy_and_what_was_chosen(self, uow: UnitOfWork) -> None:
        asked = [AccountId("anna"), AccountId("ben"), AccountId("stranger")]
        assert await uow.communities.policy(ACME) is Policy.NOTICE
        await uow.members.consent(ACME, MemberId("m-anna"), Consent(Recording.ALLOWED, changed_at=NOW))
        assert await uow.members.unkept(GUILD, asked) == {}
        await uow.communities.choose_policy(ACME, Policy.OPT_IN)
        assert await uow.communities.policy(ACME) is Policy.OPT_IN
        assert await uow.communities.policy(OTHER) is Policy.NOTICE
        assert await uow.members.unkept(GUILD, asked) == {"ben": Recording.UNSAID, "stranger": Recording.UNSAID}
        await uow.members.consent(ACME, MemberId("m-anna"), Consent(Recording.STOPPED, changed_at=NOW))
        assert (await uow.members.unkept(GUILD, asked))["anna"] is Recording.STOPPED

    async def test_an_account_is_asked_for_its_consent_once(self, uow: UnitOfWork) -> None:
        anna, ben = AccountId("anna"), AccountId("ben")
        assert [await uow.members.ask_once(ACME, GUILD, one, NOW) for one in (anna, anna, ben)] == [True, False, True]

    async def test_of_two_communities_that_become_one_the_stricter_policy_holds(self, uow: UnitOfWork) -> None:
        await uow.communities.choose_policy(OTHER, Policy.OPT_IN)
        await uow.communities.absorb(OTHER, ACME)
        assert await uow.communities.policy(ACME) is Policy.OPT_IN

    async def test_who_stopped_is_told_apart_whose_words_may_not_be_kept(self, uow: UnitOfWork) -> None:
        await uow.members.consent(ACME, MemberId("m-anna"), Consent(Recording.STOPPED, changed_at=NOW))
        asked = [AccountId("anna"), AccountId("ben"), AccountId("stranger")]
        assert await uow.members.unkept(GUILD, asked) == {"anna": Recording.STOPPED}
        assert await uow.members.unkept(ELSEWHERE, asked) == {}
        assert await uow.members.unkept(GUILD, []) == {}


class TestConsentOnSqlite(OnSqlite, ConsentContract):
    pass


class TestConsentOnPostgresql(OnPostgresql, ConsentContract):
    pass
