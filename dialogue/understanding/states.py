"""What each lane remembers between batches: loaded from storage once, kept while it is talked in and nothing failed."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from dialogue.events import Lane
from dialogue.understanding.memory import ChannelState

MOST_LANES: Final = 500
IDLE: Final = 10_000
"""Messages judged elsewhere since the last one of a lane, after which its memory, some 0.4 MB, is let go."""


class States:
    """The lanes judged lately. Whoever changes a lane in a way the state can't follow calls :meth:`forget`.

    A state is what storage would give: dropping one loses nothing. The program drops all of a batch's lanes when the
    batch fails.
    """

    def __init__(self) -> None:
        # the lane that was used longest ago first; with each, how many messages were judged before
        self._states: OrderedDict[Lane, tuple[ChannelState, int]] = OrderedDict()
        self._judged = 0

    async def get(self, lane: Lane, load: Callable[[], Awaitable[ChannelState]]) -> ChannelState:
        """The lane's state, from memory or by ``load``."""
        known = self.known(lane)
        state = await load() if known is None else known
        self._keep(lane, state)
        return state

    def known(self, lane: Lane) -> ChannelState | None:
        """The lane's state if it is in memory."""
        kept = self._states.get(lane)
        return None if kept is None else kept[0]

    def put(self, lane: Lane, state: ChannelState) -> None:
        """Keep the lane's new state, once another of its messages is judged."""
        self._judged += 1
        self._keep(lane, state)

    def forget(self, lane: Lane) -> None:
        """Load the lane anew next time."""
        self._states.pop(lane, None)

    def _keep(self, lane: Lane, state: ChannelState) -> None:
        self._states[lane] = state, self._judged
        self._states.move_to_end(lane)
        while len(self._states) > MOST_LANES or self._oldest() < self._judged - IDLE:
            self._states.popitem(last=False)

    def _oldest(self) -> int:
        _, judged = next(iter(self._states.values()))
        return judged
