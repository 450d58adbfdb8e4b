"""What a message is, in the light of what was said before it in its lane."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dialogue.understanding.context import kind_in_context
from dialogue.understanding.helping import HELPED, helps
from dialogue.understanding.links import Link, link
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.values import (
    Anchor,
    Judged,
    Judgement,
    KindGuess,
    Prepared,
    Reason,
    Sign,
    Tie,
    conversation_started_by,
)
from knowledge_base.ids import MessageId
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings

VOICE_CONFIDENCE = 0.5
"""From this confidence on, a message is kept as a voice of an insight."""


REPLY_CONFIDENCE = 0.64
"""The same for what is said to somebody else, by name or as the platform's reply: more often help than news."""

PRAISE_WORDS = 3
"""Praise of fewer words ("cool!") says nothing that the firm could use."""


def judge(
    state: ChannelState, prepared: Prepared, anchor: Anchor | None, leanings: Leanings = AS_SHIPPED
) -> tuple[ChannelState, Judgement]:
    """The judgement of the next message of a lane, and the lane's state after it.

    A pure function: the same state, message, anchor and leanings always give the same. An anchor decides parent and
    conversation, however long ago they were. ``leanings``: what the community's staff
    taught. What bots and platforms say stands alone.
    """
    ready = state.ready()
    judgement = _judgement(ready, prepared, anchor, leanings)
    return ready.after(judged_so(prepared, judgement)), judgement


def judged_so(prepared: Prepared, judgement: Judgement) -> Judged:
    """What a lane remembers of a message with its judgement."""
    decided = (judgement.conversation, judgement.reply_to, judgement.kind, judgement.confidence, judgement.link)
    return Judged(prepared, *decided)


def _judgement(state: ChannelState, prepared: Prepared, anchor: Anchor | None, leanings: Leanings) -> Judgement:
    if not prepared.heard.role.is_person:
        return _alone(prepared, Reason("not said by a person", 1.0))
    reasons: Callable[[], tuple[Reason, ...]]
    if anchor is None:
        found: Link = link(state.lines, prepared)
        parent, reasons, sure = found.parent, found.reasons, found.confidence
        reply_to = parent.prepared.heard.id if parent else None
        conversation = parent.conversation if parent else conversation_started_by(prepared.heard.id)
    else:
        parent, reasons, sure = _remembered(state, anchor.message), partial(_tied, anchor.tie), 1.0
        reply_to, conversation = anchor.message, anchor.conversation
    guess = _leaning(kind_in_context(prepared, parent, state.recent), leanings)
    to_other = _to_other(prepared, parent, anchor)
    voices = _voices(prepared, guess, leanings, opens=reply_to is None, to_other=to_other)
    only_helps = voices and guess.kind in HELPED and helps(state, prepared, parent)
    return Judgement(
        reply_to=reply_to,
        conversation=conversation,
        kind=guess.kind,
        confidence=guess.confidence,
        language=prepared.language,
        voices=voices and not only_helps,
        link=sure,
        why=lambda: (Reason(_rule(guess, only_helps=only_helps), guess.confidence), *reasons()),
    )


def _rule(guess: KindGuess, *, only_helps: bool) -> str:
    return f"{guess.rule}; said of somebody else's matter" if only_helps else guess.rule


def _tied(tie: Tie) -> tuple[Reason, ...]:
    return (Reason(tie.value, 1.0),)


def _alone(prepared: Prepared, reason: Reason) -> Judgement:
    return Judgement(
        reply_to=None,
        conversation=conversation_started_by(prepared.heard.id),
        kind=Kind.CHATTER,
        confidence=prepared.guess.confidence,
        language=prepared.language,
        voices=False,
        link=1.0,
        why=lambda: (reason,),
    )


def _remembered(state: ChannelState, message: MessageId) -> Judged | None:
    """The message if it is still in the lane's memory."""
    return next((judged for judged in reversed(state.recent) if judged.prepared.heard.id == message), None)


def _to_other(prepared: Prepared, parent: Judged | None, anchor: Anchor | None) -> bool:
    """Whether the message is surely meant for one other person. Standing after somebody's words is not enough."""
    own = parent is not None and parent.prepared.heard.author == prepared.heard.author
    tied = anchor is not None and anchor.tie is not Tie.KEPT
    return not own and (tied or bool(prepared.addressees))


def _leaning(guess: KindGuess, leanings: Leanings) -> KindGuess:
    confidence = leanings.confidence(guess.kind, guess.confidence)
    if confidence == guess.confidence:
        return guess
    return replace(guess, confidence=confidence, because=f"{guess.rule}; how sure, as corrected here")


def _voices(prepared: Prepared, guess: KindGuess, leanings: Leanings, *, opens: bool, to_other: bool) -> bool:
    """Whether a customer states something the firm should know; a question does so only as an opening.

    The words alone have to speak for it too, unless the message opens a conversation or joins in: amid a talk, more is
    taken for a statement by what it means than is one.
    """
    return (
        prepared.heard.role.is_customer
        and guess.kind in INSIGHT_KINDS
        and (prepared.states or opens or Sign.JOINS in prepared.signs)
        and guess.confidence >= leanings.voice_from(guess.kind, REPLY_CONFIDENCE if to_other else VOICE_CONFIDENCE)
        and (opens or guess.kind is not Kind.QUESTION)
        and (guess.kind is not Kind.PRAISE or prepared.length >= PRAISE_WORDS)
    )
