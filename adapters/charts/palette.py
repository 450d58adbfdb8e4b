"""Colours that can be told apart, on a ground of their own, so that light and dark chats show the same."""

from typing import Final

Colour = tuple[int, int, int]

GROUND: Final[Colour] = (250, 250, 247)
INK: Final[Colour] = (33, 37, 41)
FAINT: Final[Colour] = (206, 206, 200)
"""Lines behind the bars: nothing is read from them alone."""

BARS: Final[tuple[Colour, ...]] = (
    (0, 90, 156),
    (178, 69, 0),
    (0, 110, 82),
    (135, 61, 128),
    (96, 96, 96),
)
"""In the order of the series; each has a contrast of 4.5 at least against the ground. After Okabe and Ito, "Color
Universal Design" (2008), which people tell apart who see colours otherwise; made darker for the contrast."""


def contrast(one: Colour, other: Colour) -> float:
    """From 1 to 21, as https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
