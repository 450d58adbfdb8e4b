"""What each lane remembers, between batches: loaded from storage once, kept while nothing failed."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from dialogue.events import Lane
from dialogue.understanding.memory import ChannelState

MOST_LANES: Final = 500


class States:
    """The lanes judged lately. Whoever changes a lane in a way the state can't follow calls :meth:`forget`.

    A state is what storage would give: dropping one loses nothing. The program drops all of a batch's lanes when the
    batch fails.
    """

    def __init__(self) -> None:
        self._states: OrderedDict[Lane, ChannelState] = OrderedDict()

    async def get(self, lane: Lane, load: Callable[[], Awaitable[ChannelState]]) -> ChannelState:
        """The lane's state, from memory or by ``load``."""
        if lane not in self._states:
            self._states[lane] = await load()
            while len(self._states) > MOST_LANES:
                self._states.popitem(last=False)
        self._states.move_to_end(lane)
        return self._states[lane]

    def known(self, lane: Lane) -> ChannelState | None:
        """The lane's state if it is in memory."""
        return self._states.get(lane)

    def put(self, lane: Lane, state: ChannelState) -> None:
        """Keep the lane's new state."""
        self._states[lane] = state
        self._states.move_to_end(lane)

    def forget(self, lane: Lane) -> None:
        """Load the lane anew next time."""
        self._states.pop(lane, None)
