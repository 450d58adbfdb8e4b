"""Staff say of which kind a message is: what it voices follows, and the community learns from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogue.actions import Outgoing
from dialogue.capturing.memory import as_it_stands, lane_of_message, thought_again
from dialogue.capturing.placing import Placement
from dialogue.capturing.thinking import Understanding
from dialogue.capturing.voicing import add_voice, placed, withdraw_voice
from dialogue.consequences import Heard, after_voice
from dialogue.correcting import note_kind, note_tagging
from dialogue.digests import show_in_digests
from dialogue.router import Context
from dialogue.routing import route, show_on_cards
from knowledge_base.ids import MemberId
from knowledge_base.insights import Insight
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.messages import Message
from knowledge_base.taggings import KindGiven, kind_given


@dataclass(frozen=True, slots=True)
class KindGiver:
    """Gives stored messages another kind. ``understanding``: by which new voices are placed."""

    understanding: Understanding

    async def give(self, context: Context, message: Message, kind: Kind, by: MemberId) -> Sequence[Outgoing]:
        """The message is of this kind from now on, also after an edit; the same kind again changes nothing.

        A voice goes where others say the same in that kind. If nobody does and it is alone in its insight, that becomes
        of its kind; among others it leaves them. Locks the community; what was deleted before that stays so.
        """
        stored = await as_it_stands(context, message)
        return await self._give(context, stored, kind, by) if stored else ()

    async def _give(self, context: Context, message: Message, kind: Kind, by: MemberId) -> Sequence[Outgoing]:
        before = kind_given(message.reasons)
        given = KindGiven(
            kind, *((before.was, before.confidence) if before else (message.kind, message.confidence)), by
        )
        if message.kind is kind and before is not None:
            return ()
        lines = [line for line in message.reasons if before is None or line != before.as_reason()]
        kept = replace(message, kind=kind, confidence=1.0, reasons=(given.as_reason(), *lines))
        await context.uow.messages.replace(kept)
        context.states.forget(lane_of_message(message))
        if given.was is kind and before is None:
            await note_tagging(context, message, kind, by)
        else:
            await note_kind(context, message, given)
        return await self._voice(context, kept)

    async def _voice(self, context: Context, message: Message) -> Sequence[Outgoing]:
        insight = await context.uow.insights.of_message(context.community, message.id)
        if insight is not None and insight.kind is message.kind:
            return ()
        placement = await self._place(context, message) if _may_voice(message) else None
        if insight is not None and placement and not placement.insight and await _is_alone(context, insight):
            changed = replace(insight, kind=message.kind)
            await context.uow.insights.replace(changed)
            return (await route(context, changed)).outgoing
        outgoing: list[Outgoing] = []
        if insight is not None:
            await withdraw_voice(context, message.id)
            outgoing.extend(await show_on_cards(context, insight.id))
            outgoing.extend(await show_in_digests(context, [insight.id], message.at))
        if placement is not None:
            voiced = await add_voice(context, message, placement)
            outgoing.extend((await after_voice(context, Heard(voiced.insight, message))).outgoing)
        return outgoing

    async def _place(self, context: Context, message: Message) -> Placement:
        return await placed(context, message, await thought_again(context, message, self.understanding))


async def _is_alone(context: Context, insight: Insight) -> bool:
    return len(await context.uow.insights.voices(context.community, insight.id)) == 1


def _may_voice(message: Message) -> bool:
    """What a customer said; a question only as an opening, as where it is judged."""
    asks_in_passing = message.kind is Kind.QUESTION and message.reply_to is not None
    return message.role.is_customer and message.kind in INSIGHT_KINDS and not asks_in_passing
