"""What later evidence shows of the recent past: that a message belongs elsewhere, and what hangs on it with it.

An edit may say something that answers another line. A platform's reply by somebody who had no part in a conversation
may show for whom a message was meant. Only what a lane still remembers whole is judged again: a message with all the
lines before it that it was compared with. What the platform recorded of a message stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dialogue.understanding.features import options
from dialogue.understanding.judge import judge
from dialogue.understanding.links import learned, link
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.rows import MOST
from dialogue.understanding.values import WINDOW, Anchor, Heard, Judged, Judgement, Prepared, Tie
from knowledge_base.ids import MessageId
from knowledge_base.leanings import AS_SHIPPED, Leanings

TELLING: Final = 20.0
"""How many times likelier somebody replies to what was meant for them than to what was said to others.

In the training logs of ``links.py`` it is 63 times as likely as for somebody else who spoke lately: of 21,054 messages
that answer somebody and are answered, 84 % are by whom they answer first, and 1.3 % by any one other. There people
reply to each other by name; a platform's reply is given more freely, so this is a third of it.
"""

MOST_AGAIN: Final = 20
"""How many messages are linked anew at most; what hangs on them beyond that stays with what it answers."""

Prepare = Callable[[Heard], Prepared]
"""A message prepared anew, with the second guess at its kind: what is remembered of it lacks that."""


@dataclass(frozen=True, slots=True)
class Again:
    """A message that was judged again, because it is otherwise now: how it was remembered, and how it is."""

    before: Judged
    judged: Judged
    judgement: Judgement


def revised_by_edit(
    state: ChannelState, edited: Prepared, prepare: Prepare, leanings: Leanings = AS_SHIPPED
) -> tuple[Again, ...]:
    """The edited message first, then what hangs on it; nothing where the new words leave it where it is.

    Where old and new words would be linked alike, whatever else had moved the message counts on. Pure; what the message
    was compared with, and when it was said, stays.
    """
    place = _place(state, edited.heard.id)
    if place is None:
        return ()
    was, before = state.recent[place], ChannelState.of(state.recent[:place]).ready()
    said = replace(edited, heard=replace(edited.heard, at=was.prepared.heard.at), seconds=was.prepared.seconds)
    parent = _parent(before, said)
    if parent in (_parent(before, was.prepared), was.reply_to):
        return ()
    return _again(state.recent, place, said, None, prepare, leanings)


def revised_by_reply(
    state: ChannelState, reply: Prepared, prepare: Prepare, leanings: Leanings = AS_SHIPPED
) -> tuple[Again, ...]:
    """The message that is replied to, where that shows that it was meant for the replier, then what hangs on it.

    That is so where the replier had no part in its conversation, said something elsewhere before it, and the chance
    that it answers that is more than a :data:`TELLING`\\ th of the chance of where it is. Pure.
    """
    to = reply.heard.reply_to
    place = _place(state, to) if to is not None and reply.heard.role.is_person else None
    if place is None:
        return ()
    was, me = state.recent[place], reply.heard.author
    theirs = [one.conversation for one in state.recent if one.author == me]
    if was.author == me or not theirs or was.conversation in theirs:
        return ()
    found = options(ChannelState.of(state.recent[:place]).lines, was.prepared)
    *chances, anew = learned().chances(found).tolist()
    pairs = list(zip(found.parents, chances, strict=True))
    present = sum([chance for one, chance in pairs if one.conversation == was.conversation])
    mine = [(chance, at) for at, (one, chance) in enumerate(pairs) if one.author == me]
    if sum([chance for chance, _ in mine]) * TELLING <= (anew if was.reply_to is None else present):
        return ()
    meant = pairs[max(mine)[1]][0]
    anchor = Anchor(meant.prepared.heard.id, meant.conversation, Tie.SHOWN)
    return _again(state.recent, place, prepare(was.prepared.heard), anchor, prepare, leanings)


def _place(state: ChannelState, message: MessageId) -> int | None:
    """Where a message stands that may be judged again."""
    for at in reversed(range(len(state.recent))):
        one = state.recent[at]
        if one.prepared.heard.id == message:
            is_whole = len(state.recent) < WINDOW or at >= MOST
            return at if is_whole and one.by_person and not _is_certain(one) else None
    return None


def _is_certain(judged: Judged) -> bool:
    heard = judged.prepared.heard
    return judged.reply_to is not None and judged.reply_to in (heard.reply_to, heard.thread)


def _parent(before: ChannelState, message: Prepared) -> MessageId | None:
    parent = link(before.lines, message).parent
    return parent.prepared.heard.id if parent else None


def _again(
    recent: Sequence[Judged], place: int, said: Prepared, anchor: Anchor | None, prepare: Prepare, leanings: Leanings
) -> tuple[Again, ...]:
    """Judge the message at a place again, then in order whatever answers what turned out otherwise."""
    rows = list(recent)
    first = _judged(rows, place, said, anchor, leanings)
    moved = {said.heard.id: first}
    for at in range(place + 1, len(rows)):
        was = rows[at]
        parent = moved.get(was.reply_to) if was.reply_to is not None else None
        if parent is None or not was.by_person:
            continue
        tie = Tie.PLATFORM if _is_certain(was) else Tie.KEPT if len(moved) > MOST_AGAIN else None
        tied_to = Anchor(parent.judged.prepared.heard.id, parent.judged.conversation, tie) if tie else None
        now = _judged(rows, at, prepare(was.prepared.heard), tied_to, leanings)
        if now.judged.decided != was.decided:  # the guess of what was loaded lacks the second look
            moved[was.prepared.heard.id] = now
    return tuple(moved.values())


def _judged(rows: list[Judged], at: int, said: Prepared, anchor: Anchor | None, leanings: Leanings) -> Again:
    """The row at a place, judged by those before it, and put in its place."""
    before = rows[at]
    state, judgement = judge(ChannelState.of(rows[:at]), said, anchor, leanings)
    rows[at] = state.recent[-1]
    return Again(before, rows[at], judgement)
