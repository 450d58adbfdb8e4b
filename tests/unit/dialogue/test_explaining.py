from dataclasses import replace

from dialogue.explaining import Explanation, explain
from knowledge_base.kinds import Kind
from tests.unit.dialogue.stage import ADA, ANNA, SAM, SECLUDED, TEXTS, Stage

DROPS = "The export drops my tags, this is broken"


async def explained(stage: Stage, message: str) -> Explanation | None:
    async with stage.look() as (uow, community):
        return await explain(uow, community, stage.name(message), stage.fence, TEXTS)


async def test_a_message_is_explained_with_kind_insight_route_and_silence(stage: Stage) -> None:
    await stage.with_team()
    said = await stage.say(ANNA, DROPS)

    why = await explained(stage, said)

    assert (why.kind, why.insight, why.title, why.routes) == (Kind.PROBLEM, 1, DROPS, (1,))
    assert why.silent == "nobody addressed me"
    assert why.conversation == (await stage.message(said)).conversation
    assert any(reason.startswith("text: ") for reason in why.reasons)
    assert "nobody surely said the same before" in why.reasons
    assert "route 1: sent to Product" in why.reasons
    assert not any(reason.startswith("silent") for reason in why.reasons)


async def test_what_staff_did_by_hand_is_told_with_their_name(stage: Stage) -> None:
    await stage.command(ADA, "tag new", {"name": "export", "reaction": "package"})
    said = await stage.say(ANNA, "good morning")
    await stage.react(SAM, said, "package")
    await stage.command(ADA, "tag add", message=said)

    reasons = (await explained(stage, said)).reasons

    assert reasons[:2] == ("kept by Ada by hand", "tagged export by Sam with a reaction")


async def test_an_explanation_passes_the_fence_like_everything_that_leaves(stage: Stage) -> None:
    secret = await stage.say(ANNA, "The login crashes with an error, my password is hunter2!x")
    secluded = await stage.say(ANNA, DROPS, SECLUDED)

    async with stage.look() as (uow, community):
        kept = replace(await stage.message(secret), reasons=("my password is hunter2!x\nStatus: shipped",))
    async with stage.storage.begin() as uow:
        await uow.messages.replace(kept)
        await uow.commit()
    why = await explained(stage, secret)

    assert "hunter2" not in repr(why)
    assert why.title.startswith("The login crashes")
    assert "\n" not in why.reasons[0]
    async with stage.look() as (uow, community):
        why = await explain(uow, community, stage.name(secluded, SECLUDED), stage.fence, TEXTS)
    assert (why.insight, "export" in why.title) == (2, False)


async def test_nothing_is_told_of_what_was_deleted_or_never_kept(stage: Stage) -> None:
    said = await stage.say(ANNA, DROPS)
    await stage.delete(said)

    assert await explained(stage, said) is None
    assert await explained(stage, "m99") is None
