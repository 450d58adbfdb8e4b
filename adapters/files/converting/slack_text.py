"""Slack's own markup as the text that people saw.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_MARKED = re.compile(r"<([^<>\n]{1,3000})>")


@dataclass(frozen=True, slots=True)
class Names:
    """What users and channels are called, by id."""

    users: Mapping[str, str]
    channels: Mapping[str, str]


def readable(text: str, names: Names) -> str:
    """The text with mentions, links and escapes as they were shown."""
    parts, end = [], 0
    for found in _MARKED.finditer(text):
        parts += [_unescaped(text[end : found.start()]), _shown(found[1], names)]
        end = found.end()
    return "".join((*parts, _unescaped(text[end:])))


def _shown(marked: str, names: Names) -> str:
    target, _, label = marked.partition("|")
    said = _unescaped(label)
    if target.startswith("@"):
        return f"@{names.users.get(target[1:]) or said.removeprefix('@') or target[1:]}"
    if target.startswith("#"):
        return f"#{names.channels.get(target[1:]) or said or target[1:]}"
    if target.startswith("!"):
        return said or f"@{target[1:].partition('^')[0]}"
    address = _unescaped(target).removeprefix("mailto:")
    return address if said in ("", address) else f"{said} ({address})"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
