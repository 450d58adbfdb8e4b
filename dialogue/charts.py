"""Pictures of numbers: what is drawn, and who draws."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: its name in the legend, and a number for each bar."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked bars: ``labels`` stand below them, one a bar; every series has as many values."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]


class Charts(Protocol):
    """Draws charts, readable on light and on dark ground alike."""

    @abstractmethod
    async def draw(self, chart: Chart) -> bytes:
        """A PNG picture. The same chart gives the same bytes. Takes a thread's time, so that nobody waits for it."""
