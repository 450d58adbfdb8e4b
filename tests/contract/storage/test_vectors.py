"""Vectors of models that are no longer in use are found, made again, and never compared with others; of those in use,
which voices one model alone knows."""

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import circle_of, readers_in
from knowledge_base.ids import InsightId, MessageId
from tests.conftest import ReversingSealer
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    OTHER,
    found,
    insight,
    meaning,
    message,
    vector,
)

PUBLIC = circle_of(GUILD, HELP, Audience.PUBLIC, Shared.NO)
READERS = readers_in(PUBLIC)
OLD, NEW = "old", "new"


async def said(uow: UnitOfWork, key: str, *numbers: float, by: str = OLD, text: str = "it drops my tags") -> MessageId:
    one = message(key, text=text)
    await uow.messages.add([one])
    numbers = numbers or (1,)
    made = meaning(vector(*numbers) if any(numbers) else vector(1) * 0, models=(by,))
    await uow.insights.add_voice(ACME, InsightId("i"), one.id, made, PUBLIC)
    return one.id


def again(*numbers: float) -> object:
    return meaning(vector(*numbers, size=24), models=(NEW,))


class VectorsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.insights.add(insight("i"))
            yield uow

    async def found_by(self, uow: UnitOfWork, model: str, size: int) -> list[str]:
        return [c.message.split("/")[2] for c in await uow.insights.nearest(ACME, model, vector(1, size=size), READERS)]

    async def test_outdated_are_those_by_other_models(self, uow: UnitOfWork) -> None:
        assert await uow.vectors.outdated(NEW) == {}
        for key in "abc":
            await said(uow, key)
        await said(uow, "d", by=NEW)
        assert await uow.vectors.outdated(NEW) == {ACME: 3}
        assert await uow.vectors.outdated(OLD) == {ACME: 1}

    async def test_they_come_in_their_order_a_few_at_a_time(self, uow: UnitOfWork) -> None:
        for key in "cab":
            await said(uow, key, text=f"text of {key}")
        first = await uow.vectors.next_outdated(ACME, NEW, 0, 2)
        assert [(one.message, one.text) for one in first] == [
            (message("c").id, "text of c"),
            (message("a").id, "text of a"),
        ]
        rest = await uow.vectors.next_outdated(ACME, NEW, first[-1].number, 2)
        assert [one.text for one in rest] == ["text of b"]
        assert await uow.vectors.next_outdated(ACME, NEW, rest[-1].number, 2) == []
        assert await uow.vectors.next_outdated(OTHER, NEW, 0, 2) == []

    async def test_a_voice_that_says_nothing_is_told_apart(self, uow: UnitOfWork) -> None:
        await said(uow, "joins", 0)
        await said(uow, "speaks", 1)
        outdated = await uow.vectors.next_outdated(ACME, NEW, 0, 9)
        assert [one.says_nothing for one in outdated] == [True, False]

    async def test_what_was_made_again_is_compared_with_its_like_alone(self, uow: UnitOfWork) -> None:
        for key in "ab":
            await said(uow, key)
        assert await self.found_by(uow, OLD, 16) == ["a", "b"]
        assert await uow.vectors.replace(ACME, message("a").id, "it drops my tags", again(1))
        assert await self.found_by(uow, OLD, 16) == ["b"]
        assert await self.found_by(uow, NEW, 24) == ["a"]
        assert await uow.vectors.outdated(NEW) == {ACME: 1}
        await said(uow, "c", by=OLD)
        assert await self.found_by(uow, OLD, 16) == ["b", "c"]

    async def test_what_was_said_differently_meanwhile_stays_as_it_is(self, uow: UnitOfWork) -> None:
        voice = await said(uow, "a", text="the old words")
        assert not await uow.vectors.replace(ACME, voice, "other words", again(1))
        assert not await uow.vectors.replace(OTHER, voice, "the old words", again(1))
        await uow.insights.remove_voices(ACME, [voice])
        assert not await uow.vectors.replace(ACME, voice, "the old words", again(1))
        assert await self.found_by(uow, NEW, 24) == []

    async def test_made_again_and_committed_it_is_found_by_everybody(self, storage: Database) -> None:
        await found(storage)
        async with storage.begin() as uow:
            await uow.insights.add(insight("i"))
            voice = await said(uow, "a")
            await said(uow, "b", 1, 0.3)
            await uow.commit()
        async with storage.begin() as uow:
            assert await uow.vectors.replace(ACME, voice, "it drops my tags", again(1))
        async with storage.read() as uow:
            assert await self.found_by(uow, OLD, 16) == ["a", "b"]  # that was rolled back
        async with storage.begin() as uow:
            assert await uow.vectors.replace(ACME, voice, "it drops my tags", again(1))
            await uow.commit()
        async with storage.read() as uow:
            assert await self.found_by(uow, OLD, 16) == ["b"]
            assert await self.found_by(uow, NEW, 24) == ["a"]

    async def test_alone_are_the_voices_that_no_other_model_knows(self, storage: Database, url: str) -> None:
        async def alone(uow: UnitOfWork) -> list[str]:
            near = await uow.insights.nearest(ACME, NEW, vector(0, 1, size=24), READERS, alone=True)
            return [candidate.message.split("/")[2] for candidate in near]

        async def add(uow: UnitOfWork, name: str, *models: str) -> None:
            await uow.messages.add([message(name)])
            vectors = [vector(1, 0) if model == OLD else vector(0, 1, size=24) for model in models]
            await uow.insights.add_voice(
                ACME, InsightId("i"), message(name).id, meaning(*vectors, models=models), PUBLIC
            )

        await found(storage)
        async with storage.begin() as uow:
            await uow.insights.add(insight("i"))
            await add(uow, "both", OLD, NEW)
            await add(uow, "one", NEW)
            assert await alone(uow) == ["one"]
            await add(uow, "too", NEW)
            assert await alone(uow) == ["one", "too"]
            await uow.commit()
        async with storage.begin() as uow:
            await add(uow, "lost", NEW)
            await add(uow, "lost too", OLD, NEW)
            assert await alone(uow) == ["one", "too", "lost"]
        async with storage.begin() as uow:
            await add(uow, "again", OLD, NEW)  # under the number of one that was rolled back
            await uow.insights.remove_voices(ACME, [message("one").id])
            assert await alone(uow) == ["too"]
            await uow.commit()
        await storage.close()
        again = await Database.open(url, ReversingSealer())
        async with again.read() as uow:
            assert await alone(uow) == ["too"]
            near = await uow.insights.nearest(ACME, "other", vector(0, 1), READERS)
            assert near == []
        await again.close()


class TestVectorsOnSqlite(OnSqlite, VectorsContract):
    pass


class TestVectorsOnPostgresql(OnPostgresql, VectorsContract):
    pass
