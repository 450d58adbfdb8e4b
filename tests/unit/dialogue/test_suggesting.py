"""What is likely the same is suggested to staff, and never what others heard: they merge it, or say it is not."""

import pytest

from dialogue.events import Place
from knowledge_base.channels import Audience, Mode
from knowledge_base.corrections import CorrectionSort
from knowledge_base.ids import ChannelId
from knowledge_base.kinds import Kind
from knowledge_base.suggestions import Suggestion
from tests.unit.dialogue.regrouping import DROPS, LOGIN, NEARLY, corrections, merge, numbered, shown, undo
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, SAM, SECLUDED, SPACE, TESS, Stage


@pytest.fixture
async def sent(stage: Stage) -> Stage:
    await stage.with_team()
    return stage


# ---- audiences

INSIDE = Place(SPACE, ChannelId("inside"), "inside", Audience.INTERNAL)


@pytest.mark.parametrize("order", [(GENERAL, INSIDE), (INSIDE, GENERAL), (GENERAL, SECLUDED), (SECLUDED, INSIDE)])
async def test_what_others_heard_is_never_merged_nor_suggested_and_not_by_staff_either(sent: Stage, order) -> None:
    await sent.open_channel(INSIDE)
    one, other = [await sent.say(who, DROPS, place) for who, place in zip((ANNA, BEN), order, strict=True)]
    assert (await sent.insight_of(one, order[0])).number == 1
    assert (await sent.insight_of(other, order[1])).number == 2
    assert "Perhaps" not in "".join(shown(sent, card) for card in range(len(sent.cards())))
    assert "not said to the same readers" in await merge(sent, 2, 1)
    assert "Nobody said anything like" in await sent.command(SAM, "insight similar", {"insight": "2"})


async def test_two_private_channels_are_only_suggested_and_staff_may_merge_them(sent: Stage) -> None:
    other = Place(SPACE, ChannelId("booth"), "booth", Audience.PRIVATE)
    await sent.open_channel(other)
    await sent.say(ANNA, DROPS, SECLUDED)
    await sent.say(BEN, DROPS, other)
    assert (await numbered(sent, 2)).demand == 1
    assert "Perhaps the same as Problem #1 (1.00)" in shown(sent, 1)
    assert "said where not everybody here can read it" in shown(sent, 1)
    assert "drops my tags" not in shown(sent, 1)
    await sent.press(SAM, sent.buttons(1)["merge"])
    assert (await numbered(sent, 1)).demand == 2


async def test_an_admins_word_on_who_reads_a_channel_counts(sent: Stage) -> None:
    await sent.say(ANNA, DROPS)
    await sent.command(ADA, "channel audience", {"audience": "internal"})
    await sent.command(ADA, "channel mode", {"mode": "listening"})
    lounge = Place(SPACE, ChannelId("lounge"), "lounge", Audience.PUBLIC)
    await sent.open_channel(lounge, Mode.LISTENING)
    inside = await sent.say(BEN, DROPS)
    public = await sent.say(CARA, DROPS, lounge)
    assert (await sent.insight_of(inside)).id != (await sent.insight_of(public, lounge)).id


# ---- suggestions


async def suggested(stage: Stage) -> str:
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, NEARLY)
    return shown(stage, 1)


async def test_what_is_likely_the_same_is_suggested_on_the_card_of_the_newer(sent: Stage) -> None:
    card = await suggested(sent)
    assert f"Perhaps the same as Problem #1 (0.85): {DROPS}" in card
    assert "Perhaps" not in shown(sent, 0)
    assert {"merge", "differ"} <= {*sent.buttons(1)}


async def test_staff_merge_by_the_button_and_undo_by_the_button(sent: Stage) -> None:
    await suggested(sent)
    assert "Only staff" in await sent.press(CARA, sent.buttons(1)["merge"])
    merged = sent.buttons(1)["merge"]
    assert await sent.press(SAM, merged) == ""
    assert (await numbered(sent, 1)).demand == 2
    assert "is merged into Problem #1 already" in await sent.press(TESS, merged)
    undone = sent.buttons(1)["undo"]
    assert await sent.press(TESS, undone) == ""
    assert (await numbered(sent, 1)).demand == 1
    assert "has been undone" in await sent.press(TESS, undone)
    assert "Perhaps the same" in shown(sent, 1)
    (correction,) = await corrections(sent)
    assert (correction.sort, correction.was_kind, correction.is_kind) == (
        CorrectionSort.MERGE,
        Kind.PROBLEM,
        Kind.PROBLEM,
    )
    assert round(correction.cosine, 2) == 0.85
    assert correction.undone_at is not None


