"""``parley kb``: answers go into the database from files, and come out again."""

import asyncio
import json
from dataclasses import replace

from adapters.memory.clock import FakeClock
from adapters.memory.ids import CountingIds
from adapters.storage.database import Database
from bot.sink import Sink
from dialogue.events import Actor, MessagePosted, Place
from dialogue.ports import UnitOfWork
from knowledge_base.answers import Answer, AnswerChange, AnswerState, Deed, Part, Wording
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, AnswerId, ChannelId, CommunityId, PlatformMessageId, SpaceId
from knowledge_base.members import Role
from knowledge_base.outcomes import Outcome
from tests.conftest import ReversingSealer
from tests.contract.storage.samples import ACME, NOW, found, message
from tests.integration.cli.lines import ANSWERS
from tests.integration.cli.terminal import Terminal

FULL = [{"tags": [], "source": None} | answer for answer in ANSWERS]


def within(terminal: Terminal, work, file: str = "parley.db") -> None:
    """Do something in one unit of work of a database."""

    async def run() -> None:
        storage = await Database.open(f"sqlite:///{terminal.folder / file}", ReversingSealer())
        async with storage.begin() as uow:
            await work(uow)
            await uow.commit()
        await storage.close()

    asyncio.run(run())


async def only(uow: UnitOfWork) -> CommunityId:
    ((community, _),) = await uow.communities.all()
    return community


def exported(terminal: Terminal, *more: str) -> list[dict]:
    assert terminal.type("kb", "export", "out.jsonl", *more).code == 0
    return terminal.rows("out.jsonl")


def imported(terminal: Terminal, *answers: dict) -> str:
    ended = terminal.type("kb", "import", terminal.write("kb.jsonl", *answers))
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def test_what_is_imported_comes_out_again_as_it_was(terminal: Terminal):
    assert imported(terminal, *ANSWERS) == "2 new, 0 changed, 0 as they were.\n"
    assert exported(terminal) == FULL


def test_importing_the_same_again_changes_nothing(terminal: Terminal):
    imported(terminal, *ANSWERS)
    assert imported(terminal, *ANSWERS) == "0 new, 0 changed, 2 as they were.\n"
    changed = ANSWERS[1] | {"answer": "Settings, then Privacy."}
    assert imported(terminal, ANSWERS[0], changed) == "0 new, 1 changed, 1 as they were.\n"
    assert exported(terminal)[1]["answer"] == "Settings, then Privacy."


def test_an_import_leaves_alone_what_staff_made_of_an_earlier_one(terminal: Terminal):
    imported(terminal, *ANSWERS)

    async def reject(uow: UnitOfWork) -> None:
        community = await only(uow)
        answer = await uow.answers.get(community, AnswerId("a1"))
        rejected = AnswerChange(answer.id, Deed.REJECT, AnswerState.REJECTED, answer.wording, None, NOW)
        await uow.answers.replace(replace(answer, state=AnswerState.REJECTED))
        await uow.answers.record(community, rejected)

    within(terminal, reject)
    assert imported(terminal, *ANSWERS) == "0 new, 0 changed, 2 as they were.\n"
    assert [row["id"] for row in exported(terminal)] == ["a2"]


def test_a_broken_file_is_refused_whole(terminal: Terminal):
    broken = terminal.write("kb.jsonl", ANSWERS[0], {"id": "a2", "questions": []})
    terminal.type("kb", "import", broken).refuses("kb.jsonl", "line 2")
    assert "parley.db" not in terminal.names()


def test_answers_can_come_on_standard_input(terminal: Terminal):
    lines = "\n".join(json.dumps(answer) for answer in ANSWERS).encode()
    assert terminal.type("kb", "import", "-", stdin=lines).out.startswith("2 new")


def test_what_was_imported_first_belongs_to_the_space_that_connects_first(terminal: Terminal):
    imported(terminal, *ANSWERS)

    async def connect() -> None:
        storage = await Database.open(f"sqlite:///{terminal.folder / 'parley.db'}", ReversingSealer())
        sink = Sink(storage, FakeClock(NOW), CountingIds(), lambda: None)
        for space in ("guild", "another"):
            place = Place(SpaceId(space), ChannelId("c"), "c", Audience.PUBLIC)
            anna = Actor(AccountId("anna"), "Anna", Role.CUSTOMER)
            await sink.accept([MessagePosted(place, anna, PlatformMessageId("1"), "hello", NOW)])
        async with storage.read() as uow:
            guild = await uow.communities.of_space(SpaceId("guild"))
            assert len(await uow.answers.approved(guild)) == 2
            assert await uow.communities.of_space(SpaceId("another")) != guild
        await storage.close()

    asyncio.run(connect())


async def _two_communities(uow: UnitOfWork) -> None:
    for name in ("acme", "other"):
        await uow.communities.found(CommunityId(name), SpaceId(name), name.title(), NOW)


def test_where_there_are_several_communities_one_is_named(terminal: Terminal):
    within(terminal, _two_communities)
    kb = terminal.write("kb.jsonl", *ANSWERS)
    terminal.type("kb", "import", kb).refuses("--community", "Acme, Other")
    assert terminal.type("kb", "import", kb, "--community", "Acme").code == 0
    assert exported(terminal, "--community", "Other") == []
    assert exported(terminal, "--community", "acme") == FULL
    terminal.type("ask", "how do I export?").refuses("--community", "Acme, Other")
    assert terminal.type("ask", "how do I export?", "--community", "Acme").out.startswith("Use File")


def test_only_what_everybody_may_hear_is_written_and_asked(terminal: Terminal):
    async def fill() -> None:
        storage = await Database.open(f"sqlite:///{terminal.folder / 'parley.db'}", ReversingSealer())
        await found(storage)
        async with storage.begin() as uow:
            said = [message(key, author="m-ben", link=f"https://chat.example/{key}") for key in ("q", "s", "q2", "s2")]
            await uow.messages.add(said)
            for key, audience in (("", Audience.PUBLIC), ("2", Audience.PRIVATE)):
                parts = [(Part.QUESTION, message(f"q{key}").id), (Part.SOLUTION, message(f"s{key}").id)]
                await uow.answers.add(_approved(f"x{key}", audience), parts)
            await uow.commit()
        await storage.close()

    asyncio.run(fill())
    ended = terminal.type("kb", "export", "out.jsonl")
    assert ended.err == "parley: 1 more were not said in public, and are left out\n"
    (row,) = terminal.rows("out.jsonl")
    assert (row["id"], row["source"]) == ("x", "https://chat.example/s")
    out = terminal.type("ask", "how do I x2?", "--json").json
    assert out["ranked"] == ["x"]


def _approved(key: str, audience: Audience) -> Answer:
    return Answer(
        id=AnswerId(key),
        community=ACME,
        number=0,
        state=AnswerState.APPROVED,
        outcome=Outcome.CONFIRMED,
        proof=None,
        audience=audience,
        language="en",
        at=NOW,
        question=message("q" + key[1:]).id,
        wording=Wording((f"how do I {key}?",), f"like {key}"),
    )
