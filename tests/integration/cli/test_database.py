import os
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

import migrations
from adapters.storage.database_file import DatabaseFile
from tests.integration.cli.terminal import Ended, Terminal

FILE = "sqlite:///parley.db"
UNREACHABLE = "postgresql://parley:hunter2@127.0.0.1:1/parley"


@pytest.fixture
def made(terminal: Terminal) -> Path:
    """A database at head."""
    assert terminal.type("db", "upgrade").code == 0
    return terminal.folder / "parley.db"


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def test_upgrade_makes_a_database_from_nothing_and_leaves_one_at_head_alone(terminal: Terminal):
    for _ in range(2):
        ended = terminal.type("db", "upgrade")
        assert (ended.code, ended.err) == (0, "")
        assert ended.out == f"The database stands at revision {migrations.HEAD}.\n"
    assert terminal.type("db", "check").out == f"The database is sound and stands at revision {migrations.HEAD}.\n"


def test_a_sound_database_is_told_for_programs(terminal: Terminal, made: Path):
    ended = terminal.type("db", "check", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json == {"revision": migrations.HEAD, "current": migrations.HEAD, "problems": []}


def test_the_settings_say_which_database(terminal: Terminal):
    terminal.write("config.toml", "[database]", 'url = "sqlite:///other.db"')
    assert terminal.type("db", "upgrade").code == 0
    assert "other.db" in terminal.names()
    assert "parley.db" not in terminal.names()
    assert terminal.type("db", "check").code == 0
    terminal.type("db", "check", "--database", FILE).refuses("parley.db: there is no such database")


def test_check_changes_nothing(terminal: Terminal, made: Path):
    before = made.read_bytes(), terminal.names()
    terminal.type("db", "check")
    assert (made.read_bytes(), terminal.names()) == before


def test_where_there_is_none_check_makes_none(terminal: Terminal):
    terminal.type("db", "check").refuses(
        "parley.db: there is no such database; check the path, or make it with: parley db upgrade"
    )
    assert terminal.names() == set()


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_an_empty_file_waits_for_its_tables(terminal: Terminal, as_json: list[str]):
    terminal.write("parley.db")
    ended = terminal.type("db", "check", *as_json)
    assert ended.code == 1
    if as_json:
        assert ended.json == {"revision": None, "current": migrations.HEAD, "problems": []}
    else:
        assert ended.out == "The database is empty. Make its tables with: parley db upgrade\n"


@pytest.mark.parametrize("command", [["check"], ["check", "--json"], ["upgrade"]])
def test_a_newer_database_is_refused_and_left_as_it_is(terminal: Terminal, made: Path, command: list[str]):
    change(made, "UPDATE alembic_version SET version_num = '9999'")
    before = made.read_bytes()
    terminal.type("db", *command).refuses(
        f"parley.db: made by a newer Parley (revision 9999, this one knows {migrations.HEAD}); ",
        "install that version or restore a backup",
    )
    assert made.read_bytes() == before


def overwrite(file: Path, begin: int, end: int) -> None:
    with file.open("r+b") as stream:
        stream.seek(begin)
        stream.write(b"\x13" * (end - begin))


def test_damage_within_is_found_and_the_remedy_told(terminal: Terminal, made: Path):
    overwrite(made, 3 * 4096, 9 * 4096)
    ended = terminal.type("db", "check")
    assert (ended.code, ended.err) == (1, "")
    first, *_, last = ended.out.splitlines()
    assert first.startswith("Damaged: ")
    assert last == "Restore it from a backup."
    as_json = terminal.type("db", "check", "--json")
    assert as_json.code == 1
    assert as_json.json["problems"]


@pytest.mark.parametrize("size", [100, 20_000])
def test_a_file_cut_short_is_damaged(terminal: Terminal, made: Path, size: int):
    os.truncate(made, size)
    ended = terminal.type("db", "check", "--json")
    assert (ended.code, ended.json["revision"]) == (1, None)
    assert ended.json["problems"]
    terminal.type("db", "upgrade").refuses("parley.db: the file is damaged; restore it from a backup")


@pytest.mark.parametrize("command", ["check", "upgrade"])
def test_a_file_that_is_no_database_is_left_as_it_is(terminal: Terminal, command: str):
    notes = terminal.write("notes.txt", *["remember the milk"] * 9)
    before = notes.read_bytes()
    terminal.type("db", command, "--database", "sqlite:///notes.txt").refuses(
        "notes.txt: the file is not a database; give the path of another file"
    )
    assert notes.read_bytes() == before


@pytest.mark.parametrize("command", ["check", "upgrade"])
@pytest.mark.parametrize("versioned", [True, False])
def test_another_programs_database_is_not_taken_for_ours(terminal: Terminal, command: str, versioned: bool):
    other = terminal.folder / "other.db"
    change(other, "CREATE TABLE milk (litres)")
    if versioned:
        change(other, "CREATE TABLE alembic_version (version_num)", "INSERT INTO alembic_version VALUES ('ab12')")
    before = other.read_bytes()
    terminal.type("db", command, "--database", "sqlite:///other.db").refuses(
        "other.db: holds tables of another program; give Parley a database of its own"
    )
    assert other.read_bytes() == before


@pytest.mark.parametrize(
    ("command", "url", "said"),
    [
        ("upgrade", "sqlite:///none/x.db", "none/x.db: its folder does not exist; create the folder"),
        ("check", "sqlite:///none/x.db", "none/x.db: there is no such database"),
        ("upgrade", "sqlite:///.", ".: this is a folder; give the path of a file"),
        ("check", "sqlite:///.", ".: this is a folder; give the path of a file"),
        ("upgrade", "sqlite:///file/x.db", "file/x.db: a part of its path is no folder; check the path"),
        (
            "upgrade",
            f"sqlite:///{'x' * 300}",
            "it can't be opened (File name too long); check the disk, or use another",
        ),
        ("check", f"sqlite:///{'x' * 300}", "there is no such database"),
        ("upgrade", "sqlite:////dev/full", "/dev/full: this is a device or a pipe; give the path of a file"),
        ("upgrade", "sqlite:////sys/parley.db", "/sys/parley.db: it can't be written; check the permissions"),
        ("check", "mysql://host/name", "mysql is not a database we know; write sqlite:///parley.db or postgresql://"),
        ("check", "parley.db", "not a database address; write sqlite:///parley.db or postgresql://"),
        ("check", "", "not a database address"),
        ("check", "postgresql://host:port/name", "not a database address"),
        ("check", "sqlite://", "the address names no file"),
        ("check", "sqlite:///:memory:", "the address names no file"),
        ("check", "sqlite:///a%00b", "the address names no file"),
        ("check", "sqlite://host/parley.db", "sqlite takes three slashes before a file's path"),
        ("check", "sqlite:///parley.db?mode=ro", "sqlite takes no options; end the address with the file's name"),
        ("check", "postgresql://host/name?mode=ro", "the address has an option mode that we don't know; leave it out"),
        (
            "check",
            UNREACHABLE,
            "127.0.0.1:1/parley: the server can't be reached (nothing listens there); check that it",
        ),
        ("upgrade", f"{UNREACHABLE}?sslmode=require", "the server can't be reached (nothing listens there)"),
        ("check", "postgresql://nowhere.invalid/x", "the server can't be reached (no computer of that name is known)"),
    ],
)
def test_a_database_that_cannot_be_had_is_a_sentence(terminal: Terminal, command: str, url: str, said: str):
    terminal.write("file", "x")
    ended = terminal.type("db", command, "--database", url)
    ended.refuses(said)
    assert "hunter2" not in ended.err


@contextmanager
def unchangeable(place: Path) -> Iterator[None]:
    """Nobody may change the place, not even root; skips where the file system can't do that."""
    if subprocess.run(["chattr", "+i", place], capture_output=True, check=False).returncode:
        pytest.skip("needs chattr on the file system of the temporary folder")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", place], check=True)


def test_a_read_only_folder_is_a_sentence(terminal: Terminal):
    with unchangeable(terminal.folder):
        terminal.type("db", "upgrade").refuses("parley.db: it can't be written; check the permissions of the file and")


def test_a_read_only_file_can_be_checked_but_not_upgraded(terminal: Terminal, made: Path):
    with unchangeable(made):
        terminal.type("db", "upgrade").refuses("parley.db: it can't be written; check the permissions of the file and")


def test_a_database_in_use_can_be_checked_but_not_upgraded(terminal: Terminal, made: Path):
    other = DatabaseFile.claim(made)
    assert terminal.type("db", "check").code == 0
    terminal.type("db", "upgrade").refuses("parley.db: another Parley writes to this database; stop it, or use another")
    other.release()


def test_a_server_that_is_no_postgresql_is_a_sentence(terminal: Terminal):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgresql://parley:hunter2@127.0.0.1:{server.getsockname()[1]}/parley"
        with terminal.start("db", "check", "--database", url) as process:
            while process.poll() is None:
                hang_up(server)
            out, err = process.communicate()
    Ended(process.returncode, out.decode(), err.decode()).refuses("the server can't be reached (it hung up; is it Post")


def hang_up(server: socket.socket) -> None:
    server.settimeout(0.1)
    with suppress(TimeoutError):
        server.accept()[0].close()


async def test_postgresql_is_upgraded_and_checked(terminal: Terminal, postgresql_url: str):
    where = ("--database", postgresql_url)
    assert terminal.process("db", "upgrade", *where).out == f"The database stands at revision {migrations.HEAD}.\n"
    ended = terminal.process("db", "check", "--json", *where)
    assert (ended.code, ended.err) == (0, "")
    assert ended.json == {"revision": migrations.HEAD, "current": migrations.HEAD, "problems": []}


async def test_an_empty_postgresql_database_is_brought_up(terminal: Terminal, postgresql_url: str):
    connection = await asyncpg.connect(postgresql_url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    where = ("--database", postgresql_url)
    assert terminal.process("db", "check", *where).out.startswith("The database is empty.")
    assert terminal.process("db", "upgrade", *where).code == 0
    assert terminal.process("db", "check", *where).code == 0
