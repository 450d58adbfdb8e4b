"""What the knowledge base needs of storage. Every method works inside the caller's unit of work.

Nothing is visible to others before that commits. ``now`` is always given. Rows of one community are never returned for
another: each method takes the community or an id that names it.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.codes import Code, Entry, Purpose
from knowledge_base.ids import (
    AccountId,
    ChannelId,
    CommunityId,
    ConversationId,
    InsightId,
    MemberId,
    MessageId,
    RouteId,
    SpaceId,
    TeamId,
)
from knowledge_base.insights import Insight, StatusChange, Voice
from knowledge_base.members import Account, Consent, Group, Member, Role
from knowledge_base.merging import Candidate, Vector
from knowledge_base.messages import Message
from knowledge_base.teams import Route, Tag, Team


class Communities(Protocol):
    """Tenants and the spaces they hold."""

    @abstractmethod
    async def of_space(self, space: SpaceId) -> CommunityId | None:
        """The community a space belongs to, or None for a space never seen."""

    @abstractmethod
    async def found(self, community: CommunityId, space: SpaceId, name: str, now: datetime) -> None:
        """Create a community with its first space."""

    @abstractmethod
    async def add_space(self, community: CommunityId, space: SpaceId) -> None:
        """Make a space that belongs to no community yet one more of this community's."""

    @abstractmethod
    async def spaces(self, community: CommunityId) -> Sequence[SpaceId]:
        """Its spaces, sorted."""

    @abstractmethod
    async def admin_channel(self, community: CommunityId) -> tuple[SpaceId, ChannelId] | None:
        """Where admins hear what needs them, as they chose it, or None."""

    @abstractmethod
    async def choose_admin_channel(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> None:
        """It is there from now on."""

    @abstractmethod
    async def is_new(self, community: CommunityId) -> bool:
        """Whether it has no insight, no team and no tag yet, so that it can be absorbed."""

    @abstractmethod
    async def absorb(self, other: CommunityId, community: CommunityId) -> None:
        """All that belongs to ``other``, which is new, belongs to ``community`` from now on, and ``other`` is gone."""

    @abstractmethod
    async def lock(self, community: CommunityId) -> None:
        """Hold the right to create and merge insights until the unit of work ends. Taken after any lanes."""


class Codes(Protocol):
    """Codes that hold for a few minutes and are used once."""

    @abstractmethod
    async def add(self, code: Code, now: datetime) -> None:
        """Keep a new code; those that expired are forgotten."""

    @abstractmethod
    async def find(self, digest: str, purpose: Purpose, now: datetime) -> Code | None:
        """The code of that digest and purpose, of whichever community, if it still holds; else None."""

    @abstractmethod
    async def enter(self, code: Code, entry: Entry) -> None:
        """Somebody has entered it; whoever did so before is forgotten."""

    @abstractmethod
    async def remove(self, code: Code) -> None:
        """It was used."""


class Channels(Protocol):
    """Places people talk in."""

    @abstractmethod
    async def see(
        self,
        community: CommunityId,
        space: SpaceId,
        channel: ChannelId,
        name: str,
        audience: Audience,
        shared: Shared,
        *,
        direct: bool = False,
    ) -> Channel:
        """Note what the platform says of a channel and return it: new ones get the default mode of their audience.

        An audience or mode chosen by an admin stays (see :meth:`choose`); name and ``shared`` follow the platform. What
        was once ``direct`` stays so, and has no name: that would be somebody's.
        """

    @abstractmethod
    async def get(self, space: SpaceId, channel: ChannelId) -> Channel | None:
        """One channel, or None."""

    @abstractmethod
    async def all(self, community: CommunityId) -> Sequence[Channel]:
        """Every channel but those between one person and the bot, by name."""

    @abstractmethod
    async def listened(self, space: SpaceId) -> Sequence[Channel]:
        """Every channel of a space in which messages are kept, those between one person and the bot among them."""

    @abstractmethod
    async def choose(
        self, space: SpaceId, channel: ChannelId, audience: Audience | None = None, mode: Mode | None = None
    ) -> None:
        """Set what an admin chose; None leaves it. A mode that nobody chose follows the audience.

        That only the firm's people read a channel holds until the platform lets more people read it than at the choice.
        """

    @abstractmethod
    async def unchoose_audience(self, space: SpaceId, channel: ChannelId) -> None:
        """Of a channel that the platform calls private the audience is that again; of others it stays as chosen."""

    @abstractmethod
    async def unchoose_mode(self, space: SpaceId, channel: ChannelId) -> None:
        """The mode is the default of the audience, as if nobody had chosen."""

    @abstractmethod
    async def remove(self, space: SpaceId, channel: ChannelId) -> None:
        """It is no channel any more. Nothing happens if there is none."""


class Members(Protocol):
    """People and their accounts."""

    @abstractmethod
    async def expect(self, community: CommunityId, space: SpaceId, accounts: Sequence[AccountId]) -> None:
        """These will be seen soon in this unit of work: look them up together, which is faster."""

    @abstractmethod
    async def see(
        self,
        community: CommunityId,
        space: SpaceId,
        account: AccountId,
        name: str,
        role: Role,
        fresh: MemberId,
    ) -> Member:
        """The member behind an account, with name and role brought up to date; a new one gets the id ``fresh``."""

    @abstractmethod
    async def behind(self, community: CommunityId, space: SpaceId, account: AccountId) -> Member | None:
        """The member behind an account, or None for somebody new."""

    @abstractmethod
    async def known(
        self, community: CommunityId, space: SpaceId, accounts: Sequence[AccountId]
    ) -> frozenset[AccountId]:
        """Which of these accounts are members' who are called by a name: nobody new, and nobody who took it back."""

    @abstractmethod
    async def groups(self, community: CommunityId, space: SpaceId) -> Sequence[Group]:
        """The roles and user groups of a space by which people are staff or admins here, by id."""

    @abstractmethod
    async def choose_groups(self, community: CommunityId, space: SpaceId, groups: Sequence[Group]) -> None:
        """These and no others of the space give a role from now on. The community is locked."""

    @abstractmethod
    async def get(self, community: CommunityId, member: MemberId) -> Member | None:
        """One member, or None."""

    @abstractmethod
    async def accounts(self, community: CommunityId, member: MemberId) -> Sequence[Account]:
        """A member's accounts."""

    @abstractmethod
    async def consent(self, community: CommunityId, member: MemberId, consent: Consent) -> None:
        """Record what a member allows from now on; the earlier choice is kept as history."""

    @abstractmethod
    async def become_one(self, community: CommunityId, member: MemberId, other: MemberId) -> None:
        """``other`` is the same person: all that was theirs is ``member``'s, and ``other`` is gone.

        What either of them refused stays refused. Insights that ``other`` voiced have to be recounted.
        """

    @abstractmethod
    async def forget_name(self, community: CommunityId, member: MemberId) -> None:
        """Blank a member's name, until they are seen again; who they are and what they chose stays."""

    @abstractmethod
    async def consent_history(self, community: CommunityId, member: MemberId) -> Sequence[Consent]:
        """Every choice, oldest first."""

    @abstractmethod
    async def stopped(self, space: SpaceId, accounts: Sequence[AccountId]) -> frozenset[AccountId]:
        """Which of these accounts belong to members who stopped recording."""


class Messages(Protocol):
    """What was said."""

    @abstractmethod
    async def add(self, messages: Sequence[Message]) -> None:
        """Store new messages, in lane order."""

    @abstractmethod
    async def get(self, community: CommunityId, message: MessageId) -> Message | None:
        """One message (deleted ones too), or None."""

    @abstractmethod
    async def replace(self, message: Message) -> None:
        """Store a message anew after an edit or a new judgement; its place in the lane stays."""

    @abstractmethod
    async def erase(self, community: CommunityId, message: MessageId) -> None:
        """Blank text, author's name, link and reasons and mark it deleted; the row stays as a tombstone."""

    @abstractmethod
    async def recent(self, community: CommunityId, space: SpaceId, channel: ChannelId, limit: int) -> Sequence[Message]:
        """The last ``limit`` messages stored in a lane, threads included, deleted ones left out, oldest first."""

    @abstractmethod
    async def by_author(self, community: CommunityId, member: MemberId) -> Sequence[Message]:
        """Everything kept of a member, deleted ones left out, oldest first."""

    @abstractmethod
    async def said_in(
        self,
        community: CommunityId,
        space: SpaceId,
        channel: ChannelId,
        thread: MessageId | None,
        *,
        after: int,
        limit: int,
    ) -> tuple[Sequence[Message], int]:
        """The next ``limit`` messages of a thread, or for None of a whole channel, deleted ones left out.

        And the place of the last of them in its lane; ``after`` is such a place, 0 for the beginning. The message that
        a thread hangs on was said in the thread only where that is a post of its own, as in a forum.
        """

    @abstractmethod
    async def count_of(self, community: CommunityId, member: MemberId) -> int:
        """How many messages are kept of a member, deleted ones left out."""

    @abstractmethod
    async def conversation(self, community: CommunityId, conversation: ConversationId) -> Sequence[Message]:
        """A conversation's messages, deleted ones left out, oldest first."""


class Insights(Protocol):
    """Insights, their voices and history."""

    @abstractmethod
    async def add(self, insight: Insight) -> Insight:
        """Store a new insight; its ``number`` is given here, counting up per community. Returns it so numbered."""

    @abstractmethod
    async def replace(self, insight: Insight) -> None:
        """Store changed fields. ``demand``, ``first_at`` and ``last_at`` are derived from the voices, not taken."""

    @abstractmethod
    async def get(self, community: CommunityId, insight: InsightId) -> Insight | None:
        """One insight, or None."""

    @abstractmethod
    async def by_number(self, community: CommunityId, number: int) -> Insight | None:
        """One insight by its short name, or None."""

    @abstractmethod
    async def open(self, community: CommunityId, since: datetime | None = None, limit: int = 100) -> Sequence[Insight]:
        """Open insights that had a voice since, by demand (largest first), then last heard (latest first)."""

    @abstractmethod
    async def new(self, community: CommunityId, limit: int) -> Sequence[Insight]:
        """Those that nobody has taken up yet, in the order of :meth:`open`."""

    @abstractmethod
    async def voiced_by(self, community: CommunityId, member: MemberId) -> Sequence[Insight]:
        """The insights that a member voices, each once, that of their latest words first."""

    @abstractmethod
    async def closed(self, community: CommunityId, limit: int = 100) -> Sequence[Insight]:
        """Closed insights that still have a voice, last heard first; those merged into others are left out."""

    @abstractmethod
    async def of_message(self, community: CommunityId, message: MessageId) -> Insight | None:
        """The insight a message is a voice of, or None."""

    @abstractmethod
    async def add_voice(
        self, community: CommunityId, insight: InsightId, message: MessageId, model: str, vector: Vector
    ) -> Insight:
        """Make a stored message a voice of an insight, with its vector by ``model``; returns the insight as it then is.

        The community is locked.
        """

    @abstractmethod
    async def remove_voice(self, community: CommunityId, message: MessageId) -> None:
        """Undo :meth:`add_voice`; its vector goes too. Nothing happens if the message is no voice."""

    @abstractmethod
    async def recount(self, community: CommunityId, insight: InsightId) -> None:
        """Derive the demand anew, where voices have changed their author."""

    @abstractmethod
    async def voices(self, community: CommunityId, insight: InsightId) -> Sequence[Voice]:
        """Voices, oldest first, with the author's present name and consent and the channel's present origin."""

    @abstractmethod
    async def voiced_in(self, community: CommunityId, space: SpaceId, channel: ChannelId) -> Sequence[InsightId]:
        """The insights that have a voice in a channel, each once, by number."""

    @abstractmethod
    async def nearest(self, community: CommunityId, model: str, vector: Vector, limit: int = 20) -> Sequence[Candidate]:
        """Voices that may say the same, by cosine, nearest first; only vectors of the same model are compared.

        Voices added earlier in this unit of work are found.
        """

    @abstractmethod
    async def record(self, change: StatusChange, community: CommunityId) -> None:
        """Add to the history."""

    @abstractmethod
    async def history(self, community: CommunityId, insight: InsightId) -> Sequence[StatusChange]:
        """Who set which status when, oldest first."""

    @abstractmethod
    async def erase(self, community: CommunityId, insight: InsightId) -> None:
        """Remove an insight that has no voice left: blank its title and set it dismissed."""


class Teams(Protocol):
    """Tags, teams and routes."""

    @abstractmethod
    async def tags(self, community: CommunityId) -> Sequence[Tag]:
        """Every tag, by name."""

    @abstractmethod
    async def put_tag(self, tag: Tag) -> None:
        """Create or change a tag. A reaction belongs to one tag: it leaves any other."""

    @abstractmethod
    async def remove_tag(self, community: CommunityId, name: str) -> None:
        """Remove a tag from the list; insights keep the label."""

    @abstractmethod
    async def teams(self, community: CommunityId) -> Sequence[Team]:
        """Every team, by name."""

    @abstractmethod
    async def put_team(self, team: Team) -> None:
        """Create or change a team."""

    @abstractmethod
    async def remove_team(self, community: CommunityId, team: TeamId) -> None:
        """Remove a team and its routes."""

    @abstractmethod
    async def routes(self, community: CommunityId) -> Sequence[Route]:
        """Every route, by number."""

    @abstractmethod
    async def add_route(self, route: Route) -> Route:
        """Store a new route; its ``number`` is given here. Returns it so numbered."""

    @abstractmethod
    async def remove_route(self, community: CommunityId, route: RouteId) -> None:
        """Remove a route."""
