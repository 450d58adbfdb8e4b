"""Each team is told at its times, of everything once, ranked, in its language; late ones say so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dialogue.events import MessageDeleted, TimerFired
from dialogue.plain import plain_text
from dialogue.posts import Buttons
from knowledge_base.channels import Mode, Shared
from knowledge_base.holdings import Because, Holding
from tests.unit.dialogue.mondays import DARK, DROPS, GREAT, HOW, RANKED, SLOW, WEEK, monday, part, tick
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
    Stage,
)

HANGS = "The invoice page hangs, this is broken"
LOST = "My password reset mail never arrives, it is broken"


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
    assert part(digest, "Shipped") == [f"Problem #1, 1 person, nobody told: {DROPS}"]
    assert await monday(stage) == []

    await stage.command(SAM, "insight reopen", {"insight": "1"})
    await stage.delete(await stage.say(BEN, DROPS))
    shown = [plain_text(sent.post) for sent in stage.cards()]
    told = [part(digest, "Shipped") for digest in shown if "Shipped:" in digest]
    assert told == [[f"Problem #1, 1 person, nobody told: {DROPS}"]]
    await stage.delete(said)
    assert DROPS not in "\n".join(plain_text(post.post) for post in stage.cards())


async def test_what_shipped_says_who_heard_of_it_and_what_is_not_named_is_counted_with_what_is_told_later(
    stage: Stage,
) -> None:
    await stage.with_team()
    await stage.open_channel(GENERAL)  # where it listens, people are told alone
    await stage.command(ADA, "digest set", {"team": "product", "length": "1"})
    for who, said in ((ANNA, DROPS), (BEN, DROPS), (CARA, DARK)):
        await stage.say(who, said)
    for number in ("1", "2"):
        await stage.command(SAM, "insight plan", {"insight": number})
        await stage.command(SAM, "insight ship", {"insight": number})
    stage.chat.closed_direct.add(BEN.account)
    sends = [
        button.custom_id
        for sent in stage.chat.sent
        for block in sent.post.blocks
        if isinstance(block, Buttons)
        for button in block.buttons
        if button.custom_id.startswith("tell_send:")
    ]
    shown = await stage.command(SAM, "digest preview", {"team": "product"})
    assert part(shown, "Shipped, 1 of 2, nobody told") == [f"Problem #1, 2 people, nobody told: {DROPS}"]
    for custom_id in sends:
        await stage.happen(stage.pressed(SAM, custom_id))
    await stage.command(ADA, "route remove", {"route": "1"})
    for said in (SLOW, HANGS, LOST):
        await stage.say(ANNA, said)
    async with stage.storage.begin() as uow:
        community = await uow.communities.of_space(SPACE)
        (team,) = await uow.teams.teams(community)
        for one in await uow.insights.open(community):
            await uow.holdings.add(Holding(community, one.id, team.id, Because.DIGEST, one.last_at))
        await uow.commit()

    (digest,) = await monday(stage)
    assert part(digest, "Shipped, 1 of 2, 2 told, 1 not reached") == [
        f"Problem #1, 2 people, 1 told, 1 not reached: {DROPS}"
    ]
    assert part(digest, "New, 1 of 3, 2 of the others told later") == [f"Problem #5, 1 person: {LOST}"]


async def test_what_a_digest_has_no_room_for_and_no_card_tells_is_told_by_the_next_one_and_not_counted_before(
    stage: Stage,
) -> None:
    await stage.with_team(deliver="digest")
    await stage.command(ADA, "digest set", {"team": "product", "length": "1", "contents": "new"})
    for who, text in ((ANNA, SLOW), (BEN, HANGS), (CARA, LOST)):
        await stage.say(who, text)
    again = await stage.say(BEN, LOST)
    shown = await stage.command(SAM, "digest preview", {"team": "product"})
    for number, (heading, text) in enumerate(
        (
            ("New, 1 of 3, 2 of the others told later", LOST),
            ("New, 1 of 2, 1 of the others told later", HANGS),
            ("New", SLOW),
        )
    ):
        (digest,) = await monday(stage)
        assert part(shown, heading) == part(digest, heading)
        assert part(digest, heading)[0].endswith(text)
        assert f"routed: {number + 1} of 3" in await stage.command(SAM, "health show")
        shown = await stage.command(SAM, "digest preview", {"team": "product"})
    assert (shown, await monday(stage)) == ("There is nothing new for Product.", [])

    await stage.delete(again)
    assert part(stage.shown(0), "New, 1 of 3, 2 of the others told later") == [f"Problem #3, 1 person: {LOST}"]


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
        holding = Holding(community, held.id, team.id, Because.DIGEST, stage.clock.now())
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
