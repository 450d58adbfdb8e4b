from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.changes import places_before
from adapters.discord.directory import JUST_NOW, Directory, Person, server_of
from adapters.discord.interacting import asked, channels_of, event_of, typed
from adapters.discord.parse import Reader, events_of
from adapters.discord.payload import Malformed, identifier
from adapters.discord.snowflakes import made_at, snowflake_at
from adapters.discord.talks import Talks
from dialogue.events import MessageEdited, OptionsSelected

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
    return Reader("9", directory, NOW)


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


@pytest.mark.parametrize(("kind", "chosen"), [(8, ["1", "2"]), (6, ["2"])])
def test_a_channel_that_has_the_id_of_its_server_can_be_chosen(kind: int, chosen: list[str]) -> None:
    """In old servers the first channel has it; as a role it is everybody's."""
    menu = {"custom_id": "m::", "component_type": kind, "values": ["1", "2"], "resolved": {}}
    payload = {"id": "5", "token": "t", "type": 3, "guild_id": "1", "channel_id": "1", "message": {"id": "7"}}
    what = asked({**payload, "member": {"user": {"id": "5", "username": "anna"}}, "data": menu}, reader())
    assert what is not None
    event = event_of(what, {})
    assert isinstance(event, OptionsSelected)
    assert [each.id for each in event.selected] == chosen


def test_a_new_session_of_a_shard_forgets_what_was_left_and_nothing_of_other_shards() -> None:
    even, odd = str(1000 << 23), str((1000 << 23) | (1 << 22))
    directory = Directory()

    def ready(shard: int, *servers: str) -> None:
        told = {"user": {"id": "9"}, "shard": [shard, 2], "guilds": [{"id": each} for each in servers]}
        directory.apply("READY", told)

    ready(0, even)
    ready(1, odd)
    for server in (even, odd):
        directory.apply("GUILD_CREATE", {"id": server})
        directory.saw(directory.servers[server], Person(f"of {server}", "Anna", ()), NOW)
    ready(1)
    assert set(directory.servers) == {even}
    assert [directory.last_server(f"of {each}") for each in (even, odd)] == [even, None]
    ready(0, even)
    assert set(directory.servers) == {even}


def test_roles_are_believed_for_a_while() -> None:
    directory = reader().directory
    directory.saw(directory.servers["1"], Person("5", "Anna", ()), NOW)
    assert directory.acted_just_now("1", "5", NOW + JUST_NOW)
    assert not directory.acted_just_now("1", "5", NOW + JUST_NOW * 1.01)
    assert not directory.acted_just_now("2", "5", NOW)
    assert not directory.acted_just_now("1", "6", NOW)


def test_only_the_role_of_everybody_changes_who_reads_a_channel() -> None:
    def looked_at(role: str) -> list[str]:
        return list(places_before("GUILD_ROLE_UPDATE", {"guild_id": "1", "role": {"id": role}}, reader()))

    assert (looked_at("1"), looked_at("2")) == (["1"], [])


def test_of_direct_channels_and_messages_only_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord.talks.MOST", 2)
    talks = Talks()
    for channel in ("1", "2", "3"):
        talks.note(channel, "5", "7", NOW)
        talks.note_sent(f"m{channel}", "7")
    assert [talks.home(channel, {"7"}) for channel in ("1", "2", "3")] == [None, "7", "7"]
    assert [talks.sent_for(f"m{channel}") for channel in ("1", "2", "3")] == [None, "7", "7"]
    assert talks.home("3", {"8"}) is None


@pytest.mark.parametrize("value", [True, -1, 1.5, "", "x", "٣", "1" * 21, 10**20, [], {}])
def test_what_is_no_number_of_64_bits_is_no_id(value: object) -> None:
    with pytest.raises(Malformed):
        identifier({"id": value}, "id")


def test_snowflakes_are_times() -> None:
    assert made_at("175928847299117063") == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
    assert made_at(str(snowflake_at(NOW))) == NOW
    assert snowflake_at(datetime(2001, 1, 1, tzinfo=UTC)) == 0
