"""Who somebody is: the member behind an account."""

from collections.abc import Sequence

from dialogue.events import Actor
from dialogue.router import Context
from knowledge_base.ids import InsightId, MemberId, SpaceId
from knowledge_base.members import Member


async def member_behind(actor: Actor, space: SpaceId, context: Context) -> Member:
    """The member, with name and role as the platform tells them now; somebody new gets a row."""
    return await context.uow.members.see(
        context.community, space, actor.account, actor.name, actor.role, MemberId(context.ids.fresh())
    )


async def voiced_by(member: MemberId, context: Context) -> Sequence[InsightId]:
    """The insights that a member voices, each once, in the order in which they did."""
    messages = await context.uow.messages.by_author(context.community, member)
    found = [await context.uow.insights.of_message(context.community, message.id) for message in messages]
    return list(dict.fromkeys(insight.id for insight in found if insight))
