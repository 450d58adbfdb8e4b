"""The one door in: what may be kept goes into the inbox, in one commit, before anybody is told."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from dialogue.concealing import concealed
from dialogue.events import (
    Acted,
    ChannelChanged,
    ConsentWanted,
    Event,
    MemberChanged,
    MessageEdited,
    MessagePosted,
    Place,
    ReactionAdded,
    ReactionRemoved,
    dedupe_key,
    lane_of,
    place_of,
    space_of,
)
from dialogue.models import Masker
from dialogue.people import as_chosen
from dialogue.ports import Clock, EventSink, Ids, Storage, UnitOfWork
from dialogue.rows import Gap, NewEvent
from knowledge_base.channels import Audience, Channel, Shared
from knowledge_base.ids import AccountId, CommunityId, SpaceId
from knowledge_base.members import Recording

Seen = TypeVar("Seen", bound=Hashable)

Speaker = tuple[SpaceId, AccountId]

Spoken = MessagePosted | MessageEdited | ReactionAdded | ReactionRemoved
"""What a channel's mode and a member's consent decide about. Deletions and interactions always come in."""


class Sink(EventSink):
    """Checks mode and consent, finds the community, writes, and rings ``arrived`` after the commit.

    ``masker``: what is typed is masked by it before it is kept; None where it is kept as it is.
    """

    def __init__(
        self, storage: Storage, clock: Clock, ids: Ids, arrived: Callable[[], None], masker: Masker | None = None
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._ids = ids
        self._arrived = arrived
        self._masker = masker

    async def accept(self, events: Sequence[Event]) -> None:
        """See :meth:`dialogue.ports.EventSink.accept`."""
        now = self._clock.now()
        async with self._storage.begin(urgent=True) as uow:  # the platform, and often a person, waits
            communities = {space: await self._community(uow, space) for space in _in_order(map(space_of, events))}
            channels, changed = await self._channels(uow, communities, events)
            unkept = await self._unkept(uow, events)
            keepable = _as_known(channels, await self._keepable(uow, communities, channels, events, unkept))
            kept = [self._as_kept(event) for event in await self._with_roles(uow, communities, keepable)]
            kept.extend(_consents_wanted(events, channels, unkept))
            kept.extend(ChannelChanged(place, self._ids.fresh(), now) for place in changed)
            await uow.inbox.insert([_new(event, communities) for event in kept], now)
            await self._advance(uow, kept)
            await uow.commit()
        self._arrived()

    async def interrupted(self, space: SpaceId) -> None:
        """See :meth:`dialogue.ports.EventSink.interrupted`. Where nothing was ever read, nothing was missed."""
        async with self._storage.begin() as uow:
            community = await uow.communities.of_space(space)
            for channel in await uow.channels.listened(space) if community else ():
                after = await uow.gaps.watermark(space, channel.id)
                if after is not None:
                    await uow.gaps.open(Gap(space, channel.id, after, self._clock.now()))
            await uow.commit()

    def _as_kept(self, event: Event) -> Event:
        return event if self._masker is None else concealed(event, self._masker)

    async def _community(self, uow: UnitOfWork, space: SpaceId) -> CommunityId:
        known = await uow.communities.of_space(space)
        if known:
            return known
        founded = await uow.communities.expected() or CommunityId(self._ids.fresh())
        await uow.communities.found(founded, space, str(space), self._clock.now())
        return founded

    async def _channels(
        self, uow: UnitOfWork, communities: dict[SpaceId, CommunityId], events: Sequence[Event]
    ) -> tuple[dict[Place, Channel], Sequence[Place]]:
        """Each place once: what the platform says of it is noted, and how the channel is now comes back.

        And those whose readers are others now than before.
        """
        channels: dict[Place, Channel] = {}
        changed: list[Place] = []
        for place in _in_order(place for event in events if (place := place_of(event)) is not None):
            before = await uow.channels.get(place.space, place.channel)
            channels[place] = await uow.channels.see(
                communities[place.space],
                place.space,
                place.channel,
                place.name,
                place.audience,
                place.shared,
                direct=place.direct,
            )
            if before is not None and _readers(before) != _readers(channels[place]):
                changed.append(place)
        return channels, changed

    async def _keepable(
        self,
        uow: UnitOfWork,
        communities: dict[SpaceId, CommunityId],
        channels: dict[Place, Channel],
        events: Sequence[Event],
        unkept: Mapping[Speaker, Recording],
    ) -> Sequence[Event]:
        known = await self._known(uow, communities, [e for e in events if isinstance(e, MemberChanged)])
        return [
            event
            for event in events
            if (event in known if isinstance(event, MemberChanged) else _may_keep(event, channels, unkept))
        ]

    async def _known(
        self, uow: UnitOfWork, communities: dict[SpaceId, CommunityId], events: Sequence[MemberChanged]
    ) -> frozenset[MemberChanged]:
        """Those of people who are members already, and have not taken back what was kept of them."""
        found: set[MemberChanged] = set()
        for space in _in_order(event.space for event in events):
            here = [event for event in events if event.space == space]
            accounts = _in_order(event.actor.account for event in here)
            known = await uow.members.known(communities[space], space, accounts)
            known -= (await uow.members.unkept(space, accounts)).keys()
            found.update(event for event in here if event.actor.account in known)
        return frozenset(found)

    async def _with_roles(
        self, uow: UnitOfWork, communities: dict[SpaceId, CommunityId], events: Sequence[Event]
    ) -> Sequence[Event]:
        """Who did something has the role, and is of the tier, that admins chose for one of their groups."""
        told = _in_order(space_of(event) for event in events if isinstance(event, Acted) and event.actor.groups)
        chosen = {space: await uow.members.groups(communities[space], space) for space in told}
        tiers = {space: await uow.tiers.of_space(communities[space], space) for space in told}
        return [
            replace(event, actor=as_chosen(event.actor, chosen[space_of(event)], tiers[space_of(event)]))
            if isinstance(event, Acted) and event.actor.groups
            else event
            for event in events
        ]

    async def _unkept(self, uow: UnitOfWork, events: Sequence[Event]) -> Mapping[Speaker, Recording]:
        """Those who speak here and whose words may not be kept, with what they chose."""
        speakers: dict[SpaceId, list[AccountId]] = {}
        for event in events:
            if isinstance(event, Spoken):
                speakers.setdefault(event.place.space, []).append(event.actor.account)
        found = {space: await uow.members.unkept(space, _in_order(accounts)) for space, accounts in speakers.items()}
        return {(space, account): said for space, chosen in found.items() for account, said in chosen.items()}

    async def _advance(self, uow: UnitOfWork, events: Sequence[Event]) -> None:
        """Note how far each channel was read live."""
        last = {event.place.lane: event for event in events if isinstance(event, MessagePosted) and event.live}
        for event in last.values():
            await uow.gaps.advance(event.place.space, event.place.channel, event.message)


def _may_keep(event: Event, channels: dict[Place, Channel], unkept: Mapping[Speaker, Recording]) -> bool:
    if not isinstance(event, Spoken):
        return not isinstance(event, ChannelChanged)  # whether anything changed was seen above
    if (event.place.space, event.actor.account) in unkept:
        return False
    return channels[event.place].mode.keeps_messages


def _consents_wanted(
    events: Sequence[Event], channels: dict[Place, Channel], unkept: Mapping[Speaker, Recording]
) -> Iterable[ConsentWanted]:
    """Whoever said something just now where it could be kept, if only they had chosen; each once."""
    spoke = {
        (event.place.space, event.actor.account): event.at
        for event in events
        if isinstance(event, MessagePosted)
        and event.live
        and event.actor.role.is_person
        and channels[event.place].mode.keeps_messages
    }
    return [ConsentWanted(*speaker, at) for speaker, at in spoke.items() if unkept.get(speaker) is Recording.UNSAID]


def _as_known(channels: dict[Place, Channel], events: Sequence[Event]) -> Sequence[Event]:
    """What was said keeps who could read it then, as admins chose: what is merged with what hangs on it."""
    return [
        replace(event, place=replace(event.place, audience=channels[event.place].audience))
        if isinstance(event, Spoken) and event.place.audience is not channels[event.place].audience
        else event
        for event in events
    ]


def _readers(channel: Channel) -> tuple[Audience, Shared]:
    return channel.audience, channel.shared


def _new(event: Event, communities: dict[SpaceId, CommunityId]) -> NewEvent:
    return NewEvent(communities[space_of(event)], lane_of(event), dedupe_key(event), event)


def _in_order(items: Iterable[Seen]) -> list[Seen]:
    return list(dict.fromkeys(items))
