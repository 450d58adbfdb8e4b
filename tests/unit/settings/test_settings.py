import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings, SettingsError, file_in_force, load

EXAMPLE = Path(__file__).parents[3] / "config.example.toml"


def plain(settings: Settings) -> dict:
    """The settings as a TOML file would hold them."""
    return {name: {key: _written(value) for key, value in section} for name, section in settings}


def _written(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return list(value) if isinstance(value, tuple) else value


def test_the_example_holds_every_setting_with_its_default_and_its_explanation():
    text = EXAMPLE.read_text()
    assert tomllib.loads(text) == plain(Settings())
    lines = text.splitlines()
    for section in Settings.model_fields.values():
        for key, field in section.annotation.model_fields.items():
            at = next(
                i
                for i, line in enumerate(lines)
                if line.startswith(f"{key} =") and lines[i - 1][2:] == field.description
            )
            assert lines[at - 1] == f"# {field.description}"


def test_without_a_file_the_defaults_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(environment={}) == Settings()


def test_a_variable_goes_before_the_file(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[worker]\nbatch = 3\n[database]\nurl = "sqlite:///a.db"')
    settings = load(file, {"PARLEY_WORKER__BATCH": "7", "OTHER": "x"})
    assert settings.worker.batch == 7
    assert settings.database.url.get_secret_value() == "sqlite:///a.db"


def test_a_variable_names_the_file(tmp_path):
    file = tmp_path / "else.toml"
    file.write_text("[worker]\nbatch = 5\n")
    assert load(environment={"PARLEY_CONFIG": str(file)}).worker.batch == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[worker]\nbatsh = 3\n",
            "{file}: [worker] batsh is no setting (did you mean batch?); see config.example.toml",
        ),
        ("[wroker]\nbatch = 3\n", "{file}: [wroker] is no setting (did you mean worker?); see config.example.toml"),
        ('[worker]\nbatch = "3"\n', "{file}: [worker] batch must be a whole number; see config.example.toml"),
        ("[database]\nurl = 3\n", "{file}: [database] url must be a text in quotation marks; see config.example.toml"),
        ("worker = 3\n", "{file}: [worker] must be a table: a line [worker] and its keys below"),
        ('[community]\nzone = "Mars"\n', "{file}: [community] zone must be an IANA time zone such as Europe/Berlin"),
        ('[slack]\nbot_token = "xoxb-1"\n', "{file}: [slack] needs app_token where transport is socket; see"),
        (
            '[slack.workspaces.acme]\nbot_token = "xoxb-1"\ntransport = "http"\n',
            "{file}: [slack.workspaces] acme needs signing_secret where transport is http; see",
        ),
        ('[slack.workspaces.acme]\nport = "x"\n', "{file}: [slack.workspaces.acme] port must be a whole number; see"),
        ('[discord]\ngateway = "x"\n', "{file}: [discord] gateway must be an address that begins with https:// or"),
        ("[worker\n", "{file}: not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 8)"),
    ],
)
def test_what_is_wrong_is_said_with_file_key_and_remedy(tmp_path, text, said):
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    assert str(caught.value).startswith(said.format(file=file))


def test_variables_hold_numbers_and_choices_too():
    chosen = {"PARLEY_DISCORD__SHARDS": "0, 2", "PARLEY_DISCORD__SHARD_COUNT": "4"}
    settings = load(environment={**chosen, "PARLEY_DISCORD__MESSAGE_CONTENT": "false"})
    assert (settings.discord.shards, settings.discord.shard_count) == ((0, 2), 4)
    assert settings.discord.message_content is False
    assert load(environment={"PARLEY_DISCORD__SHARDS": "auto"}).discord.shards == "auto"


@pytest.mark.parametrize("shards", ["[0, 1]", "[4]\nshard_count = 4", "[]\nshard_count = 4", "[-1]\nshard_count = 2"])
def test_shards_that_there_are_not_are_refused(tmp_path, shards):
    file = tmp_path / "config.toml"
    file.write_text(f"[discord]\nshards = {shards}\n")
    with pytest.raises(SettingsError, match=r'\[discord\] needs shards = "auto", or ids from 0 up to'):
        load(file, {})


