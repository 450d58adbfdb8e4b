"""Names in the letters in which they are written: which font has them all, and in which order they stand.

English stands in the font that comes with Pillow, everything else in Kurinto Sans, by Clint Goss (SIL Open Font
License), which the package weblate-fonts brings. No library of the machine takes part in setting the letters, so that
every machine draws the same.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from adapters.charts.direction import from_left

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SCRIPTS: Final = frozenset(
    [
        *("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC"),
        *("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"),
    ]
)
"""Whose letters stand one beside the other; what others need is not to be had without help of the machine's."""

_FACES: Final = ("KurintoSans", "KurintoSansJP", "KurintoSansKR", "KurintoSansSC", "KurintoSansTC")
"""In the order in which they are tried."""

_FOLDER: Final = ("static", "weblate_fonts", "kurinto", "ttf")
_NOWHERE: Final = "\U0010fffd"
"""What no font has: it is drawn as any letter is that a font lacks."""

_CUT: Final = "..."


@dataclass(frozen=True, slots=True)
class Lettering:
    """What is drawn from left to right, and in which font."""

    text: str
    font: "FreeTypeFont"


def lettered(text: str, size: int, room: float, otherwise: str) -> Lettering:
    """The text, cut to ``room`` points; something else, in English letters, where no font has it."""
    plain = _plain(text)
    font = _font_of(plain, size)
    if font is None:
        return Lettering(otherwise, own_font(size))
    shown = plain
    while font.getlength(from_left(shown)) > room and plain:
        plain = plain[:-1]
        shown = plain + _CUT
    return Lettering(from_left(shown), font)


@cache
def own_font(size: int) -> "FreeTypeFont":
    """Pillow's own; it has the letters of English alone."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("this Pillow was built without its font")
    return font


@cache
def _font(face: str, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    file = resources.files("weblate_fonts").joinpath(*_FOLDER, f"{face}-Rg.ttf")
    with resources.as_file(file) as path:
        return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def _plain(text: str) -> str:
    """The same without marks that stand above or below letters and are no part of them."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in composed if not unicodedata.combining(letter))


def _font_of(text: str, size: int) -> "FreeTypeFont | None":
    if not text.isprintable():
        return None
    if text.isascii():
        return own_font(size)
    if not all(_stands_alone(letter) for letter in text):
        return None
    shown = set(from_left(text + _CUT))
    return next((font for face in _FACES if _has(font := _font(face, size), shown)), None)


def _stands_alone(letter: str) -> bool:
    return not letter.isalpha() or unicodedata.name(letter, "").split(" ")[0] in SCRIPTS


def _has(font: "FreeTypeFont", letters: set[str]) -> bool:
    missing = bytes(font.getmask(_NOWHERE))
    return all(bytes(font.getmask(letter)) != missing for letter in letters)
