"""Staff correct, the community learns; shown, and taken back as it was."""

from dataclasses import replace

import pytest

from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import CommunityId, CorrectionId, InsightId, MemberId, MessageId
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from tests.models import Told
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, SAM, TESS, Stage, person

DROPS = "The export drops my tags, this is broken"
SORT = CorrectionSort


async def corrections(stage: Stage) -> list[Correction]:
    async with stage.look() as (uow, community):
        return list(await uow.corrections.of(community, 99))


async def split_twice(stage: Stage, cosine: float = 0.97) -> None:
    """As if staff had taken two voices off an insight into which they were merged silently."""
    async with stage.storage.begin() as uow:
        for number in (1, 2):
            await uow.corrections.add(
                Correction(
                    CommunityId("acme"),
                    CorrectionId(f"split{number}"),
                    SORT.SPLIT,
                    MemberId("somebody"),
                    stage.clock.now(),
                    message=MessageId(f"said{number}"),
                    insight=InsightId("one"),
                    other=InsightId("another"),
                    cosine=cosine,
                    model=stage.understanding.embedders.name,
                )
            )
        await uow.commit()


def cosine_of(stage: Stage, one: str, other: str) -> float:
    embed = stage.understanding.embedder.embed
    return float(embed(one) @ embed(other))


# ---- kinds


async def test_a_customers_message_becomes_what_staff_say_it_is(stage: Stage) -> None:
    said = await stage.say(ANNA, "good morning")

    told = await stage.command(SAM, "insight kind", {"message": said, "kind": "request"})

    assert told == "Noted: it is Request. I took it for Chatter, 96 % sure."
    message, insight = await stage.message(said), await stage.insight_of(said)
    assert (message.kind, message.confidence, insight.kind) == (Kind.REQUEST, 1.0, Kind.REQUEST)
    (noted,) = await corrections(stage)
    assert (noted.sort, noted.was_kind, noted.is_kind, noted.confidence) == (
        SORT.KIND,
        Kind.CHATTER,
        Kind.REQUEST,
        0.959,
    )


async def test_what_is_chatter_after_all_is_a_voice_no_more(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)

    await stage.command(SAM, "insight kind", {"message": said, "kind": "chatter"})

    assert await stage.insight_of(said) is None
    assert "it is not kept any longer" in stage.card()


async def test_what_a_trusted_customer_said_can_become_a_voice_too(stage: Stage) -> None:
    said = await stage.say(person("tom", Role.TRUSTED), "good morning")
    await stage.command(SAM, "insight kind", {"message": said, "kind": "request"})
    assert (await stage.insight_of(said)).kind is Kind.REQUEST


async def test_an_insight_of_one_voice_is_of_that_kind_and_one_among_others_leaves_them(stage: Stage) -> None:
    first = await stage.say(ANNA, DROPS)
    await stage.command(SAM, "insight kind", {"message": first, "kind": "complaint"})
    assert (await stage.insight_of(first)).number == 1
    second = await stage.say(BEN, DROPS)
    await stage.command(SAM, "insight kind", {"message": second, "kind": "complaint"})
    assert (await stage.insight_of(second)).number == 1
    await stage.command(SAM, "insight kind", {"message": second, "kind": "problem"})
    assert (await stage.insight_of(first)).kind is Kind.COMPLAINT
    assert ((await stage.insight_of(second)).kind, (await stage.insight_of(first)).demand) == (Kind.PROBLEM, 1)


async def test_an_edit_leaves_what_staff_said(stage: Stage) -> None:
    voiced, silenced = await stage.say(ANNA, "good morning"), await stage.say(BEN, DROPS)
    await stage.command(SAM, "insight kind", {"message": voiced, "kind": "request"})
    await stage.command(SAM, "insight kind", {"message": silenced, "kind": "chatter"})

    await stage.edit(ANNA, voiced, "good evening")
    await stage.edit(BEN, silenced, f"{DROPS}!")

    assert ((await stage.message(voiced)).kind, (await stage.insight_of(voiced)).title) == (
        Kind.REQUEST,
        "good evening",
    )
    assert ((await stage.message(silenced)).kind, await stage.insight_of(silenced)) == (Kind.CHATTER, None)


async def test_the_button_under_an_explanation_does_the_same(stage: Stage) -> None:
    said = await stage.say(ANNA, "good morning")
    name = stage.name(said)
    assert "it is Praise" in await stage.press(SAM, f"kind:{name}:praise")
    assert (await stage.message(said)).kind is Kind.PRAISE
    assert await stage.press(ANNA, f"kind:{name}:request") == "Only staff can do that."
    assert "don't know this button" in await stage.press(SAM, f"kind:{name}:poem")
    await stage.delete(said)
    assert "was deleted" in await stage.press(SAM, f"kind:{name}:request")


