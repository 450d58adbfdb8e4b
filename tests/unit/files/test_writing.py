import errno
import os
import stat

import pytest

from adapters.files.errors import Unwritable
from adapters.files.writing import written


def test_a_file_appears_only_when_it_is_complete(tmp_path):
    place = tmp_path / "out.jsonl"
    place.write_text("before")
    with written(place) as output:
        output.write({"id": "m1", "text": "naïve 🎉"})
        assert place.read_text() == "before"
    assert place.read_text("utf-8") == '{"id": "m1", "text": "naïve 🎉"}\n'
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl"]


def test_an_error_leaves_everything_as_it_was(tmp_path):
    place = tmp_path / "out.jsonl"
    place.write_text("before")
    with pytest.raises(TypeError), written(place) as output:
        output.write({"id": {1, 2}})
    assert place.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl"]


def test_others_may_read_it_as_they_may_read_any_new_file(tmp_path):
    with written(tmp_path / "out.jsonl") as output:
        output.write({})
    (tmp_path / "plain").touch()
    modes = {stat.S_IMODE(entry.stat().st_mode) for entry in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "there")
    with written(tmp_path / "link") as output:
        output.write({})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_text() == "{}\n"


def test_a_device_is_written_to_and_never_replaced(tmp_path):
    with written(tmp_path / "x") as output:
        output.write({})
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with written(pipe) as output:
        output.write({"id": 1})
    assert os.read(reader, 100) == b'{"id": 1}\n'
    os.close(reader)
    assert pipe.is_fifo()


def test_a_missing_folder_and_a_folder_are_sentences(tmp_path):
    for place in (tmp_path / "none" / "out.jsonl", tmp_path):
        with pytest.raises(Unwritable, match=r"can't be written: .*\.$"), written(place):
            pass


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "the folder is read-only")]
)
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path, monkeypatch, number, said):
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Unwritable, match=said), written(tmp_path / "out.jsonl") as output:
        output.write({})
    assert list(tmp_path.iterdir()) == []
