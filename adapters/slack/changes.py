"""What happens to channels and people, as the dialogue's events: pure, like :mod:`adapters.slack.parse`."""

from datetime import datetime
from typing import Final

from adapters.slack.fields import Table
from adapters.slack.parse import Surroundings, channel_of, place_of
from dialogue.events import Actor, ChannelChanged, MemberChanged, PermissionMissing, PlaceDeleted
from knowledge_base.ids import SpaceId
from knowledge_base.members import Role

OF_CHANNELS: Final = frozenset(
    {
        "channel_archive",
        "channel_rename",
        "channel_shared",
        "channel_unarchive",
        "channel_unshared",
        "group_archive",
        "group_rename",
        "group_unarchive",
    }
)
"""After these a channel has another name, or other people read it."""
GONE: Final = frozenset({"channel_deleted", "group_deleted"})
JOINED: Final = "member_joined_channel"
HEEDED: Final = frozenset(
    {"app_uninstalled", "subteam_created", "subteam_members_changed", "subteam_updated", "tokens_revoked"}
)
"""What these say is taken note of, and told to nobody."""
OF_PEOPLE: Final = frozenset({"team_join", "user_change"})


def channel_changed(channel: str, name: str, around: Surroundings, at: datetime) -> ChannelChanged:
    """How a channel is now. ``name``: what names this occasion."""
    return ChannelChanged(place_of(channel, None, around), name, at)


def place_deleted(event: Table, around: Surroundings, at: datetime) -> PlaceDeleted:
    """A channel is gone."""
    return PlaceDeleted(place_of(channel_of(event), None, around), at)


def member_changed(team: str, actor: Actor, name: str, at: datetime) -> MemberChanged | None:
    """Somebody came, or is called otherwise, or may do other things; None for programs."""
    return None if actor.role is Role.BOT else MemberChanged(SpaceId(team), actor, name, at)


def permission_missing(channel: str, permission: str, around: Surroundings, at: datetime) -> PermissionMissing:
    """We were to do something in a channel and may not."""
    place = place_of(channel, None, around)
    return PermissionMissing(place.space, permission, at, place)
