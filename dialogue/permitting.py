"""Permitting: who may do what, as admins chose it or as it is declared."""

from dialogue.acts import TAGGING, acts_of, choosable, needs
from dialogue.commands.declarations import Command
from dialogue.errors import Refused
from dialogue.events import Interaction
from dialogue.people import refuse_unless
from dialogue.router import Context
from dialogue.texts.catalogue import Texts
from knowledge_base.members import Role


async def refuse_unless_permitted(event: Interaction, declared: Role, context: Context) -> None:
    """Raises :class:`Refused` unless whoever did it has the role that it needs."""
    chosen = await context.uow.permissions.of(context.community)
    refuse_unless(event.actor.role, needs(acts_of(event), declared, chosen), context.texts)


async def may_tag(role: Role, context: Context) -> bool:
    """Whether somebody of that role may tag by a gesture."""
    return role.may(needs((TAGGING,), Role.STAFF, await context.uow.permissions.of(context.community)))


def refuse_unless_choosable(command: Command | None, verb: str, role: Role | None, texts: Texts) -> Role:
    """The role that a verb needs as usual. Raises :class:`Refused` where that can't be changed, or not to ``role``.

    What everybody may do stays so; what staff may do can't be given to customers, for it shows what others said.
    """
    found = command.verb(verb) if command else None
    if command is None or found is None:
        raise Refused(texts.say("refused.no_act"))
    act = texts.command(f"{command.noun} {verb}")
    if f"{command.noun} {verb}" not in choosable([command]):
        raise Refused(texts.say("refused.fixed_act", {"act": act}))
    lowest = Role.TRUSTED if found.who is Role.TRUSTED else Role.STAFF
    if role is not None and not role.may(lowest):
        raise Refused(texts.say("refused.act_role", {"act": act}))
    return found.who
