import json
import zipfile

import pytest

from adapters.files.converting.slack_export import convert
from adapters.files.converting.slack_text import Names, readable
from adapters.files.errors import BrokenExport, FilesError
from adapters.files.history import open_history
from adapters.files.writing import written

USERS = [
    {"id": "U1", "name": "anna", "profile": {"display_name": "Anna B.", "real_name": "Anna Berg"}},
    {"id": "U2", "name": "bob", "is_admin": True, "profile": {"display_name": "", "real_name": "Bob"}},
    {"id": "U3", "name": "builder", "is_bot": True, "profile": {"real_name": "Builder"}},
]
CHANNELS = [{"id": "C1", "name": "help"}, {"id": "C2", "name": "partners", "is_ext_shared": True}]
GROUPS = [{"id": "G1", "name": "team"}]
DMS = [{"id": "D1", "members": ["U1", "U2"]}]
FIRST = [
    {
        "type": "message",
        "user": "U1",
        "ts": "1704164645.000100",
        "thread_ts": "1704164645.000100",
        "reply_count": 1,
        "team": "T1",
        "text": "<@U2> the export &lt;csv&gt; drops tags, see <https://example.org/a?b&amp;c|this page> in <#C1|help>",
        "edited": {"user": "U1", "ts": "1704164700.000000"},
        "reactions": [{"name": "eyes", "users": ["U2", "U3"], "count": 2}],
        "files": [{"id": "F1", "name": "log.txt", "mimetype": "text/plain"}],
    },
    {"type": "message", "subtype": "channel_join", "user": "U3", "ts": "1704164640.000000", "text": "<@U3> has joined"},
]
SECOND = [
    {"type": "message", "user": "U2", "ts": "1704164650.000200", "thread_ts": "1704164645.000100", "text": "looking"},
    {"type": "message", "subtype": "bot_message", "bot_id": "B9", "username": "CI", "ts": "1704164651.000000",
     "text": "", "attachments": [{"fallback": "build <!here> failed"}]},
    {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": "1704164652.000000", "text": "deleted"},
    {"type": "message", "user": "U9", "ts": "1704164653.000000", "text": "x", "user_profile": {"display_name": "Zoe"}},
]  # fmt: skip


def export(folder, entries):
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, value in entries.items():
            packed.writestr(name, value if isinstance(value, str | bytes) else json.dumps(value))
    return path


WHOLE = {
    "users.json": USERS,
    "channels.json": CHANNELS,
    "groups.json": GROUPS,
    "dms.json": DMS,
    "help/2024-01-02.json": FIRST,
    "help/2024-01-03.json": SECOND,
    "partners/2024-01-02.json": [{"type": "message", "user": "U1", "ts": "1704164648.000000", "text": "hi partners"}],
    "team/2024-01-02.json": [{"type": "message", "user": "U2", "ts": "1704164649.000000", "text": "inside"}],
    "D1/2024-01-02.json": [{"type": "message", "user": "U1", "ts": "1704164647.000000", "text": "just you"}],
    "help/canvas.json": "not a day",
}


@pytest.fixture
def rows(tmp_path):
    return {row["id"]: row for row in convert(export(tmp_path, WHOLE))}


def test_a_message_keeps_all_that_was_recorded(rows):
    assert rows["C1:1704164645.000100"] == {
        "id": "C1:1704164645.000100",
        "platform": "slack",
        "space": "T1",
        "channel": "help",
        "thread": None,
        "author": "U1",
        "role": "customer",
        "time": "2024-01-02T03:04:05.000100Z",
        "text": "@Bob the export <csv> drops tags, see this page (https://example.org/a?b&c) in #help",
        "reply_to": None,
        "author_name": "Anna B.",
        "audience": "public",
        "edited": "2024-01-02T03:05:00Z",
        "reactions": [{"name": "eyes", "authors": ["U2", "U3"]}],
        "attachments": [{"name": "log.txt", "type": "text/plain"}],
    }


def test_threads_hang_on_their_root(rows):
    assert rows["C1:1704164650.000200"]["thread"] == "C1:1704164645.000100"


def test_roles_are_admins_bots_the_platform_and_everybody_else(rows):
    roles = {name: row["role"] for name, row in rows.items() if name.startswith("C1")}
    assert list(roles.values()) == ["system", "customer", "admin", "bot", "customer", "customer"]


def test_bots_that_speak_in_attachments_are_heard(rows):
    assert rows["C1:1704164651.000000"]["text"] == "build @here failed"
    assert rows["C1:1704164651.000000"]["author_name"] == "CI"


def test_deleted_messages_leave_no_text(rows):
    assert rows["C1:1704164652.000000"]["deleted"] is True
    assert rows["C1:1704164652.000000"]["text"] == ""


def test_people_who_left_keep_their_name(rows):
    assert rows["C1:1704164653.000000"]["author_name"] == "Zoe"


def test_what_outsiders_or_few_can_read_is_private(rows):
    audiences = {row["channel"]: row["audience"] for row in rows.values()}
    assert audiences == {"help": "public", "partners": "private", "team": "private", "D1": "private"}


def test_everything_is_in_time_order_and_a_valid_history(rows, tmp_path):
    assert [row["time"] for row in rows.values()] == sorted(row["time"] for row in rows.values())
    with written(tmp_path / "history.jsonl") as output:
        for row in rows.values():
            output.write(row)
    assert open_history(str(tmp_path / "history.jsonl")).lines == len(rows) == 9


def test_a_message_that_stands_twice_comes_once(tmp_path):
    twice = WHOLE | {"help/2024-01-03.json": [*SECOND, *SECOND]}
    assert len(list(convert(export(tmp_path, twice)))) == 9


def test_an_export_within_a_folder_is_understood(tmp_path):
    nested = {f"My export/{name}": value for name, value in WHOLE.items()}
    assert len(list(convert(export(tmp_path, nested)))) == 9


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"help/2024-01-03.json": "{"}, "help/2024-01-03.json: not JSON at line 1"),
        ({"help/2024-01-03.json": b"\xff"}, "help/2024-01-03.json: not UTF-8"),
        ({"help/2024-01-03.json": {}}, "help/2024-01-03.json: a list of messages was expected"),
        ({"help/2024-01-03.json": [{"text": "x"}]}, 'help/2024-01-03.json: a message has no "ts"'),
        ({"users.json": {}}, "users.json: a list was expected"),
        ({name: [] for name in ("channels.json", "groups.json", "dms.json")}, "is it a Slack workspace export?"),
    ],
)
def test_what_is_broken_is_named(tmp_path, broken, said):
    path = export(tmp_path, WHOLE | broken)
    with pytest.raises(BrokenExport) as caught:
        list(convert(path))
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)


