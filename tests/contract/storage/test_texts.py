"""Any text in any field is stored and comes back as people see it.

What no database can store (NUL, half a surrogate pair) comes back as U+FFFD; everything else as it was.
"""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.storage.columns import storable
from adapters.storage.database import Database
from dialogue.actions import Asked, CardOf, Edit, OutboxId, Outgoing, Post, Said, StillConsents
from dialogue.events import Actor, Attachment, MessagePosted, Place
from dialogue.posts import Button, Buttons, Fact, Facts, Heading, Paragraph, Quote, Words
from dialogue.posts import Post as Content
from knowledge_base.channels import Audience, Origin, Shared
from knowledge_base.conditions import Conditions
from knowledge_base.ids import AccountId, ChannelId, InsightId, MemberId, PlatformMessageId, RouteId, TeamId
from knowledge_base.insights import Status, StatusChange
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.teams import Route, Tag, Team
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import ACME, ANNA, GUILD, HELP, NOW, commanded, found, insight, message, new, sent

NASTY = [
    "",
    "\x00",
    "before\x00after",
    "half \ud83d a pair \udc00",
    r"a real backslash: \u0000 and \x00",
    "'; DROP TABLE messages; --",
    "\u202eright to left\u202c مرحبا שלום",
    "👩‍👩‍👧‍👦 🏳️‍🌈 ﷽",
    "<script>alert(1)</script> @everyone <!channel> {} %s :name $1 ?",
    '"quotes" \\ \r\n\t\x1b[31m \u2028',
    "x" * 40_000,
    "\x00é" * 20_000,
]
ANY_TEXT = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=()), max_size=200))
NAME = st.text(st.characters(exclude_categories=()), min_size=1, max_size=50)

