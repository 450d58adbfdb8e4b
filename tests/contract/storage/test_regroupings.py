"""Voices move between insights and back; what may be the same is remembered, and what is not."""

from dataclasses import replace

import numpy as np
import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import Circle, circle_of, readers_in
from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import ChannelId, CorrectionId, InsightId, MemberId, MessageId
from knowledge_base.insights import Status
from knowledge_base.merging import CORE
from knowledge_base.regroupings import Regrouping
from knowledge_base.suggestions import Suggestion
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    NOW,
    OTHER,
    SECOND,
    found,
    insight,
    meaning,
    message,
    vector,
)

MODEL = "tiny"
ANNA = MemberId("m-anna")


async def voice(
    uow: UnitOfWork, of: str, key: str, *numbers: float, author: str = "m-anna", circle: str = "public", **rest
) -> MessageId:
    said = message(key, author=author, **rest)
    await uow.messages.add([said])
    await uow.insights.add_voice(ACME, InsightId(of), said.id, meaning(vector(*(numbers or (1,)))), Circle(circle))
    return said.id


async def corrected(uow: UnitOfWork, key: str, sort: CorrectionSort, one: str, other: str) -> Correction:
    correction = Correction(ACME, CorrectionId(key), sort, ANNA, NOW, insight=InsightId(one), other=InsightId(other))
    await uow.corrections.add(correction)
    return correction


def regrouping(key: str, origin: str, destination: str, *voices: MessageId, **rest) -> Regrouping:
    fields = {"status": Status.PLANNED, "reason": "soon", "tags": ("bug", "ünï")}
    return Regrouping(ACME, CorrectionId(key), InsightId(origin), InsightId(destination), voices, **(fields | rest))


class RegroupingsContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            for name in "abc":
                await uow.insights.add(insight(name))
            yield uow

    # ---- voices that move

    async def test_demand_and_times_follow_voices_that_move(self, uow: UnitOfWork) -> None:
        one = await voice(uow, "a", "1", at=NOW)
        two = await voice(uow, "a", "2", author="m-ben", at=NOW + SECOND)
        three = await voice(uow, "b", "3", at=NOW + 2 * SECOND)
        moved = await uow.regroupings.move_voices(ACME, [two, three, one], InsightId("a"), InsightId("b"))
        assert moved == [one, two]
        a, b = [await uow.insights.get(ACME, InsightId(name)) for name in "ab"]
        assert (a.demand, b.demand, b.first_at, b.last_at) == (0, 2, NOW, NOW + 2 * SECOND)
        assert (await uow.insights.of_message(ACME, one)).id == "b"
        assert await uow.regroupings.move_voices(ACME, [one], InsightId("a"), InsightId("c")) == []

    async def test_a_voice_that_moved_is_found_by_its_meaning_as_before(self, uow: UnitOfWork) -> None:
        one = await voice(uow, "a", "1", 1, 0)
        await uow.regroupings.move_voices(ACME, [one], InsightId("a"), InsightId("b"))
        (near,) = await uow.insights.nearest(ACME, MODEL, vector(1, 0), readers_in(Circle("public")))
        assert (near.insight, near.message) == ("b", one)

    async def test_what_was_moved_is_remembered_and_can_be_given_another_origin(self, uow: UnitOfWork) -> None:
        one, two = await voice(uow, "a", "1"), await voice(uow, "a", "2")
        await corrected(uow, "c1", CorrectionSort.MERGE, "a", "b")
        merge = regrouping("c1", "a", "b", two, one)
        await uow.regroupings.add(merge)
        assert await uow.regroupings.get(ACME, CorrectionId("c1")) == merge
        assert await uow.regroupings.get(OTHER, CorrectionId("c1")) is None
        assert await uow.regroupings.get(ACME, CorrectionId("c2")) is None
        await uow.regroupings.comes_from(ACME, CorrectionId("c1"), InsightId("c"))
        assert await uow.regroupings.get(ACME, CorrectionId("c1")) == replace(merge, origin=InsightId("c"))

    async def test_only_what_holds_is_counted(self, uow: UnitOfWork) -> None:
        for key, sort, origin, destination in (
            ("c1", CorrectionSort.MERGE, "a", "b"),
            ("c2", CorrectionSort.MERGE, "c", "b"),
            ("c3", CorrectionSort.SPLIT, "b", "a"),
        ):
            await corrected(uow, key, sort, origin, destination)
            await uow.regroupings.add(regrouping(key, origin, destination))
        b = InsightId("b")
        assert [one.correction for one in await uow.regroupings.merges_into(ACME, b)] == ["c1", "c2"]
        assert [one.correction for one in await uow.regroupings.splits_from(ACME, b)] == ["c3"]
        for key in ("c1", "c3"):
            await uow.corrections.undo(ACME, CorrectionId(key), NOW)
        assert [one.correction for one in await uow.regroupings.merges_into(ACME, b)] == ["c2"]
        assert await uow.regroupings.splits_from(ACME, b) == []
        assert await uow.regroupings.merges_into(OTHER, b) == []

    async def test_the_corrections_of_an_insight_are_told_newest_first_until_undone(self, uow: UnitOfWork) -> None:
        one = await corrected(uow, "c9", CorrectionSort.MERGE, "a", "b")
        two = await corrected(uow, "c1", CorrectionSort.SPLIT, "b", "c")
        assert await uow.corrections.about(ACME, InsightId("b")) == [two, one]
        assert await uow.corrections.about(ACME, InsightId("a")) == [one]
        assert await uow.corrections.about(OTHER, InsightId("a")) == []
        await uow.corrections.undo(ACME, two.id, NOW)
        assert await uow.corrections.about(ACME, InsightId("b")) == [one]

    # ---- what merging must know of voices

    async def test_nearest_keeps_to_the_same_readers_however_many_others_are_nearer(self, uow: UnitOfWork) -> None:
        places = [("members", "members/x"), ("private", "private/guild/a"), ("private", "private/guild/b")]
        for number in range(30):
            await voice(uow, "a", f"p{number}", 1, 0)
        for number, (_, circle) in enumerate(places):
            await voice(uow, "b", f"q{number}", 1, 0.1, circle=circle)
        found_ = await uow.insights.nearest(ACME, MODEL, vector(1, 0), readers_in(Circle("private/x/y")))
        assert [near.circle for near in found_] == ["private/guild/a", "private/guild/b"]
        found_ = await uow.insights.nearest(ACME, MODEL, vector(1, 0), readers_in(Circle("members/y")))
        assert [near.circle for near in found_] == ["members/x"]
        assert await uow.insights.nearest(ACME, MODEL, vector(1, 0), readers_in(Circle("internal"))) == []

    async def test_who_heard_a_voice_is_kept(self, uow: UnitOfWork) -> None:
        circle = circle_of(GUILD, ChannelId("50%_off/x"), Audience.PRIVATE, Shared.NO)
        said = await voice(uow, "a", "1", circle=circle)
        assert await uow.regroupings.circle(ACME, said) == circle
        assert await uow.regroupings.circle(ACME, MessageId("unknown")) is None
        assert await uow.regroupings.circle(OTHER, said) is None

    async def test_the_vectors_of_the_latest_voices_by_one_model(self, uow: UnitOfWork) -> None:
        said = [await voice(uow, "a", str(number), number, 1) for number in range(4)]
        vectors = await uow.regroupings.vectors(ACME, InsightId("a"), MODEL, 2)
        assert list(vectors) == said[2:]
        assert np.array_equal(vectors[said[3]], vector(3, 1))
        assert await uow.regroupings.vectors(ACME, InsightId("a"), "other", 2) == {}

    async def test_the_core_of_an_insight_is_its_first_voices_that_say_something(self, uow: UnitOfWork) -> None:
        joined = message("nothing", author="m-anna")
        await uow.messages.add([joined])
        nothing = meaning(np.zeros(2, np.float32))
        await uow.insights.add_voice(ACME, InsightId("a"), joined.id, nothing, Circle("public"))
        said = [await voice(uow, "a", str(number), number + 1, 1) for number in range(CORE + 2)]
        await voice(uow, "b", "other", 9, 9)
        core = await uow.insights.core(ACME, InsightId("a"), MODEL)
        assert [list(one) for one in core] == [list(vector(number + 1, 1)) for number in range(CORE)]
        await uow.insights.remove_voices(ACME, [said[0]])
        core = await uow.insights.core(ACME, InsightId("a"), MODEL)
        assert [list(one) for one in core] == [list(vector(number + 2, 1)) for number in range(CORE)]
        assert await uow.insights.core(ACME, InsightId("a"), "other") == []
        assert await uow.insights.core(OTHER, InsightId("a"), MODEL) == []

    async def test_of_many_insights_the_first_voices_are_read_at_once(self, uow: UnitOfWork) -> None:
        for number in range(CORE + 2):
            await voice(uow, "a", f"a{number}", number + 1, 1)
        await voice(uow, "b", "other", 9, 9)
        both = [InsightId("a"), InsightId("b"), InsightId("missing")]
        nothing = message("nothing", author="m-anna")
        await uow.messages.add([nothing])
        zeros = meaning(np.zeros(2, np.float32))
        await uow.insights.add_voice(ACME, InsightId("b"), nothing.id, zeros, Circle("public"))
        first = await uow.insights.first_of_many(ACME, both)
        assert list(first) == [MODEL]
        assert {of: [list(one) for one in theirs] for of, theirs in first[MODEL].items()} == {
            "a": [list(vector(number + 1, 1)) for number in range(CORE)],
            "b": [list(vector(9, 9))],
        }
        assert await uow.insights.first_of_many(OTHER, both) == {}
        assert await uow.insights.first_of_many(ACME, []) == {}

    async def test_what_is_called_by_a_message_and_what_is_merged(self, uow: UnitOfWork) -> None:
        a, b = [await uow.insights.get(ACME, InsightId(name)) for name in "ab"]
        gone = replace(a, status=Status.MERGED, merged_into=b.id, titled_by=MessageId("m"))
        await uow.insights.replace(gone)
        assert await uow.insights.get(ACME, a.id) == gone
        assert await uow.regroupings.called_by(ACME, [MessageId("m")]) == [gone]
        assert await uow.regroupings.called_by(OTHER, [MessageId("m")]) == []
        assert await uow.regroupings.merged(ACME, 9) == [gone]
        assert await uow.regroupings.merged(OTHER, 9) == []

    # ---- suggestions

    async def test_a_suggestion_stands_until_it_is_refused_and_does_not_come_back(self, uow: UnitOfWork) -> None:
        likely = Suggestion(ACME, InsightId("c"), InsightId("b"), 0.1 + 0.7, NOW)
        likelier = replace(likely, other=InsightId("a"), cosine=0.85)
        for suggestion in (likely, likelier, replace(likely, cosine=0.99)):
            await uow.suggestions.add(suggestion)
        assert await uow.suggestions.of(ACME, InsightId("c")) == [likelier, likely]
        assert await uow.suggestions.naming(ACME, InsightId("b")) == ["c"]
        refusal = await corrected(uow, "c1", CorrectionSort.REFUSAL, "c", "b")
        await uow.suggestions.refuse(ACME, InsightId("c"), InsightId("b"), refusal.id)
        await uow.suggestions.add(likely)
        assert await uow.suggestions.of(ACME, InsightId("c")) == [likelier]
        assert await uow.suggestions.naming(ACME, InsightId("b")) == []
        await uow.suggestions.allow(ACME, refusal.id)
        assert await uow.suggestions.of(ACME, InsightId("c")) == [likelier, likely]
        assert await uow.suggestions.of(OTHER, InsightId("c")) == []

    async def test_equally_likely_ones_come_by_number_not_by_chance(self, uow: UnitOfWork) -> None:
        for name in ("z", "y"):
            await uow.insights.add(insight(name))
        for other in ("y", "z"):
            await uow.suggestions.add(Suggestion(ACME, InsightId("c"), InsightId(other), 0.8, NOW))
        assert [one.other for one in await uow.suggestions.of(ACME, InsightId("c"))] == ["z", "y"]


class TestRegroupingsOnSqlite(OnSqlite, RegroupingsContract):
    pass


class TestRegroupingsOnPostgresql(OnPostgresql, RegroupingsContract):
    pass
