"""What there is to tell somebody of an occasion, as it stands at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogue import cards
from dialogue.ports import UnitOfWork
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId
from knowledge_base.insights import Insight, Status
from knowledge_base.messages import Message
from knowledge_base.reminders import TAKEN_UP, Occasion, Reminder, When, places_in


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text's places stand for; ``news``: those of them that tell of something that came of it.

    ``said``: the words of theirs that it is about.
    """

    places: Mapping[str, str | int]
    news: frozenset[str]
    said: Message


async def facts_of(
    uow: UnitOfWork, community: CommunityId, rule: Reminder, occasion: Occasion, texts: Texts
) -> Facts | None:
    """The facts; None where there is nothing to report of what the rule's text names. Reads only."""
    match rule.when:
        case When.FIRST:
            found = await _of_insight(uow, community, occasion, texts)
    return found if found is not None and found.news & set(places_in(rule.text)) else None


async def _of_insight(uow: UnitOfWork, community: CommunityId, occasion: Occasion, texts: Texts) -> Facts | None:
    said = await uow.messages.get(community, occasion.message)
    insight = await uow.insights.of_message(community, occasion.message)
    if said is None or said.deleted or insight is None:
        return None
    return Facts(_places(insight, texts), _news(insight), said)


def _places(insight: Insight, texts: Texts) -> Mapping[str, str | int]:
    others = insight.demand - 1
    return {
        "insight": cards.name(insight, texts),
        "people": cards.demand(insight, texts),
        "others": texts.say("insight.one_person") if others == 1 else texts.say("insight.people", {"count": others}),
        "status": texts.say(f"status.{insight.status.name.lower()}"),
    }


def _news(insight: Insight) -> frozenset[str]:
    news = set[str]()
    if insight.status in TAKEN_UP:
        news |= {"insight", "status"}
    if insight.demand > 1 and insight.status in (Status.NEW, *TAKEN_UP):
        news |= {"insight", "people", "others"}
    return frozenset(news)
