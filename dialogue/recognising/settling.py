"""The ledger follows its causes: what somebody is due is added once, and reversed when it is due no more.

Doing it again changes nothing, so whoever changes an insight or an answer settles it, and need not know what for.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from dialogue.people import may_keep
from dialogue.recognising.alarming import watch
from dialogue.recognising.dues import POINTS, STEPS, Due, Proven, of_answer, of_insight
from dialogue.recognising.levelling import look_at
from dialogue.router import Context
from knowledge_base.answers import Answer, Deed, Part, Source
from knowledge_base.contributions import Cause, CauseKind, Contributed, Contribution, Guard
from knowledge_base.guards import WEEK, Lately, guard_of
from knowledge_base.ids import ContributionId, InsightId, MemberId, MessageId
from knowledge_base.insights import Insight, Status
from knowledge_base.members import Role
from knowledge_base.messages import Message
from knowledge_base.outcomes import Proof

_LEAST = min(STEPS)


async def settle_voice(context: Context, insight: Insight, message: Message) -> None:
    """Somebody said it, too: what its first voice is due may be more now, or another's who said it before.

    The community is locked.
    """
    if insight.demand in STEPS or (may_have_brought(insight) and message.at < insight.last_at):
        await settle_insights(context, [insight.id])


def may_have_brought(insight: Insight) -> bool:
    """Whether anybody may be due anything for it, or was before it lost a voice."""
    return insight.demand >= _LEAST or insight.status is not Status.NEW


async def settle_insights(context: Context, insights: Collection[InsightId]) -> None:
    """The ledger says of these insights what they bring as they stand now. The community is locked."""
    stored = await context.uow.contributions.of_causes(context.community, CauseKind.INSIGHT, insights)
    for each in sorted(insights):
        insight = await context.uow.insights.get(context.community, each)
        before = [line for line in stored if line.cause.id == each]
        if insight is None or not (before or may_have_brought(insight)):
            continue
        voices = await context.uow.insights.voices(context.community, each)
        people = {voice.member for voice in voices}
        since = await context.uow.messages.first_said(context.community, people)
        dues = of_insight(insight, voices, since, {line.kind for line in before}, context.now)
        await _settle(context, Cause(CauseKind.INSIGHT, each), before, dues)


async def settle_answer(context: Context, answer: Answer) -> None:
    """The ledger says of an answer what it brings as it stands now. The community is locked."""
    if answer.question is None:
        return
    stored = await context.uow.contributions.of_causes(context.community, CauseKind.ANSWER, [answer.id])
    sources = await context.uow.answers.sources(context.community, answer.id)
    asker = next((source.member for source in sources if source.part is Part.QUESTION), None)
    dues = of_answer(answer, asker, await _proven(context, answer, sources, asker))
    await _settle(context, Cause(CauseKind.ANSWER, answer.id), stored, dues)


async def thank(context: Context, message: Message, by: MemberId, at: datetime) -> None:
    """Somebody thanks whoever said this, once. The community is locked."""
    if not await _thanks(context, message, by):
        due = Due(message.author, Contributed.THANKS, POINTS[Contributed.THANKS], at, by)
        await _add(context, Cause(CauseKind.MESSAGE, message.id), due)
        await look_at(context, [message.author])


async def take_thanks_back(context: Context, message: Message, by: MemberId) -> None:
    """They do not thank for it any more. The community is locked."""
    lines = [line.id for line in await _thanks(context, message, by)]
    await context.uow.contributions.reverse(context.community, lines, context.now)
    await look_at(context, [message.author])


async def settle_erased(context: Context, messages: Collection[MessageId]) -> None:
    """What these messages brought is reversed: they are gone. The community is locked."""
    stored = await context.uow.contributions.of_causes(context.community, CauseKind.MESSAGE, messages)
    await context.uow.contributions.reverse(context.community, [line.id for line in stored], context.now)
    await look_at(context, {line.member for line in stored})


async def settle_joined(context: Context, member: MemberId, voiced: Collection[InsightId]) -> None:
    """Two accounts are one member's now: what one gave the other counts no more. The community is locked."""
    lines = await context.uow.contributions.of_member(context.community, member)
    own = [line.id for line in lines if line.by == member]
    await context.uow.contributions.reverse(context.community, own, context.now)
    await settle_insights(context, voiced)
    await look_at(context, [member])


