import errno
import os
import pickle
import stat
from pathlib import Path

import pytest

from adapters.files.errors import Unwritable
from adapters.files.writing import written, written_together


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


def test_what_could_not_be_written_is_told_the_same_by_another_process():
    told = Unwritable("out.jsonl", OSError(errno.ENOSPC, "No space left on device"))
    assert str(pickle.loads(pickle.dumps(told))) == str(told)
    assert "the disk is full" in str(told)


def test_of_several_none_appears_before_all_are_complete(tmp_path, monkeypatch):
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    answers = iter((None, OSError(errno.ENOSPC, "No space left on device")))

    def sync_once(_: int) -> None:
        if answer := next(answers):
            raise answer

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", sync_once)
        full = pytest.raises(Unwritable, match=r"second\.jsonl can't be written: the disk is full")
        with full, written_together(first, second) as outputs:
            for output in outputs:
                output.write({})
    assert list(tmp_path.iterdir()) == []
    with written_together(first, second) as outputs:
        for number, output in enumerate(outputs):
            output.write({"number": number})
    assert [first.read_text(), second.read_text()] == ['{"number": 0}\n', '{"number": 1}\n']


def test_what_fails_elsewhere_is_not_blamed_on_the_output(tmp_path):
    with pytest.raises(PermissionError), written(tmp_path / "out.jsonl"):
        raise PermissionError
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_without_a_path_is_written_to(tmp_path):
    reading, writing = os.pipe()
    with written(Path(f"/dev/fd/{writing}")) as output:
        output.write({"id": 1})
    os.close(writing)
    assert os.read(reading, 100) == b'{"id": 1}\n'
    os.close(reading)