async def test_what_was_refused_does_not_come_back_until_that_is_undone(sent: Stage) -> None:
    await suggested(sent)
    differ = sent.buttons(1)["differ"]
    assert await sent.press(SAM, differ) == ""
    assert "Perhaps" not in shown(sent, 1)
    await sent.say(CARA, NEARLY)
    assert "Perhaps" not in shown(sent, 1)
    assert "Somebody has decided" in await sent.press(SAM, differ)
    (refusal,) = await corrections(sent)
    assert (refusal.sort, round(refusal.cosine, 2)) == (CorrectionSort.REFUSAL, 0.85)
    await undo(sent, 2)
    assert "Perhaps the same as Problem #1" in shown(sent, 1)


async def test_a_suggestion_shows_nothing_its_author_took_back(sent: Stage) -> None:
    await suggested(sent)
    await sent.command(ANNA, "privacy erase")
    assert "Perhaps" not in shown(sent, 1)


async def test_a_suggestion_shows_the_title_as_it_is_now(sent: Stage) -> None:
    await suggested(sent)
    await sent.edit(ANNA, "m3", "My export drops all the tags, this is broken")
    assert "My export drops all the tags" in shown(sent, 1)


async def test_a_suggestion_follows_what_it_names_into_what_that_is_merged_into(sent: Stage) -> None:
    await suggested(sent)
    await sent.say(CARA, LOGIN)
    await merge(sent, 1, 3)
    assert "Perhaps the same as Problem #3 (0.85)" in shown(sent, 1)
    await sent.press(SAM, sent.buttons(1)["differ"])
    assert "Perhaps" not in shown(sent, 1)


async def test_similar_lists_the_nearest_with_their_likeness(sent: Stage) -> None:
    await suggested(sent)
    await sent.say(CARA, LOGIN)
    listed = await sent.command(SAM, "insight similar", {"insight": "1"})
    assert f"Problem #2, 0.85: {NEARLY}" in listed
    assert "Problem #1," not in listed


# ---- what grows alike later

TABLE = "the export of my invoices as a table drops every tag I made on the phone"
BETWEEN = f"{TABLE} today"
BEYOND = f"{BETWEEN} since the update came"


@pytest.mark.parametrize("first", [TABLE, BEYOND])
async def test_a_voice_that_lies_between_two_insights_suggests_on_the_card_of_the_newer(
    sent: Stage, first: str
) -> None:
    await sent.say(ANNA, first)
    await sent.say(BEN, BEYOND if first == TABLE else TABLE)
    assert "Perhaps" not in shown(sent, 0) + shown(sent, 1)
    said = await sent.say(CARA, BETWEEN)
    assert (await sent.insight_of(said)).number == (1 if first == TABLE else 2)
    assert "Perhaps the same as Problem #1 (0.86)" in shown(sent, 1)
    assert "Perhaps" not in shown(sent, 0)


async def test_what_was_refused_does_not_come_back_when_it_grows(sent: Stage) -> None:
    await sent.say(ANNA, TABLE)
    await sent.say(BEN, BEYOND)
    await sent.say(CARA, BETWEEN)
    await sent.press(SAM, sent.buttons(1)["differ"])
    await sent.say(BEN, BETWEEN)
    assert "Perhaps" not in shown(sent, 1)


async def test_what_staff_have_closed_is_suggested_to_nobody(sent: Stage) -> None:
    await sent.say(ANNA, TABLE)
    await sent.say(BEN, BEYOND)
    await sent.press(SAM, sent.buttons(1)["dismiss"])
    await sent.say(CARA, BETWEEN)
    async with sent.look() as (uow, community):
        insight = await uow.insights.by_number(community, 2)
        assert await uow.suggestions.of(community, insight.id) == []


async def test_at_most_three_are_remembered_however_much_grows(sent: Stage) -> None:
    for text in (LOGIN, "please add a dark mode to the app", "the calendar crashes on my tablet", TABLE, BEYOND):
        await sent.say(ANNA, text)
    newest = await numbered(sent, 5)
    async with sent.storage.begin() as uow:
        for number in (1, 2, 3):
            other = (await numbered(sent, number)).id
            await uow.suggestions.add(Suggestion(newest.community, newest.id, other, 0.86, sent.clock.now()))
        await uow.commit()
    said = await sent.say(CARA, BETWEEN)
    assert (await sent.insight_of(said)).number == 4
    async with sent.look() as (uow, community):
        assert len(await uow.suggestions.of(community, newest.id)) == 3
