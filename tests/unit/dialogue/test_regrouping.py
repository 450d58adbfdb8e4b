"""Staff say what is the same and what is not: merge, split, and take every one of these back."""

import pytest

from dialogue.plain import plain_text
from knowledge_base.corrections import CorrectionSort
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from tests.unit.dialogue.regrouping import DAN, DROPS, LOGIN, corrections, everything, merge, numbered, shown, two, undo
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, SAM, SPACE, Stage, person


@pytest.fixture
async def sent(stage: Stage) -> Stage:
    await stage.with_team()
    return stage


# ---- merging by command


async def test_a_merge_keeps_every_voice_and_counts_people_once(sent: Stage) -> None:
    await two(sent)

    said = await merge(sent, 2, 1)

    assert "Problem #2 is merged into Problem #1, which 3 people have said now." in said
    first, second = await numbered(sent, 1), await numbered(sent, 2)
    assert (first.demand, second.demand) == (3, 0)
    assert (second.status, second.merged_into) == (Status.MERGED, first.id)
    async with sent.look() as (uow, community):
        assert len(await uow.insights.voices(community, first.id)) == 4


async def test_both_cards_show_it_and_the_merged_one_says_where_it_went(sent: Stage) -> None:
    await two(sent)
    await merge(sent, 2, 1)

    assert "3 people" in shown(sent, 0)
    assert LOGIN in shown(sent, 0)
    assert "Status: merged, by Sam" in shown(sent, 1)
    assert "Merged into: Problem #1" in shown(sent, 1)
    assert "login" not in shown(sent, 1)
    assert [*sent.buttons(1)] == ["undo"]


async def test_peers_16_merge_and_split_with_undo_keep_every_voice_and_restore_exactly(sent: Stage) -> None:
    _, second = await two(sent)
    await sent.command(SAM, "tag add", {"message": sent.name(second), "tag": ""})
    before = await everything(sent)
    cards = [shown(sent, card) for card in range(len(sent.cards()))]

    await merge(sent, 2, 1)
    await sent.command(SAM, "insight split", {"message": sent.name(second)})
    assert (await numbered(sent, 1)).demand == 3
    assert (await numbered(sent, 3)).demand == 1
    assert "is back" in await undo(sent, 3)
    assert "undone" in await undo(sent, 2)

    after = [(one, voices) for one, voices in await everything(sent) if one.number < 3]
    assert after == before
    assert [shown(sent, card) for card in range(2)] == cards
    async with sent.look() as (uow, community):
        history = await uow.insights.history(community, (await numbered(sent, 2)).id)
        assert [change.status for change in history] == [Status.MERGED, Status.NEW]
        names = [(await uow.members.get(community, change.by)).name for change in history]
        assert names == ["Sam", "Tess"]


async def test_what_came_after_the_merge_stays_and_what_was_moved_goes_back(sent: Stage) -> None:
    await two(sent)
    await merge(sent, 2, 1)
    late = await sent.say(DAN, LOGIN)
    assert (await sent.insight_of(late)).number == 1

    await undo(sent, 2)

    assert (await sent.insight_of(late)).number == 1
    assert (await numbered(sent, 1)).demand == 3
    assert (await numbered(sent, 2)).demand == 2


async def test_tags_are_joined_and_come_apart_again(sent: Stage) -> None:
    first, second = await two(sent)
    third = await sent.say(DAN, "Search is broken, it crashes all the time")
    for name in ("export", "login", "both"):
        await sent.command(ADA, "tag new", {"name": name})
    for message, tag in ((first, "export"), (second, "login"), (second, "both"), (third, "both")):
        await sent.command(SAM, "tag add", {"message": sent.name(message), "tag": tag})

    await merge(sent, 2, 1)
    await merge(sent, 3, 1)
    assert (await numbered(sent, 1)).tags == ("both", "export", "login")
    await undo(sent, 2)
    assert (await numbered(sent, 1)).tags == ("both", "export")
    await undo(sent, 3)
    assert (await numbered(sent, 1)).tags == ("export",)
    assert (await numbered(sent, 2)).tags == ("both", "login")


