"""``parley manifest``: what the platforms are told is what the code uses."""

import base64
import json
from pathlib import Path

import pytest

from adapters.slack.manifest import EVENTS, SCOPES
from tests.integration.cli.terminal import Terminal

TOKEN = base64.b64encode(b"123456789012345678").decode().rstrip("=") + ".abc.def"


def test_slacks_manifest_for_a_socket(terminal: Terminal) -> None:
    made = json.loads(terminal.type("manifest", "slack").out)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert made["settings"]["event_subscriptions"] == {"bot_events": list(EVENTS)}
    shortcuts = [
        "menu:tag:add",
        "menu:insight:voices",
        "menu:why:show",
        "help show",
        "privacy show",
        "insight list",
        "answer list",
    ]
    assert sorted(one["callback_id"] for one in made["features"]["shortcuts"]) == sorted(shortcuts)
    assert "request_url" not in json.dumps(made)


def test_slacks_manifest_for_requests(terminal: Terminal) -> None:
    made = json.loads(terminal.type("manifest", "slack", "--address", "https://parley.example/slack/events").out)
    assert made["settings"]["socket_mode_enabled"] is False
    assert json.dumps(made).count("https://parley.example/slack/events") == 4


def test_an_address_without_https_is_refused(terminal: Terminal) -> None:
    terminal.type("manifest", "slack", "--address", "http://x").refuses("begins with https://")


def test_discords_link_is_for_the_configured_bot(terminal: Terminal, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[discord]\ntoken = "{TOKEN}"\n')
    said = terminal.type("manifest", "discord", "--config", str(config))
    assert "client_id=123456789012345678&scope=bot+applications.commands&permissions=" in said.out
    assert "Switch on Message Content Intent and Server Members Intent at" in said.err
    assert TOKEN not in said.out + said.err
    config.write_text(f'[discord]\ntoken = "{TOKEN}"\nmessage_content = false\n')
    assert "Switch on Server Members Intent at" in terminal.type("manifest", "discord", "--config", str(config)).err


@pytest.mark.parametrize("given", [(), ("--application", "me")])
def test_without_an_application_there_is_no_link(terminal: Terminal, given: tuple[str, ...]) -> None:
    terminal.type("manifest", "discord", *given).refuses("--application ID")
