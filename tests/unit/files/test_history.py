import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from adapters.files.errors import BrokenLine, FilesError
from adapters.files.history import File, HistoryLine, Reaction, open_history
from knowledge_base.channels import Audience
from knowledge_base.members import Role

LINE = {
    "id": "m17",
    "platform": "discord",
    "channel": "help",
    "thread": None,
    "author": "anna",
    "role": "customer",
    "time": "2026-01-02T03:04:05Z",
    "text": "the export drops my tags",
    "reply_to": None,
}


def file_of(folder: Path, *rows: object) -> str:
    path = folder / "h.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


def lines_of(name: str) -> list[HistoryLine]:
    return [line for chunk in open_history(name).chunks(2) for line in chunk]


def broken(folder: Path, *rows: object) -> str:
    with pytest.raises(BrokenLine) as caught:
        open_history(file_of(folder, *rows))
    return str(caught.value).removeprefix(str(folder))


def test_a_line_is_read_as_the_format_says(tmp_path):
    (line,) = lines_of(file_of(tmp_path, LINE))
    assert line == HistoryLine(
        id="m17",
        platform="discord",
        space=None,
        channel="help",
        thread=None,
        author="anna",
        author_name=None,
        role=Role.CUSTOMER,
        at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        text="the export drops my tags",
        reply_to=None,
        edited=None,
        deleted=False,
        reactions=(),
        attachments=(),
        audience=Audience.PUBLIC,
    )


def test_every_optional_field_is_read_and_unknown_ones_are_ignored(tmp_path):
    more = {
        "space": "s1",
        "author_name": "Anna B.",
        "edited": "2026-01-02T05:04:05+02:00",
        "reactions": [{"name": "bug", "authors": ["bob", "carl"]}],
        "attachments": [{"name": "log.txt", "type": "text/plain"}],
        "audience": "internal",
        "thread": "m1",
        "reply_to": "m2",
        "mood": {"deep": [1, 2, None]},
    }
    (plain,) = lines_of(file_of(tmp_path, LINE))
    (line,) = lines_of(file_of(tmp_path, LINE | more))
    assert line == replace(
        plain,
        space="s1",
        author_name="Anna B.",
        edited=plain.at,
        reactions=(Reaction("bug", ("bob", "carl")),),
        attachments=(File("log.txt", "text/plain"),),
        audience=Audience.INTERNAL,
        thread="m1",
        reply_to="m2",
    )


def test_the_text_of_a_deleted_message_is_ignored(tmp_path):
    (line,) = lines_of(file_of(tmp_path, LINE | {"deleted": True, "text": 7}))
    assert (line.deleted, line.text) == (True, "")


def test_lines_keep_file_order_blank_ones_and_a_byte_order_mark_are_skipped(tmp_path):
    rows = [json.dumps(LINE | {"id": f"m{n}"}) for n in range(5)]
    path = tmp_path / "h.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n\n".join(rows).encode())
    assert [line.id for line in lines_of(str(path))] == [f"m{n}" for n in range(5)]
    assert open_history(str(path)).lines == 5


@pytest.mark.parametrize("field", ["id", "platform", "channel", "author", "role", "time", "text"])
def test_a_missing_field_is_named_with_its_line(tmp_path, field):
    row = {name: value for name, value in LINE.items() if name != field} | ({"id": "m18"} if field != "id" else {})
    assert broken(tmp_path, LINE, row) == f'/h.jsonl, line 2: "{field}" is missing'


def test_what_is_wrong_with_a_line_is_said(tmp_path):
    said = {
        name: broken(tmp_path, row).removeprefix("/h.jsonl, line 1: ")
        for name, row in {
            "role": LINE | {"role": "boss"},
            "time": LINE | {"time": "noon"},
            "zone": LINE | {"time": "2026-01-02T03:04:05"},
            "far": LINE | {"time": "0001-01-01T00:00+05:00"},
            "type": LINE | {"id": 17},
            "null": LINE | {"text": None},
            "empty": LINE | {"channel": ""},
            "flag": LINE | {"deleted": "yes"},
            "list": LINE | {"reactions": {"bug": 1}},
            "objects": LINE | {"reactions": ["bug"]},
            "authors": LINE | {"reactions": [{"name": "bug", "authors": [1]}]},
            "audience": LINE | {"audience": "\x1b[31m everybody"},
            "surrogate": LINE | {"id": "\ud83d"},
            "object": [LINE],
        }.items()
    }
    assert said == snapshot(
        {
            "role": "\"role\" is 'boss'; it must be one of customer, staff, admin, bot, system",
            "time": "\"time\" is 'noon'; a time with its zone is needed, such as 2026-01-02T03:04:05Z",
            "zone": "\"time\" is '2026-01-02T03:04:05'; a time with its zone is needed, such as 2026-01-02T03:04:05Z",
            "far": "\"time\" is '0001-01-01T00:00+05:00'; a time with its zone is needed, such as 2026-01-02T03:04:05Z",
            "type": '"id" must be text, not a number',
            "null": '"text" must be text, not null',
            "empty": '"channel" is empty',
            "flag": '"deleted" must be true or false, not text',
            "list": '"reactions" must be a list, not an object',
            "objects": '"reactions" must be a list of objects, not of text',
            "authors": '"authors" must be text, not a number',
            "audience": "\"audience\" is '\\x1b[31m everybody'; it must be one of public, members, private, internal",
            "surrogate": '"id" holds half of a surrogate pair, which is no character',
            "object": "a JSON object is needed, not a list",
        }
    )


