"""Notes go with the voice that they are about, and are gone with it or with who wrote them."""

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.answers import Answer, AnswerState
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import circle_of
from knowledge_base.ids import AnswerId, ConversationId, InsightId, MemberId, MessageId, NoteId
from knowledge_base.notes import Note
from knowledge_base.outcomes import Outcome
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    SECOND,
    found,
    insight,
    meaning,
    message,
    vector,
)

FIRST, SECOND_ONE = InsightId("i"), InsightId("j")
SAM, TESS = MemberId("m-sam"), MemberId("m-tess")


def note(key: str, about: str, by: MemberId = SAM, text: str = "call them", later: int = 0) -> Note:
    return Note(NoteId(key), ACME, message(about).id, by, text, NOW + later * SECOND)


def answer(key: str, talk: str, state: AnswerState = AnswerState.APPROVED, again: bool = False) -> Answer:
    return Answer(
        AnswerId(key),
        ACME,
        0,
        state,
        Outcome.CONFIRMED,
        None,
        Audience.PUBLIC,
        "en",
        NOW,
        MessageId(f"asked-{key}"),
        ConversationId(talk),
        look_again=again,
    )


class NotesContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            for of, key, talk in ((FIRST, "1", "talk"), (FIRST, "2", "talk"), (SECOND_ONE, "3", "chat")):
                if await uow.insights.get(ACME, of) is None:
                    await uow.insights.add(insight(of))
                said = message(key, conversation=ConversationId(talk))
                await uow.messages.add([said])
                circle = circle_of(GUILD, HELP, Audience.PUBLIC, Shared.NO)
                await uow.insights.add_voice(ACME, of, said.id, meaning(vector(1)), circle)
            yield uow

    async def test_an_insight_has_the_notes_about_its_voices_oldest_first(self, uow: UnitOfWork) -> None:
        late, early, other = note("a", "1", later=2), note("b", "2", TESS, later=1), note("c", "3")
        for one in (late, early, other):
            await uow.notes.add(one)
        assert await uow.notes.of_insight(ACME, FIRST) == [early, late]
        assert await uow.notes.of_insight(ACME, SECOND_ONE) == [other]
        assert await uow.notes.of_insight(OTHER, FIRST) == []
        assert await uow.notes.by_member(ACME, SAM) == [other, late]

    async def test_a_note_moves_with_its_voice(self, uow: UnitOfWork) -> None:
        await uow.notes.add(note("a", "1"))
        await uow.regroupings.move_voices(ACME, [message("1").id], FIRST, SECOND_ONE)
        assert (await uow.notes.of_insight(ACME, FIRST), await uow.notes.of_insight(ACME, SECOND_ONE)) == (
            [],
            [note("a", "1")],
        )

    async def test_notes_are_erased_by_what_they_are_about_and_by_who_wrote_them(self, uow: UnitOfWork) -> None:
        for one in (note("a", "1"), note("b", "1", TESS), note("c", "2", TESS), note("d", "3")):
            await uow.notes.add(one)
        await uow.notes.erase_about(ACME, [message("1").id])
        assert await uow.notes.of_insight(ACME, FIRST) == [note("c", "2", TESS)]
        await uow.notes.erase_by(ACME, TESS)
        assert await uow.notes.of_insight(ACME, FIRST) == []
        assert await uow.notes.of_insight(ACME, SECOND_ONE) == [note("d", "3")]

    async def test_who_becomes_another_member_has_written_their_notes(self, uow: UnitOfWork) -> None:
        anna, ben = MemberId("m-anna"), MemberId("m-ben")
        await uow.notes.add(note("a", "1", anna))
        await uow.members.become_one(ACME, ben, anna)
        assert await uow.notes.by_member(ACME, ben) == [note("a", "1", ben)]

    async def test_approved_answers_of_the_conversations_of_its_voices_are_an_insights(self, uow: UnitOfWork) -> None:
        again, sure = answer("a", "talk", again=True), answer("b", "talk")
        for one in (again, sure, answer("c", "talk", AnswerState.CANDIDATE), answer("d", "elsewhere")):
            await uow.answers.add(one)
        assert [one.id for one in await uow.answers.of_insight(ACME, FIRST)] == ["b", "a"]
        assert await uow.answers.of_insight(ACME, SECOND_ONE) == []
        assert await uow.answers.of_insight(OTHER, FIRST) == []

    async def test_what_is_read_ahead_is_what_is_found_one_by_one(self, uow: UnitOfWork, storage: Database) -> None:
        for one in (note("a", "1"), note("b", "3")):
            await uow.notes.add(one)
        await uow.answers.add(answer("a", "talk"))
        await uow.commit()
        async with storage.read() as read:
            alone = [
                [await of(ACME, one) for one in (FIRST, SECOND_ONE)]
                for of in (read.notes.of_insight, read.answers.of_insight)
            ]
        async with storage.read() as read:
            await read.notes.read_ahead(ACME, [FIRST, SECOND_ONE])
            await read.answers.read_ahead(ACME, [FIRST, SECOND_ONE])
            ahead = [
                [await of(ACME, one) for one in (FIRST, SECOND_ONE)]
                for of in (read.notes.of_insight, read.answers.of_insight)
            ]
        assert ahead == alone
        assert alone[0][0] == [note("a", "1")]


class TestNotesOnSqlite(OnSqlite, NotesContract):
    pass


class TestNotesOnPostgresql(OnPostgresql, NotesContract):
    pass
