"""Any text in any field that people fill is analysed as text, and breaks nothing."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.files.history import open_history
from tests.integration.cli.lines import line
from tests.integration.cli.terminal import Terminal

OUTPUTS = ("--messages", "m.jsonl", "--conversations", "c.jsonl")
HOSTILE = {
    "empty": "",
    "blank": " \t\r\n\u2028",
    "nul": "the export\x00 drops\x00my tags",
    "long": "the export drops my tags " * 1600,
    "one word": "x" * 40_000,
    "right to left": "\u202eالتصدير\u202c يفقد العلامات",
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️" * 500,
    "half a pair": "cut \ud83d here \ude00",
    "homoglyphs": "тhе ехроrt drорs mу tаgs",
    "accents": "Z̸͖̈a͔͒l̷g̸o" * 200,
    "markup": "**_~~`" * 4000 + ">" * 4000 + "[a](" * 2000,
    "html": "<script>alert(1)</script>" * 300 + "<div>" * 5000,
    "mentions": "@everyone @here <@1> <!channel>",
    "sql": "'); DROP TABLE messages; --",
    "json": '{"id": "m1"}\\u0000',
    "terminal": "\x1b[2J\x1b]0;owned\x07",
    "format": "%s {0} {id} $(id) `id`",
}


@pytest.fixture
def hostile(terminal: Terminal) -> list[dict]:
    texts = list(HOSTILE.values())
    said = [line(number, text, author_name=text[:5000]) for number, text in enumerate(texts)]
    answers = [
        line(100 + number, "same here", author=f"a{number}", reply_to=f"m{number}") for number in range(len(texts))
    ]
    return said + answers


def test_hostile_texts_have_their_rows_and_show_nothing_on_the_terminal(terminal: Terminal, hostile: list[dict]):
    ended = terminal.type("analyse", terminal.write("h.jsonl", *hostile), *OUTPUTS)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.isascii()
    assert ended.err.count("\n") == 1
    rows = {row["id"]: row for row in terminal.rows("m.jsonl")}
    assert list(rows) == [said["id"] for said in hostile]
    assert all(rows[said["id"]]["reply_to"] == said["reply_to"] for said in hostile[len(HOSTILE) :])


@pytest.mark.parametrize("field", ["id", "channel", "author", "platform", "space", "thread"])
def test_hostile_names_come_back_as_they_were(terminal: Terminal, field: str):
    name = "a/b %2F \x00'\"<b>\u202e👍;--\n"
    rows = [
        line(1) | {field: name},
        line(2, reply_to=name if field == "id" else "m1", author="bob") | _also(field, name),
    ]
    ended = terminal.type("analyse", terminal.write("h.jsonl", *rows), *OUTPUTS)
    assert ended.code == 0, ended.err
    first, second = terminal.rows("m.jsonl")
    (conversation,) = terminal.rows("c.jsonl")
    assert first["id"] == (name if field == "id" else "m1") == second["reply_to"]
    assert conversation["channel"] == (name if field == "channel" else "help")
    assert conversation["messages"] == [first["id"], "m2"]


def _also(field: str, name: str) -> dict[str, str]:
    """Where it was said must be the same for an answer."""
    return {field: name} if field in ("channel", "space", "thread", "platform") else {}


TEXTS = st.text(st.characters(codec=None), max_size=300)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(st.lists(st.tuples(TEXTS, TEXTS.filter(bool), st.booleans()), max_size=6))
def test_any_texts_and_names_give_their_rows(terminal: Terminal, said: list[tuple[str, str, bool]]):
    rows = [
        line(number, text, author_name=name, reply_to=f"m{number - 1}" if replies else None)
        for number, (text, name, replies) in enumerate(said)
    ]
    ended = terminal.type("analyse", terminal.write("h.jsonl", *rows), *OUTPUTS)
    assert ended.code == 0, ended.err
    assert [row["id"] for row in terminal.rows("m.jsonl")] == [row["id"] for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(st.binary(max_size=60), max_size=4))
def test_any_bytes_are_analysed_or_refused_with_their_line(terminal: Terminal, lines: list[bytes]):
    path = terminal.write("h.jsonl", json.dumps(line(1)), *lines)
    ended = terminal.type("analyse", path, *OUTPUTS)
    if ended.code == 0:
        assert len(terminal.rows("m.jsonl")) == open_history(str(path)).lines
        Path("m.jsonl").unlink()
    else:
        ended.refuses(f"parley: {path}, line ")
        assert "m.jsonl" not in terminal.names()
