"""A community's competitors and product areas."""

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.ids import CommunityId
from knowledge_base.topics import Topic, TopicKind
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import ACME, found

RIVAL = Topic(ACME, TopicKind.COMPETITOR, "Rival", ("rival cloud", "rïval"))
BILLING = Topic(ACME, TopicKind.AREA, "billing", ("invoice",))


class TopicsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            yield uow

    async def test_topics_come_back_by_kind_and_name(self, uow: UnitOfWork) -> None:
        assert not await uow.topics.all(ACME)
        await uow.topics.put(RIVAL)
        await uow.topics.put(BILLING)
        assert list(await uow.topics.all(ACME)) == [BILLING, RIVAL]
        assert not await uow.topics.all(CommunityId("other"))

    async def test_a_topic_put_again_has_its_new_words(self, uow: UnitOfWork) -> None:
        await uow.topics.put(BILLING)
        await uow.topics.put(Topic(ACME, TopicKind.AREA, "billing"))
        assert list(await uow.topics.all(ACME)) == [Topic(ACME, TopicKind.AREA, "billing")]

    async def test_a_removed_topic_is_gone_and_its_namesake_stays(self, uow: UnitOfWork) -> None:
        await uow.topics.put(BILLING)
        await uow.topics.put(Topic(ACME, TopicKind.COMPETITOR, "billing"))
        await uow.topics.remove(ACME, TopicKind.AREA, "billing")
        assert list(await uow.topics.all(ACME)) == [Topic(ACME, TopicKind.COMPETITOR, "billing")]


class TestTopicsOnSqlite(OnSqlite, TopicsContract):
    """On SQLite."""


class TestTopicsOnPostgresql(OnPostgresql, TopicsContract):
    """On PostgreSQL."""
