"""What each lane remembers between batches: loaded from storage once, kept while it is talked in and nothing failed."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from dialogue.events import Lane
from dialogue.understanding.memory import ChannelState
from knowledge_base.ids import MessageId

MOST_LANES: Final = 500
IDLE: Final = 10_000
"""Messages judged elsewhere since the last one of a lane, after which its memory is let go: some 0.4 MB, where later
messages are compared with it."""


class Point(NamedTuple):
    """How far two processes that judge the same lane are of one mind: since which beginning, up to which message.

    Who judged nothing else there since then than the other one remembers the same.
    """

    beginning: int
    last: MessageId | None

    def after(self, message: MessageId) -> "Point":
        """With one more message."""
        return Point(self.beginning, message)


EMPTY: Final = Point(0, None)
"""Where everybody is in a lane that remembers nothing."""


class _Kept(NamedTuple):
    """``judged``: how many messages of all lanes were before it. ``point``: None where nobody else is of one mind."""

    state: ChannelState
    judged: int
    point: Point | None


class States:
    """The lanes judged lately. Whoever changes a lane in a way the state can't follow calls :meth:`forget`.

    A state is what storage would give: dropping one loses nothing. The program drops all of a batch's lanes when the
    batch fails.
    """

    def __init__(self) -> None:
        # the lane that was used longest ago first
        self._states: OrderedDict[Lane, _Kept] = OrderedDict()
        self._judged = 0

    async def get(self, lane: Lane, load: Callable[[], Awaitable[ChannelState]]) -> ChannelState:
        """The lane's state, from memory or by ``load``."""
        kept = self._states.get(lane)
        if kept is None:
            kept = _Kept(await load(), self._judged, None)
        self._keep(lane, kept._replace(judged=self._judged))
        return kept.state

    def known(self, lane: Lane) -> ChannelState | None:
        """The lane's state if it is in memory."""
        kept = self._states.get(lane)
        return None if kept is None else kept.state

    def put(self, lane: Lane, state: ChannelState, point: Point | None = None) -> None:
        """Keep the lane's new state, once a message of it was judged; ``point``: where others are who judge it too."""
        self._judged += 1
        self._keep(lane, _Kept(state, self._judged, point))

    def point(self, lane: Lane) -> Point | None:
        """Where this lane's judging is, for those who judge it too; None where other things happened than theirs."""
        kept = self._states.get(lane)
        if kept is None:
            return None
        return kept.point if kept.point or kept.state.recent else EMPTY

    def meet(self, lane: Lane, point: Point) -> None:
        """From here on others judge the lane too, who are told what it remembers."""
        self._states[lane] = self._states[lane]._replace(point=point)

    def forget(self, lane: Lane) -> None:
        """Load the lane anew next time."""
        self._states.pop(lane, None)

    def _keep(self, lane: Lane, kept: _Kept) -> None:
        self._states[lane] = kept
        self._states.move_to_end(lane)
        while len(self._states) > MOST_LANES or self._oldest() < self._judged - IDLE:
            self._states.popitem(last=False)

    def _oldest(self) -> int:
        return next(iter(self._states.values())).judged
