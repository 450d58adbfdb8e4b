import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.playground.clock import MovableClock
from adapters.playground.errors import BrokenJournal
from adapters.playground.facts import Said
from adapters.playground.journal import NAME, Journal
from adapters.playground.platform import Platform
from dialogue.errors import Refused
from knowledge_base.ids import AccountId, ChannelId, PlatformMessageId

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANNA, COMMUNITY = AccountId("anna"), ChannelId("community")


def said(text: str) -> Said:
    return Said(PlatformMessageId("m1"), COMMUNITY, ANNA, text, AT)


def test_what_was_appended_is_read_again(tmp_path: Path) -> None:
    Journal(tmp_path).append([said("one"), said("two")])
    assert [fact.text for fact in Journal(tmp_path).read() if isinstance(fact, Said)] == ["one", "two"]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).unlink(missing_ok=True)
    Journal(tmp_path).append([said(text)])
    assert Journal(tmp_path).read() == [said(text)]


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    (tmp_path / NAME).touch(0o644)
    Journal(tmp_path)
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_a_line_torn_by_a_kill_is_cut_off_and_the_next_one_is_whole(tmp_path: Path) -> None:
    Journal(tmp_path).append([said("whole")])
    with (tmp_path / NAME).open("a") as file:
        file.write('{"type":"said","id":"m2","te')
    journal = Journal(tmp_path)
    assert journal.read() == [said("whole")]
    journal.append([said("next")])
    assert Journal(tmp_path).read() == [said("whole"), said("next")]


def test_a_broken_line_is_named_with_file_line_and_remedy(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append([said("one")])
    with journal.file.open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(BrokenJournal, match=rf"{NAME}, line 2: .*--fresh"):
        Platform(tmp_path, MovableClock())


def test_a_line_about_a_message_that_never_was_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"type":"removed","message":"m9","at":"2026-03-02T09:00:00Z"}\n')
    with pytest.raises(BrokenJournal, match="line 1: it speaks of 'm9'"):
        Platform(tmp_path, MovableClock())


def test_with_a_full_disk_nothing_is_kept_or_shown_and_people_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = Platform(tmp_path, MovableClock())
    platform.say(ANNA, COMMUNITY, "before")
    size = (tmp_path / NAME).stat().st_size
    write = os.write

    def torn(descriptor: int, data: bytes) -> int:
        write(descriptor, data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", torn)
    with pytest.raises(Refused, match="No space left on device"):
        platform.say(ANNA, COMMUNITY, "lost?")
    monkeypatch.undo()
    assert (tmp_path / NAME).stat().st_size == size
    platform.say(ANNA, COMMUNITY, "after")
    assert [message.text for message in platform.state.messages.values()] == ["before", "after"]
    again = Platform(tmp_path, MovableClock())
    assert [message.text for message in again.state.messages.values()] == ["before", "after"]
