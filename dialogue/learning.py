"""What a community's corrections make of the shipped thresholds: read in the transaction that decides."""

from dialogue.meanings import Embedders
from dialogue.ports import UnitOfWork
from dialogue.router import Context
from dialogue.understanding.judge import VOICE_CONFIDENCE
from knowledge_base.ids import CommunityId
from knowledge_base.leanings import Leanings
from knowledge_base.learning import Learned, Shipped


def shipped(embedders: Embedders) -> Shipped:
    """What holds where nothing was learned."""
    thresholds = embedders.main.thresholds
    return Shipped(thresholds.merge, thresholds.suggest, VOICE_CONFIDENCE, embedders.name)


async def learned(uow: UnitOfWork, community: CommunityId, embedders: Embedders) -> Learned:
    """How the community leans now, and why; as shipped where learning is off."""
    return await uow.learning.learned(community, shipped(embedders))


async def leanings(context: Context) -> Leanings:
    """How the event's community leans now."""
    return (await learned(context.uow, context.community, context.embedders)).leanings