async def settle_forgotten(context: Context, member: MemberId) -> None:
    """What is kept of a member is deleted: their ledger, and their name on the board. The community is locked."""
    await context.uow.contributions.forget(context.community, member)
    await context.uow.boards.leave(context.community, member)
    await look_at(context, [member])


async def _thanks(context: Context, message: Message, by: MemberId) -> Sequence[Contribution]:
    stored = await context.uow.contributions.of_causes(context.community, CauseKind.MESSAGE, [message.id])
    return [line for line in stored if line.by == by]


async def _settle(context: Context, cause: Cause, stored: Sequence[Contribution], dues: Sequence[Due]) -> None:
    wanted = {(due.member, due.kind, due.step, due.by): due for due in dues}
    known = {(line.member, line.kind, line.step, line.by): line for line in stored}
    gone = [line.id for key, line in known.items() if key not in wanted]
    await context.uow.contributions.reverse(context.community, gone, context.now)
    for key, due in wanted.items():
        if key not in known:
            await _add(context, cause, due)
    await look_at(context, {key[0] for key in wanted.keys() ^ known.keys()})


async def _add(context: Context, cause: Cause, due: Due) -> None:
    """Of customers alone, and of who allows that something is kept of them."""
    member = await context.uow.members.get(context.community, due.member)
    if member is None or not member.role.is_customer or not await may_keep(context.uow, context.community, member):
        return
    fresh = ContributionId(context.ids.fresh())
    line = Contribution(
        fresh, context.community, due.member, due.kind, due.points, cause, due.at, due.by, due.step, due.guard
    )
    guard = due.guard or await _guard(context, line)
    await context.uow.contributions.add([replace(line, points=0, guard=guard) if guard else line])
    if guard is not None:
        await watch(context, line.at)


async def _guard(context: Context, line: Contribution) -> Guard | None:
    """What staff say counts as often as they say it, within a day's measure."""
    contributions, community, since = context.uow.contributions, context.community, line.at - WEEK
    got = await contributions.of_member(community, line.member, since)
    if line.by is None or await _is_staff(context, line.by):
        return guard_of(replace(line, by=None), Lately(got))
    lately = Lately(
        got,
        await contributions.given_by(community, line.member, since),
        await contributions.of_member(community, line.by, since),
        await _newcomers(context, {line.by, *(other.by for other in got if other.by is not None)}, since),
    )
    return guard_of(line, lately)


async def _newcomers(context: Context, givers: Collection[MemberId], since: datetime) -> Collection[MemberId]:
    """Those of whom nothing was stored before; of who never said anything, nothing is known."""
    heard = await context.uow.messages.first_said(context.community, givers)
    new = [giver for giver in sorted(givers) if giver not in heard or heard[giver] > since]
    return [giver for giver in new if not await _is_staff(context, giver)]


async def _is_staff(context: Context, member: MemberId) -> bool:
    found = await context.uow.members.get(context.community, member)
    return found is not None and found.role.may(Role.STAFF)


async def _proven(context: Context, answer: Answer, sources: Sequence[Source], asker: MemberId | None) -> Proven:
    """By whom it is known that it worked: who marked it, staff before others; else who said so; else who asked."""
    mark = await _mark(context, answer, {source.message for source in sources})
    said = next((one for one in sources if one.part is Part.PROOF and one.member != answer.solver), None)
    by, at = mark or ((said.member, said.at) if said else (asker, answer.at))
    history = await context.uow.answers.history(context.community, answer.id)
    approval = next((one for one in reversed(history) if one.deed is Deed.APPROVE and not one.undone), None)
    return Proven(by, at, approval.by if approval else None, approval.at if approval else None)


async def _mark(context: Context, answer: Answer, parts: Collection[MessageId]) -> tuple[MemberId, datetime] | None:
    if answer.proof is not Proof.CHECK_MARK or answer.conversation is None:
        return None
    marks = await context.uow.answers.checked_in(context.community, answer.conversation)
    theirs = [mark for mark in marks if mark.message in parts and mark.member != answer.solver]
    by_staff = [mark for mark in theirs if await _is_staff(context, mark.member)]
    return next(((mark.member, mark.at) for mark in (*by_staff, *theirs)), None)