async def test_the_status_before_comes_back_with_its_reason(sent: Stage) -> None:
    await two(sent)
    await sent.command(SAM, "insight decline", {"insight": "2", "reason": "not ours"})
    before = await numbered(sent, 2)
    await merge(sent, 2, 1)
    assert (await numbered(sent, 2)).reason == ""
    await undo(sent, 2)
    assert await numbered(sent, 2) == before


async def test_what_cannot_be_merged_is_refused_in_words(sent: Stage) -> None:
    await two(sent)
    await sent.say(DAN, "Search is broken, it crashes all the time")
    assert "can't be merged into itself" in await merge(sent, 1, 1)
    assert "There is no insight" in await merge(sent, 1, 99)
    await merge(sent, 2, 1)
    assert "Problem #2 is merged into Problem #1 already" in await merge(sent, 2, 3)
    assert "Problem #2 is merged into Problem #1 already" in await merge(sent, 3, 2)
    assert "Problem #2 is merged into Problem #1 already" in await merge(sent, 1, 2)
    before = await everything(sent)
    assert "Only staff" in await sent.command(ANNA, "insight merge", {"insight": "3", "into": "1"})
    assert await everything(sent) == before


async def test_a_chain_of_merges_comes_apart_from_its_end(sent: Stage) -> None:
    await two(sent)
    await sent.say(DAN, "Search is broken, it crashes all the time")
    before = await everything(sent)
    await merge(sent, 3, 2)
    await merge(sent, 2, 1)
    assert (await numbered(sent, 1)).demand == 4

    refused = await undo(sent, 3)

    assert "Problem #2 was merged into Problem #1 since. Undo that first: /insight undo insight:2" in refused
    await undo(sent, 2)
    await undo(sent, 3)
    assert await everything(sent) == before
    assert "nothing to undo" in await undo(sent, 3)


async def test_what_was_split_off_after_a_merge_goes_back_to_what_it_came_from(sent: Stage) -> None:
    _, second = await two(sent)
    before = await everything(sent)
    await merge(sent, 2, 1)
    await sent.command(SAM, "insight split", {"message": sent.name(second)})
    await undo(sent, 2)
    assert (await sent.insight_of(second)).number == 3
    await undo(sent, 3)
    assert (await sent.insight_of(second)).number == 2
    after = [pair for pair in await everything(sent) if pair[0].number < 3]
    assert [voices for _, voices in after] == [voices for _, voices in before]
    assert [one.title for one, _ in after] == [one.title for one, _ in before]


# ---- splitting


async def test_a_voice_that_is_split_off_draws_what_is_nearer_to_it(sent: Stage) -> None:
    await sent.say(ANNA, DROPS)
    other = await sent.say(BEN, "The export drops my tags and this is broken again")
    assert (await sent.insight_of(other)).number == 1
    said = await sent.command(SAM, "insight split", {"message": sent.name(other)})
    assert "That is Problem #2 now, no longer a voice of Problem #1." in said
    again = await sent.say(CARA, "The export drops my tags and this is broken again")
    assert (await sent.insight_of(again)).number == 2
    assert (await numbered(sent, 1)).demand == 1
    (correction,) = await corrections(sent)
    assert (correction.sort, correction.message) == (CorrectionSort.SPLIT, sent.name(other))
    assert correction.confidence is not None
    await undo(sent, 2)
    assert ((await numbered(sent, 1)).demand, (await numbered(sent, 2)).demand) == (2, 1)


async def test_what_cannot_be_split_is_refused_in_words(sent: Stage) -> None:
    alone = await sent.say(ANNA, DROPS)
    idle = await sent.say(BEN, "good morning")
    assert "the only voice of Problem #1 already" in await sent.command(
        SAM, "insight split", {"message": sent.name(alone)}
    )
    assert "not become part" in await sent.command(SAM, "insight split", {"message": sent.name(idle)})


