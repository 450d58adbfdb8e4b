import copy
import json

import pytest

from adapters.files.converting.discord_exporter import convert
from adapters.files.errors import BrokenExport, FilesError
from adapters.files.history import open_history
from adapters.files.writing import written

ANNA = {"id": "11", "name": "anna", "discriminator": "0000", "nickname": "Anna B.", "isBot": False, "roles": []}
BOT = {"id": "13", "name": "helper", "discriminator": "1234", "nickname": "helper", "isBot": True}


def said(number, author=ANNA, **more):
    return {
        "id": str(number),
        "type": "Default",
        "timestamp": f"2024-01-02T03:04:{number % 60:02}.1234567+00:00",
        "timestampEdited": None,
        "content": f"message {number}",
        "author": author,
        "attachments": [],
        "reactions": [],
        "mentions": [],
    } | more


EXPORT = {
    "guild": {"id": "1", "name": "Our server"},
    "channel": {"id": "2", "type": "GuildTextChat", "categoryId": "3", "category": "Support", "name": "help"},
    "messages": [
        said(101, content="hey <@12> and <@!99>, see <:wave:55>", mentions=[{"id": "12", "nickname": "Bob"}]),
        said(102, BOT),
        said(103, type="Reply", reference={"messageId": "101", "channelId": "2", "guildId": "1"}),
        said(104, type="ChannelPinnedMessage", content="Pinned a message.", reference={"messageId": "101"}),
        said(
            105,
            timestampEdited="2024-01-02T05:05:00+02:00",
            attachments=[{"id": "7", "url": "https://x", "fileName": "log.txt", "fileSizeBytes": 3}],
            reactions=[{"emoji": {"id": "", "name": "👀", "code": "eyes"}, "count": 1, "users": [{"id": "12"}]}],
        ),
    ],
    "messageCount": 5,
}


def converted(folder, export):
    path = folder / "export.json"
    path.write_text(export if isinstance(export, str) else json.dumps(export), "utf-8-sig")
    return list(convert(path))


def test_a_message_keeps_all_that_was_recorded(tmp_path):
    assert converted(tmp_path, EXPORT)[4] == {
        "id": "105",
        "platform": "discord",
        "space": "1",
        "channel": "help",
        "thread": None,
        "author": "11",
        "role": "customer",
        "time": "2024-01-02T03:04:45.123456Z",
        "text": "message 105",
        "reply_to": None,
        "author_name": "Anna B.",
        "audience": "public",
        "edited": "2024-01-02T03:05:00Z",
        "reactions": [{"name": "eyes", "authors": ["12"]}],
        "attachments": [{"name": "log.txt", "type": ""}],
    }


def test_only_replies_reply(tmp_path):
    replies = {row["id"]: row["reply_to"] for row in converted(tmp_path, EXPORT)}
    assert replies == {"101": None, "102": None, "103": "101", "104": None, "105": None}


def test_bots_and_the_platform_are_no_people(tmp_path):
    roles = [row["role"] for row in converted(tmp_path, EXPORT)]
    assert roles == ["customer", "bot", "customer", "system", "customer"]


def test_mentions_and_emojis_are_shown_as_names(tmp_path):
    assert converted(tmp_path, EXPORT)[0]["text"] == "hey @Bob and @99, see :wave:"


def test_a_thread_belongs_to_its_parent_channel(tmp_path):
    thread = {"id": "101", "type": "GuildPublicThread", "categoryId": "2", "category": "help", "name": "tags lost"}
    rows = converted(tmp_path, EXPORT | {"channel": thread})
    assert {row["channel"] for row in rows} == {"help"}
    assert [row["thread"] for row in rows] == [None, "101", "101", "101", "101"]


@pytest.mark.parametrize("kind", ["GuildPrivateThread", "DirectTextChat", "DirectGroupTextChat"])
def test_what_few_can_read_is_private(tmp_path, kind):
    export = copy.deepcopy(EXPORT) | {"guild": {"id": "0", "name": "Direct Messages"}}
    export["channel"]["type"] = kind
    rows = converted(tmp_path, export)
    assert {row["audience"] for row in rows} == {"private"}
    assert all("space" not in row for row in rows)


def test_everything_is_in_time_order_once_and_a_valid_history(tmp_path):
    messages = EXPORT["messages"]
    rows = converted(tmp_path, EXPORT | {"messages": [*reversed(messages), *messages]})
    assert [row["id"] for row in rows] == ["101", "102", "103", "104", "105"]
    with written(tmp_path / "history.jsonl") as output:
        for row in rows:
            output.write(row)
    assert open_history(str(tmp_path / "history.jsonl")).lines == 5


@pytest.mark.parametrize(
    ("export", "what"),
    [
        ("{", "not JSON at line 1"),
        ("[]", "is it DiscordChatExporter's JSON?"),
        (EXPORT | {"messages": [said(101), said(102, timestamp="noon")]}, "message 2: it has no"),
        (EXPORT | {"messages": [said(101, id=None)]}, "message 1: it has no"),
    ],
)
def test_what_is_broken_is_named(tmp_path, export, what):
    with pytest.raises(BrokenExport) as caught:
        converted(tmp_path, export)
    assert str(caught.value).startswith(str(tmp_path / "export.json"))
    assert what in str(caught.value)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(FilesError, match="there is no such file"):
        list(convert(tmp_path / "none.json"))
