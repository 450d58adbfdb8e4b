import tomllib
from pathlib import Path

import pytest

from tests.integration.cli.terminal import SOURCE, Terminal

SEALING_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def test_the_defaults_can_be_used_and_are_those_of_the_example(terminal: Terminal):
    example = terminal.folder / "example.toml"
    example.write_bytes((SOURCE / "config.example.toml").read_bytes())
    defaults = terminal.type("config", "check", "--json")
    assert (defaults.code, defaults.err) == (0, "")
    assert terminal.type("config", "check", "--json", "--config", example) == defaults
    assert {name: set(keys) for name, keys in tomllib.loads(example.read_text()).items()} == {
        name: set(keys) for name, keys in defaults.json.items()
    }


def test_what_is_printed_is_a_settings_file_with_secrets_hidden(terminal: Terminal):
    terminal.write(
        "config.toml",
        "[database]",
        'url = "postgresql://parley:hunter2@db.example.org/parley"',
        "[security]",
        f'key = "{SEALING_KEY}"',
        "[worker]",
        "batch = 3",
    )
    ended = terminal.type("config", "check")
    *settings, said = ended.out.splitlines()
    printed = tomllib.loads("\n".join(settings))
    assert (ended.code, said) == (0, "The settings can be used (from config.toml).")
    assert printed["worker"] == {"batch": 3}
    assert "hunter2" not in ended.out
    assert SEALING_KEY not in ended.out
    assert printed == terminal.type("config", "check", "--json").json


def test_where_there_is_no_file_it_says_so(terminal: Terminal):
    assert terminal.type("config", "check").out.endswith(
        "The settings can be used (no config.toml here: the defaults).\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[worker]\nbatsh = 3", "[worker] batsh is no setting (did you mean batch?); see config.example.toml"),
        ("[wroker]\nbatch = 3", "[wroker] is no setting (did you mean worker?); see config.example.toml"),
        ('[worker]\nbatch = "3"', "[worker] batch must be a whole number; see config.example.toml"),
        ("[worker]\nbatch = 2.0", "[worker] batch must be a whole number; see config.example.toml"),
        ("[worker]\nbatch = 0", "[worker] batch must be 1 or more; see config.example.toml"),
        ("[playground]\nport = 70000", "[playground] port must be 65535 or less; see config.example.toml"),
        ('[playground]\nfolder = ""', "[playground] folder must be the path of a file or folder"),
        ('[security]\nkey_file = "a\\u0000b"', "[security] key_file must be the path of a file or folder"),
        ('[log]\nlevel = "loud"', "[log] level must be 'debug', 'info', 'warning' or 'error'"),
        ('[log]\nformat = "xml"', "[log] format must be 'console' or 'json'"),
        ("[database]\nurl = 3", "[database] url must be a text in quotation marks"),
        (
            '[database]\nurl = "mysql://host/name"',
            "[database] url can't be used: mysql is not a database we know; write",
        ),
        ('[database]\nurl = "sqlite://parley.db"', "[database] url can't be used: sqlite takes three slashes"),
        ('[security]\nkey = "secret"', "[security] key must be 32 bytes in URL-safe base64, or empty to have one made"),
        ('[community]\nzone = "Mars"', "[community] zone must be an IANA time zone such as Europe/Berlin"),
        ("worker = 3", "[worker] must be a table: a line [worker] and its keys below"),
        ("[worker", "not valid TOML: "),
        ("\ufeff[worker]\nbatch = 3", "not valid TOML: "),
    ],
)
def test_a_broken_file_names_itself_the_key_and_the_remedy(terminal: Terminal, text: str, said: str):
    terminal.write("my.toml", text)
    terminal.type("config", "check", "--config", "my.toml").refuses(f"parley: my.toml: {said}")


def test_no_secret_is_repeated_when_it_is_refused(terminal: Terminal):
    terminal.write(
        "my.toml", "[database]", 'url = "oracle://parley:hunter2@host/name"', "[security]", 'key = "hunter3"'
    )
    assert "hunter" not in terminal.type("config", "check", "--config", "my.toml").err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.toml", "none.toml: no such file; copy config.example.toml there, or name another"),
        (".", ".: can't be read: it is a folder; name a file"),
        ("binary.toml", "binary.toml: not UTF-8 text; save it as UTF-8"),
        ("binary.toml/x", "binary.toml/x: can't be read: a part of its path is no folder; check the path"),
        ("/proc/self/mem", "/proc/self/mem: can't be read: Input/output error"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(terminal: Terminal, name: str, said: str):
    terminal.write("binary.toml", b"\xff\xfe")
    terminal.type("config", "check", "--config", name).refuses(said)


def test_a_folder_called_config_toml_is_a_sentence(terminal: Terminal):
    Path("config.toml").mkdir()
    terminal.type("config", "check").refuses("config.toml: can't be read: it is a folder; name a file")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PARLEY_WORKER__BATCH", "many", "[worker] batch must be a whole number"),
        ("PARLEY_WORKER__BATCH", "--7", "[worker] batch must be a whole number"),
        ("PARLEY_WORKER__BATCH", "²", "[worker] batch must be a whole number"),
        ("PARLEY_WORKER__BATCH", "", "[worker] batch must be a whole number"),
        ("PARLEY_WORKER__BATCH", "5000", "[worker] batch must be 1000 or less"),
        ("PARLEY_WORKER__BATSH", "5", "[worker] batsh is no setting (did you mean batch?)"),
        ("PARLEY_WROKER__BATCH", "5", "[wroker] is no setting (did you mean worker?)"),
        ("PARLEY_DATABASE__URL", "mysql://x", "[database] url can't be used"),
        ("PARLEY_DATABASE_URL", "sqlite:///x.db", "is no setting; write PARLEY_DATABASE__URL, with two underscores"),
        ("PARLEY_CONFIG", "none.toml", "none.toml: no such file"),
    ],
)
def test_a_wrong_variable_is_named(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
):
    terminal.write("config.toml", "[log]", 'level = "error"')
    monkeypatch.setenv(name, value)
    ended = terminal.type("config", "check")
    ended.refuses(said)
    assert (name in ended.err) == (name != "PARLEY_CONFIG")


def test_a_wrong_section_of_the_file_is_not_blamed_on_a_variable(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    terminal.write("config.toml", "[wroker]", "batch = 3")
    monkeypatch.setenv("PARLEY_WROKER__BATCH", "5")
    terminal.type("config", "check").refuses("config.toml: [wroker] is no setting")


def test_variables_go_before_the_file_and_those_of_others_do_not_matter(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    terminal.write("config.toml", "[worker]", "batch = 3")
    monkeypatch.setenv("PARLEY_WORKER__BATCH", "7")
    monkeypatch.setenv("PARLEY_PORT_80_TCP_ADDR", "10.0.0.1")
    assert terminal.type("config", "check", "--json").json["worker"] == {"batch": 7}


def test_the_model_that_is_asked_is_told_and_its_key_is_not(terminal: Terminal):
    terminal.write(
        "config.toml", "[model]", 'base_url = "https://api.example.com/v1"', 'name = "wise"', 'api_key = "sk-hunter2"'
    )
    ended = terminal.type("config", "check")
    assert ended.out.endswith(" In doubt, the language model wise at api.example.com is asked.\n")
    assert "hunter2" not in ended.out
