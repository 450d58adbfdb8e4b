"""Codes are given in a form that a button opens: never in a command, which others may see typed."""

from collections.abc import Sequence
from typing import Final

from dialogue.actions import Outgoing
from dialogue.by_staff import by_staff
from dialogue.commands.declarations import ButtonAction
from dialogue.custom_ids import CustomId, custom_id, parse
from dialogue.errors import Refused
from dialogue.events import ButtonPressed, FormSubmitted
from dialogue.forms import FormAsked
from dialogue.handling import only
from dialogue.ports import UnitOfWork
from dialogue.posts import Button, Buttons, Field, FieldType, Form, Paragraph, Post, plain
from dialogue.replies import reply
from dialogue.rewarding.verbs import CODES, TEXT, TEXT_LIMIT
from dialogue.router import Context, Router
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, RewardId
from knowledge_base.members import Member, Role
from knowledge_base.rewards import CODE_LENGTH, Reward, RewardKind, usable_codes

BUTTON: Final = ButtonAction(CODES, Role.ADMIN, CODES)


def offer(reward: Reward, texts: Texts) -> Post:
    """The button that opens the form."""
    button = Button(texts.say("reward.give_codes"), custom_id(CODES, reward.id, ""))
    said = texts.say("reward.codes_wanted", {"name": reward.name, "limit": TEXT_LIMIT})
    return Post((Paragraph(said), Buttons((button,))))


async def codes_form(asked: FormAsked) -> Form:
    """The form in which codes are given. Raises :class:`Refused` where none are wanted any more."""
    reward = await _meant(asked.uow, asked.reader.community, asked.pressed, asked.texts)
    field = Field(TEXT, asked.texts.say("reward.codes_field"), FieldType.PARAGRAPH, limit=TEXT_LIMIT)
    heading = asked.texts.say("reward.codes_heading", {"name": reward.name})
    return Form(str(asked.pressed), heading, (field,), asked.texts.say("reward.codes_submit"))


def router() -> Router:
    """The handlers of the form and, where a platform can't open one, of the button."""
    uploading = Router("codes of rewards")
    uploading.on(f"button:{CODES}")(only(ButtonPressed, _pressed))
    uploading.on(f"form:{CODES}")(only(FormSubmitted, _submitted))
    return uploading


async def _pressed(event: ButtonPressed, context: Context) -> Sequence[Outgoing]:
    async def told(member: Member) -> Sequence[Outgoing]:
        return [reply(event, member, plain(context.texts.say("reward.no_form")))]

    return await by_staff(event, context, told, Role.ADMIN)


async def _submitted(event: FormSubmitted, context: Context) -> Sequence[Outgoing]:
    async def kept(member: Member) -> Sequence[Outgoing]:
        reward = await _meant(context.uow, context.community, parse(event.custom_id), context.texts)
        return [reply(event, member, plain(await _keep(context, reward, event.values.get(TEXT, ""))))]

    return await by_staff(event, context, kept, Role.ADMIN)


async def _keep(context: Context, reward: Reward, text: str) -> str:
    """What became of each line. Raises :class:`Refused` where there is no code at all, or one can be none."""
    codes, blank, double = usable_codes(text)
    if not codes:
        raise Refused(context.texts.say("refused.no_codes"))
    if any(len(code) > CODE_LENGTH for code in codes):
        raise Refused(context.texts.say("refused.long_code", {"most": CODE_LENGTH}))
    new = await context.uow.rewards.add_codes(context.community, reward.id, codes)
    stock = (await context.uow.rewards.stock(context.community, context.now))[reward.id]
    places: dict[str, str | int] = {
        "new": new,
        "blank": blank,
        "double": double,
        "known": len(codes) - new,
        "left": stock.codes or 0,
        "pieces": stock.pieces,
    }
    return context.texts.say("reward.codes_kept", places)


async def _meant(uow: UnitOfWork, community: CommunityId, pressed: CustomId | None, texts: Texts) -> Reward:
    reward = await uow.rewards.get(community, RewardId(pressed.subject)) if pressed else None
    if reward is None or reward.kind is not RewardKind.CODE or reward.closed_at is not None:
        raise Refused(texts.say("refused.no_codes_wanted"))
    return reward
