"""Forgetting what was said, through every copy: its voice, the title, cards, digests, and what its author was told."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from dialogue.actions import Outgoing
from dialogue.capturing.memory import lane_of_message
from dialogue.capturing.voicing import withdraw_voice
from dialogue.closing.showing import show_in_tellings
from dialogue.digests import show_in_digests
from dialogue.pairing.withdrawing import pair_without, withdraw
from dialogue.recognising.settling import settle_erased
from dialogue.router import Context
from dialogue.routing import show_on_cards
from knowledge_base.ids import ConversationId, InsightId, MessageId
from knowledge_base.messages import Message


async def erase(context: Context, messages: Iterable[Message]) -> Sequence[Outgoing]:
    """Erase messages and what came of them; returns the edits that take their words off what was posted."""
    await context.uow.communities.lock(context.community)
    gone: list[MessageId] = []
    touched: dict[InsightId, datetime] = {}
    paired: set[ConversationId] = set()
    for message in messages:
        insight = await withdraw_voice(context, message.id)
        if insight is not None:
            touched[insight] = min(message.at, touched.get(insight, message.at))
        if await withdraw(context, message):
            paired.add(message.conversation)
        await context.uow.notes.erase_about(context.community, message.id)
        await context.uow.messages.erase(context.community, message.id)
        context.states.forget(lane_of_message(message))
        gone.append(message.id)
    await pair_without(context, sorted(paired))
    await settle_erased(context, gone)
    edits: list[Outgoing] = []
    for insight in touched:
        edits.extend(await show_on_cards(context, insight))
    if touched:
        edits.extend(await show_in_digests(context, touched, min(touched.values())))
    edits.extend(await show_in_tellings(context, gone))
    return edits
