"""Erasing a member: proven by a search of every table, and of the bytes of the database's files."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import select

from adapters.storage.database import Database
from adapters.storage.tables import metadata
from bot.ticker import Ticker
from dialogue.plain import plain_text
from knowledge_base.channels import Mode
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.unit.dialogue.closing import decided, offered
from tests.unit.dialogue.stage import ANNA, BEN, CARA, GENERAL, SAM, SECLUDED, Stage, person

DROPS = "The export drops my zirconium tags, this is broken"
ALSO = "The export drops my tags, this is broken for me too"
DINA = replace(person("U77"), name="Dina Quickfeather")
WORDS = ("zirconium", "Quickfeather", "gabbro", "feldspar", "sandstone", "moonstone")


async def in_tables(stage: Stage, words: Sequence[str]) -> list[str]:
    """Where in any table these words stand: columns."""
    found = []
    async with stage.storage.read() as uow:
        for table in metadata.sorted_tables:
            for row in await uow._transaction.rows(select(table)):
                values = zip(table.columns.keys(), row, strict=True)
                found += [f"{table.name}.{key}" for key, value in values if any(word in str(value) for word in words)]
    return found


async def in_files(stage: Stage, words: Sequence[str], url: str = "") -> set[str]:
    """Which of these words stand anywhere in the files of the database."""
    data = [Path(file).read_bytes() for file in Path(stage.storage.name).parent.glob("parley.db*")]
    if url.startswith("postgresql"):
        connection = await asyncpg.connect(url)
        # who runs the server does this, see docs/security.md
        await connection.execute("VACUUM FULL")
        data = [
            row["bytes"]
            for row in await connection.fetch(
                "SELECT pg_read_binary_file(pg_relation_filepath(oid)) AS bytes FROM pg_class"
                " WHERE relkind IN ('r', 'i', 't') AND relpersistence = 'p' AND NOT relisshared"
            )
        ]
        await connection.close()
    return {word for word in words if any(word.encode() in one for one in data)}


async def lives(stage: Stage) -> None:
    """Dina reports, asks, solves, whispers; a team, a digest, a note, an answer and a telling show what she said."""
    await stage.with_team()
    await stage.say(DINA, DROPS)
    await stage.say(DINA, "only between us, gabbro", SECLUDED)
    asked = await stage.say(CARA, "How do I export all my invoices to a csv file?")
    said = await stage.say(DINA, "use the feldspar menu, then Export", reply_to=asked)
    await stage.say(CARA, "that worked, thanks", reply_to=said)
    assert "approved" in await stage.command(SAM, "answer approve", {"answer": "1"})
    await stage.submit(SAM, stage.buttons()["note"], {"text": "sandstone said this on the phone, too"})
    async with stage.storage.read() as uow:
        due = await uow.schedules.next_due()
    stage.clock.move_to(due)
    await Ticker(stage.storage, stage.clock, timedelta(seconds=30)).run_once()
    await stage.happen()
    await stage.say(BEN, ALSO)
    await decided(stage)
    await stage.press(SAM, offered(stage)["tell_send"])
    await stage.command(DINA, "privacy show")
    await stage.say(DINA, "moonstone", direct_of(stage))


def direct_of(stage: Stage):
    return replace(SECLUDED, channel="dm-77", name="Dina Quickfeather", direct=True)


class Erased:
    """What holds on either database."""

    @pytest.fixture
    async def theatre(self, storage: Database) -> Stage:
        made = Stage(storage)
        await made.open_channel(GENERAL, Mode.ON_MENTION)
        await made.open_channel(SECLUDED, Mode.LISTENING)
        return made

    async def test_peers_24_what_a_member_erases_is_in_no_table_and_in_no_byte_of_the_files(
        self, theatre: Stage, url: str
    ) -> None:
        await lives(theatre)
        assert {place.split(".")[0] for place in await in_tables(theatre, WORDS)} >= {"messages", "insights", "outbox"}
        assert any("zirconium" in plain_text(card.post) for card in theatre.cards())

        assert await in_files(theatre, WORDS, url) == set(WORDS)

        assert "messages of yours are erased" in await theatre.command(DINA, "privacy erase")
        await theatre.storage.scrub()

        assert await in_tables(theatre, WORDS) == []
        assert not any(word in plain_text(card.post) for card in theatre.cards() for word in WORDS)
        assert await in_files(theatre, WORDS, url) == set()


class TestOnSqlite(OnSqlite, Erased):
    pass


class TestOnPostgresql(OnPostgresql, Erased):
    pass


async def test_peers_24_where_a_merged_insight_stays_it_is_called_by_words_of_another(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(DINA, DROPS)
    await stage.say(BEN, ALSO)

    await stage.command(DINA, "privacy erase")

    (left,) = await stage.open_insights()
    assert left.demand == 1
    assert "zirconium" not in left.title
    assert left.title in ALSO or "export" in left.title


async def test_peers_24_erased_while_its_card_is_being_sent_the_card_is_changed_right_after(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, "good morning")
    send = stage.chat.send

    async def erased_meanwhile(*what: object) -> object:
        stage.chat.send = send
        await stage.sink.accept([stage.invoked(DINA, "privacy erase")])
        while await stage.worker.run_once():
            pass
        return await send(*what)

    stage.chat.send = erased_meanwhile
    await stage.say(DINA, DROPS)

    assert "zirconium" not in stage.card()
    assert await in_tables(stage, WORDS) == []


async def test_peers_24_erased_before_its_card_is_sent_the_card_never_shows_it(stage: Stage) -> None:
    await stage.with_team()
    await stage.sink.accept([stage.posted(DINA, DROPS)])
    await stage.worker.run_once()
    await stage.sink.accept([stage.invoked(DINA, "privacy erase")])
    shown: list[str] = []
    send = stage.chat.send

    async def noted(space: object, channel: object, thread: object, post: object, key: object) -> object:
        shown.append(plain_text(post))
        return await send(space, channel, thread, post, key)

    stage.chat.send = noted
    await stage.happen()

    assert not any(word in text for text in shown for word in WORDS)
    assert await in_tables(stage, WORDS) == []


async def test_peers_12_a_deleted_message_is_in_no_byte_of_the_files_after_the_daily_look(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(DINA, DROPS)
    await stage.delete(said)
    assert b"zirconium" in Path(f"{stage.storage.name}-wal").read_bytes()

    await Ticker(stage.storage, stage.clock, timedelta(seconds=30)).run_once()

    assert await in_files(stage, ["zirconium"]) == set()


async def test_what_stays_of_an_erased_member_is_account_role_and_choices(stage: Stage) -> None:
    await stage.say(DINA, DROPS)
    await stage.command(DINA, "privacy stop")
    await stage.command(DINA, "privacy erase")

    with closing(sqlite3.connect(stage.storage.name)) as database:
        (member,) = database.execute("SELECT member FROM accounts WHERE account = ?", (DINA.account,)).fetchone()
        row = database.execute("SELECT name, recording FROM members WHERE member = ?", (member,)).fetchone()
    assert row == ("", "stopped")
