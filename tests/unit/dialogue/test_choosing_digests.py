"""Teams choose when and how they are told; staff see a digest before its time, and customers none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from dialogue.actions import DigestOf, Occasion
from dialogue.digests.composing import compose_digest
from dialogue.fence import Private
from dialogue.plain import plain_text
from knowledge_base.channels import Mode, Shared
from knowledge_base.members import Role
from tests.unit.dialogue.mondays import DARK, DROPS, SLOW, TIERED, WEEK, digests_due, monday, part, tick
from tests.unit.dialogue.stage import (
    ADA,
    ANNA,
    BEN,
    CARA,
    PRODUCT,
    SAM,
    SECLUDED,
    TEXTS,
    Stage,
    person,
)

DORA = person("dora")


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
        due = await digests_due(uow)
    stage.clock.move_to(due[0].due_at + timedelta(minutes=1))
    await stage.command(ADA, "digest set", {"team": "product", "schedule": "0 9 * * fri"})

    async with stage.storage.read() as uow:
        assert [one.due_at for one in await digests_due(uow)] == [due[0].due_at]


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


async def test_customers_of_a_tier_count_twice_of_the_tiers_that_a_team_chose_and_each_line_says_so(
    stage: Stage,
) -> None:
    await stage.with_team()
    for group, name in (("7", "Enterprise"), ("8", "Free")):
        await stage.command(ADA, "tier add", {"group": group, "name": name})
    await stage.say(replace(ANNA, groups=("7",)), DROPS)
    for who in (BEN, CARA):
        await stage.say(replace(who, groups=("8",)), DARK)
    shown = await stage.command(SAM, "digest preview", {"team": "product"})
    assert part(shown, "New", TIERED) == [
        f"Request #2, 2 people, 2 of Free: {DARK}",
        f"Problem #1, 1 person, 1 of Enterprise: {DROPS}",
    ]
    assert "count twice: Enterprise, Free" in await stage.command(SAM, "digest show")

    await stage.say(replace(DORA, groups=("7",)), DROPS)
    await stage.command(ADA, "digest set", {"team": "product", "tiers": " enterprise "})
    assert "count twice: Enterprise" in await stage.command(SAM, "digest show")
    (digest,) = await monday(stage)
    assert part(digest, "New", TIERED) == [
        f"Problem #1, 2 people, 2 of Enterprise: {DROPS}",
        f"Request #2, 2 people: {DARK}",
    ]

    await stage.command(ADA, "digest set", {"team": "product", "tiers": "none"})
    assert "twice" not in await stage.command(SAM, "digest show")
    await stage.say(ANNA, DARK)
    (later,) = await monday(stage)
    assert part(later, "Said again") == [f"Request #2, 3 people, 1 more: {DARK}"]
    await stage.command(ADA, "digest set", {"team": "product", "tiers": "all"})
    assert "count twice: Enterprise, Free" in await stage.command(SAM, "digest show")
    wrong = await stage.command(ADA, "digest set", {"team": "product", "tiers": "Gold"})
    assert wrong == "Name tiers, with commas between, or all, or none. There are: Enterprise, Free."


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
        assert await digests_due(uow) == []
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
