"""An answer as people see it: the question, what solved it, by whom, whether it worked and how that is known."""

from collections.abc import Sequence

from dialogue.answer_words import name, title, worded, words_of
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Fact, Facts, Heading, Paragraph, Post, Quote
from dialogue.texts.catalogue import Texts
from knowledge_base.answers import Answer, AnswerChange, Part, Source


def evidence(answer: Answer, texts: Texts) -> str:
    """Whether it worked, and how that is known."""
    outcome = texts.say(f"outcome.{answer.outcome}")
    if answer.proof is None:
        return outcome
    proof = texts.say(f"proof.{answer.proof.name.lower()}")
    return texts.say("answer.evidence", {"outcome": outcome, "proof": proof})


async def line(uow: UnitOfWork, answer: Answer, texts: Texts) -> Fact:
    """One line of a list."""
    sources = await uow.answers.sources(answer.community, answer.id)
    places = {"name": name(answer, texts), "evidence": evidence(answer, texts)}
    key = "answer.line_again" if answer.look_again else "answer.line"
    return Fact(texts.say(key, places), title(answer, sources))


async def whole(uow: UnitOfWork, answer: Answer, texts: Texts) -> Post:
    """All that is known of it."""
    sources = await uow.answers.sources(answer.community, answer.id)
    blocks: list[Block] = [Heading(title(answer, sources) or name(answer, texts))]
    blocks.append(Facts(_facts(answer, sources, texts)))
    if answer.look_again:
        blocks.append(Paragraph(texts.say("answer.look_again")))
    if answer.wording.text:
        blocks.append(Paragraph(texts.say("answer.wording")))
        blocks.extend(Paragraph(worded(answer, sources, phrase)) for phrase in answer.wording.questions)
        blocks.append(Paragraph(worded(answer, sources, answer.wording.text)))
    for part in Part:
        quotes = [_quote(source, answer) for source in sources if source.part is part]
        blocks.extend([Paragraph(texts.say(f"part.{part}")), *quotes] if quotes else [])
    history = await uow.answers.history(answer.community, answer.id)
    told = tuple([await _told(uow, answer, change, texts) for change in history])
    return Post((*blocks, Facts(told)) if told else tuple(blocks))


def _facts(answer: Answer, sources: Sequence[Source], texts: Texts) -> tuple[Fact, ...]:
    facts = [
        Fact(name(answer, texts), texts.say(f"answer_state.{answer.state}")),
        Fact(texts.say("answer.worked"), evidence(answer, texts)),
    ]
    solver = next((one for one in sources if one.part is Part.SOLUTION and one.member == answer.solver), None)
    if solver is not None:
        facts.append(Fact(texts.say("answer.solved_by"), words_of(solver, answer, solver.author_name)))
    if answer.source:
        facts.append(Fact(texts.say("answer.source"), answer.source))
    if answer.tags:
        facts.append(Fact(texts.say("card.tags"), ", ".join(answer.tags)))
    return tuple(facts)


def _quote(source: Source, answer: Answer) -> Quote:
    return Quote(words_of(source, answer, source.text), words_of(source, answer, source.author_name), source.link)


async def _told(uow: UnitOfWork, answer: Answer, change: AnswerChange, texts: Texts) -> Fact:
    said = texts.say(f"deed.{change.deed}")
    if change.by is not None:
        member = await uow.members.get(answer.community, change.by)
        said = texts.say(
            "status.by", {"status": said, "name": (member and member.name) or texts.say("insight.somebody")}
        )
    if change.reason:
        said = texts.say("status.because", {"status": said, "reason": change.reason})
    return Fact(change.at.date().isoformat(), texts.say("answer.undone", {"deed": said}) if change.undone else said)
