"""Small exports of other tools, each with a thread, a reply, an edit, a reaction, roles and a file."""

import json
import zipfile
from pathlib import Path

ROOT = "1704164645.000100"
SLACK = {
    "users.json": [
        {"id": "U1", "name": "anna", "profile": {"display_name": "Anna"}},
        {"id": "U2", "name": "bob", "is_admin": True, "profile": {"real_name": "Bob"}},
    ],
    "channels.json": [{"id": "C1", "name": "help"}],
    "help/2024-01-02.json": [
        {"type": "message", "subtype": "channel_join", "user": "U1", "ts": "1704164640.000000", "text": "joined"},
        {
            "type": "message",
            "user": "U1",
            "ts": ROOT,
            "thread_ts": ROOT,
            "text": "The export drops all my tags since the last update",
            "edited": {"user": "U1", "ts": "1704164700.000000"},
            "reactions": [{"name": "bug", "users": ["U2"], "count": 1}],
            "files": [{"id": "F1", "name": "log.txt", "mimetype": "text/plain"}],
        },
        {
            "type": "message",
            "bot_id": "B1",
            "subtype": "bot_message",
            "ts": "1704164646.000000",
            "text": "build failed",
        },
    ],
    "help/2024-01-03.json": [
        {"type": "message", "user": "U2", "ts": "1704164650.000200", "thread_ts": ROOT, "text": "looking into it"},
        {"type": "message", "user": "U1", "ts": "1704164651.000200", "thread_ts": ROOT, "text": "thank you"},
    ],
}


def said(number: int, text: str, **more: object) -> dict[str, object]:
    return {
        "id": str(number),
        "type": "Default",
        "timestamp": f"2024-01-02T03:04:{number % 60:02}+00:00",
        "timestampEdited": None,
        "content": text,
        "author": {"id": "11", "name": "anna", "nickname": "Anna", "isBot": False},
        "attachments": [],
        "reactions": [],
    } | more


DISCORD = {
    "guild": {"id": "1", "name": "Our server"},
    "channel": {"id": "2", "type": "GuildTextChat", "category": "Support", "name": "help"},
    "messages": [
        said(
            101,
            "The export drops all my tags since the last update",
            timestampEdited="2024-01-02T05:05:00+02:00",
            attachments=[{"id": "7", "fileName": "log.txt"}],
            reactions=[{"emoji": {"name": "🐛", "code": "bug"}, "count": 1, "users": [{"id": "12"}]}],
        ),
        said(102, "beep", author={"id": "13", "name": "helper", "isBot": True}),
        said(103, "lunch?", author={"id": "12", "name": "bob", "isBot": False}),
        said(104, "same here", type="Reply", reference={"messageId": "101"}, author={"id": "14", "name": "carl"}),
        said(105, "Pinned a message.", type="ChannelPinnedMessage", reference={"messageId": "101"}),
    ],
}


def slack_export(folder: Path, entries: dict[str, object]) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, value in entries.items():
            packed.writestr(name, value if isinstance(value, str | bytes) else json.dumps(value))
    return path


def discord_export(folder: Path, export: object) -> Path:
    path = folder / "export.json"
    path.write_text(export if isinstance(export, str) else json.dumps(export))
    return path