async def test_an_undone_split_says_where_its_voice_went(sent: Stage) -> None:
    await sent.say(ANNA, DROPS)
    other = await sent.say(BEN, DROPS)
    await sent.command(SAM, "insight split", {"message": sent.name(other)})
    await undo(sent, 1)
    assert "Merged into: Problem #1" in shown(sent, 1)
    assert "nothing to undo" in await undo(sent, 2)


# ---- taking back


async def test_deletion_reaches_what_was_moved_and_the_title_it_left_behind(sent: Stage) -> None:
    _, second = await two(sent)
    await merge(sent, 2, 1)
    await sent.command(BEN, "privacy erase")
    assert (await numbered(sent, 2)).title == ""
    assert (await numbered(sent, 1)).demand == 2
    await undo(sent, 2)
    restored = await numbered(sent, 2)
    assert (restored.title, restored.demand) == (LOGIN, 1)
    assert restored.titled_by != sent.name(second)


async def test_an_edit_reaches_what_was_moved(sent: Stage) -> None:
    _, second = await two(sent)
    await merge(sent, 2, 1)
    await sent.edit(BEN, second, "The login page is broken on every phone")
    await undo(sent, 2)
    assert "on my phone" in (await numbered(sent, 2)).title
    assert "on every phone" in shown(sent, 1)


async def test_when_all_that_was_moved_is_gone_there_is_nothing_to_undo(sent: Stage) -> None:
    await two(sent)
    await sent.say(ANNA, LOGIN)
    await merge(sent, 2, 1)
    for who in (ANNA, BEN, CARA):
        await sent.command(who, "privacy erase")
    assert "Nothing is left of Problem #2" in await undo(sent, 2)


async def test_that_it_is_no_insight_is_remembered_until_it_is_one_again(sent: Stage) -> None:
    await sent.say(ANNA, DROPS)
    await sent.command(SAM, "insight dismiss", {"insight": "1"})
    (dismissal,) = await corrections(sent)
    assert (dismissal.sort, dismissal.was_kind, dismissal.undone_at) == (CorrectionSort.DISMISSAL, Kind.PROBLEM, None)
    assert dismissal.confidence is not None
    await sent.command(SAM, "insight reopen", {"insight": "1"})
    (dismissal,) = await corrections(sent)
    assert dismissal.undone_at is not None


async def test_marks_follow_the_status_of_what_a_tagged_message_voices(sent: Stage) -> None:
    await sent.command(ADA, "tag new", {"name": "login", "reaction": "key"})
    _, second = await two(sent)
    await sent.react(SAM, second, "key")
    await sent.command(SAM, "insight plan", {"insight": "1"})
    await merge(sent, 2, 1)
    assert ("general", second, "calendar") in sent.chat.reactions
    await undo(sent, 2)
    assert ("general", second, "calendar") not in sent.chat.reactions


async def test_completion_offers_open_insights_and_merged_ones_to_undo(sent: Stage) -> None:
    await two(sent)
    await merge(sent, 2, 1)

    async def offered(verb: str, option: str = "insight") -> list[str]:
        found = await sent.interactions.complete(SPACE, SAM, "insight", verb, option, "")
        return [choice.value for choice in found]

    assert await offered("merge") == ["1"]
    assert await offered("merge", "into") == ["1"]
    assert await offered("undo") == ["2", "1"]
    assert await sent.interactions.complete(SPACE, person("eve", Role.CUSTOMER), "insight", "undo", "insight", "") == ()


async def test_merges_at_the_same_time_happen_one_after_the_other(sent: Stage) -> None:
    await two(sent)
    first, second = [
        sent.invoked(SAM, "insight merge", {"insight": one, "into": other}) for one, other in (("1", "2"), ("2", "1"))
    ]
    await sent.happen(first, second)
    statuses = [(await numbered(sent, number)).status for number in (1, 2)]
    assert statuses == [Status.MERGED, Status.NEW]
    told = "\n".join(plain_text(one.post) for one in sent.chat.sent if one.to)
    assert "is merged into Problem #2, which 3 people" in told
    assert "Problem #1 is merged into Problem #2 already" in told
