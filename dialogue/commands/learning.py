"""``/learning``: what was learned from staff's corrections in this community, and how to take it back."""

from collections.abc import Sequence

from dialogue.commands.declarations import DEFAULT, Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, Invocation, Noun
from dialogue.errors import Refused
from dialogue.explaining.staff import name_of
from dialogue.findings import changes, label, sentence
from dialogue.learning import learned, shipped
from dialogue.posts import Block, Fact, Facts, Paragraph, Post
from knowledge_base.corrections import Correction, CorrectionSort
from knowledge_base.ids import CorrectionId
from knowledge_base.learning import Learned, learn
from knowledge_base.members import Role
from knowledge_base.steps import Step, StepSort

_LISTED = 10
_STEPS = 5

COMMAND = Command(
    "learning",
    "help.learning.noun",
    (
        Verb(DEFAULT, "help.learning.show", Role.STAFF),
        Verb(
            "undo",
            "help.learning.undo",
            Role.STAFF,
            (Option("correction", OptionType.TEXT, "help.option.correction"),),
        ),
        Verb("reset", "help.learning.reset", Role.ADMIN),
        Verb("off", "help.learning.off", Role.ADMIN),
        Verb("on", "help.learning.on", Role.ADMIN),
    ),
)


def noun() -> Noun:
    """The command with its handlers."""
    return Noun(COMMAND, {DEFAULT: _show, "undo": _undo, "reset": _reset, "off": _off, "on": _on})


async def _show(asked: Invocation) -> Answer:
    """Also where it is off: what would hold, and from which corrections."""
    uow, community = asked.context.uow, asked.context.community
    taught = learn(await uow.learning.lessons(community), shipped(asked.context.embedders))
    corrections = await uow.learning.corrections(community)
    steps = await uow.learning.steps(community)
    is_on = await uow.learning.is_on(community)
    blocks: list[Block] = [Paragraph(asked.say("learning.is_on" if is_on else "learning.is_off"))]
    if taught.findings:
        texts = asked.context.texts
        blocks.append(Facts(tuple(Fact(label(one, texts), sentence(one, texts)) for one in taught.findings)))
    if corrections:
        blocks.append(Paragraph(asked.say("learning.corrections", {"count": len(corrections)})))
        blocks.append(Facts(tuple([await _correction(asked, *one) for one in corrections[:_LISTED]])))
    else:
        blocks.append(Paragraph(asked.say("learning.nothing")))
    if steps:
        blocks.append(Paragraph(asked.say("learning.steps")))
        blocks.append(Facts(tuple([await _step(asked, one) for one in steps[-_STEPS:]])))
    return Answer(Post(tuple(blocks)))


async def _undo(asked: Invocation) -> Answer:
    """It teaches no more; what was done to insights and messages by it stays as it is."""
    await asked.context.uow.communities.lock(asked.context.community)
    typed = asked.needed("correction")
    number, correction = await _named(asked, typed)
    said = await _taken(asked, StepSort.LEAVE_OUT, correction.id)
    return _answer(asked.say("learning.left_out", {"number": number}), said)


async def _reset(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    if not await asked.context.uow.learning.corrections(asked.context.community):
        raise Refused(asked.say("learning.nothing"))
    said = await _taken(asked, StepSort.RESET)
    return _answer(asked.say("learning.was_reset"), said)


async def _off(asked: Invocation) -> Answer:
    return await _switch(asked, StepSort.OFF, "learning.is_off")


async def _on(asked: Invocation) -> Answer:
    return await _switch(asked, StepSort.ON, "learning.is_on")


async def _switch(asked: Invocation, sort: StepSort, key: str) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    is_on = await asked.context.uow.learning.is_on(asked.context.community)
    said = [] if is_on is (sort is StepSort.ON) else await _taken(asked, sort)
    return _answer(asked.say(key), said)


async def _taken(asked: Invocation, sort: StepSort, correction: CorrectionId | None = None) -> Sequence[str]:
    """Take a step; what it changed."""
    before = await _learned(asked)
    step = Step(asked.context.community, sort, asked.member.id, asked.context.now, correction)
    await asked.context.uow.learning.take(step)
    return changes(before, await _learned(asked), asked.context.texts)


async def _learned(asked: Invocation) -> Learned:
    return await learned(asked.context.uow, asked.context.community, asked.context.embedders)


async def _named(asked: Invocation, typed: str) -> tuple[int, Correction]:
    wanted = typed.removeprefix("#")
    for number, correction in await asked.context.uow.learning.corrections(asked.context.community):
        if str(number) == wanted:
            return number, correction
    raise Refused(asked.say("refused.no_correction", {"typed": typed[:20]}))


def _answer(done: str, changed: Sequence[str]) -> Answer:
    return Answer(Post((Paragraph(done), *map(Paragraph, changed))))


async def _correction(asked: Invocation, number: int, correction: Correction) -> Fact:
    places: dict[str, str | int] = {
        "insight": await _insight(asked, correction),
        "was": asked.say(f"kind.{correction.was_kind}") if correction.was_kind else "",
        "kind": asked.say(f"kind.{correction.is_kind}") if correction.is_kind else "",
        "alike": "" if correction.cosine is None else f"{correction.cosine:.2f}",
        "percent": "" if correction.confidence is None else round(100 * correction.confidence),
    }
    sort = correction.sort
    unmeasured = correction.cosine is None if sort in _PAIRS else correction.confidence is None
    said = asked.say(f"corrected.{sort}{'_unmeasured' if unmeasured else ''}", places)
    name = await name_of(asked.context.uow, correction.community, correction.by, asked.context.texts)
    said = asked.say("learning.by", {"what": said, "name": name, "day": correction.at.date().isoformat()})
    return Fact(f"#{number}", said)


_PAIRS = (CorrectionSort.MERGE, CorrectionSort.SPLIT, CorrectionSort.REFUSAL)


async def _insight(asked: Invocation, correction: Correction) -> str:
    uow, community = asked.context.uow, asked.context.community
    insight = await uow.insights.get(community, correction.insight) if correction.insight else None
    if insight is None and correction.message is not None:
        insight = await uow.insights.of_message(community, correction.message)
    return f"#{insight.number}" if insight else asked.say("learning.a_message")


async def _step(asked: Invocation, step: Step) -> Fact:
    name = await name_of(asked.context.uow, step.community, step.by, asked.context.texts)
    said = asked.say(f"learning.step_{step.sort}")
    return Fact(step.at.date().isoformat(), asked.say("status.by", {"status": said, "name": name}))
