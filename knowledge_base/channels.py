"""Places people talk in: who is there (audience) and what the bot does there (mode)."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge_base.ids import ChannelId, CommunityId, SpaceId


class Audience(StrEnum):
    """Who can read a channel."""

    PUBLIC = "public"
    MEMBERS = "members"
    PRIVATE = "private"
    INTERNAL = "internal"

    def is_wider(self, than: "Audience") -> bool:
        """Whether more people read such a channel."""
        order = (Audience.INTERNAL, Audience.PRIVATE, Audience.MEMBERS, Audience.PUBLIC)
        return order.index(self) > order.index(than)


class Mode(StrEnum):
    """What the bot does in a channel. ``excluded``: less than nothing, see :mod:`dialogue.excluding`."""

    EXCLUDED = "excluded"
    OFF = "off"
    LISTENING = "listening"
    ON_MENTION = "on_mention"
    HELPING = "helping"

    @property
    def keeps_messages(self) -> bool:
        """Whether messages said here may be stored."""
        return self not in (Mode.EXCLUDED, Mode.OFF)


class Shared(StrEnum):
    """Whether people from outside the community can read a channel."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


def default_mode(audience: Audience, *, direct: bool = False) -> Mode:
    """The mode of a channel nobody configured: public ones are heard and answered on mention, all others are off.

    Whoever writes to the bot directly addresses it.
    """
    return Mode.ON_MENTION if direct or audience is Audience.PUBLIC else Mode.OFF


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of one space. Threads belong to their channel and have no row of their own.

    ``direct``: it is between one person and the bot alone.
    """

    community: CommunityId
    space: SpaceId
    id: ChannelId
    name: str
    audience: Audience
    mode: Mode
    shared: Shared = Shared.NO
    direct: bool = False

    @property
    def origin(self) -> "Origin":
        """Where words said here come from, for the fence."""
        return Origin(self.community, self.space, self.id, self.audience, self.shared)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody's words were said: what the fence needs to know before it lets them go elsewhere."""

    community: CommunityId
    space: SpaceId
    channel: ChannelId
    audience: Audience
    shared: Shared = Shared.NO
