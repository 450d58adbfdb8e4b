"""Slack's way of writing text, both ways: what people meant by it, and ours so that nothing in it means anything."""

import re
from collections.abc import Mapping
from typing import Final

_CONTROL: Final = re.compile(r"<([^<>]*)>")
_MENTION: Final = re.compile(r"<@([A-Z0-9a-z_]+)(?:\|[^<>]*)?>")
_LINKED: Final = re.compile(r"https://[^\s/]+/archives/([A-Z0-9]+)/p(\d{10})(\d{6})\b")


def mentioned(written: str) -> list[str]:
    """The users mentioned in a text as Slack sends it."""
    return _MENTION.findall(written)


def readable(written: str, names: Mapping[str, str]) -> str:
    """A text as people read it. ``names``: of mentioned users, by id."""
    return _unescaped(_CONTROL.sub(lambda found: _meant(found[1], names), written))


def escaped(plain: str) -> str:
    """A text of which Slack shows every character and understands none."""
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link_to(url: str, channel: str, ts: str, thread: str | None) -> str:
    """Where a message is opened."""
    link = f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread else link


def linked(typed: str) -> tuple[str, str] | None:
    """The channel and ``ts`` that a message's link stands for, or None for what is no such link."""
    found = _LINKED.search(typed)
    return (found[1], f"{found[2]}.{found[3]}") if found else None


def _meant(control: str, names: Mapping[str, str]) -> str:
    target, _, label = control.partition("|")
    if target.startswith("@"):
        return f"@{names.get(target[1:]) or label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return _called(target[1:], label)
    address = target.removeprefix("mailto:").removeprefix("tel:")
    return (
        address if not label or label in (address, target) or address.endswith(f"//{label}") else f"{label} ({address})"
    )


def _called(target: str, label: str) -> str:
    if target in ("here", "channel", "everyone"):
        return f"@{target}"
    return label or f"@{target.partition('^')[2] or target}"


def _unescaped(written: str) -> str:
    return written.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
