"""Each team is told at its times, of everything once, ranked, in its language; late ones say so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from dialogue.actions import DigestOf, Occasion
from dialogue.digests.composing import compose_digest
from dialogue.events import MessageDeleted, TimerFired
from dialogue.fence import Private
from dialogue.plain import plain_text
from dialogue.schedules import next_due
from knowledge_base.channels import Mode, Shared
from knowledge_base.holdings import Because, Holding
from knowledge_base.ids import RouteId
from knowledge_base.members import Role
from tests.unit.dialogue.stage import (
    ADA,
    ANNA,
    BEN,
    CARA,
    GENERAL,
    PRODUCT,
    SAM,
    SECLUDED,
    SPACE,
    TEXTS,
    Stage,
)

DROPS = "The export drops my tags, this is broken"
DARK = "I wish there was a dark mode, please add one"
SLOW = "The search crashes with an error all the time"
HOW = "How do I invite a colleague to my workspace?"
GREAT = "Great work, love it"
WEEK = timedelta(days=7)
RANKED = TEXTS.say("digest.ranking")


async def tick(stage: Stage, late: timedelta = timedelta()) -> TimerFired:
    """Move to the next occasion, or beyond it; the timer that fires."""
    async with stage.storage.begin() as uow:
        stage.clock.move_to(max(await uow.schedules.next_due() + late, stage.clock.now()))
        (schedule,) = await uow.schedules.due(stage.clock.now())
        again = next_due(schedule.rule, schedule.zone, stage.clock.now())
        await uow.schedules.put(replace(schedule, due_at=again))
        await uow.commit()
    return TimerFired(schedule.space, schedule.name, schedule.due_at.isoformat(), stage.clock.now())


async def monday(stage: Stage, late: timedelta = timedelta()) -> list[str]:
    """The next occasion comes, or is noticed that late; what was posted."""
    before = len(stage.cards())
    fired = await tick(stage, late)
    await stage.happen(fired, fired)
    return [plain_text(sent.post) for sent in stage.cards()[before:]]


def part(digest: str, heading: str) -> Sequence[str]:
    """The lines of one part of a digest."""
    lines = digest.splitlines()
    (begin,) = [number for number, line in enumerate(lines) if line.startswith(heading) and line.endswith(":")]
    rest = lines[begin + 1 :]
    return rest[: next((n for n, line in enumerate(rest) if line.endswith(":") or line == RANKED), len(rest))]


async def test_a_team_hears_on_monday_at_nine_what_is_new_what_grew_and_what_waits(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.say(ANNA, SLOW)

    (first,) = await monday(stage)
    assert stage.clock.now() == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert first.startswith("This week for Product\nNew:\n")
    assert f"Problem #1, 1 person: {DROPS}" in first
    assert first.endswith(f"\n{RANKED}")

    stage.clock.advance(timedelta(hours=1))
    await stage.say(BEN, DROPS)
    await stage.say(BEN, DARK)
    (second,) = await monday(stage)
    assert part(second, "New") == [f"Request #3, 1 person: {DARK}"]
    assert part(second, "Said again") == [f"Problem #1, 2 people, 1 more: {DROPS}"]
    assert part(second, "Waiting longest") == [f"Problem #2, 1 person, for 13 days: {SLOW}"]
    assert second.count(DROPS) == 1


async def test_peers_21_each_week_tells_what_is_new_since_the_last_one_and_nothing_twice_also_after_three_weeks_down(
    stage: Stage,
) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    (first,) = await monday(stage)
    assert "late" not in first

    stage.clock.advance(timedelta(days=1))
    await stage.say(ANNA, DARK)
    (late,) = await monday(stage, late=3 * WEEK + timedelta(days=2))
    assert late.startswith("News for Product since 2026-03-09\nThis digest comes late: it was due on 2026-03-16 09:00.")
    assert part(late, "New") == [f"Request #2, 1 person: {DARK}"]

    await stage.say(BEN, SLOW)
    (next_one,) = await monday(stage)
    assert stage.clock.now() == datetime(2026, 4, 13, 9, tzinfo=UTC)
    assert part(next_one, "New") == [f"Problem #3, 1 person: {SLOW}"]
    assert "late" not in next_one


async def test_peers_21_what_is_read_only_after_a_digest_is_new_in_the_next_however_long_ago_it_was_said(
    stage: Stage,
) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    missed = stage.posted(BEN, DROPS)
    never_seen = stage.posted(BEN, DARK)
    await monday(stage)
    await stage.happen(replace(missed, live=False), replace(never_seen, live=False))

    (digest,) = await monday(stage)
    assert part(digest, "New") == [f"Request #2, 1 person: {DARK}"]
    assert part(digest, "Said again") == [f"Problem #1, 2 people, 1 more: {DROPS}"]


async def test_peers_21_one_occasion_sends_one_digest_and_nothing_new_sends_none(stage: Stage) -> None:
    await stage.with_team()

    assert await monday(stage) == []

    await stage.say(ANNA, DROPS)
    assert len(await monday(stage)) == 1
    assert await monday(stage) == []  # it only waits


async def test_peers_21_an_occasion_that_comes_again_under_another_key_is_told_of_once(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    fired = await tick(stage)
    await stage.happen(fired)
    await stage.say(ANNA, DARK)
    before = len(stage.cards())

    await stage.happen(replace(fired, window="2026-03-09T10:00:00+01:00", at=stage.clock.now()))

    assert len(stage.cards()) == before


async def test_what_shipped_is_told_once_as_that_and_stays_in_that_digest(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)
    await stage.say(ANNA, SLOW)
    await monday(stage)
    await stage.command(SAM, "insight plan", {"insight": "1"})
    await stage.command(SAM, "insight ship", {"insight": "1"})

    (digest,) = await monday(stage)
    assert part(digest, "Shipped") == [f"Problem #1, 1 person: {DROPS}"]
    assert await monday(stage) == []

    await stage.command(SAM, "insight reopen", {"insight": "1"})
    await stage.delete(await stage.say(BEN, DROPS))
    shown = [plain_text(sent.post) for sent in stage.cards()]
    assert [part(digest, "Shipped") for digest in shown if "Shipped:" in digest] == [[f"Problem #1, 1 person: {DROPS}"]]
    await stage.delete(said)
    assert DROPS not in "\n".join(plain_text(post.post) for post in stage.cards())


async def test_open_questions_and_public_praise_have_parts_of_their_own(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, HOW)
    await stage.say(BEN, GREAT)
    await stage.say(CARA, "Your support is wonderful, thank you so much", SECLUDED)

    (digest,) = await monday(stage)
    assert part(digest, "Questions") == [f"Question #1, 1 person, for 6 days: {HOW}"]
    assert part(digest, "Praise") == [f"Praise #2, 1 person: {GREAT}"]
    (private,) = part(digest, "New")
    assert private.startswith("Praise #3, 1 person: ")
    assert "wonderful" not in digest


async def test_what_is_held_back_for_a_team_is_in_its_digest(stage: Stage) -> None:
    await stage.with_team(kind="request")
    await stage.say(ANNA, SLOW)
    held = (await stage.open_insights())[0]
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        (team,) = await uow.teams.teams(community)
        holding = Holding(community, held.id, team.id, RouteId("r"), Because.DIGEST, stage.clock.now())
        await uow.holdings.add(holding)
        await uow.commit()

    (digest,) = await monday(stage)
    assert part(digest, "New") == [f"Problem #1, 1 person: {SLOW}"]


async def test_a_team_whose_channel_outsiders_read_gets_no_digest_and_hears_it_all_once_they_are_gone(
    stage: Stage,
) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.open_channel(PRODUCT, Mode.OFF, Shared.YES)

    assert await monday(stage) == []

    await stage.open_channel(PRODUCT, Mode.OFF, Shared.NO)
    (digest,) = await monday(stage)
    assert part(digest, "New") == [f"Problem #1, 1 person: {DROPS}"]


async def test_peers_24_what_is_taken_back_before_a_digest_leaves_is_not_in_it(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, SLOW)
    said = await stage.say(BEN, DROPS)
    for event in (await tick(stage), MessageDeleted(GENERAL, said, stage.clock.now())):
        await stage.sink.accept([event])
        await stage.worker.run_once()

    await stage.relay.run_once()

    (*_, digest) = [plain_text(sent.post) for sent in stage.cards()]
    assert (digest.startswith("This week"), SLOW in digest, DROPS in digest) == (True, True, False)


async def test_the_timer_of_a_team_that_is_gone_does_nothing(stage: Stage) -> None:
    await stage.happen(TimerFired(SPACE, "digest:nobody", "w", stage.clock.now()))

    assert stage.chat.sent == []


# ---- what a team chooses


async def test_a_digest_comes_when_the_team_chose_and_a_team_that_moves_keeps_its_choice(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.command(
        ADA, "digest set", {"team": "product", "schedule": "30 8 * * 1-5", "zone": "Europe/Berlin"}
    )
    assert said == "The digest of Product falls due next on 2026-03-03 08:30 (Europe/Berlin)."
    await stage.command(ADA, "team add", {"name": "Product", "channel": "product"})
    await stage.say(ANNA, DROPS)

    (first,) = await monday(stage)
    assert stage.clock.now() == datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
    assert part(first, "New") == [f"Problem #1, 1 person: {DROPS}"]
    await stage.say(ANNA, DARK)
    (second,) = await monday(stage)
    assert second.startswith("News for Product since 2026-03-03\nNew:\n")
    assert part(second, "New") == [f"Request #2, 1 person: {DARK}"]


async def test_an_occasion_that_is_due_already_is_not_lost_by_choosing_another_time(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    async with stage.storage.read() as uow:
        due = await uow.schedules.next_due()
    stage.clock.move_to(due + timedelta(minutes=1))
    await stage.command(ADA, "digest set", {"team": "product", "schedule": "0 9 * * fri"})

    async with stage.storage.read() as uow:
        assert await uow.schedules.next_due() == due


async def test_length_and_contents_are_the_teams_and_what_is_left_out_counts_as_told(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "digest set", {"team": "product", "length": "1", "contents": "new, shipped"})
    for said in (DROPS, SLOW):
        await stage.say(ANNA, said)
    await stage.say(BEN, SLOW)

    (digest,) = await monday(stage)
    assert part(digest, "New, 1 of 2") == [f"Problem #2, 2 people: {SLOW}"]
    await stage.say(BEN, DROPS)
    assert await monday(stage) == []  # that grew is not wanted

    await stage.command(ADA, "digest set", {"team": "product", "contents": "grown, waiting, new"})
    await stage.say(CARA, SLOW)
    (later,) = await monday(stage)
    assert part(later, "Said again") == [f"Problem #2, 3 people, 1 more: {SLOW}"]
    assert part(later, "Waiting") == [f"Problem #1, 2 people, for 20 days: {DROPS}"]
    assert "New" not in later


async def test_a_digest_speaks_the_teams_language(stage: Stage) -> None:
    await stage.with_team()
    await stage.command(ADA, "digest set", {"team": "product", "language": "de"})
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS)

    (digest,) = await monday(stage)
    assert digest.startswith(f"Diese Woche für Product\nNeu:\nProblem #1, 2 Menschen: {DROPS}\n")


async def test_a_paused_digest_comes_again_with_all_that_was_new_meanwhile(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    fired = await tick(stage)
    await stage.command(ADA, "digest pause", {"team": "product"})
    before = len(stage.cards())
    await stage.happen(fired)
    assert len(stage.cards()) == before
    async with stage.storage.read() as uow:
        assert await uow.schedules.next_due() is None
    assert "paused" in await stage.command(SAM, "digest show")
    assert "Kept." in await stage.command(ADA, "digest set", {"team": "product", "length": "3"})

    stage.clock.advance(2 * WEEK)
    said = await stage.command(ADA, "digest resume", {"team": "product"})
    assert said == "The digest of Product comes again, next on 2026-03-30 09:00 (UTC)."
    (digest,) = await monday(stage)
    assert part(digest, "New") == [f"Problem #1, 1 person: {DROPS}"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"zone": "Mars/Olympus"}, "There is no time zone Mars/Olympus."),
        ({"schedule": "every monday"}, "“every monday” is no schedule."),
        ({"schedule": "0 * * * *"}, "“0 * * * *” is no schedule."),
        ({"schedule": "0 9 31 2 *"}, "“0 9 31 2 *” is no schedule."),
        ({"schedule": "0 25 * * mon"}, "“0 25 * * mon” is no schedule."),
        ({"length": "0"}, "The length is a number from 1 to 20."),
        ({"length": "21"}, "The length is a number from 1 to 20."),
        ({"length": "many"}, "The length is a number from 1 to 20."),
        ({"contents": "new, gossip"}, "Name what is to be told, with commas between: new, grown,"),
        ({"contents": "picture"}, "Name what is to be told"),
        ({"language": "xx"}, "language must be one of: en, de."),
    ],
)
async def test_what_cannot_be_chosen_is_said_and_nothing_changes(
    stage: Stage, options: dict[str, str], said: str
) -> None:
    await stage.with_team()
    before = await stage.command(SAM, "digest show")
    assert said in await stage.command(ADA, "digest set", {"team": "product", "length": "9"} | options)
    assert await stage.command(SAM, "digest show") == before


async def test_all_digests_are_shown_with_what_was_chosen(stage: Stage) -> None:
    assert "There are no teams yet" in await stage.command(SAM, "digest show")
    await stage.with_team()
    assert await stage.command(SAM, "digest show") == (
        "Digests:\nProduct: 0 9 * * mon in UTC, in en, up to 5 a part:"
        " new, grown, questions, waiting, shipped, praise, picture"
    )


# ---- now, and as it would be


async def test_a_preview_shows_the_next_digest_to_one_of_staff_alone_and_uses_nothing_up(stage: Stage) -> None:
    await stage.with_team()
    assert await stage.command(SAM, "digest preview", {"team": "product"}) == "There is nothing new for Product."
    await stage.say(ANNA, DROPS)
    await stage.say(ANNA, "My invoice is wrong, this is broken", SECLUDED)
    before = len(stage.cards())

    seen = await stage.command(SAM, "digest preview", {"team": "product"})
    assert part(seen, "New")[1].endswith(DROPS)
    assert "invoice" not in seen
    assert len(stage.cards()) == before
    assert "Only staff" in await stage.command(ANNA, "digest preview", {"team": "product"})

    (digest,) = await monday(stage)
    assert part(digest, "New") == part(seen, "New")
    assert await stage.command(SAM, "digest preview", {"team": "product"}) == "There is nothing new for Product."
    await stage.command(SAM, "insight ship", {"insight": "1"})
    assert part(await stage.command(SAM, "digest preview", {"team": "product"}), "Shipped")[0].endswith(DROPS)


async def test_the_words_of_a_preview_are_kept_nowhere(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)
    await stage.command(SAM, "digest preview", {"team": "product"})
    await stage.delete(said)
    async with stage.storage.read() as uow:
        rows = await uow._transaction.rows(text("SELECT * FROM outbox"))
    assert not any(DROPS in str(row) for row in rows)


async def test_a_digest_that_somebody_asks_for_now_is_told_and_not_told_again(stage: Stage) -> None:
    await stage.with_team()
    assert await stage.command(ADA, "digest now", {"team": "product"}) == "There is nothing new for Product."
    await stage.say(ANNA, DROPS)

    assert "on its way to #product" in await stage.command(ADA, "digest now", {"team": "product"})
    assert part(plain_text(stage.cards()[-1].post), "New") == [f"Problem #1, 1 person: {DROPS}"]
    assert await monday(stage) == []

    await stage.open_channel(PRODUCT, Mode.OFF, Shared.YES)
    assert "can't get cards" in await stage.command(ADA, "digest now", {"team": "product"})


async def test_customers_read_no_digest_whatever_sends_it_to_them(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    async with stage.look() as (uow, community):
        (team,) = await uow.teams.teams(community)
        now = stage.clock.now()
        digest = DigestOf(team.id, now - WEEK, now, 0, 99, None, Occasion.PREVIEW)
        reader = Private(community, None, Role.CUSTOMER)
        assert DROPS not in plain_text(await compose_digest(uow, community, digest, reader, TEXTS, None))
        reader = Private(community, None, Role.STAFF)
        assert DROPS in plain_text(await compose_digest(uow, community, digest, reader, TEXTS, None))