# Nothing is committed, so one database serves all examples; and each database finds its own failing ones.
tried = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def plain(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


@given(ANY_TEXT)
def test_only_what_cannot_be_stored_is_replaced(text: str) -> None:
    stored = storable(text)
    assert len(stored) == len(text)
    assert all(now == was or (now == "\ufffd" and not plain(was)) for now, was in zip(stored, text, strict=True))
    assert plain(stored)


class TextsContract:
    @pytest.fixture(autouse=True)
    async def _found(self, storage: Database) -> None:
        await found(storage)

    @tried
    @given(ANY_TEXT, ANY_TEXT)
    async def test_messages(self, storage: Database, text: str, name: str) -> None:
        said = message("1", text=text, author_name=name, link=text, version=name, reasons=(text, name))
        async with storage.begin() as uow:
            await uow.messages.add([said])
            shown, called = storable(text), storable(name)
            assert await uow.messages.get(ACME, said.id) == replace(
                said, text=shown, author_name=called, link=shown, version=called, reasons=(shown, called)
            )

    @tried
    @given(NAME)
    async def test_names_that_things_are_found_by(self, storage: Database, name: str) -> None:
        async with storage.begin() as uow:
            place = Place(GUILD, ChannelId(name), name, Audience.PUBLIC)
            event = MessagePosted(
                place, Actor(AccountId(name), name, Role.CUSTOMER), PlatformMessageId(name), name, NOW
            )
            assert await uow.inbox.insert([new(event), new(event)], NOW) == [True, False]
            assert await uow.inbox.insert([new(event)], NOW) == [False]
            (row,) = await uow.inbox.take(1, NOW)
            assert row.event.place.channel == storable(name)
            assert await uow.inbox.busy(place.lane)
            await uow.channels.see(ACME, GUILD, ChannelId(name), name, Audience.PUBLIC, Shared.NO)
            seen = await uow.channels.see(ACME, GUILD, ChannelId(name), name, Audience.PUBLIC, Shared.NO)
            assert (seen.id, seen.name) == (storable(name), storable(name))
            for _ in range(2):
                member = await uow.members.see(ACME, GUILD, AccountId(name), name, Role.STAFF, MemberId(name))
            assert member.name == storable(name)
            assert await uow.members.unkept(GUILD, [AccountId(name)]) == {}
            await uow.teams.put_tag(Tag(ACME, name, name))
            assert await uow.teams.tags(ACME) == [Tag(ACME, storable(name), storable(name))]

    @tried
    @given(ANY_TEXT)
    async def test_what_people_write_about_insights(self, storage: Database, text: str) -> None:
        shown = storable(text)
        async with storage.begin() as uow:
            added = await uow.insights.add(insight("i", title=text, reason=text, tags=(text, "bug")))
            wanted = replace(added, title=shown, reason=shown, tags=(shown, "bug"))
            assert await uow.insights.get(ACME, InsightId("i")) == wanted
            change = StatusChange(InsightId("i"), Status.DECLINED, MemberId("m-anna"), NOW, text)
            await uow.insights.record(change, ACME)
            assert await uow.insights.history(ACME, InsightId("i")) == [replace(change, reason=shown)]
            await uow.teams.put_team(Team(TeamId("t"), ACME, text, GUILD, HELP))
            assert (await uow.teams.teams(ACME))[0].name == shown
            conditions = Conditions(words=frozenset({text}), tags=frozenset({text}), kinds=frozenset({Kind.PRAISE}))
            await uow.teams.add_route(Route(RouteId("r"), ACME, 0, TeamId("t"), conditions))
            (route,) = await uow.teams.routes(ACME)
            assert route.conditions == replace(conditions, words=frozenset({shown}), tags=frozenset({shown}))

    @tried
    @given(ANY_TEXT, NAME)
    async def test_what_waits_in_the_inbox(self, storage: Database, text: str, name: str) -> None:
        posted = MessagePosted(
            Place(GUILD, HELP, name, Audience.PUBLIC),
            Actor(ANNA.account, name, Role.CUSTOMER),
            PlatformMessageId("1"),
            text,
            NOW,
            attachments=(Attachment(name, "image/png"),),
        )
        given_ = replace(commanded("c"), options={name: text})
        async with storage.begin() as uow:
            await uow.inbox.insert([new(posted), new(given_)], NOW)
            said, command = await uow.inbox.take(10, NOW)
            assert command.event == replace(given_, options={storable(name): storable(text)})
            called = storable(name)
            assert said.event == replace(
                posted,
                text=storable(text),
                place=replace(posted.place, name=called),
                actor=replace(posted.actor, name=called),
                attachments=(Attachment(called, "image/png"),),
            )
            await uow.inbox.fail(said.seq, text, NOW, None)
            assert [error for _, error in await uow.inbox.dead()] == [storable(text)]

    @tried
    @given(ANY_TEXT)
    async def test_what_waits_in_the_outbox(self, storage: Database, text: str) -> None:
        def outgoing(text: str) -> Outgoing:
            words = Words(text, Origin(ACME, GUILD, HELP, Audience.PUBLIC), MemberId("m-anna"), private_allowed=True)
            blocks = (
                Heading(text),
                Heading(words),
                Paragraph(text),
                Quote(words, text, text),
                Facts((Fact(text, words), Fact(text, text))),
                Buttons((Button(text, "ack:1:1"),)),
            )
            post = Post(GUILD, HELP, Said(Content(blocks)))
            return Outgoing(post, (StillConsents(MemberId("m-anna")),), Asked.YES, waits_for=None)

        async with storage.begin() as uow:
            await uow.outbox.add(ACME, outgoing(text), text, OutboxId("a"), NOW)
            edit = Outgoing(Edit(GUILD, HELP, OutboxId("a"), CardOf(InsightId("i"))))
            await uow.outbox.add(ACME, edit, "cause", OutboxId("b"), NOW)
            (row,) = await uow.outbox.claim(NOW, NOW - NOW, 10)
            assert (row.outgoing, row.cause) == (outgoing(storable(text)), storable(text))
            await sent(uow, row.token, None, text, NOW)


class TestTextsOnSqlite(OnSqlite, TextsContract):
    pass


class TestTextsOnPostgresql(OnPostgresql, TextsContract):
    pass
