"""Forgetting what was said, through every copy: its voice, the title, cards, digests, and what its author was told."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from dialogue.actions import Outgoing
from dialogue.bridging.showing import show_carried
from dialogue.capturing.memory import lane_of_message
from dialogue.capturing.voicing import withdraw_voices
from dialogue.closing.showing import show_in_tellings
from dialogue.digests import show_in_digests
from dialogue.pairing.withdrawing import pair_without, withdraw
from dialogue.recognising.settling import settle_erased
from dialogue.router import Context
from dialogue.routing import show_on_cards
from dialogue.signs.showing import show_signs
from knowledge_base.ids import ConversationId, InsightId
from knowledge_base.messages import Message


async def erase(context: Context, messages: Iterable[Message]) -> Sequence[Outgoing]:
    """Erase messages and what came of them; returns the edits that take their words off what was posted."""
    await context.uow.communities.lock(context.community)
    uow, community = context.uow, context.community
    gone = {message.id: message for message in messages}
    touched: dict[InsightId, datetime] = {}
    for said, insight in (await withdraw_voices(context, gone)).items():
        touched[insight] = min(gone[said].at, touched.get(insight, gone[said].at))
    paired: set[ConversationId] = set()
    for part in await uow.answers.touching(community, gone):
        if await withdraw(context, gone[part]):
            paired.add(gone[part].conversation)
    await uow.notes.erase_about(community, gone)
    await uow.messages.erase(community, gone)
    for lane in {lane_of_message(message) for message in gone.values()}:
        context.states.forget(lane)
    await pair_without(context, sorted(paired))
    await settle_erased(context, gone)
    edits: list[Outgoing] = []
    for insight in touched:
        edits.extend(await show_on_cards(context, insight))
    if touched:
        edits.extend(await show_in_digests(context, touched, min(touched.values())))
    edits.extend(await show_in_tellings(context, gone))
    edits.extend(await show_carried(context, gone))
    edits.extend(await show_signs(context, gone))
    return edits
