"""Circles: who hears a statement, as far as it decides which statements may be one insight.

What is said in public is said to everybody in the community; in a members channel, to the members of that space; inside
the company, to all of the company; in a private channel, or in one that outsiders read or may read, to those in that
channel alone. So the words of two statements of one circle may each be shown where the other was said, and no others'
may: the fence's matrix, read both ways.

Within a circle the same is merged silently. Across circles of the same readers (two private channels, two shared ones)
it may be suggested, and merged by staff. Across readers nothing is merged by anybody.
"""

from typing import Final, NewType

from knowledge_base.channels import Audience, Shared
from knowledge_base.ids import ChannelId, SpaceId

Circle = NewType("Circle", str)
"""Its readers, and as much of the place as sets them apart: ``public``, ``members/SPACE``, ``private/SPACE/CHANNEL``
and so on."""

Readers = NewType("Readers", str)
"""The kind of readers alone: an audience, or ``shared``."""

_SHARED: Final = Readers("shared")


def circle_of(space: SpaceId, channel: ChannelId, audience: Audience, shared: Shared) -> Circle:
    """Who hears what is said there. Compared within one community only."""
    readers = readers_of(audience, shared)
    if readers == _SHARED or audience is Audience.PRIVATE:
        return Circle(f"{readers}/{space}/{channel}")
    if audience is Audience.MEMBERS:
        return Circle(f"{readers}/{space}")
    return Circle(readers)


def readers_of(audience: Audience, shared: Shared) -> Readers:
    """Of which kind those are that hear what is said where."""
    return Readers(audience.value) if shared is Shared.NO else _SHARED


def readers_in(circle: Circle) -> Readers:
    """Of which kind those in a circle are."""
    return Readers(circle.split("/", 1)[0])
