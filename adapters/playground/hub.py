"""The pages that are open, and what each has still to be sent."""

import asyncio
from typing import Final

from adapters.playground.pushes import Push, written

MOST_WAITING: Final = 2000
"""Frames a page may be behind; then it is let go, and gets a snapshot when it comes back."""


class Page:
    """One open page."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self.lost = asyncio.Event()

    def push(self, frame: str) -> None:
        """Send when it is its turn."""
        try:
            self.waiting.put_nowait(frame)
        except asyncio.QueueFull:
            self.lost.set()


class Hub:
    """Tells all pages the same, in the same order."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()

    def tell(self, push: Push) -> None:
        """Send to every open page."""
        if self.pages:
            frame = written(push)
            for page in self.pages:
                page.push(frame)
