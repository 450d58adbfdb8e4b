"""The buttons under a sign: not to be told of the same again, for a week or for good; and to be told again."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from dialogue.actions import OutboxId, Outgoing
from dialogue.by_staff import by_staff
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed
from dialogue.handling import only
from dialogue.router import Context, Handler, Router
from dialogue.signs.showing import show_signs_about
from dialogue.signs.verbs import FOR_A_WEEK, FOR_GOOD, HEAR
from knowledge_base.members import Member, Role
from knowledge_base.signs import Silence, Topical

BUTTONS: Final = tuple(ButtonAction(verb, Role.STAFF) for verb in (FOR_A_WEEK, FOR_GOOD, HEAR))

A_WEEK: Final = timedelta(days=7)


def router() -> Router:
    """The handlers of these buttons."""
    silencing = Router("silencing")
    silencing.on(f"button:{FOR_A_WEEK}")(_pressed(lambda now: now + A_WEEK))
    silencing.on(f"button:{FOR_GOOD}")(_pressed(lambda _: None))
    silencing.on(f"button:{HEAR}")(only(ButtonPressed, _heard))
    return silencing


async def silence(context: Context, about: Topical, until: datetime | None) -> Sequence[Outgoing]:
    """Not told of again until then, or (None) ever; returns the edits of what was told of it before."""
    await context.uow.signs.silence(context.community, Silence(about, until))
    return await show_signs_about(context, about)


async def hear(context: Context, about: Topical) -> Sequence[Outgoing]:
    """Told of again; returns the edits of what was told of it before."""
    await context.uow.signs.hear(context.community, about)
    return await show_signs_about(context, about)


def _pressed(until: Callable[[datetime], datetime | None]) -> Handler:
    async def pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
        """The post itself shows that it is silenced; only a refusal needs words."""

        async def act(_: Member) -> Sequence[Outgoing]:
            return await silence(context, await _about(event, context), until(context.now))

        return await by_staff(event, context, act)

    return only(ButtonPressed, pressed)


async def _heard(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    async def act(_: Member) -> Sequence[Outgoing]:
        return await hear(context, await _about(event, context))

    return await by_staff(event, context, act)


async def _about(event: ButtonPressed, context: Context) -> Topical:
    pressed = parse(event.custom_id)
    sign = await context.uow.signs.get(context.community, OutboxId(pressed.subject)) if pressed else None
    if sign is None:
        raise Refused(context.texts.say("refused.no_sign"))
    return sign.about