def test_files_that_are_no_archive_are_sentences(tmp_path):
    (tmp_path / "text.zip").write_text("hello")
    cut = export(tmp_path, WHOLE).read_bytes()
    (tmp_path / "cut.zip").write_bytes(cut[: len(cut) // 2])
    for name in ("text.zip", "cut.zip", "none.zip", "."):
        with pytest.raises(FilesError):
            list(convert(tmp_path / name))


def test_a_damaged_entry_is_named(tmp_path):
    path = export(tmp_path, WHOLE)
    with zipfile.ZipFile(path) as packed:
        entry = packed.getinfo("help/2024-01-02.json")
    data = bytearray(path.read_bytes())
    at = entry.header_offset + 30 + len(entry.filename) + 5
    data[at : at + 20] = b"\x00" * 20
    path.write_bytes(data)
    with pytest.raises(BrokenExport, match=r"help/2024-01-02\.json"):
        list(convert(path))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = export(tmp_path, WHOLE | {"help/2024-01-04.json": b" " * (65 * 2**20)})
    with pytest.raises(BrokenExport, match="larger than 64 MB"):
        list(convert(path))


def test_tricky_names_are_only_names(tmp_path):
    tricky = WHOLE | {"../../help/2024-01-05.json": [{"user": "U1", "ts": "1704164660.0", "text": "up"}]}
    list(convert(export(tmp_path, tricky)))
    assert {entry.name for entry in tmp_path.iterdir()} == {"export.zip"}


def test_markup_is_shown_as_people_saw_it():
    names = Names({"U1": "Anna"}, {"C1": "help"})
    shown = {
        "<@U1> <@U7|zed> <@U8>": "@Anna @zed @U8",
        "<#C1> <#C9|old>": "#help #old",
        "<!here> <!subteam^S1|@crew> <!date^1^{date}|today>": "@here @crew today",
        "<mailto:a@b.org|a@b.org> <https://x.org>": "a@b.org https://x.org",
        "a &lt;b&gt; &amp;amp; <": "a <b> &amp; <",
    }
    assert {text: readable(text, names) for text in shown} == shown
