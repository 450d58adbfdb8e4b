"""What was taken back, stays inside or is secret: it is nowhere else either."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bot.ticker import Ticker
from dialogue.events import CommandInvoked, MessageEdited, Place
from dialogue.plain import plain_text
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.ids import ChannelId
from tests.unit.dialogue.mondays import digests_due
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, PRODUCT, SAM, SPACE, Stage

DROPS = "The export drops my tags, this is broken"


def left(file: Path, words: str) -> Iterator[str]:
    """Where in the database these words still stand."""
    with closing(sqlite3.connect(file)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = database.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                yield from (
                    f"{table}.{c}" for c, v in zip(columns, row, strict=True) if isinstance(v, str) and words in v
                )


async def digest(stage: Stage) -> None:
    async with stage.storage.read() as uow:
        (due,) = await digests_due(uow)
    stage.clock.move_to(due.due_at)
    await Ticker(stage.storage, stage.clock, timedelta(seconds=30)).run_once()
    await stage.happen()


async def test_peers_24_what_a_member_deletes_is_nowhere_in_the_database(stage: Stage, tmp_path: Path) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.command(ANNA, "privacy show")
    await stage.command(SAM, "insight show", {"insight": "1"})

    await stage.command(ANNA, "privacy erase")

    assert [*left(tmp_path / "parley.db", "drops my tags")] == []


async def test_peers_24_what_a_member_deletes_leaves_digests(stage: Stage, tmp_path: Path) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await digest(stage)

    await stage.command(ANNA, "privacy erase")

    assert not any("drops my tags" in plain_text(sent.post) for sent in stage.cards())
    assert [*left(tmp_path / "parley.db", "drops my tags")] == []


async def test_a_digest_shown_anew_tells_what_it_told_but_for_what_was_taken_back(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)
    await stage.say(BEN, "The search crashes with an error all the time")
    await digest(stage)
    told = plain_text(stage.cards()[-1].post)
    await digest(stage)
    await stage.say(BEN, DROPS)
    await stage.say(BEN, "I wish there was a dark mode, please add one")
    before = [plain_text(sent.post) for sent in stage.cards() if "This week" in plain_text(sent.post)]

    await stage.delete(said)

    after = [plain_text(sent.post) for sent in stage.cards() if "This week" in plain_text(sent.post)]
    assert before[0] == told
    assert "dark mode" not in str(after)
    assert DROPS not in after[0]
    assert all("The search crashes" in post for post in after)


async def test_deleting_reaches_what_was_said_before_it_and_still_waits(stage: Stage) -> None:
    await stage.say(ANNA, "good morning")
    said = stage.posted(ANNA, DROPS)
    asked = CommandInvoked(GENERAL, ANNA, "i", "privacy", "erase", {}, stage._handle(), stage.clock.now())

    await stage.happen(said, asked)

    kept = await stage.message(said.message)
    assert kept is None or kept.deleted


async def test_deleting_reaches_dead_rows(stage: Stage, tmp_path: Path) -> None:
    await stage.say(ANNA, "good morning")
    await stage.sink.accept([stage.posted(ANNA, DROPS)])
    async with stage.storage.begin() as uow:
        (row,) = await uow.inbox.take(1, stage.clock.now())
        await uow.inbox.fail(row.seq, "broken", stage.clock.now(), None)
        await uow.commit()
    asked = CommandInvoked(GENERAL, ANNA, "i", "privacy", "erase", {}, stage._handle(), stage.clock.now())
    await stage.sink.accept([asked])
    while await stage.worker.run_once() + await stage.relay.run_once():
        pass

    assert [*left(tmp_path / "parley.db", "drops my tags")] == []


async def test_staff_tag_what_was_said_a_moment_ago(stage: Stage) -> None:
    said = stage.posted(ANNA, "we always paste the rows by hand afterwards")
    asked = CommandInvoked(GENERAL, SAM, "i", "tag", "add", {}, stage._handle(), stage.clock.now(), said.message)

    await stage.happen(said, asked)

    assert await stage.insight_of(said.message)


async def test_a_secret_whose_name_stands_in_the_line_before_is_masked_in_the_title_too(stage: Stage) -> None:
    await stage.with_team()

    await stage.say(ANNA, "The login is broken, it crashes with an error on my password:\nTr0ub4dor&3x is what I typed")

    assert "Tr0ub4dor" not in stage.card()


async def test_no_piece_of_a_card_number_stands_in_a_title(stage: Stage) -> None:
    await stage.with_team()

    await stage.say(
        ANNA,
        "The checkout crashes with an error on the very last page of it, I pay with 4111 1111 1111 1111 every time",
    )

    assert "4111" not in stage.card()


async def test_peers_13_what_staff_wrote_leaves_a_card_that_outsiders_read_now(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight decline", {"insight": "1", "reason": "Legal forbids it, case 77"})
    await stage.open_channel(PRODUCT, Mode.OFF, Shared.YES)

    await stage.say(BEN, DROPS)

    assert "case 77" not in stage.card()
    assert "Sam" not in stage.card()
    assert stage.buttons() == {}


async def test_words_leave_the_cards_when_their_channel_becomes_private(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)

    await stage.command(ADA, "channel audience", {"audience": "private"})

    assert "drops my tags" not in stage.card()


async def test_a_channel_that_an_admin_calls_private_is_off_unless_somebody_says_otherwise(stage: Stage) -> None:
    lounge = Place(SPACE, ChannelId("lounge"), "lounge", Audience.PUBLIC)
    await stage.say(ANNA, "good morning", place=lounge)

    assert "(off)" in await stage.command(ADA, "channel audience", {"audience": "private"}, place=lounge)
    assert await stage.message(await stage.say(ANNA, "between us", place=lounge), lounge) is None


async def test_a_form_without_a_reason_declines_nothing(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)

    await stage.submit(SAM, stage.buttons()["decline"], {"reason": "  "})

    assert "declined" not in stage.card()


async def test_a_card_that_could_not_go_goes_with_the_next_voice(stage: Stage) -> None:
    await stage.with_team()
    await stage.sink.accept([stage.posted(ANNA, DROPS)])
    await stage.worker.run_once()
    await stage.open_channel(PRODUCT, Mode.OFF, Shared.UNKNOWN)
    await stage.relay.run_once()
    await stage.relay.run_once()
    await stage.open_channel(PRODUCT, Mode.OFF, Shared.NO)

    await stage.say(BEN, DROPS)

    assert len(stage.cards()) == 1


async def test_peers_12_an_earlier_edit_that_comes_late_changes_nothing(stage: Stage) -> None:
    said = await stage.say(ANNA, "one two three")
    now = stage.clock.now()
    await stage.happen(MessageEdited(GENERAL, ANNA, said, "the third", "3", now))
    await stage.happen(MessageEdited(GENERAL, ANNA, said, "the second", "2", now - timedelta(seconds=9)))

    assert (await stage.message(said)).text == "the third"


async def test_peers_21_after_downtime_a_digest_tells_everything_new_since_the_last_one(stage: Stage) -> None:
    await stage.with_team()
    await digest(stage)
    await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight plan", {"insight": "1"})
    before = len(stage.cards())
    stage.clock.advance(timedelta(days=16))
    await Ticker(stage.storage, stage.clock, timedelta(seconds=30)).run_once()
    await stage.happen()

    assert any("drops my tags" in plain_text(sent.post) for sent in stage.cards()[before:])


async def test_what_is_closed_can_be_found_to_be_reopened(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight decline", {"insight": "1", "reason": "too rare"})
    await stage.say(BEN, "I wish there was a dark mode, please add one")
    await stage.say(CARA, "The search crashes with an error all the time")
    await stage.command(SAM, "insight dismiss", {"insight": "3"})
    await stage.command(CARA, "privacy erase")

    found = await stage.interactions.complete(SPACE, SAM, "insight", "reopen", "insight", "")

    assert [choice.value for choice in found] == ["1"]


async def test_who_presses_what_nobody_knows_is_told(stage: Stage) -> None:
    assert await stage.press(SAM, "launch:insight:0")
    assert await stage.command(SAM, "weather show")
