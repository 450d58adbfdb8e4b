"""Who somebody is: the member behind an account."""

from dialogue.events import Actor
from dialogue.router import Context
from knowledge_base.ids import MemberId, SpaceId
from knowledge_base.members import Member


async def member_behind(actor: Actor, space: SpaceId, context: Context) -> Member:
    """The member, with name and role as the platform tells them now; somebody new gets a row."""
    return await context.uow.members.see(
        context.community, space, actor.account, actor.name, actor.role, MemberId(context.ids.fresh())
    )
