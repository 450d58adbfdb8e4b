"""A post under one that may not be sent yet: it waits, goes into its thread once, and not at all without it."""

import pytest

from bot.relay import LEASE
from dialogue.actions import AudienceUnchanged, OutboxId, Post, Said
from dialogue.errors import Rejected, Unavailable, Uncertain
from dialogue.posts import plain
from dialogue.rows import OutboxState
from knowledge_base.channels import Audience, Shared
from tests.stage import SPACE
from tests.unit.bot.office import ROOM, SECOND, Moody, Office

SENT, OPEN, DROPPED, DEAD = OutboxState.SENT, OutboxState.OPEN, OutboxState.DROPPED, OutboxState.DEAD
BROKE = Uncertain("the connection broke")


def under(post: str) -> Post:
    return Post(SPACE, ROOM, Said(plain("more")), under=OutboxId(post))


@pytest.fixture
async def two(office: Office) -> Office:
    """A post, and one under it."""
    await office.add("a")
    await office.add("b", under("a"))
    return office


def threads(chat: Moody) -> list[tuple[str, str | None]]:
    """What stands in the chat, and in the thread of what."""
    names = {sent.ref.message: sent.key for sent in chat.sent}
    return [(sent.key, names[sent.thread] if sent.thread else None) for sent in chat.sent]


async def test_it_goes_into_the_thread_of_what_is_sent_in_the_same_hour(two: Office) -> None:
    await two.rounds()
    assert threads(two.chat) == [("a", None), ("b", "a")]
    assert {name: row.state for name, row in (await two.rows()).items()} == {"a": SENT, "b": SENT}


async def test_it_waits_while_the_other_cannot_be_sent(two: Office) -> None:
    two.chat.before.extend([Unavailable("down"), Unavailable("down")])
    await two.round()
    await two.round()
    assert (threads(two.chat), (await two.row("b")).state) == ([], OPEN)
    await two.rounds()
    assert (two.chat.asked, threads(two.chat)) == (["a", "a", "a", "b"], [("a", None), ("b", "a")])


async def test_after_a_restart_between_the_two_it_still_finds_its_thread(two: Office) -> None:
    await two.relay.run_once()
    two.relay = two.another()  # the first died before it could write that the post is sent
    assert (await two.row("a")).state is OPEN
    two.clock.advance(LEASE + SECOND)
    await two.rounds()
    assert (two.chat.asked, threads(two.chat)) == (["a", "b"], [("a", None), ("b", "a")])


async def test_what_may_have_been_sent_into_the_thread_is_found_and_not_sent_again(two: Office) -> None:
    two.chat.after.extend([None, BROKE])
    await two.rounds()
    assert (two.chat.asked, threads(two.chat)) == (["a", "b"], [("a", None), ("b", "a")])
    assert (await two.row("b")).state is SENT


async def test_it_is_dropped_where_the_other_is_refused_and_the_line_goes_on(two: Office) -> None:
    two.chat.before.append(Rejected("the channel is gone"))
    await two.add("c")
    await two.rounds()
    assert {name: row.state for name, row in (await two.rows()).items()} == {"a": DEAD, "b": DROPPED, "c": SENT}
    assert threads(two.chat) == [("c", None)]


async def test_it_is_dropped_where_the_other_is_not_wanted_any_more(office: Office) -> None:
    await office.add("a", preconditions=(AudienceUnchanged(SPACE, ROOM, Audience.INTERNAL),))
    await office.add("b", under("a"))
    await office.see(Audience.INTERNAL, Shared.YES)
    await office.rounds()
    assert {row.state for row in (await office.rows()).values()} == {DROPPED}
    assert office.chat.asked == []
