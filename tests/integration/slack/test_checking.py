"""What ``parley doctor`` is told of a workspace."""

from dataclasses import replace

import pytest

from adapters.slack.checking import greet
from adapters.slack.config import Transport
from adapters.slack.manifest import SCOPES
from dialogue.errors import Unavailable
from tests.integration.slack.running import config_of
from tests.servers.slack.server import SlackServer


async def test_a_workspace_in_order_has_nothing_wrong(server: SlackServer) -> None:
    server.scopes |= set(SCOPES)
    greeting = await greet(config_of(server))
    assert (greeting.said, greeting.wrong) == ("Parley in the workspace T1", [])


async def test_the_scopes_that_are_missing_are_named(server: SlackServer) -> None:
    server.scopes = frozenset(SCOPES) - {"files:write", "usergroups:read"}
    (wrong,) = (await greet(config_of(server))).wrong
    assert wrong.startswith("add the scopes files:write, usergroups:read (parley manifest slack)")


async def test_an_app_token_that_is_no_good_is_told_where_it_is_needed(server: SlackServer) -> None:
    server.scopes |= set(SCOPES)
    config = replace(config_of(server), app_token="xapp-wrong-1")
    (wrong,) = (await greet(config)).wrong
    assert "app_token" in wrong
    assert "xapp-wrong" not in wrong
    assert (await greet(replace(config, transport=Transport.HTTP))).wrong == []


async def test_a_bot_token_that_is_no_good_is_refused_and_told_to_nobody(server: SlackServer) -> None:
    with pytest.raises(Unavailable) as refused:
        await greet(replace(config_of(server), bot_token="xoxb-wrong-1"))
    assert "xoxb" not in str(refused.value)
