"""Routes that ask for what is meant like an example: a sentence, or what an insight's voices say."""

import pytest

from dialogue.meanings import Embedders
from dialogue.routing.likeness import compare
from knowledge_base.conditions import Example
from knowledge_base.merging import Thresholds
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, SAM, Stage

DROPS = "The export drops my tags, this is broken"
LIKE = "The export drops all my tags"
DARK = "I wish there was a dark mode, please add one"
LOGIN = "The login page crashes with an error"


async def test_a_route_sends_what_means_something_like_its_sentence_and_says_so(stage: Stage) -> None:
    await stage.with_team(like=LIKE)
    await stage.say(ANNA, DARK)
    await stage.say(BEN, DROPS)
    await stage.say(CARA, LOGIN)

    assert "drops my tags" in stage.card()
    assert f"meaning something like “{LIKE}”" in await stage.command(SAM, "route list")
    assert "route 1: likeness to its example 0." in await stage.command(SAM, "why show", {"insight": "2"})
    assert "likeness" not in await stage.command(SAM, "why show", {"insight": "1"})


async def test_a_route_is_tried_on_what_was_said_like_an_example_before_it_holds(stage: Stage) -> None:
    for who, text in ((ANNA, DARK), (BEN, DROPS), (CARA, LOGIN)):
        await stage.say(who, text)
    tried = await stage.command(ADA, "route test", {"like": LIKE})
    assert "Of 3 insights heard in the last 30 days it would have sent 1" in tried
    assert "likeness 0." in tried
    assert DROPS in tried
    tried = await stage.command(ADA, "route test", {"like": LIKE, "kind": "request", "join": "any"})
    assert "it would have sent 2" in tried


async def test_an_insight_is_an_example_wherever_its_voices_were_merged(stage: Stage) -> None:
    await stage.say(ANNA, "The export drops every tag of mine, broken")
    await stage.say(ANNA, DARK)
    await stage.with_team(like="#1")
    assert "meaning something like #1" in await stage.command(SAM, "route list")
    await stage.say(BEN, DROPS)
    assert "drops my tags" in stage.card()

    await stage.command(SAM, "insight merge", {"insight": "1", "into": "2"})
    tried = await stage.command(ADA, "route test", {"route": "1"})
    assert "Of 2 insights heard in the last 30 days it would have sent 1" in tried
    assert "#2" in tried


async def test_nothing_is_like_what_nobody_says_any_more(stage: Stage) -> None:
    said = await stage.say(ANNA, "The export drops every tag of mine, broken")
    await stage.with_team(like="1")
    await stage.delete(said)
    await stage.say(BEN, DROPS)
    assert stage.cards() == []


async def test_only_vectors_of_the_same_model_are_compared(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    known = stage.understanding.embedders
    other = type("Other", (type(known.main),), {"name": "other", "thresholds": Thresholds(0, 0, 0, 0, 0, 0, -1)})()
    example = Example(LIKE, "en")
    async with stage.look() as (uow, community):
        (insight,) = await uow.insights.open(community)
        compared = [
            await compare(uow, embedders, community, [insight.id], [example])
            for embedders in (known, Embedders(other), Embedders(known.main, other))
        ]
    assert [example in one.like(insight.id) for one in compared] == [True, False, True]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [("#99", "There is no insight"), ("17", "There is no insight"), ("?!", "Give a sentence in words")],
)
async def test_an_example_that_says_nothing_is_refused(stage: Stage, typed: str, refusal: str) -> None:
    await stage.with_team()
    assert refusal in await stage.command(ADA, "route add", {"team": "Product", "like": typed})
