"""What there is to tell somebody of an occasion, as it stands at that moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogue import cards
from dialogue.answer_words import name as answer_name
from dialogue.closing.preparing import people
from dialogue.ports import UnitOfWork
from dialogue.texts.catalogue import Texts
from knowledge_base.answers import AnswerState
from knowledge_base.ids import AnswerId, CommunityId, MemberId
from knowledge_base.insights import Insight, Status, StatusChange
from knowledge_base.messages import Message
from knowledge_base.reminders import TAKEN_UP, Occasion, Reminder, When, month_before, places_in


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text's places stand for; ``news``: those of them that tell of something that came of it.

    ``said``: the words of theirs that it is about, if it is about these alone.
    """

    places: Mapping[str, str | int]
    news: frozenset[str]
    said: Message | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    """What came of a member's words from ``since`` on, until before ``until``."""

    member: MemberId
    since: datetime
    until: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.since <= at < self.until


async def facts_of(
    uow: UnitOfWork, community: CommunityId, rule: Reminder, occasion: Occasion, texts: Texts, now: datetime
) -> Facts | None:
    """The facts; None where there is nothing to report of what the rule's text names. Reads only."""
    match rule.when:
        case When.FIRST | When.STATUS:
            found = await _of_insight(uow, community, occasion, rule.when, texts)
        case When.QUIET:
            span = _Span(occasion.member, occasion.at, now)
            found = await _of_all(uow, community, span, {"days": (now - occasion.at).days}, texts)
        case When.ANSWER:
            found = await _of_answer(uow, community, occasion, texts)
        case When.MONTH:
            first, after = month_before(occasion.at)
            span = _Span(occasion.member, first, after)
            found = await _of_all(uow, community, span, {"month": occasion.key}, texts)
    return found if found is not None and found.news & set(places_in(rule.text)) else None


async def _of_insight(
    uow: UnitOfWork, community: CommunityId, occasion: Occasion, when: When, texts: Texts
) -> Facts | None:
    """Of one thing they said: nothing of what they muted, or of a status of which they were told already."""
    said = await uow.messages.get(community, occasion.message)
    insight = await uow.insights.of_message(community, occasion.message)
    if said is None or said.deleted or insight is None:
        return None
    if await uow.mutes.unwilling(community, insight.id, [occasion.member]):
        return None
    if when is When.STATUS and not await _is_news(uow, community, occasion, insight):
        return None
    return Facts(_places(insight, texts), _news(insight), said)


async def _of_answer(uow: UnitOfWork, community: CommunityId, occasion: Occasion, texts: Texts) -> Facts | None:
    """Of what they advised: how many others asked since what it settles."""
    answer = await uow.answers.get(community, AnswerId(occasion.key))
    said = await uow.messages.get(community, occasion.message)
    if answer is None or answer.question is None or said is None or said.deleted:
        return None
    question = await uow.messages.get(community, answer.question)
    insight = await uow.insights.of_message(community, answer.question)
    if answer.state is not AnswerState.APPROVED or question is None or insight is None:
        return None
    voices = await uow.insights.voices(community, insight.id)
    asking = {voice.member for voice in voices if voice.at > answer.at} - {occasion.member, question.author}
    places = {"answer": answer_name(answer, texts), "times": people(len(asking), texts)}
    return Facts(places, frozenset(places) if asking else frozenset(), said)


async def _is_news(uow: UnitOfWork, community: CommunityId, occasion: Occasion, insight: Insight) -> bool:
    """Whether it still is at that status, and they were not told so."""
    if occasion.key.partition(":")[2] != insight.status.name.lower():
        return False
    return occasion.member not in await uow.tellings.told(community, insight.id, insight.status)


def _places(insight: Insight, texts: Texts) -> Mapping[str, str | int]:
    return {
        "insight": cards.name(insight, texts),
        "people": cards.demand(insight, texts),
        "others": people(insight.demand - 1, texts),
        "status": texts.say(f"status.{insight.status.name.lower()}"),
    }


def _news(insight: Insight) -> frozenset[str]:
    news = set[str]()
    if insight.status in TAKEN_UP:
        news |= {"insight", "status"}
    if insight.demand > 1 and insight.status in (Status.NEW, *TAKEN_UP):
        news |= {"insight", "people", "others"}
    return frozenset(news)


async def _of_all(
    uow: UnitOfWork, community: CommunityId, span: _Span, places: Mapping[str, str | int], texts: Texts
) -> Facts:
    """Of everything they voiced and did not mute: what they said is not something that came of it."""
    muted = await uow.mutes.of_member(community, span.member)
    said, others, taken_up, shipped = 0, set[MemberId](), 0, 0
    for insight in await uow.insights.voiced_by(community, span.member):
        if insight.id in muted:
            continue
        voices = [voice for voice in await uow.insights.voices(community, insight.id) if voice.at in span]
        said += sum(voice.member == span.member for voice in voices)
        others |= {voice.member for voice in voices} - {span.member}
        history = await uow.insights.history(community, insight.id)
        taken_up += _became(insight, history, span, TAKEN_UP)
        shipped += _became(insight, history, span, (Status.SHIPPED,))
    counted = {"others": len(others), "taken_up": taken_up, "shipped": shipped}
    news = frozenset(name for name, count in counted.items() if count)
    return Facts({**places, "said": said, **counted, "others": people(len(others), texts)}, news)


def _became(insight: Insight, history: Sequence[StatusChange], span: _Span, wanted: Sequence[Status]) -> bool:
    """Whether it is at one of these, and came to one of them first in the span."""
    at = next((line.at for line in history if line.status in wanted), None)
    return insight.status in wanted and at is not None and at in span
