"""Why: what the bot understood of one message, where it went, and why it kept silent. For staff."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.cards import title
from dialogue.fence import VALUE, Fence, Private
from dialogue.ports import UnitOfWork
from dialogue.reasons import SILENT
from dialogue.routing import routes_that_hold
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, ConversationId, MessageId
from knowledge_base.insights import Insight
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.messages import Message
from knowledge_base.taggings import Tagging, taggings
from knowledge_base.titles import LONGEST


@dataclass(frozen=True, slots=True)
class Explanation:
    """One message as understood, for staff: ``title`` and ``reasons`` have passed the fence on their way to them.

    ``routes``: the numbers of the routes that sent its insight to a team. ``silent``: why the bot said nothing.
    """

    kind: Kind
    confidence: float
    language: str
    conversation: ConversationId
    reply_to: MessageId | None
    reasons: tuple[str, ...]
    insight: int | None
    title: str
    routes: tuple[int, ...]
    silent: str


async def explain(
    uow: UnitOfWork, community: CommunityId, message: MessageId, fence: Fence, texts: Texts
) -> Explanation | None:
    """What is known of a message; None for one that wasn't kept or was deleted. Reads only."""
    found = await uow.messages.get(community, message)
    if found is None or found.deleted:
        return None
    insight = await uow.insights.of_message(community, message)
    reader = Private(community, None, Role.STAFF)
    reasons = await _reasons(uow, found, texts)
    return Explanation(
        kind=found.kind,
        confidence=found.confidence,
        language=found.language,
        conversation=found.conversation,
        reply_to=found.reply_to,
        reasons=tuple(fence.line(reason, reader, VALUE) for reason in reasons),
        insight=insight.number if insight else None,
        title=await _title(uow, insight, fence, reader) if insight else "",
        routes=await _routes(uow, insight) if insight else (),
        silent=next((r.removeprefix(SILENT) for r in found.reasons if r.startswith(SILENT)), ""),
    )


async def _title(uow: UnitOfWork, insight: Insight, fence: Fence, reader: Private) -> str:
    words = title(insight, await uow.insights.voices(insight.community, insight.id))
    return fence.line(words, reader, LONGEST) if words else ""


async def _routes(uow: UnitOfWork, insight: Insight) -> tuple[int, ...]:
    sent_to = {card.team for card in await uow.cards.of_insight(insight.community, insight.id)}
    return tuple(route.number for route in await routes_that_hold(uow, insight) if route.team in sent_to)


async def _reasons(uow: UnitOfWork, message: Message, texts: Texts) -> tuple[str, ...]:
    told = []
    for reason in message.reasons:
        by_hand: Sequence[Tagging] = taggings([reason])
        if by_hand:
            told.append(await _by_hand(uow, message, by_hand[0], texts))
        elif not reason.startswith(SILENT):
            told.append(reason)
    return tuple(told)


async def _by_hand(uow: UnitOfWork, message: Message, tagging: Tagging, texts: Texts) -> str:
    member = await uow.members.get(message.community, tagging.by)
    name = (member and member.name) or texts.say("insight.somebody")
    key = f"reason.tagged_by_{tagging.given}" if tagging.tag else "reason.tagged"
    return texts.say(key, {"name": name, "tag": tagging.tag} if tagging.tag else {"name": name})
