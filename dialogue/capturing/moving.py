"""What later evidence moved: stored messages follow, with their voices, cards and pairs. What was sent stays true.

Everything that was said of a message hangs on the message, never on its conversation, so only pointers move.
"""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.actions import Outgoing
from dialogue.capturing.memory import lane_of_message
from dialogue.capturing.placing import meaning_of, place, speaks_for_itself
from dialogue.capturing.voicing import StoredVoices, add_voice, reword_voice, withdraw_voice
from dialogue.learning import leanings
from dialogue.pairing.keeping import SURE, pair_again
from dialogue.reasons import judged_anew
from dialogue.router import Context, Thought
from dialogue.routing import route
from dialogue.understanding.revising import Again
from dialogue.understanding.values import Judgement
from knowledge_base.circles import Circle
from knowledge_base.ids import ConversationId, InsightId
from knowledge_base.insights import Insight, Status
from knowledge_base.messages import Message
from knowledge_base.taggings import by_hand


async def move(context: Context, moved: Sequence[Again], circle: Circle) -> Sequence[Outgoing]:
    """Let stored messages of one lane be what they were judged again to be; the edits that show it on cards.

    What staff decided stays: a message that they tagged, or whose insight they have taken up, moves with its voice and
    kind as they are. The lane is locked.
    """
    if not moved:
        return ()
    await context.uow.communities.lock(context.community)
    outgoing: list[Outgoing] = []
    conversations: set[ConversationId] = set()
    for one in moved:
        message = await context.uow.messages.get(context.community, one.judged.prepared.heard.id)
        if message is None or message.deleted:
            continue
        context.states.forget(lane_of_message(message))
        conversations |= {message.conversation, one.judged.conversation}
        for insight in await _follow(context, message, one, circle):
            outgoing.extend((await route(context, insight)).outgoing)
        await carry_answer(context, message, one.judged.conversation)
    await pair_anew(context, conversations)
    return outgoing


def stays(thought: Thought, judgement: Judgement) -> bool:
    """Whether a message voices what it says, wherever it stands: then it stays a voice of an insight of its kind, and
    an insight of its own takes its kind. All else is placed anew where it is moved to."""
    return judgement.voices and speaks_for_itself(thought, judgement)


async def carry_answer(context: Context, message: Message, conversation: ConversationId) -> None:
    """The answer to a question that was moved is looked for where the question is now."""
    for answer in await context.uow.answers.asked_in(context.community, conversation, [message.id]):
        if answer.question == message.id and answer.conversation != conversation:
            await context.uow.answers.replace(replace(answer, conversation=conversation))


async def pair_anew(context: Context, conversations: set[ConversationId]) -> None:
    """Read the pairs of conversations again that lost or gained a message."""
    for conversation in sorted(conversations):
        await pair_again(context, conversation, SURE)


async def _follow(context: Context, message: Message, again: Again, circle: Circle) -> Sequence[Insight]:
    """Store the message as it is now; returns the insights whose cards show something else now."""
    judged, judgement = again.judged, again.judgement
    moved = replace(message, conversation=judged.conversation, reply_to=judged.reply_to)
    insight = await context.uow.insights.of_message(context.community, message.id)
    if by_hand(message.reasons) or (insight is not None and insight.status is not Status.NEW):
        await context.uow.messages.replace(moved)
        return ()
    reasons = judged_anew(message.reasons, judged.prepared, judgement)
    moved = replace(moved, kind=judged.kind, confidence=judged.confidence, reasons=reasons)
    await context.uow.messages.replace(moved)
    thought = Thought(judged.prepared, None)
    if insight is not None and stays(thought, judgement):
        if insight.kind is judged.kind:
            return ()
        if len(await context.uow.insights.voices(context.community, insight.id)) == 1:
            await reword_voice(context, moved, meaning_of(thought, judgement, context.embedders), judged.kind)
            return await _existing(context, insight.id)
    return await _placed_anew(context, moved, again, circle)


async def _placed_anew(context: Context, message: Message, again: Again, circle: Circle) -> Sequence[Insight]:
    """Let it be no voice of what it voiced, and a voice of what it says where it is now."""
    left = await withdraw_voice(context, message.id)
    shown = [] if left is None else [*await _existing(context, left)]
    thought, leaning = Thought(again.judged.prepared, None), await leanings(context)
    placement = await place(thought, again.judgement, circle, context.embedders, StoredVoices(context), leaning)
    if placement is not None:
        voiced = await add_voice(context, message, placement)
        shown = [one for one in shown if one.id != voiced.insight.id] + [voiced.insight]
        await context.uow.messages.replace(replace(message, reasons=(*message.reasons, placement.reason)))
    return shown


async def _existing(context: Context, insight: InsightId) -> Sequence[Insight]:
    found = await context.uow.insights.get(context.community, insight)
    return [found] if found else []
