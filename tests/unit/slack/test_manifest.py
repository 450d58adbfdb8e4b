"""The manifest asks for what is used, no more and no less, and the guide says what for."""

from pathlib import Path

from adapters.slack.forms import MENU
from adapters.slack.manifest import EVENTS, SCOPES, manifest
from dialogue.commands.catalogue import COMMANDS
from dialogue.texts.catalogue import Texts
from tests.servers.slack import server

ROOT = Path(__file__).parents[3]
TOLD_BY_EVENTS = {"app_mentions:read", "commands", "reactions:read"}
"""Scopes that no call needs: they let Slack tell us."""


def test_the_scopes_are_those_without_which_the_test_server_refuses() -> None:
    assert set(SCOPES) == server.SCOPES | TOLD_BY_EVENTS


def test_every_menu_entry_is_one_that_is_understood() -> None:
    features = manifest(COMMANDS, Texts.load(), None)["features"]
    assert isinstance(features, dict)
    declared = {f"{MENU}{c.noun}:{v.name}" for c in COMMANDS for v in c.verbs if v.menu}
    assert {one["callback_id"] for one in features["shortcuts"]} == declared


def test_every_event_is_one_that_is_read_or_heeded() -> None:
    others = [path for path in (ROOT / "adapters" / "slack").glob("*.py") if path.name != "manifest.py"]
    sources = [path.read_text("utf-8") for path in others]
    for event in EVENTS:
        kind = event.partition(".")[0]
        family = kind.partition("_")[0] + "_"
        assert any(f'"{kind}"' in source or f'"{family}"' in source for source in sources), event


def test_the_guide_says_what_each_scope_and_event_is_for() -> None:
    guide = (ROOT / "docs" / "slack.md").read_text("utf-8")
    assert [name for name in (*SCOPES, *EVENTS) if f"`{name}`" not in guide] == []
