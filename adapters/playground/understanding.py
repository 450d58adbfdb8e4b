"""Keeps an eye on what the bot makes of the latest messages, and tells the pages when that changes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from adapters.playground.cast import BOT, SPACE
from adapters.playground.facts import Fact
from adapters.playground.platform import Platform
from adapters.playground.pushes import BoundsShown, NearShown, Understood
from adapters.playground.state import Message
from dialogue.errors import DialogueError
from dialogue.explaining.messages import Bounds, Explanation
from dialogue.explaining.nearness import Near
from dialogue.plain import said
from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId, platform_id

LATEST: Final = 30
"""How many of the last messages are looked at again whenever something happens."""
LOOKED_AT: Final = 20
"""How many messages that somebody selected are remembered."""
BREATH: Final = 0.15
AGAIN: Final = (0.25, 0.25, 0.5, 0.5, 1.0, 1.0, 2.0, 4.0)
"""Seconds: between something happening and looking, and between looks while something is not understood yet."""


Explainer = Callable[[SpaceId, ChannelId, PlatformMessageId], Awaitable[Explanation | None]]
"""What the bot made of a message, or None where it has kept nothing of it (yet)."""


class Understanding:
    """What was understood, as last told to the pages."""

    def __init__(
        self,
        platform: Platform,
        explain: Explainer,
        tell: Callable[[Understood], None],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._platform = platform
        self._explain = explain
        self._tell = tell
        self._wait = wait
        self._told: dict[PlatformMessageId, Understood] = {}
        self._selected: dict[PlatformMessageId, None] = {}
        self._happened = asyncio.Event()
        platform.watchers.append(self._something_happened)

    def told(self) -> Sequence[Understood]:
        """Everything told so far, for a page that has just come."""
        return list(self._told.values())

    def look_at(self, message: PlatformMessageId) -> None:
        """Somebody wants to know about this message, now and whenever something happens."""
        self._selected.pop(message, None)
        self._selected[message] = None
        while len(self._selected) > LOOKED_AT:
            self._selected.pop(next(iter(self._selected)))
        self._told.pop(message, None)
        self._happened.set()

    async def run(self) -> None:
        """Look whenever something has happened, until cancelled."""
        while True:
            await self._happened.wait()
            for pause in (BREATH, *AGAIN):
                await self._wait(pause)
                self._happened.clear()
                if await self._look():
                    break

    def _something_happened(self, fact: Fact | None) -> None:
        self._happened.set()

    async def _look(self) -> bool:
        """Tell what is new; whether everything is understood by now."""
        complete = True
        for message in self._worth_a_look():
            try:
                found = await self._explain(SPACE, message.channel, message.id)
            except DialogueError:
                return False
            understood = _understood(message.id, found)
            complete = complete and understood.kept
            if self._told.get(message.id) != understood:
                self._told[message.id] = understood
                self._tell(understood)
        return complete

    def _worth_a_look(self) -> list[Message]:
        messages = self._platform.state.messages
        latest = [message for message in messages.values() if message.author != BOT][-LATEST:]
        selected = [messages[message] for message in self._selected if messages[message] not in latest]
        return [message for message in (*latest, *selected) if not message.deleted_at]


def _understood(message: PlatformMessageId, found: Explanation | None) -> Understood:
    if found is None:
        return Understood(message, kept=False)
    return Understood(
        message,
        kept=True,
        kind=found.kind,
        confidence=found.confidence,
        language=found.language,
        conversation=found.conversation,
        reply_to=platform_id(found.reply_to) if found.reply_to else None,
        rules=found.rules,
        parent=found.parent,
        reasons=found.reasons,
        staff=found.staff,
        insight=found.insight,
        title=said(found.title),
        near=tuple(map(_near, found.near)),
        bounds=_bounds(found.bounds),
        routes=found.routes,
        silent=found.silent,
    )


def _near(one: Near) -> NearShown:
    return NearShown(one.number, one.kind, said(one.title), round(one.distance, 4), one.nearness)


def _bounds(bounds: Bounds) -> BoundsShown:
    cosines = (bounds.merge, bounds.sharing, bounds.across, bounds.suggest)
    merge, sharing, across, suggest = (round(1 - cosine, 4) for cosine in cosines)
    return BoundsShown(merge, sharing, across, suggest, bounds.voice, bounds.learned)
