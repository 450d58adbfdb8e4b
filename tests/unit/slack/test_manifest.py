"""The manifest asks for what is used, no more and no less, and the guide says what for."""

from pathlib import Path

import pytest

from adapters.slack.changes import GONE, JOINED, OF_CHANNELS, OF_PEOPLE
from adapters.slack.home import OPENED
from adapters.slack.manifest import EVENTS, MENU, SCOPES, manifest
from adapters.slack.parse import KNOWN
from dialogue.commands.catalogue import COMMANDS
from dialogue.texts.catalogue import Texts
from tests.servers.slack import server

ROOT = Path(__file__).parents[3]
TOLD_BY_EVENTS = {"app_mentions:read", "commands", "reactions:read"}
"""Scopes that no call needs: they let Slack tell us."""


def test_the_scopes_are_those_without_which_the_test_server_refuses() -> None:
    assert set(SCOPES) == server.SCOPES | TOLD_BY_EVENTS


def shortcuts() -> list[dict[str, str]]:
    features = manifest(COMMANDS, Texts.load(), None)["features"]
    assert isinstance(features, dict)
    return list(features["shortcuts"])


def test_every_shortcut_is_one_that_is_understood() -> None:
    menus = {f"{MENU}{c.noun}:{v.name}" for c in COMMANDS for v in c.verbs if v.menu}
    everywhere = {f"{c.noun} {v.name}" for c in COMMANDS for v in c.verbs if v.shortcut}
    assert {one["callback_id"] for one in shortcuts() if one["type"] == "message"} == menus
    assert {one["callback_id"] for one in shortcuts() if one["type"] == "global"} == everywhere


def test_shortcuts_fit_and_are_few_enough() -> None:
    for one in shortcuts():
        assert 0 < len(one["name"]) <= 24, one
        assert 0 < len(one["description"]) <= 150, one
        assert len(one["callback_id"]) <= 255
    for kind in ("message", "global"):
        assert 0 < len([one for one in shortcuts() if one["type"] == kind]) <= 5


def test_people_can_write_to_the_app_and_open_its_home() -> None:
    features = manifest(COMMANDS, Texts.load(), None)["features"]
    assert isinstance(features, dict)
    home = features["app_home"]
    assert (home["home_tab_enabled"], home["messages_tab_enabled"]) == (True, True)
    assert home["messages_tab_read_only_enabled"] is False
    assert {"app_home_opened", "message.im"} <= set(EVENTS)


@pytest.mark.parametrize("address", [None, "https://parley.example/slack/events"])
def test_what_menus_offer_is_asked_where_requests_go(address: str | None) -> None:
    settings = manifest(COMMANDS, Texts.load(), address)["settings"]
    assert isinstance(settings, dict)
    assert settings["interactivity"].get("message_menu_options_url") == address
    assert settings["socket_mode_enabled"] is (address is None)


def test_every_event_is_one_that_is_read_or_heeded() -> None:
    kinds = {event.partition(".")[0] for event in EVENTS}
    read = KNOWN | OF_CHANNELS | GONE | OF_PEOPLE | {JOINED, OPENED}
    heeded = {"app_uninstalled", "tokens_revoked", "subteam_created", "subteam_members_changed", "subteam_updated"}
    assert kinds == read | heeded
    source = (ROOT / "adapters" / "slack" / "reading.py").read_text("utf-8")
    source += (ROOT / "adapters" / "slack" / "directory.py").read_text("utf-8")
    for kind in heeded:
        assert f'"{kind}"' in source or (kind.startswith("subteam_") and '"subteam_"' in source)


def test_the_guide_says_what_each_scope_and_event_is_for() -> None:
    guide = (ROOT / "docs" / "slack.md").read_text("utf-8")
    assert [name for name in (*SCOPES, *EVENTS) if f"`{name}`" not in guide] == []
