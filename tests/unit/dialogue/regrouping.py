"""Steps of the tests in which staff say what is the same: two insights, a look at them, merges and their undoing."""

from collections.abc import Sequence

from dialogue.plain import plain_text
from knowledge_base.corrections import Correction
from knowledge_base.insights import Insight
from tests.unit.dialogue.stage import ANNA, BEN, CARA, SAM, TESS, Stage, person

DROPS = "The export drops my tags, this is broken"
NEARLY = "The export drops my tags in every file, this is broken"
LOGIN = "The login page is broken on my phone"
DAN = person("dan")


async def two(stage: Stage) -> tuple[str, str]:
    """Two insights: the first with voices of Anna and Ben, the second of Ben and Cara."""
    first = await stage.say(ANNA, DROPS)
    await stage.say(BEN, DROPS)
    second = await stage.say(BEN, LOGIN)
    await stage.say(CARA, LOGIN)
    return first, second


async def numbered(stage: Stage, number: int) -> Insight:
    async with stage.look() as (uow, community):
        return await uow.insights.by_number(community, number)


async def everything(stage: Stage) -> Sequence[object]:
    """All that is known of insights and their voices."""
    async with stage.look() as (uow, community):
        insights = [await uow.insights.by_number(community, number) for number in range(1, 9)]
        return [(one, await uow.insights.voices(community, one.id)) for one in insights if one]


async def corrections(stage: Stage) -> Sequence[Correction]:
    async with stage.look() as (uow, community):
        return await uow.corrections.of(community, 99)


async def merge(stage: Stage, one: int, into: int) -> str:
    return await stage.command(SAM, "insight merge", {"insight": f"#{one}", "into": str(into)})


async def undo(stage: Stage, number: int) -> str:
    return await stage.command(TESS, "insight undo", {"insight": str(number)})


def shown(stage: Stage, card: int) -> str:
    return plain_text(stage.cards()[card].post)
