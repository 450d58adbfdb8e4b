"""Answers, what they are made of, and check marks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.database import Database
from dialogue.ports import UnitOfWork
from knowledge_base.answers import Answer, AnswerChange, AnswerState, Checked, Deed, Part, Wording
from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import AccountId, AnswerId, ConversationId, MemberId, MessageId, SpaceId
from knowledge_base.members import Consent
from knowledge_base.outcomes import Outcome, Proof
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    HELP,
    NOW,
    OTHER,
    found,
    message,
)

TALK = ConversationId("talk")
Q, S, P = (message(key).id for key in ("q", "s", "p"))
PARTS = ((Part.PROOF, P), (Part.SOLUTION, S), (Part.QUESTION, Q))


def answer(key: str = "a", **rest) -> Answer:
    fields = {
        "id": AnswerId(key),
        "community": ACME,
        "number": 0,
        "state": AnswerState.CANDIDATE,
        "outcome": Outcome.CONFIRMED,
        "proof": Proof.THANKS,
        "audience": Audience.PUBLIC,
        "language": "en",
        "at": NOW,
        "question": None,
        "conversation": TALK,
        "solver": MemberId("m-ben"),
    }
    return Answer(**(fields | rest))


def change(deed: Deed, **rest) -> AnswerChange:
    fields = {"answer": AnswerId("a"), "state": AnswerState.APPROVED, "wording": Wording(("q?",), "a."), "by": None}
    return AnswerChange(deed=deed, at=NOW, **(fields | rest))


class AnswersContract:
    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        await found(storage)
        async with storage.begin() as uow:
            await uow.communities.found(OTHER, SpaceId("elsewhere"), "Other", NOW)
            texts = {"q": "how do I export?", "s": "use the menu", "p": "thanks!"}
            authors = {"q": "m-anna", "s": "m-ben", "p": "m-anna"}
            await uow.messages.add([message(key, author=authors[key], text=texts[key]) for key in texts])
            yield uow

    async def test_answers_are_numbered_within_their_community(self, uow: UnitOfWork) -> None:
        assert (await uow.answers.add(answer("a"))).number == 1
        assert (await uow.answers.add(answer("b"))).number == 2
        assert (await uow.answers.add(answer("a", community=OTHER, solver=None))).number == 1
        assert (await uow.answers.by_number(ACME, 2)).id == "b"
        assert await uow.answers.by_number(ACME, 3) is None
        assert await uow.answers.get(OTHER, AnswerId("b")) is None

    async def test_what_is_stored_comes_back_as_it_was(self, uow: UnitOfWork) -> None:
        worded = Wording(("how?", "wie?"), "so.\nand so")
        kept = await uow.answers.add(answer(wording=worded, tags=("x",), source="https://e.example", look_again=True))
        assert await uow.answers.get(ACME, kept.id) == kept
        changed = replace(kept, state=AnswerState.REJECTED, outcome=Outcome.OPEN, proof=None, wording=Wording())
        await uow.answers.replace(changed)
        assert await uow.answers.get(ACME, kept.id) == changed

    async def test_a_question_has_one_answer(self, uow: UnitOfWork) -> None:
        elsewhere = ConversationId("else")
        assert await uow.answers.asked_in(ACME, elsewhere, [Q]) == []
        kept = await uow.answers.add(answer(question=Q), PARTS)
        assert await uow.answers.asked_in(ACME, elsewhere, [Q, S]) == [kept]
        assert await uow.answers.asked_in(OTHER, elsewhere, [Q]) == []

    async def test_it_is_found_by_each_message_it_is_made_of_and_by_its_conversation(self, uow: UnitOfWork) -> None:
        kept = await uow.answers.add(answer(question=Q), PARTS)
        for part in (Q, S, P):
            assert await uow.answers.of_message(ACME, part) == [kept]
        assert await uow.answers.of_message(ACME, MessageId("none")) == []
        assert await uow.answers.of_message(OTHER, Q) == []
        assert await uow.answers.asked_in(ACME, TALK) == [kept]
        assert await uow.answers.asked_in(ACME, ConversationId("else")) == []

    async def test_its_sources_are_as_authors_and_channels_are_now(self, uow: UnitOfWork) -> None:
        await uow.answers.add(answer(question=Q), PARTS)
        await uow.members.consent(ACME, MemberId("m-ben"), Consent(share_private=True, changed_at=NOW))
        await uow.channels.see(ACME, GUILD, HELP, "help", Audience.PRIVATE, Shared.NO)
        sources = await uow.answers.sources(ACME, AnswerId("a"))
        assert [(one.part, one.message) for one in sources] == [
            (Part.QUESTION, Q),
            (Part.SOLUTION, S),
            (Part.PROOF, P),
        ]
        assert [(one.author_name, one.text, one.shares_private) for one in sources] == [
            ("Anna", "how do I export?", False),
            ("Ben", "use the menu", True),
            ("Anna", "thanks!", False),
        ]
        assert {one.origin.audience for one in sources} == {Audience.PRIVATE}

    async def test_what_was_deleted_is_no_source(self, uow: UnitOfWork) -> None:
        await uow.answers.add(answer(question=Q), PARTS)
        await uow.messages.erase(ACME, [S])
        assert [one.part for one in await uow.answers.sources(ACME, AnswerId("a"))] == [Part.QUESTION, Part.PROOF]

    async def test_it_can_be_made_of_other_messages(self, uow: UnitOfWork) -> None:
        await uow.answers.add(answer(question=Q), PARTS)
        await uow.answers.make_of(ACME, AnswerId("a"), [(Part.QUESTION, Q), (Part.SOLUTION, P)])
        assert [one.message for one in await uow.answers.sources(ACME, AnswerId("a"))] == [Q, P]
        assert await uow.answers.of_message(ACME, S) == []

    async def test_what_waits_is_told_by_evidence(self, uow: UnitOfWork) -> None:
        later = NOW + timedelta(hours=1)
        for key, outcome, at in (
            ("denied", Outcome.DENIED, later),
            ("open", Outcome.OPEN, later),
            ("sure", Outcome.CONFIRMED, NOW),
            ("surer", Outcome.CONFIRMED, later),
        ):
            await uow.answers.add(answer(key, outcome=outcome, at=at))
        await uow.answers.add(answer("rejected", state=AnswerState.REJECTED))
        await uow.answers.add(answer("approved", state=AnswerState.APPROVED))
        await uow.answers.add(answer("doubtful", state=AnswerState.APPROVED, look_again=True))
        waiting = [one.id for one in await uow.answers.waiting(ACME, 10)]
        assert waiting == ["doubtful", "surer", "sure", "open", "denied"]
        assert [one.id for one in await uow.answers.waiting(ACME, 2)] == ["doubtful", "surer"]
        assert await uow.answers.waiting(OTHER, 10) == []
        assert [one.id for one in await uow.answers.approved(ACME)] == ["approved", "doubtful"]

    async def test_what_was_done_is_told_and_the_last_can_be_undone(self, uow: UnitOfWork) -> None:
        await uow.answers.add(answer())
        assert await uow.answers.undo_last(ACME, AnswerId("a")) is None
        done = [change(Deed.APPROVE, by=MemberId("m-ben")), change(Deed.EDIT, reason="shorter")]
        for one in done:
            await uow.answers.record(ACME, one)
        assert await uow.answers.history(ACME, AnswerId("a")) == done
        assert await uow.answers.undo_last(ACME, AnswerId("a")) == done[1]
        await uow.answers.record(ACME, change(Deed.UNDO))
        assert await uow.answers.undo_last(ACME, AnswerId("a")) == done[0]
        assert await uow.answers.undo_last(ACME, AnswerId("a")) is None
        assert [one.undone for one in await uow.answers.history(ACME, AnswerId("a"))] == [True, True, False]

    async def test_wiping_reaches_the_history(self, uow: UnitOfWork) -> None:
        await uow.answers.add(answer(wording=Wording(("q?",), "a."), tags=("x",), source="https://e.example"))
        await uow.answers.record(ACME, change(Deed.APPROVE))
        await uow.answers.wipe(ACME, AnswerId("a"))
        left = await uow.answers.get(ACME, AnswerId("a"))
        assert (left.wording, left.tags, left.source) == (Wording(), (), None)
        assert [one.wording for one in await uow.answers.history(ACME, AnswerId("a"))] == [Wording()]
        assert await uow.answers.undo_last(ACME, AnswerId("a")) is None

    async def test_a_check_mark_counts_once_and_can_be_taken_back(self, uow: UnitOfWork) -> None:
        for _ in range(2):
            await uow.answers.check(ACME, S, AccountId("anna"), NOW)
        await uow.answers.check(ACME, S, AccountId("ben"), NOW + timedelta(seconds=1))
        later = NOW + timedelta(seconds=1)
        both = [Checked(S, MemberId("m-anna"), NOW), Checked(S, MemberId("m-ben"), later)]
        assert await uow.answers.checked_in(ACME, TALK) == both
        assert await uow.answers.checked_in(ACME, ConversationId("else")) == []
        await uow.answers.uncheck(ACME, S, AccountId("anna"))
        assert await uow.answers.checked_in(ACME, TALK) == both[1:]
        await uow.answers.uncheck(ACME, S)
        assert await uow.answers.checked_in(ACME, TALK) == []

    async def test_all_check_marks_of_an_account_can_be_forgotten(self, uow: UnitOfWork) -> None:
        for account in ("anna", "ben"):
            await uow.answers.check(ACME, S, AccountId(account), NOW)
        await uow.answers.forget_checks(ACME, SpaceId("elsewhere"), AccountId("anna"))
        assert len(await uow.answers.checked_in(ACME, TALK)) == 2
        await uow.answers.forget_checks(ACME, GUILD, AccountId("anna"))
        assert [one.member for one in await uow.answers.checked_in(ACME, TALK)] == ["m-ben"]

    async def test_two_accounts_of_one_person_solved_it_as_one(self, uow: UnitOfWork) -> None:
        await uow.answers.add(answer())
        await uow.answers.record(ACME, change(Deed.APPROVE, by=MemberId("m-ben")))
        await uow.members.become_one(ACME, MemberId("m-anna"), MemberId("m-ben"))
        assert (await uow.answers.get(ACME, AnswerId("a"))).solver == "m-anna"
        assert [one.by for one in await uow.answers.history(ACME, AnswerId("a"))] == ["m-anna"]

    async def test_a_community_with_an_answer_is_not_new(self, uow: UnitOfWork) -> None:
        assert await uow.communities.is_new(ACME)
        await uow.answers.add(answer())
        assert not await uow.communities.is_new(ACME)

    async def test_the_last_of_a_conversation_are_told_oldest_first(self, uow: UnitOfWork) -> None:
        assert [one.id for one in await uow.messages.conversation(ACME, TALK, last=2)] == [S, P]


class TestAnswersOnSqlite(OnSqlite, AnswersContract):
    pass


class TestAnswersOnPostgresql(OnPostgresql, AnswersContract):
    pass
