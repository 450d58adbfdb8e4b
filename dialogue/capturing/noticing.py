"""What else a customer's message tells: noticed where it is kept, so that a dry run does not pay for it."""

from dialogue.router import Context
from dialogue.understanding.facets import Told, facets_of
from knowledge_base.facets import Facets
from knowledge_base.kinds import Kind
from knowledge_base.members import Role

_NOTHING = Told(Facets(), ())


async def facets_told(role: Role, text: str, kind: Kind, context: Context) -> Told:
    """The facets of what a customer said; nothing of what others say, whose tone and hurry are no news."""
    if not role.is_customer:
        return _NOTHING
    return facets_of(text, kind, await context.uow.topics.all(context.community))
