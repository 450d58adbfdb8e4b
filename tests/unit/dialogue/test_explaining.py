from dataclasses import replace

from dialogue.events import Place
from dialogue.explaining.messages import Explanation, Lens, explain, let_out
from dialogue.explaining.nearness import Nearness
from dialogue.fence import Private
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from tests.unit.dialogue.stage import ADA, ANNA, BEN, CARA, GENERAL, SAM, SECLUDED, TEXTS, Stage

DROPS = "The export drops my tags, this is broken"
WISHED = "I wish the export keeps my tags: please add an option, would be great, this is broken"
ALIKE = "Export drops my tags, broken"
UNLIKE = "The export drops my notes, this is broken"


async def explained(stage: Stage, message: str, place: Place = GENERAL) -> Explanation:
    async with stage.look() as (uow, community):
        found = await uow.messages.get(community, stage.name(message, place))
        explanation = await explain(uow, found, Lens(TEXTS, stage.understanding.embedders))
        return let_out(explanation, stage.fence, Private(community, None, Role.STAFF))


async def test_a_message_is_explained_with_kind_insight_route_and_silence(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)

    why = await explained(stage, said)

    assert (why.kind, why.insight, why.title, why.routes) == (Kind.PROBLEM, 1, DROPS, (1,))
    assert why.silent == "nobody addressed me"
    assert why.conversation == (await stage.message(said)).conversation
    assert any("drops" in rule or "broken" in rule for rule in why.rules)
    assert (why.messages, why.reply_to, why.answers) == (1, None, None)
    assert "nobody surely said the same before" in why.reasons
    assert "route 1: sent to Product" in why.reasons
    assert not any(reason.startswith("silent") for reason in why.reasons)


async def test_what_staff_did_by_hand_is_told_with_their_name(stage: Stage) -> None:
    await stage.command(ADA, "tag new", {"name": "export", "reaction": "package"})
    said = await stage.say(ANNA, "good morning")
    await stage.react(SAM, said, "package")
    await stage.command(ADA, "tag add", message=said)

    why = await explained(stage, said)

    assert why.staff == ("kept by Ada by hand", "tagged export by Sam with a reaction")
    assert not any("tagged:" in reason for reason in why.reasons)


async def test_an_explanation_passes_the_fence_like_everything_that_leaves(stage: Stage) -> None:
    secret = await stage.say(ANNA, "The login crashes with an error, my password is hunter2!x")
    secluded = await stage.say(ANNA, DROPS, SECLUDED)

    async with stage.look():
        kept = replace(await stage.message(secret), reasons=("my password is hunter2!x\nStatus: shipped",))
    async with stage.storage.begin() as uow:
        await uow.messages.replace(kept)
        await uow.commit()
    why = await explained(stage, secret)

    assert "hunter2" not in repr(why)
    assert why.title.startswith("The login crashes")
    assert "\n" not in why.reasons[0]
    why = await explained(stage, secluded, SECLUDED)
    assert (why.insight, "export" in why.title) == (2, False)


async def test_who_it_answers_is_told_with_the_reasons_and_no_private_quote(stage: Stage) -> None:
    asked = await stage.say(ANNA, DROPS)
    said = await stage.say(BEN, "Anna: try the beta, there it is fixed", reply_to=asked)
    hidden = await stage.say(ANNA, DROPS, SECLUDED)
    whispered = await stage.say(BEN, "Anna: try the beta, there it is fixed", SECLUDED, reply_to=hidden)

    why, unseen = await explained(stage, said), await explained(stage, whispered, SECLUDED)

    assert (why.answers.words.text, why.answers.author) == (DROPS, "Anna")
    assert why.parent == ("the platform says so (+1.00)",)
    assert why.messages == 2
    assert (unseen.answers.words.text, unseen.answers.author) == (TEXTS.say("fence.withheld"),) * 2


async def test_the_nearest_insights_are_told_with_their_distance_and_what_comes_of_it(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await stage.say(BEN, ALIKE)
    await stage.say(BEN, UNLIKE)
    again = await stage.say(CARA, DROPS)
    await stage.say(CARA, WISHED)

    near = (await explained(stage, again)).near
    assert [(one.number, one.title, one.nearness) for one in near] == [
        (1, DROPS, Nearness.SAME),
        (2, ALIKE, Nearness.SUGGESTED),
        (3, UNLIKE, Nearness.APART),
        (4, WISHED, Nearness.APART),
    ]
    assert round(near[0].distance, 3) == 0
    assert [one.distance for one in near] == sorted(one.distance for one in near)


async def test_a_message_that_is_no_voice_has_neighbours_too(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    said = await stage.say(SAM, DROPS)

    why = await explained(stage, said)

    assert (why.insight, [one.nearness for one in why.near]) == (None, [Nearness.UNMERGED])


async def test_what_was_kept_before_reasons_said_what_they_are_about_is_told_all_the_same(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS)
    kept = replace(await stage.message(said), reasons=("text: it breaks", "same words (+1.20)", "soon after (-0.64)"))
    async with stage.storage.begin() as uow:
        await uow.messages.replace(kept)
        await uow.commit()

    why = await explained(stage, said)

    assert (why.rules, why.parent, why.reasons) == (
        ("it breaks",),
        ("same words (+1.20)", "soon after (-0.64)"),
        (),
    )


async def test_what_is_alike_but_for_a_word_that_tells_it_apart_is_apart(stage: Stage) -> None:
    await stage.say(ANNA, "The export drops my 17 tags in version 2, this is broken")
    again = await stage.say(BEN, "The export drops my 17 tags in version 3, this is broken")

    why = await explained(stage, again)

    limit = stage.understanding.embedder.thresholds.suggest
    assert [(one.number, one.nearness, one.cosine > limit) for one in why.near] == [(1, Nearness.APART, True)]
