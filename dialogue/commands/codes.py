"""What commands do with codes: make one, find the one that was typed, enter it."""

from dialogue.commands.invocation import Invocation
from dialogue.errors import Refused
from knowledge_base.codes import VALID_FOR, Code, Entry, Purpose, digest, spoken
from knowledge_base.ids import CommunityId, MemberId, SpaceId


async def make(asked: Invocation, purpose: Purpose) -> str:
    """A new code of the asker's, as they tell it."""
    context = asked.context
    code = spoken(context.ids.fresh())
    made = Code(
        context.community, digest(code), purpose, asked.member.id, asked.event.place.space, context.now + VALID_FOR
    )
    await context.uow.codes.add(made, context.now)
    return code


async def find(asked: Invocation, purpose: Purpose) -> Code:
    """The code that was typed. Raises :class:`Refused` if it never was or holds no more."""
    code = await asked.context.uow.codes.find(digest(typed(asked)), purpose, asked.context.now)
    if code is None:
        raise Refused(asked.say("refused.no_code"))
    return code


async def enter(asked: Invocation, code: Code) -> None:
    """The asker has entered it."""
    entry = Entry(asked.context.community, asked.member.id, asked.event.place.space)
    await asked.context.uow.codes.enter(code, entry)


def typed(asked: Invocation) -> str:
    """The code as it is told."""
    return asked.needed("code").upper()


async def name(asked: Invocation, community: CommunityId, member: MemberId) -> str:
    """What somebody is called who made or entered a code."""
    found = await asked.context.uow.members.get(community, member)
    return (found.name if found else "") or asked.say("insight.somebody")


def platform(asked: Invocation, space: SpaceId) -> str:
    """Where a space is, as people call that platform; the space itself where it is not connected."""
    identity = asked.context.identity(space)
    return identity.platform if identity else space
