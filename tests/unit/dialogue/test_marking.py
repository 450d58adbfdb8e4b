"""What staff tagged carries a mark of what became of it; what nobody tagged stays untouched."""

import pytest

from dialogue.marking import STATUS_MARKS
from knowledge_base.insights import Status
from tests.unit.dialogue.regrouping import LOGIN, merge, undo
from tests.unit.dialogue.stage import ADA, ANNA, BEN, GENERAL, SAM, SECLUDED, Stage

IDEA = "Please add a dark mode, the white page hurts my eyes"
SAID = "m4"  # the name that the stage gives to what Anna says


@pytest.fixture
async def tagged(stage: Stage) -> Stage:
    await stage.with_team()
    await stage.command(ADA, "tag new", {"name": "idea", "reaction": ":bulb:"})
    await stage.react(SAM, await stage.say(ANNA, IDEA), "bulb")
    return stage


def marks(stage: Stage, message: str = SAID) -> set[str]:
    return {emoji for channel, marked, emoji in stage.chat.reactions if (channel, marked) == (GENERAL.channel, message)}


async def test_the_mark_follows_the_status(tagged: Stage) -> None:
    assert marks(tagged) == {"memo"}
    await tagged.press(SAM, tagged.buttons()["acknowledge"])
    assert marks(tagged) == {"memo"}
    await tagged.press(SAM, tagged.buttons()["plan"])
    assert marks(tagged) == {"memo", "calendar"}
    await tagged.press(SAM, tagged.buttons()["start"])
    assert marks(tagged) == {"memo", "hammer"}
    await tagged.press(SAM, tagged.buttons()["ship"])
    assert marks(tagged) == {"memo", "rocket"}
    await tagged.press(SAM, tagged.buttons()["reopen"])
    assert marks(tagged) == {"memo"}


async def test_a_decline_is_marked_too_and_deciding_twice_marks_once(tagged: Stage) -> None:
    await tagged.command(SAM, "insight decline", {"insight": "1", "reason": "too dear"})
    await tagged.command(SAM, "insight decline", {"insight": "1", "reason": "too dear"})
    assert marks(tagged) == {"memo", STATUS_MARKS[Status.DECLINED]}


async def test_what_nobody_tagged_is_not_marked(tagged: Stage) -> None:
    other = await tagged.say(BEN, IDEA)
    (insight,) = await tagged.open_insights()
    assert insight.demand == 2
    await tagged.press(SAM, tagged.buttons()["plan"])
    assert marks(tagged, other) == set()


async def test_what_is_tagged_later_carries_the_mark_and_untagging_takes_every_mark(tagged: Stage) -> None:
    await tagged.press(SAM, tagged.buttons()["plan"])
    other = await tagged.say(BEN, IDEA)
    await tagged.react(SAM, other, "bulb")
    assert marks(tagged, other) == {"memo", "calendar"}
    await tagged.react(SAM, other, "bulb", present=False)
    assert marks(tagged, other) == set()


async def test_a_silent_channel_is_not_marked_unless_staff_tagged_there_by_reaction(tagged: Stage) -> None:
    await tagged.open_channel(SECLUDED)
    said = await tagged.say(BEN, IDEA, SECLUDED)
    await tagged.command(SAM, "tag add", {"message": said, "tag": "idea"}, SECLUDED)
    for insight in await tagged.open_insights():
        await tagged.command(SAM, "insight plan", {"insight": str(insight.number)})
    assert not [reaction for reaction in tagged.chat.reactions if reaction[0] == SECLUDED.channel]


async def test_a_deleted_message_is_not_marked(tagged: Stage) -> None:
    await tagged.say(BEN, IDEA)
    await tagged.delete(SAID)
    before = set(tagged.chat.reactions)
    await tagged.press(SAM, tagged.buttons()["plan"])
    assert tagged.chat.reactions == before


async def test_a_merge_and_its_undoing_move_each_mark_once(tagged: Stage) -> None:
    await tagged.press(SAM, tagged.buttons()["plan"])
    await tagged.say(BEN, LOGIN)
    before = await done(tagged)

    await merge(tagged, 1, 2)
    assert marks(tagged) == {"memo"}
    await undo(tagged, 1)
    assert marks(tagged) == {"memo", "calendar"}

    after = await done(tagged)
    assert (after.count("react") - before.count("react"), after.count("edit") - before.count("edit")) == (2, 4)


async def done(stage: Stage) -> list[str]:
    """Every action that was done."""
    async with stage.look() as (uow, _):
        return [sent.action async for sent in uow.totals.ended()]
