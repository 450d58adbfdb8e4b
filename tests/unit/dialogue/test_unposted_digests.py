"""A digest that could not be posted told nothing: the next one does, and admins hear of it once."""

from datetime import timedelta

from dialogue.digests.unposted import LOOKED_AFTER
from dialogue.events import Place, TimerFired
from dialogue.plain import plain_text
from dialogue.rows import OutboxState
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.ids import ChannelId
from tests.unit.dialogue.mondays import DARK, DROPS, FOREVER, SLOW, monday, part, tick
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, PRODUCT, SPACE, Stage

DESK = Place(SPACE, ChannelId("desk"), "desk", Audience.INTERNAL)
TOLD = (
    "The digest of Product could not be posted in its channel: see that I can write there."
    " What it told is in the next one."
)


async def with_admins(stage: Stage) -> None:
    """A team, and a channel where admins are told what needs them."""
    await stage.with_team()
    await stage.open_channel(DESK, Mode.OFF)
    async with stage.storage.begin() as uow:
        await uow.communities.choose_admin_channel(await uow.communities.of_space(SPACE), SPACE, DESK.channel)
        await uow.commit()


async def looked_after(stage: Stage) -> None:
    """The timer that looks whether digests stand fires, if there is one."""
    stage.clock.advance(LOOKED_AFTER)
    async with stage.storage.begin() as uow:
        due = [one for one in await uow.schedules.due(FOREVER) if one.name.startswith("posted:")]
        for one in due:
            await uow.schedules.remove(one.community, one.name)
        await uow.commit()
    for one in due:
        assert one.due_at <= stage.clock.now()
        await stage.happen(TimerFired(SPACE, one.name, one.due_at.isoformat(), stage.clock.now()))


def told_to_admins(stage: Stage) -> list[str]:
    return [plain_text(sent.post) for sent in stage.cards() if sent.ref.channel == DESK.channel]


async def test_what_a_rejected_digest_told_is_told_by_the_next_one_which_says_so_and_admins_hear_of_it_once(
    stage: Stage,
) -> None:
    await with_admins(stage)
    await stage.say(ANNA, DROPS)
    await monday(stage)
    await stage.say(BEN, DROPS)
    await stage.say(ANNA, DARK)
    stage.chat.closed.add(PRODUCT.channel)
    assert await monday(stage) == []
    await looked_after(stage)
    assert told_to_admins(stage) == [TOLD]
    assert "the one of 2026-03-16 could not be posted" in await stage.command(ADA, "digest show")

    assert await monday(stage) == []  # rejected again: they know
    await looked_after(stage)
    assert told_to_admins(stage) == [TOLD]

    stage.chat.closed.clear()
    await stage.say(BEN, SLOW)
    (digest,) = await monday(stage)
    assert digest.startswith(
        "News for Product since 2026-03-09\nThe one of 2026-03-16 could not be posted. This one tells what it told."
    )
    assert part(digest, "New") == [f"Problem #3, 1 person: {SLOW}", f"Request #2, 1 person: {DARK}"]
    assert part(digest, "Said again") == [f"Problem #1, 2 people, 1 more: {DROPS}"]

    await looked_after(stage)
    assert told_to_admins(stage) == [TOLD]
    assert "could not" not in await stage.command(ADA, "digest show")
    assert await monday(stage) == []  # all of it is told now


async def test_what_is_lost_is_found_by_the_next_occasion_too_and_an_edit_still_says_so(stage: Stage) -> None:
    await with_admins(stage)
    await stage.say(ANNA, DROPS)
    await stage.sink.accept([await tick(stage)])
    await stage.worker.run_once()
    await stage.open_channel(PRODUCT, Mode.OFF, Shared.YES)  # outsiders come in before it leaves
    while await stage.relay.run_once():
        pass
    await stage.open_channel(PRODUCT, Mode.OFF, Shared.NO)
    said = await stage.say(BEN, DARK)

    (told, digest) = await monday(stage)
    assert (told, "could not be posted" in digest) == (TOLD, True)
    assert part(digest, "New") == [f"Request #2, 1 person: {DARK}", f"Problem #1, 1 person: {DROPS}"]

    await stage.delete(said)
    assert "could not be posted" in stage.shown(-1)
    assert (DROPS in stage.shown(-1), DARK in stage.shown(-1)) == (True, False)


async def test_what_another_digest_says_of_the_lost_ones_insights_leaves_it_and_is_told_by_the_next(
    stage: Stage,
) -> None:
    await with_admins(stage)
    said = await stage.say(ANNA, DROPS)
    await stage.sink.accept([await tick(stage)])
    await stage.worker.run_once()
    async with stage.storage.begin() as uow:  # it is being sent for a long time
        (sending,) = await uow.outbox.claim(stage.clock.now(), timedelta(days=30), 10)
        await uow.commit()
    await stage.say(BEN, DROPS)
    await stage.sink.accept([await tick(stage)])
    await stage.worker.run_once()
    async with stage.storage.begin() as uow:
        await uow.outbox.end(sending.token, OutboxState.DEAD, "it never arrived")
        await uow.commit()
    await stage.happen()
    assert part(stage.shown(-1), "Said again") == [f"Problem #1, 2 people, 1 more: {DROPS}"]

    await looked_after(stage)
    assert DROPS not in "".join(
        plain_text(sent.post) for sent in stage.cards() if "Said again" in plain_text(sent.post)
    )
    await stage.say(CARA, DARK)
    (digest,) = await monday(stage)
    assert f"Problem #1, 2 people: {DROPS}" in part(digest, "New")
    await stage.delete(said)
    assert "could not be posted" in stage.shown(-1)


async def test_a_digest_that_still_waits_is_looked_after_until_it_is_known_what_came_of_it(stage: Stage) -> None:
    await with_admins(stage)
    await stage.say(ANNA, DROPS)
    await stage.sink.accept([await tick(stage)])
    await stage.worker.run_once()
    async with stage.storage.begin() as uow:
        (waiting,) = [one for one in await uow.schedules.due(FOREVER) if one.name.startswith("posted:")]
    fired = TimerFired(SPACE, waiting.name, "w", stage.clock.now() + LOOKED_AFTER)
    await stage.sink.accept([fired])
    stage.clock.advance(timedelta(hours=1))
    await stage.worker.run_once()
    async with stage.storage.read() as uow:
        (again,) = [one for one in await uow.schedules.due(FOREVER) if one.name.startswith("posted:")]
    assert again.due_at > waiting.due_at

    await stage.happen()
    await looked_after(stage)
    async with stage.storage.read() as uow:
        assert [one for one in await uow.schedules.due(FOREVER) if one.name.startswith("posted:")] == []
    assert told_to_admins(stage) == []


async def test_nobody_looks_after_the_digest_of_a_team_that_is_gone(stage: Stage) -> None:
    await stage.happen(TimerFired(SPACE, "posted:nobody", "w", stage.clock.now()))
    assert stage.chat.sent == []
