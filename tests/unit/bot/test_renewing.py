"""Vectors by models that are no longer in use are made again in the background, a few at a time, surviving any kill."""

import numpy as np
import pytest
import structlog

from adapters.memory.clock import FakeClock
from adapters.storage.database import Database
from adapters.storage.vectors import SqlVectors
from bot.loops import LONGEST_PAUSE
from bot.renewing import TOGETHER, WAITING, Renewal
from dialogue.meanings import Embedders
from dialogue.ports import Embedder
from knowledge_base.circles import Circle, readers_in
from knowledge_base.ids import InsightId
from knowledge_base.merging import Thresholds
from tests.contract.storage.samples import ACME, NOW, found, insight, message, new, posted

PUBLIC = Circle("public")
READERS = readers_in(PUBLIC)
VOICES = TOGETHER * 2 + 3


class Spelling(Embedder):
    """Near is what shares letters. Its numbers stand elsewhere for every name, as another model's would."""

    size = 128
    thresholds = Thresholds(0.9, 0.9, 0.9, 0.8, 0.9, 0.8, 0.7)
    languages = None

    def __init__(self, name: str, turn: int) -> None:
        self.name = name
        self.turn = turn
        self.read: list[str] = []

    def embed(self, text: str) -> np.ndarray:
        self.read.append(text)
        vector = np.zeros(self.size, np.float32)
        for character in text:
            vector[(ord(character) + self.turn) % self.size] += 1
        return vector / np.linalg.norm(vector)


@pytest.fixture
def before() -> Embedders:
    return Embedders(Spelling("before", 0))


@pytest.fixture
def now() -> Embedders:
    return Embedders(Spelling("now", 50))


def text(number: int) -> str:
    return f"the export drops my tags, says number {number}"


async def speak(database: Database, embedders: Embedders, numbers: range, joins: range = range(0)) -> None:
    """These voices, one insight; those who only join in say nothing by themselves."""
    async with database.begin() as uow:
        if await uow.insights.get(ACME, InsightId("i")) is None:
            await uow.insights.add(insight("i"))
        for number in numbers:
            said = message(str(number), text=text(number))
            meaning = embedders.nothing("en") if number in joins else embedders.meaning(said.text, "en")
            await uow.messages.add([said])
            await uow.insights.add_voice(ACME, InsightId("i"), said.id, meaning, PUBLIC)
        await uow.commit()


async def nearest(database: Database, embedders: Embedders, number: int) -> list[str]:
    (embedding,) = embedders.meaning(text(number), "en").embeddings
    async with database.read() as uow:
        found_ = await uow.insights.nearest(ACME, embedding.model, embedding.vector, READERS, 99)
    return [one.message for one in found_]


async def left(database: Database, embedders: Embedders) -> int:
    async with database.read() as uow:
        return (await uow.vectors.outdated(embedders.name)).get(ACME, 0)


def renewal(database: Database, embedders: Embedders) -> Renewal:
    return Renewal(database, FakeClock(NOW), embedders)


@pytest.fixture
async def spoken(database: Database, before: Embedders) -> Database:
    await found(database)
    await speak(database, before, range(VOICES), joins=range(3, 5))
    return database


async def test_every_voice_gets_the_vector_it_would_have_got_by_the_models_in_use(spoken, before, now):
    again = renewal(spoken, now)
    while await again.run_once():
        pass
    assert await left(spoken, now) == 0
    assert await nearest(spoken, before, 7) == []
    best = await nearest(spoken, now, 7)
    assert (best[0], len(best)) == (message("7").id, VOICES - 2)
    assert await again.pause() == LONGEST_PAUSE


async def test_who_only_joined_in_stays_near_to_nothing_and_is_not_read(spoken, now):
    again = renewal(spoken, now)
    while await again.run_once():
        pass
    assert not {text(3), text(4)} & set(now.main.read)
    assert not {message("3").id, message("4").id} & set(await nearest(spoken, now, 3))


async def test_a_kill_in_the_middle_costs_nothing_and_the_rest_is_done_by_who_comes_next(spoken, before, now):
    assert await renewal(spoken, now).run_once() == TOGETHER
    assert await left(spoken, now) == VOICES - TOGETHER
    read_before = len(now.main.read)
    old, new_ = await nearest(spoken, before, 0), await nearest(spoken, now, 0)
    assert (len(old), len(new_)) == (VOICES - TOGETHER, TOGETHER - 2)  # nothing is compared across models meanwhile
    assert not set(old) & set(new_)
    another = renewal(spoken, now)
    while await another.run_once():
        pass
    assert await left(spoken, now) == 0
    assert len(now.main.read) == read_before + VOICES - TOGETHER


async def test_a_lot_is_kept_as_a_whole_or_not_at_all(spoken, now, monkeypatch):
    kept, calls = SqlVectors.replace, 0

    async def dies(self, *rest):
        nonlocal calls
        calls += 1
        if calls == 5:
            raise ZeroDivisionError
        return await kept(self, *rest)

    monkeypatch.setattr(SqlVectors, "replace", dies)
    with pytest.raises(ZeroDivisionError):
        await renewal(spoken, now).run_once()
    assert await left(spoken, now) == VOICES


async def test_live_events_come_first(spoken, now):
    again = renewal(spoken, now)
    async with spoken.begin() as uow:
        await uow.inbox.insert([new(posted("m1"))], NOW)
        await uow.commit()
    assert await again.run_once() == 0
    assert await again.pause() == WAITING
    assert await left(spoken, now) == VOICES
    async with spoken.begin() as uow:
        (row,) = await uow.inbox.take(9, NOW)
        await uow.inbox.done([row.seq], NOW)
        await uow.commit()
    assert await again.run_once() == TOGETHER


async def test_what_was_said_differently_meanwhile_is_left_alone(spoken, now, monkeypatch):
    again = renewal(spoken, now)
    read = again._meanings

    def meanwhile(lot):
        made = read(lot)
        lot[0] = lot[0].__class__(lot[0].number, lot[0].message, "what it said once", "en", says_nothing=False)
        return made

    monkeypatch.setattr(again, "_meanings", meanwhile)
    assert await again.run_once() == TOGETHER
    assert await left(spoken, now) == VOICES - TOGETHER + 1


async def test_it_tells_how_many_there_are_and_never_what_they_say(spoken, now):
    with structlog.testing.capture_logs() as lines:
        again = renewal(spoken, now)
        while await again.run_once():
            pass
    assert [(line["event"], line["voices"]) for line in lines] == [
        ("vectors_outdated", VOICES),
        ("vectors_renewed", VOICES),
    ]
    assert "export" not in str(lines)


async def test_where_nothing_is_outdated_nothing_is_told_or_read(spoken, before):
    count = len(before.main.read)
    with structlog.testing.capture_logs() as lines:
        again = renewal(spoken, before)
        assert await again.run_once() == 0
    assert lines == []
    assert len(before.main.read) == count
