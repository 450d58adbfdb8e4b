"""What somebody reads who is reminded, composed when it is sent, from what is stored then."""

from collections.abc import Sequence
from datetime import datetime

from dialogue.actions import ReminderOf
from dialogue.custom_ids import custom_id
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Button, Buttons, Paragraph, Post, Quote, Words
from dialogue.reminding.facts import Facts, facts_of
from dialogue.reminding.stopping import STOP
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId
from knowledge_base.reminders import ReminderState, disturbs, filled


async def compose_reminder(
    uow: UnitOfWork, community: CommunityId, of: ReminderOf, texts: Texts, now: datetime
) -> Post | None:
    """The reminder; None where the rule holds no more, nothing is left to report, or it would disturb now. Reads only.

    Then it is not sent later either: it was for that moment.
    """
    rule = next((rule for rule in await uow.reminders.rules(community) if rule.number == of.rule), None)
    planned = await uow.reminders.get(community, of.rule, of.member, of.key)
    person = (await uow.occasions.people(community, [of.member], now)).get(of.member)
    if rule is None or rule.state is not ReminderState.RUNNING or planned is None or person is None:
        return None
    settings = await uow.reminders.settings(community)
    if settings is None or disturbs(person, settings, now) is not None:
        return None
    facts = await facts_of(uow, community, rule, planned.occasion, texts, now)
    return None if facts is None else await post_of(uow, filled(rule.text, facts.places), facts, texts)


async def post_of(uow: UnitOfWork, text: str, facts: Facts, texts: Texts) -> Post:
    """The text, what they had said, and the button that ends it."""
    stop = Button(texts.say("reminders.stop"), custom_id(STOP, "", ""))
    return Post((Paragraph(text), *await _quote(uow, facts, texts), Buttons((stop,))))


async def _quote(uow: UnitOfWork, facts: Facts, texts: Texts) -> Sequence[Block]:
    said = facts.said
    channel = await uow.channels.get(said.space, said.channel) if said else None
    if said is None or channel is None:
        return ()
    return (Quote(Words(said.text, channel.origin, said.author), texts.say("reminders.you"), said.link),)
