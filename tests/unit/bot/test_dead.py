"""An operator is told what was given up, since when and why; nothing where nothing was."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.doctor import Finding, _dead
from bot.settings import Settings
from dialogue.actions import OutboxId, Outgoing, Post, Said
from dialogue.events import MessagePosted, dedupe_key, lane_of
from dialogue.posts import plain
from dialogue.rows import NewEvent, OutboxState
from knowledge_base.ids import CommunityId, PlatformMessageId
from tests.stage import ANNA, HELP, MONDAY, SPACE

ACME = CommunityId("acme")
HOUR = timedelta(hours=1)


async def findings(url: str) -> list[Finding]:
    return [*await _dead(Settings(database={"url": url}))]


async def test_dead_rows_of_both_boxes_are_told(database, sqlite_url: str):
    async with database.begin() as uow:
        await uow.communities.found(ACME, SPACE, "acme", MONDAY)
        for hours in (2, 1, 0):
            event = MessagePosted(HELP, ANNA, PlatformMessageId(f"m{hours}"), "my password is hunter2", MONDAY)
            await uow.inbox.insert([NewEvent(ACME, lane_of(event), dedupe_key(event), event)], MONDAY + hours * HOUR)
        for row in [*await uow.inbox.take(9, MONDAY)][:2]:
            await uow.inbox.fail(row.seq, "ValueError at judge.py:7", MONDAY, None)
        post = Outgoing(Post(SPACE, HELP.channel, Said(plain("my password is hunter2"))))
        await uow.outbox.add(ACME, post, "cause", OutboxId("o"), MONDAY + 5 * HOUR)
        (claimed,) = await uow.outbox.claim(MONDAY + 6 * HOUR, HOUR, 9)
        await uow.outbox.end(claimed.token, OutboxState.DEAD, "unknown channel")
        await uow.commit()
    (found,) = await findings(sqlite_url)
    assert not found.well
    assert found.said == (
        "given up: 2 in the inbox since 2026-03-02 11:00 UTC (ValueError at judge.py:7); "
        "1 in the outbox since 2026-03-02 15:00 UTC (unknown channel)"
    )
    assert "row_failed" in found.remedy
    assert "not_sent" in found.remedy


@pytest.mark.usefixtures("database")
async def test_nothing_is_told_where_nothing_is_dead(sqlite_url: str):
    assert await findings(sqlite_url) == []


async def test_nothing_is_told_of_a_database_that_cannot_be_looked_into(tmp_path: Path):
    (tmp_path / "x.db").write_text("remember the milk\n" * 99)
    assert await findings(f"sqlite:///{tmp_path / 'none.db'}") == []
    assert await findings(f"sqlite:///{tmp_path / 'x.db'}") == []
