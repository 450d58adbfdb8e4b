from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.asking import asked, channels_of, event_of, made_at, snowflake_at, typed
from adapters.discord.directory import Directory, server_of
from adapters.discord.parse import Reader, events_of
from adapters.discord.payload import Malformed
from dialogue.events import MessageEdited

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = (
    *("id", "guild_id", "channel_id", "author", "member", "content", "type", "timestamp", "edited_timestamp"),
    *("emoji", "user_id", "message_id", "ids", "attachments", "data", "token", "name", "options", "components"),
    *("component_type", "values", "resolved", "channels", "nick", "emojis", "members", "guilds", "shard"),
    *("user", "roles", "username", "message_reference", "message", "target_id", "custom_id", "value"),
    "permission_overwrites",
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["1", "2", "2026-01-01T00:00:00+00:00"])
)
payloads = st.dictionaries(
    st.sampled_from(NAMES),
    st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_size=12,
)
EVENTS = (
    *("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "MESSAGE_REACTION_ADD"),
    *("MESSAGE_REACTION_REMOVE", "THREAD_DELETE", "CHANNEL_DELETE", "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE"),
)


def reader() -> Reader:
    directory = Directory()
    directory.add(server_of({"id": "1", "channels": [{"id": "1", "name": "general", "type": 0}], "roles": []}))
    return Reader("9", directory)


@given(st.sampled_from(EVENTS), payloads, st.sampled_from(["1", None]))
def test_any_payload_is_read_or_called_malformed(name: str, payload: dict[str, Any], server: str | None) -> None:
    with suppress(Malformed):
        events_of(name, {"guild_id": server, "channel_id": "1", "type": 0, **payload}, reader(), "f", NOW)


@given(payloads, st.sampled_from([2, 3, 5]))
def test_any_interaction_is_read_or_called_malformed(payload: dict[str, Any], kind: int) -> None:
    with suppress(Malformed):
        what = asked({"guild_id": "1", "channel_id": "1", "id": "5", "token": "t", "type": kind, **payload}, reader())
        if what is not None:
            event_of(what, {})
            channels_of(what, reader(), lambda: "f")
            typed(what)


@given(payloads)
def test_a_directory_takes_any_change_or_calls_it_malformed(payload: dict[str, Any]) -> None:
    directory = reader().directory
    for name in directory._changes:
        with suppress(Malformed):
            directory.apply(name, {"guild_id": "1", **payload})


def test_a_later_edit_has_a_later_version_though_its_time_is_written_shorter() -> None:
    def version(edited: str) -> str:
        author = {"id": "5", "username": "anna"}
        message = {"id": "7", "guild_id": "1", "channel_id": "1", "content": "x", "author": author}
        (event,) = events_of("MESSAGE_UPDATE", {**message, "edited_timestamp": edited}, reader(), "", NOW)
        assert isinstance(event, MessageEdited)
        return event.version

    versions = [version(f"2026-01-01T00:00:0{end}") for end in ("1.999000+00:00", "2+00:00", "2.001000+00:00")]
    assert versions == sorted(versions)


def test_a_role_that_has_the_id_of_a_channel_is_no_channel() -> None:
    """Old servers have a channel with the server's own id."""
    user = {"id": "5", "username": "anna"}
    menu = {
        "custom_id": "m::",
        "component_type": 6,
        "values": ["1"],
        "resolved": {"roles": {"1": {"name": "everyone"}}},
    }
    payload = {"id": "5", "token": "t", "type": 3, "guild_id": "1", "channel_id": "1", "message": {"id": "7"}}
    what = asked({**payload, "member": {"user": user}, "data": menu}, reader())
    assert what is not None
    assert list(channels_of(what, reader(), lambda: "f")) == []


def test_snowflakes_are_times() -> None:
    assert made_at("175928847299117063") == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
    assert made_at(str(snowflake_at(NOW))) == NOW
    assert snowflake_at(datetime(2001, 1, 1, tzinfo=UTC)) == 0