def test_an_id_used_twice_is_refused_however_far_apart(tmp_path, monkeypatch):
    monkeypatch.setattr("adapters.files.history._MERGE_AT", 3)
    rows = [LINE | {"id": f"m{n}"} for n in range(10)]
    assert broken(tmp_path, *rows, LINE | {"id": "m1"}) == snapshot(
        "/h.jsonl, line 11: the id 'm1' is used by an earlier line; ids are unique"
    )


def test_what_is_written_to_a_file_after_it_was_checked_is_checked_too(tmp_path):
    history = open_history(file_of(tmp_path, LINE))
    with (tmp_path / "h.jsonl").open("a") as more:
        more.write(json.dumps(LINE) + "\n")
    with pytest.raises(BrokenLine, match="line 2: the id 'm17' is used by an earlier line"):
        list(history.chunks(1))


def test_what_is_added_to_a_file_while_it_is_read_is_left_out(tmp_path):
    history = open_history(file_of(tmp_path, LINE, LINE | {"id": "m18"}))
    chunks = history.chunks(1)
    first = next(chunks)
    with (tmp_path / "h.jsonl").open("a") as more:
        more.write(json.dumps(LINE) + "\n")
    assert [line.id for chunk in (first, *chunks) for line in chunk] == ["m17", "m18"]


def test_half_a_surrogate_pair_in_a_text_becomes_a_character(tmp_path):
    (line,) = lines_of(file_of(tmp_path, LINE | {"text": "cut \ud83d", "author_name": "\ude00x"}))
    assert (line.text, line.author_name) == ("cut \ufffd", "\ufffdx")


def test_broken_lines_are_named(tmp_path):
    path = tmp_path / "h.jsonl"
    good = json.dumps(LINE).encode()
    said = []
    for bad in (b'{"id": "m1"', b"\xff\xfe", b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b"}"):
        path.write_bytes(good + b"\n\n" + bad + b"\n")
        with pytest.raises(BrokenLine) as caught:
            open_history(str(path))
        said.append(str(caught.value).removeprefix(str(path)))
    assert said == snapshot(
        [
            ", line 3: not JSON at character 12 (Expecting ',' delimiter)",
            ", line 3: not UTF-8 at byte 1",
            ", line 3: nested too deeply",
            ", line 3: holds a number of too many digits",
        ]
    )


def test_an_endless_line_is_refused_without_being_read(tmp_path, monkeypatch):
    monkeypatch.setattr("adapters.files.lines.MOST_BYTES", 2**20)
    path = tmp_path / "h.jsonl"
    path.write_bytes(b" " * (2**20 + 1))
    with pytest.raises(BrokenLine, match="line 1: longer than 1 MB"):
        open_history(str(path))


def test_missing_files_folders_and_odd_names_are_sentences(tmp_path):
    for name in (tmp_path / "none.jsonl", tmp_path, "a\x00b"):
        with pytest.raises(FilesError) as caught:
            open_history(str(name))
        assert str(caught.value).endswith(".")


def test_standard_input_is_taken_in_chunks_up_to_the_broken_line(monkeypatch):
    rows = [json.dumps(LINE | {"id": f"m{n}"}) for n in range(5)] + ["{"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(rows).encode())))
    history = open_history("-")
    chunks = history.chunks(2)
    assert [line.id for line in (*next(chunks), *next(chunks))] == ["m0", "m1", "m2", "m3"]
    with pytest.raises(BrokenLine, match="standard input, line 6"):
        next(chunks)
    assert history.lines is None


BYTES = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda row: json.dumps(row).encode(), st.dictionaries(st.text(max_size=5), st.text(max_size=5))),
    st.builds(
        lambda field, value: json.dumps(LINE | {field: value}).encode(),
        st.sampled_from([*LINE, "space", "edited", "deleted", "reactions", "attachments", "audience"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
            max_leaves=5,
        ),
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(BYTES, max_size=4).map(b"\n".join))
def test_any_bytes_give_lines_or_a_broken_line_and_nothing_else(tmp_path, content):
    path = tmp_path / "any.jsonl"
    path.write_bytes(content)
    try:
        expected = open_history(str(path)).lines
    except BrokenLine as cause:
        expected = cause
    if isinstance(expected, BrokenLine):
        assert 1 <= expected.line <= content.count(b"\n") + 1
    else:
        assert expected == len(lines_of(str(path)))
