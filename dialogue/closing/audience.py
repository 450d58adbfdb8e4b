"""Who hears of an announcement and where: each voice once, where they spoke last, else directly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dialogue.ports import UnitOfWork
from knowledge_base.channels import Channel, Mode
from knowledge_base.ids import AccountId, ChannelId, CommunityId, MemberId, MessageId, SpaceId
from knowledge_base.insights import Insight, Voice


@dataclass(frozen=True, slots=True)
class Thread:
    """The thread of a message, which may have none yet: ``begun`` tells whether."""

    space: SpaceId
    channel: ChannelId
    root: MessageId
    begun: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """Voices by where they hear of it; each member is named once.

    ``unwilling``: how many want to hear nothing. ``unknown``: how many can't be reached, for nobody knows an account.
    """

    threads: Mapping[Thread, Sequence[Voice]] = field(default_factory=dict)
    direct: Sequence[tuple[AccountId, Voice]] = ()
    unwilling: int = 0
    unknown: int = 0

    @property
    def reached(self) -> int:
        """How many will hear of it."""
        return sum(map(len, self.threads.values())) + len(self.direct)


async def audience_of(uow: UnitOfWork, insight: Insight) -> Audience:
    """The customers among an insight's voices who have not heard of its present status."""
    voices = await uow.insights.voices(insight.community, insight.id)
    last = {voice.member: voice for voice in voices if voice.role.is_customer}
    told = await uow.tellings.told(insight.community, insight.id, insight.status) if last else ()
    untold = [member for member in last if member not in told]
    unwilling = await uow.mutes.unwilling(insight.community, insight.id, untold)
    places = await places_of(uow, insight.community, [last[member] for member in untold if member not in unwilling])
    return replace(places, unwilling=len(unwilling))


async def places_of(uow: UnitOfWork, community: CommunityId, voices: Sequence[Voice]) -> Audience:
    """Where these, one of each member, can be written to because of what they said."""
    threads: dict[Thread, list[Voice]] = {}
    alone: list[Voice] = []
    for voice in voices:
        if may_speak(await uow.channels.get(voice.origin.space, voice.origin.channel)):
            threads.setdefault(thread_of(voice, threads), []).append(voice)
        else:
            alone.append(voice)
    direct = await _reachable(uow, community, alone)
    return Audience(threads, direct, unknown=len(alone) - len(direct))


def may_speak(channel: Channel | None) -> bool:
    """Whether the bot may say something unasked in the threads of a channel; with one person alone it writes so."""
    return channel is not None and channel.mode in (Mode.ON_MENTION, Mode.HELPING) and not channel.direct


def thread_of(voice: Voice, known: Mapping[Thread, object]) -> Thread:
    """The thread in which somebody spoke, or which their message can begin; as it is named among those known."""
    thread = Thread(voice.origin.space, voice.origin.channel, voice.thread or voice.message, voice.thread is not None)
    unlike = Thread(thread.space, thread.channel, thread.root, not thread.begun)
    return unlike if unlike in known else thread


async def _reachable(
    uow: UnitOfWork, community: CommunityId, voices: Sequence[Voice]
) -> Sequence[tuple[AccountId, Voice]]:
    """Those of whom an account is known in the space in which they spoke, with it."""
    members: dict[SpaceId, list[MemberId]] = {}
    for voice in voices:
        members.setdefault(voice.origin.space, []).append(voice.member)
    accounts = {space: await uow.members.speaking_as(community, space, theirs) for space, theirs in members.items()}
    return [
        (accounts[voice.origin.space][voice.member], voice)
        for voice in voices
        if voice.member in accounts[voice.origin.space]
    ]
