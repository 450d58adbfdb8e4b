"""Stacked bars, drawn by Pillow. The same chart gives the same pixels.

A name in letters that no font has is drawn as its number in the legend; the picture's words tell it by name, in the
same order.
"""

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING, Final

from adapters.charts.lettering import lettered, own_font
from adapters.charts.palette import BARS, FAINT, GROUND, INK
from dialogue.charts import Chart, Charts

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SIZE: Final = (960, 480)
_LEFT, _TOP, _RIGHT, _BOTTOM = 70, 76, 710, 420
_TITLE: Final = 26
_TEXT: Final = 20
_FILLED: Final = 0.62
"""Of the room for a bar, how much it takes."""
_STEPS: Final = 4
_KEY: Final = 18
_ROOM: Final = SIZE[0] - _RIGHT - 20 - _KEY - 10 - 8
"""For a name in the legend."""


class PillowCharts(Charts):
    """See :class:`dialogue.charts.Charts`."""

    async def draw(self, chart: Chart) -> bytes:
        """A PNG picture, drawn in a thread."""
        return await asyncio.to_thread(draw, chart)


def draw(chart: Chart) -> bytes:
    """A PNG picture of 960 by 480 points."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, GROUND)
    on = ImageDraw.Draw(image)
    title = lettered(chart.title, _TITLE, SIZE[0] - 2 * _LEFT, "")
    on.text((_LEFT, 24), title.text, INK, title.font)
    top = _scale(on, max((sum(bar) for bar in _bars(chart)), default=0))
    _draw_bars(on, chart, top)
    _draw_legend(on, chart)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _bars(chart: Chart) -> list[tuple[int, ...]]:
    return list(zip(*(series.values for series in chart.series), strict=True))


def _scale(on: "ImageDraw", highest: int) -> int:
    """Draw the lines behind the bars; what the uppermost stands for."""
    step = _step(highest)
    for number in range(_STEPS + 1):
        y = _BOTTOM - (_BOTTOM - _TOP) * number / _STEPS
        on.line(((_LEFT, y), (_RIGHT, y)), FAINT if number else INK, 1)
        on.text((_LEFT - 12, y), str(step * number), INK, own_font(_TEXT), anchor="rm")
    return step * _STEPS


def _step(highest: int) -> int:
    """A round number, four of which reach as high."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * _STEPS >= highest:
                return digit * power
        power *= 10


def _draw_bars(on: "ImageDraw", chart: Chart, top: int) -> None:
    room = (_RIGHT - _LEFT) / max(len(chart.labels), 1)
    for number, (label, bar) in enumerate(zip(chart.labels, _bars(chart), strict=True)):
        middle, y = _LEFT + room * (number + 0.5), float(_BOTTOM)
        half = room * _FILLED / 2
        for value, colour in zip(bar, _colours(chart), strict=True):
            height = (_BOTTOM - _TOP) * value / top
            if value:
                # one among thousands is less than a pixel high
                on.rectangle((middle - half, y - max(height, 1), middle + half, y - 1), colour)
            y -= height
        on.text((middle, _BOTTOM + 12), label, INK, own_font(_TEXT), anchor="mt")
        if sum(bar):
            on.text((middle, y - 6), str(sum(bar)), INK, own_font(_TEXT), anchor="mb")


def _draw_legend(on: "ImageDraw", chart: Chart) -> None:
    for number, (series, colour) in enumerate(zip(chart.series, _colours(chart), strict=True)):
        y = _TOP + number * _KEY * 2
        on.rectangle((_RIGHT + 20, y, _RIGHT + 20 + _KEY, y + _KEY), colour)
        name = lettered(series.name, _TEXT, _ROOM, f"#{number + 1}")
        on.text((_RIGHT + 20 + _KEY + 10, y + _KEY / 2), name.text, INK, name.font, anchor="lm")


def _colours(chart: Chart) -> list[tuple[int, int, int]]:
    return [BARS[number % len(BARS)] for number in range(len(chart.series))]
