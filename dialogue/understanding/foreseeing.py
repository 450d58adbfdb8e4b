"""What is coming is judged before it comes, beside the process that decides, as if nothing else happened in its lane.

Only whoever decides knows what is kept: a message may be refused, a lane be changed by an edit or by staff. So each
judgement tells from where it was made, and is taken over where that is the same; where not, it is made anew.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from dialogue.events import Lane
from dialogue.understanding.judge import judge
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.revising import Prepare, revised_by_reply
from dialogue.understanding.states import EMPTY, Point, States
from dialogue.understanding.values import Anchor, Judged, Judgement, Prepared, conversation_started_by
from knowledge_base.carried import carried
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.leanings import Leanings

MOST_KNOWN: Final = 20_000
"""Messages of which the conversation is known: what is answered is rarely older."""


@carried
@dataclass(frozen=True, slots=True)
class Foreseen:
    """A judgement that holds where its lane is at the same point and the message is tied to the same."""

    point: Point
    anchor: Anchor | None
    judgement: Judgement

    def is_from(self, point: Point | None, leanings: Leanings) -> bool:
        """Whether whoever made it remembered the same, and judges alike."""
        return point == self.point and leanings.judge_as_shipped

    def holds(self, point: Point | None, anchor: Anchor | None, leanings: Leanings) -> bool:
        """Whether it would be judged so now."""
        return self.is_from(point, leanings) and anchor == self.anchor


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a lane remembers, and the point from which on it is judged elsewhere too."""

    lane: Lane
    point: Point
    recent: Sequence[Judged]


class Foreseer:
    """Judges one message after the other, as shipped, in the process that thinks.

    ``prepare``: for what a reply shows to belong elsewhere.
    """

    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare
        self._states = States()
        self._talks: OrderedDict[MessageId, ConversationId] = OrderedDict()

    def begin(self, beginning: Beginning) -> None:
        """Judge a lane from here on, after what it remembers."""
        self._states.put(beginning.lane, ChannelState.of(beginning.recent), beginning.point)

    def foresee(self, lane: Lane, prepared: Prepared, facts: Sequence[MessageId]) -> Foreseen:
        """How the next message of a lane is judged; ``facts``: to which messages the platform itself ties it."""
        state, point = self._states.known(lane) or ChannelState(), self._states.point(lane) or EMPTY
        state = self._revised(state, prepared)
        anchor = self._anchor(state, facts)
        after, judgement = judge(state, prepared, anchor)
        self._states.put(lane, after, point.after(prepared.heard.id))
        self._know(prepared.heard.id, judgement.conversation)
        # another process can't be sent what would find the reasons when asked
        return Foreseen(point, anchor, replace(judgement, why=partial(tuple, judgement.reasons)))

    def pass_by(self, message: MessageId) -> None:
        """A message that was deleted stands alone, and its lane does not remember it."""
        self._know(message, conversation_started_by(message))

    def _revised(self, state: ChannelState, reply: Prepared) -> ChannelState:
        """The lane once the reply has shown for whom an earlier message was meant."""
        moved = [again.judged for again in revised_by_reply(state, reply, self._prepare)]
        for judged in moved:
            self._know(judged.prepared.heard.id, judged.conversation)
        return state.with_moved(moved) if moved else state

    def _anchor(self, state: ChannelState, facts: Sequence[MessageId]) -> Anchor | None:
        lately = {judged.prepared.heard.id: judged.conversation for judged in state.recent} if facts else {}
        found = ((fact, lately.get(fact) or self._talks.get(fact)) for fact in facts)
        return next((Anchor(fact, talk) for fact, talk in found if talk is not None), None)

    def _know(self, message: MessageId, conversation: ConversationId) -> None:
        self._talks[message] = conversation
        if len(self._talks) > MOST_KNOWN:
            self._talks.popitem(last=False)