def test_shards_that_are_no_numbers_are_named(tmp_path):
    with pytest.raises(SettingsError, match=r"PARLEY_DISCORD__SHARDS: "):
        load(environment={"PARLEY_DISCORD__SHARDS": "first, second"})


def test_every_workspace_with_a_token_is_connected(tmp_path):
    file = tmp_path / "config.toml"
    workspace = 'bot_token = "xoxb-{0}"\napp_token = "xapp-{0}"\n'
    file.write_text(
        f"[slack]\n{workspace.format(1)}[slack.workspaces.eu]\n{workspace.format(2)}[slack.workspaces.off]\n"
    )
    connected = load(file, {}).slack.connected()
    assert {name: one.bot_token.get_secret_value() for name, one in connected.items()} == {
        "slack": "xoxb-1",
        "slack.workspaces.eu": "xoxb-2",
    }


def test_a_wrong_variable_is_named(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text("")
    with pytest.raises(SettingsError, match=r"PARLEY_WORKER__BATCH: \[worker\] batch must be a whole number"):
        load(file, {"PARLEY_WORKER__BATCH": "many"})


def test_a_missing_or_unreadable_file_is_a_sentence(tmp_path):
    with pytest.raises(SettingsError, match=r"no such file; copy config\.example\.toml"):
        load(tmp_path / "none.toml", {})
    with pytest.raises(SettingsError, match="can't be read"):
        load(tmp_path, {})
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(binary, {})


def test_secrets_do_not_print():
    key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    settings = load(environment={"PARLEY_DATABASE__URL": "postgresql://u:hunter2@h/n", "PARLEY_SECURITY__KEY": key})
    assert settings.security.key.get_secret_value() == key
    assert "hunter" not in repr(settings) + str(settings)
    assert key not in repr(settings) + str(settings)


def test_the_file_that_is_read_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert file_in_force(environment={}) is None
    Path("config.toml").touch()
    assert file_in_force(environment={}) == Path("config.toml")
    assert file_in_force(environment={"PARLEY_CONFIG": "else.toml"}) == Path("else.toml")
    assert file_in_force(Path("given.toml"), {"PARLEY_CONFIG": "else.toml"}) == Path("given.toml")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('base_url = "api.example.com"', "needs a base_url such as https://api.example.com/v1"),
        ('base_url = "https://me:secret@api.example.com/v1"', "needs a base_url such as https://api.example.com/v1"),
        ('base_url = "http://[::1/v1"', "needs a base_url such as https://api.example.com/v1"),
        ("doubt_from = 70", "needs a doubt_from that is not above doubt_below"),
        ("timeout = 0", "timeout must be 1 or more"),
        ('api_key = "ключ"', "needs an api_key as the server gave it"),
    ],
)
def test_a_model_that_cannot_be_asked_is_refused(tmp_path, lines, said):
    file = tmp_path / "config.toml"
    file.write_text(f"[model]\n{lines}\n")
    with pytest.raises(SettingsError, match=r"\[model\]") as caught:
        load(file, {})
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("given", [{}, {"BASE_URL": "http://127.0.0.1:8080/v1"}, {"NAME": "wise"}])
def test_without_an_address_and_a_name_no_model_is_asked(given):
    assert not load(environment={f"PARLEY_MODEL__{key}": value for key, value in given.items()}).model.is_on


def test_private_and_internal_words_leave_only_where_a_setting_says_so():
    variables = {"PARLEY_MODEL__BASE_URL": "http://127.0.0.1:8080/v1", "PARLEY_MODEL__NAME": "wise"}
    model = load(environment=variables).model
    assert (model.is_on, model.host) == (True, "127.0.0.1:8080")
    assert model.policy().audiences == {"public", "members"}
    more = load(environment={**variables, "PARLEY_MODEL__SEND_PRIVATE": "true"}).model.policy()
    assert more.audiences == {"public", "members", "private"}
    assert (more.doubt_from, more.doubt_below) == (0.45, 0.6)
