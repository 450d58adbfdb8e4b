"""Emoji by name, as people type them between colons. Custom ones of a server have the name their server gave them."""

import re
import unicodedata
from typing import Final

NAMED: Final = {
    "+1": "👍",
    "-1": "👎",
    "thumbsup": "👍",
    "thumbsdown": "👎",
    "white_check_mark": "✅",
    "heavy_check_mark": "✔️",
    "x": "❌",
    "bulb": "💡",
    "tada": "🎉",
    "heart": "❤️",
    "warning": "⚠️",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "calendar": "📅",
    "question": "❓",
    "exclamation": "❗",
    "pray": "🙏",
    "clap": "👏",
    "smile": "😄",
    "star": "⭐",
    "moneybag": "💰",
    "ticket": "🎫",
    "red_circle": "🔴",
    "repeat": "🔁",
    "pushpin": "📌",
    "no_entry": "⛔",
    "mag": "🔍",
    "lock": "🔒",
    "book": "📖",
    "hammer": "🔨",
    "zap": "⚡",
    "computer": "💻",
    "speech_balloon": "💬",
    "art": "🎨",
    "bar_chart": "📊",
}
"""Names that differ from Unicode's own; of several names of one emoji the first is told."""

_CUSTOM: Final = re.compile(r"<a?:(?P<name>\w+):\d+>")
_PLAIN: Final = "\ufe0f"
_NAMES: Final = {emoji.rstrip(_PLAIN): name for name, emoji in reversed(NAMED.items())}


def character(name: str) -> str | None:
    """The emoji of that name, or None where it isn't known. An emoji itself stands for itself."""
    if name in NAMED:
        return NAMED[name]
    if name and not name.isascii():
        return name
    try:
        return unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return None


def name_of(emoji: str) -> str:
    """What an emoji is called; a custom one's name, and what has none, stays as it is."""
    known = _NAMES.get(emoji.rstrip(_PLAIN))
    if known is not None:
        return known
    bare = emoji.rstrip(_PLAIN)
    if len(bare) != 1 or bare.isascii():
        return emoji
    return unicodedata.name(bare, emoji).lower().replace(" ", "_").replace("-", "_")


def written(text: str) -> str:
    """A text that is nothing but an emoji as its name between colons, which every platform can say; others as they are.

    Somebody chose that emoji from the picker.
    """
    custom = _CUSTOM.fullmatch(text.strip())
    name = custom["name"] if custom else name_of(text.strip())
    return text if name == text.strip() else f":{name}:"
