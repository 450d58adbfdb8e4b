"""What one person alone is told: how it gets there, in how many messages, and what is kept of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.memory.chat import MemoryChat
from bot.sending import FIRST_PAUSE
from dialogue.actions import Edit, OutboxId, Reply, Said, SendDirect
from dialogue.errors import Rejected, Uncertain
from dialogue.events import ReplyHandle
from dialogue.plain import plain_text
from dialogue.posts import Paragraph, Words, plain
from dialogue.posts import Post as Content
from dialogue.rows import OutboxState
from knowledge_base.channels import Audience, Origin, Shared
from knowledge_base.ids import AccountId, MemberId
from knowledge_base.members import Role
from tests.stage import ANNA, SPACE
from tests.unit.bot.office import ACME, ROOM, TEXTS, Office, PublicOnly, say

SENT = OutboxState.SENT
WITHHELD = TEXTS.say("fence.withheld")


def answer(office: Office, lasts: timedelta = timedelta(minutes=15)) -> Reply:
    return Reply(SPACE, ROOM, ANNA.account, ReplyHandle("token", office.clock.now() + lasts), Said(plain("for anna")))


async def test_an_answer_goes_through_its_handle_while_that_holds(office: Office) -> None:
    await office.add("a", answer(office))
    await office.round()
    (sent,) = office.chat.sent
    assert (sent.to, sent.ref.channel) == (ANNA.account, ROOM)


async def test_an_answer_whose_handle_has_expired_is_a_direct_message(office: Office) -> None:
    await office.add("a", answer(office, lasts=timedelta()))
    await office.round()
    (sent,) = office.chat.sent
    assert (sent.to, sent.ref.channel) == (ANNA.account, "@anna")


async def test_an_answer_that_the_platform_refuses_is_a_direct_message(office: Office) -> None:
    async def refuse(*_: object) -> None:
        raise Rejected("the handle was used up")

    office.chat.reply = refuse
    await office.add("a", answer(office))
    await office.round()
    assert [sent.ref.channel for sent in office.chat.sent] == ["@anna"]


async def test_an_answer_to_somebody_who_takes_no_direct_messages_is_undeliverable(office: Office) -> None:
    office.chat.closed_direct.add(ANNA.account)
    await office.add("a", answer(office, lasts=timedelta()))
    await office.add("b", SendDirect(SPACE, ANNA.account, Said(plain("for anna"))))
    await office.round()
    await office.round()
    assert {row.state for row in (await office.rows()).values()} == {OutboxState.UNDELIVERABLE}
    assert office.chat.sent == []


@pytest.mark.parametrize("lasts", [timedelta(), timedelta(minutes=15)])
async def test_an_answer_never_goes_out_in_public(office: Office, lasts: timedelta) -> None:
    chat = PublicOnly()
    await office.add("a", answer(office, lasts))
    await office.round(office.another(chat))
    assert (await office.row("a")).state is OutboxState.UNDELIVERABLE
    assert chat.said == []


@pytest.mark.parametrize(
    ("reader", "reads"),
    [
        ({}, WITHHELD),
        ({"member": MemberId("m-anna")}, "it drops my tags"),
        ({"member": MemberId("m-ben")}, WITHHELD),
        ({"member": MemberId("m-ben"), "role": Role.STAFF}, "it drops my tags"),
    ],
)
async def test_a_direct_message_shows_what_its_reader_may_read(
    office: Office, reader: dict[str, object], reads: str
) -> None:
    origin = Origin(ACME, SPACE, ROOM, Audience.MEMBERS, Shared.NO)
    said = Content((Paragraph(Words("it drops my tags", origin, MemberId("m-anna"))),))
    await office.add("a", SendDirect(SPACE, ANNA.account, Said(said), **reader))
    await office.round()
    (sent,) = office.chat.sent
    assert plain_text(sent.post) == reads


async def test_of_private_answers_nothing_is_kept(office: Office) -> None:
    await office.add("a", answer(office))
    await office.add("b", SendDirect(SPACE, AccountId("ben"), Said(plain("for ben"))))
    await office.add("c", say("for all"))
    await office.add("d", say("for all"))
    await office.round()
    await office.add("e", Edit(SPACE, ROOM, OutboxId("d"), Said(plain("changed"))))
    await office.round()
    texts = {name: row.text for name, row in (await office.rows()).items()}
    assert texts == {"a": "", "b": "", "c": "for all", "d": "changed", "e": None}


async def test_of_a_private_answer_that_was_found_nothing_is_kept(office: Office) -> None:
    office.chat.reply = _arrives_but_breaks(office.chat)
    await office.add("a", answer(office))
    await office.round()
    office.clock.advance(FIRST_PAUSE)
    await office.round()
    assert ((await office.row("a")).state, (await office.row("a")).text) == (SENT, "")


def _arrives_but_breaks(chat: MemoryChat):
    reply = chat.reply

    async def arrives_but_breaks(*what: object) -> None:
        await reply(*what)
        raise Uncertain("the connection broke")

    return arrives_but_breaks


# ---- what is too long for one message


def long_answer(office: Office, lasts: timedelta = timedelta(minutes=15)) -> Reply:
    text = Content(tuple(Paragraph(f"{number} " + "word " * 280) for number in range(5)))
    return replace(answer(office, lasts), matter=Said(text))


def numbers(office: Office) -> list[str]:
    """The paragraphs that were told, by their numbers, message by message."""
    return ["".join(plain_text(Content((b,)))[0] for b in sent.post.blocks) for sent in office.chat.sent]


async def test_an_answer_that_is_too_long_comes_in_several_messages_in_order(office: Office) -> None:
    await office.add("a", long_answer(office))
    await office.round()
    assert numbers(office) == ["01", "23", "4"]
    assert [sent.key for sent in office.chat.sent] == ["a-1", "a-2", "a"]
    assert (await office.row("a")).state is SENT


@pytest.mark.parametrize("lasts", [timedelta(minutes=15), timedelta()], ids=["answer", "direct message"])
async def test_a_death_in_the_middle_of_them_says_nothing_twice(office: Office, lasts: timedelta) -> None:
    name = "reply" if lasts else "send_direct"
    real, calls = getattr(office.chat, name), []

    async def breaks(*said: object) -> object:
        calls.append(said)
        if len(calls) == 2:
            raise Uncertain("the connection broke")
        return await real(*said)

    setattr(office.chat, name, breaks)
    await office.add("a", long_answer(office, lasts))
    await office.rounds(3)
    assert numbers(office) == ["01", "23", "4"]
    assert (await office.row("a")).state is SENT


async def test_once_the_last_of_them_stands_all_were_sent(office: Office) -> None:
    real = office.chat.reply

    async def arrives_but_breaks(*said: object) -> None:
        await real(*said)
        if said[-1] == "a":
            office.chat.reply = real
            raise Uncertain("the connection broke")

    office.chat.reply = arrives_but_breaks
    await office.add("a", long_answer(office))
    await office.rounds(3)
    assert numbers(office) == ["01", "23", "4"]
    assert (await office.row("a")).state is SENT