async def test_saying_another_kind_again_is_measured_against_what_was_judged(stage: Stage) -> None:
    said = await stage.say(ANNA, "good morning")
    await stage.command(SAM, "insight kind", {"message": said, "kind": "request"})
    await stage.command(TESS, "insight kind", {"message": said, "kind": "chatter"})
    latest, _ = await corrections(stage)
    assert (latest.was_kind, latest.is_kind, latest.confidence) == (Kind.CHATTER, Kind.CHATTER, 0.959)
    told = await stage.command(SAM, "why show", message=said)
    assert "What staff did: Tess said it is: Chatter; it was taken for: Chatter, 96 % sure" in told


async def test_taking_a_tag_off_leaves_the_kind_that_staff_said(stage: Stage) -> None:
    await stage.command(ADA, "tag new", {"name": "export", "reaction": "package"})
    said = await stage.say(ANNA, "good morning")
    await stage.command(SAM, "insight kind", {"message": said, "kind": "request"})
    await stage.react(SAM, said, "package")
    await stage.react(SAM, said, "package", present=False)
    assert ((await stage.message(said)).kind, (await stage.insight_of(said)).kind) == (Kind.REQUEST, Kind.REQUEST)


async def test_kinds_corrected_again_and_again_make_less_sure_and_it_is_said(stage: Stage) -> None:
    told = ""
    for number in range(3):
        said = await stage.say(ANNA, f"Great work, I love it so much {number}")
        assert (await stage.message(said)).kind is Kind.PRAISE
        sure = (await stage.message(said)).confidence
        told = await stage.command(SAM, "insight kind", {"message": said, "kind": "chatter"})

    said = await stage.say(BEN, "Great work, I love it so much 9")

    assert "Praise: how sure I am: 3 corrected kinds: what is shipped as 60 % sure counts as 56 % here" in told
    assert (await stage.message(said)).confidence < sure
    assert "as corrected here" in "".join((await stage.message(said)).reasons)


# ---- "not an insight", and what staff keep by hand


async def test_not_an_insight_is_noted_and_reopening_takes_it_back(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS)
    sure = (await stage.message(said)).confidence

    await stage.command(SAM, "insight dismiss", {"insight": "1"})
    (noted,) = await corrections(stage)
    assert (noted.sort, noted.was_kind, noted.confidence) == (SORT.DISMISSAL, Kind.PROBLEM, sure)
    assert (await stage.insight_of(said)).status is Status.DISMISSED

    await stage.command(SAM, "insight reopen", {"insight": "1"})
    assert [one.undone_at is not None for one in await corrections(stage)] == [True]


async def test_what_staff_kept_by_hand_and_dismiss_says_nothing_of_the_judging(stage: Stage) -> None:
    said = await stage.say(ANNA, "good morning")
    await stage.command(SAM, "tag add", message=said)
    await stage.command(SAM, "insight dismiss", {"insight": "1"})
    assert {one.sort: one.confidence for one in await corrections(stage)} == {SORT.DISMISSAL: None, SORT.TAGGING: None}


async def test_tagging_what_was_no_voice_is_noted_and_untagging_takes_it_back(stage: Stage) -> None:
    await stage.command(ADA, "tag new", {"name": "export", "reaction": "package"})
    said, voice = await stage.say(ANNA, "good morning"), await stage.say(ANNA, DROPS)
    await stage.react(SAM, said, "package")
    await stage.react(SAM, voice, "package")
    (noted,) = await corrections(stage)
    assert (noted.sort, noted.message) == (SORT.TAGGING, stage.name(said))
    await stage.react(SAM, said, "package", present=False)
    assert [one.undone_at is not None for one in await corrections(stage)] == [True]


async def test_enough_of_them_move_from_where_on_a_message_counts(stage: Stage) -> None:
    liked = ("Really happy with the calendar, love it", "The map is awesome, love it", "I love the dark mode")
    unsure = (*liked, "The new editor makes me so happy with everything here, awesome")
    told = Told({**dict.fromkeys(unsure, (Kind.PRAISE, 0.569)), "Great work, love it": (Kind.PRAISE, 0.9)})
    stage = Stage(stage.storage, classifier=told)
    for number, words in enumerate(liked, start=1):
        assert (await stage.message(await stage.say(BEN, words))).confidence == 0.569
        await stage.command(SAM, "insight dismiss", {"insight": str(number)})

    said = await stage.say(CARA, "The new editor makes me so happy with everything here, awesome")
    surer = await stage.say(CARA, "Great work, love it")

    assert ((await stage.message(said)).kind, await stage.insight_of(said)) == (Kind.PRAISE, None)
    assert (await stage.insight_of(surer)).number == 4
    told = await stage.command(ADA, "learning show")
    moved = "3 said to be no insight at 57 %: from 57 % sure on here instead of 50 %"
    assert f"Praise: counts as an insight: {moved} (#1, #2, #3)" in told


# ---- merging


async def test_after_two_splits_what_is_as_alike_is_kept_apart_until_one_is_undone(stage: Stage) -> None:
    assert 0.91 < cosine_of(stage, DROPS, f"{DROPS} again") < 0.92
    await stage.say(ANNA, DROPS)
    await split_twice(stage, 0.915)

    apart = await stage.say(CARA, f"{DROPS} again")
    assert (await stage.insight_of(apart)).number == 2
    told = await stage.command(SAM, "why show", message=apart)
    assert "#1, 0.08: alike: for staff to say" in told
    assert (
        "I merge what is up to 0.08 apart, 0.08 if two words are the same, 0.08 in two languages; up to 0.15, I ask."
        in told
    )

    assert "no more" in await stage.command(SAM, "learning undo", {"correction": "#2"})
    merged = await stage.say(BEN, f"{DROPS} today")
    assert (await stage.insight_of(merged)).number == 1
    told = await stage.command(SAM, "why show", message=merged)
    assert "#1, 0.08: merged" in told
    assert "I merge what is up to 0.10 apart" in told


async def test_what_was_merged_by_another_bound_teaches_as_much_as_it_was_above_that(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = stage.understanding.embedder.thresholds
    monkeypatch.setattr(stage.understanding.embedder, "thresholds", replace(shipped, sharing=0.5))
    said = ("the export drops all my tags in csv", "the export drops all tags in my csv files each time")
    cosine = cosine_of(stage, *said)
    assert 0.5 < cosine < shipped.merge
    await stage.say(ANNA, said[0])
    merged = await stage.say(BEN, said[1])
    assert (await stage.insight_of(merged)).number == 1
    await stage.command(SAM, "insight split", {"message": stage.name(merged)})
    shown = await stage.command(SAM, "learning show")
    assert f"1 split at {cosine - 0.5 + shipped.merge:.2f}" in shown


async def test_an_edit_is_placed_by_what_was_learned_too(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    said = await stage.say(BEN, "good morning")
    await split_twice(stage, 0.915)
    await stage.edit(BEN, said, f"{DROPS} again")
    assert (await stage.insight_of(said)).number == 2


async def test_what_was_learned_is_shown_with_its_corrections_and_taken_back(stage: Stage) -> None:
    shown = await stage.command(SAM, "learning show")
    assert shown == (
        "I learn from what staff correct here. Nothing of it leaves this community.\n"
        "There is no correction to learn from, so I judge as shipped."
    )
    merge = stage.understanding.embedder.thresholds.merge
    await split_twice(stage, merge + 0.011)

    shown = await stage.command(SAM, "learning show")
    here = f"statements need {merge + 0.02:.2f} alike here instead of {merge:.2f}"
    assert f"Merged by myself: 2 splits at {merge + 0.01:.2f}: {here} (#1, #2)" in shown
    assert "#2: a voice taken off a message" in shown

    undone = await stage.command(SAM, "learning undo", {"correction": "2"})
    assert undone == (
        "I learn from correction #2 no more. What it did stays as it is.\n"
        f"Merged by myself: 1 split at {merge + 0.01:.2f}: too little to change {merge:.2f} (#1)"
    )
    assert "There is no correction “2”" in await stage.command(SAM, "learning undo", {"correction": "2"})
    shown = await stage.command(SAM, "learning show")
    assert "one correction taken out, by Sam" in shown


async def test_admins_turn_it_off_and_on_and_reset_it(stage: Stage) -> None:
    await split_twice(stage)
    async with stage.look() as (uow, community):
        assert await uow.learning.is_on(community)
    for verb in ("off", "on", "reset"):
        assert await stage.command(SAM, f"learning {verb}") == "Only admins can do that."
    off = await stage.command(ADA, "learning off")
    assert off.startswith("Learning is off")
    assert (await stage.command(ADA, "learning show")).startswith("Learning is off")
    on = await stage.command(ADA, "learning on")
    assert "Merged by myself: 2 splits" in on
    assert "forgotten" in await stage.command(ADA, "learning reset")
    assert "no correction to learn from" in await stage.command(ADA, "learning reset")
    steps = await stage.command(ADA, "learning show")
    assert all(said in steps for said in ("learning off, by Ada", "learning on, by Ada", "forgotten, by Ada"))


@pytest.mark.parametrize("verb", ["on", "off"])
async def test_turning_it_where_it_is_changes_nothing(stage: Stage, verb: str) -> None:
    await stage.command(ADA, f"learning {verb}")
    before = await stage.command(ADA, "learning show")
    await stage.command(ADA, f"learning {verb}")
    assert await stage.command(ADA, "learning show") == before
