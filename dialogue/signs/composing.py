"""What a team reads of an early sign, composed when it is sent, from what is stored then."""

from collections.abc import Sequence

from dialogue.actions import SignOf
from dialogue.custom_ids import custom_id
from dialogue.fence import Destination
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Button, Buttons, Fact, Facts, Heading, Post, Quote, Words, plain
from dialogue.routing import may_show_cards
from dialogue.signs.storing import Sign
from dialogue.signs.verbs import FOR_A_WEEK, FOR_GOOD, HEAR
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Channel
from knowledge_base.ids import CommunityId, MessageId
from knowledge_base.signs import Found, SignSort, Silence, Topical


async def compose_sign(
    uow: UnitOfWork, community: CommunityId, of: SignOf, destination: Destination, texts: Texts
) -> Post:
    """The sign with what was said of it, as its authors word it now; a sentence where nothing may be shown. Reads only.

    What was deleted is left out. It names no private words, whatever their authors allow: signs are about many.
    """
    sign = await uow.signs.get(community, of.post)
    if sign is None:
        return plain(texts.say("card.gone"))
    if not (isinstance(destination, Channel) and may_show_cards(destination)):
        return plain(texts.say("card.withheld"))
    channels = [channel for channel in await uow.channels.all(community) if channel.space == sign.space]
    where = next((channel for channel in channels if channel.id == sign.channel), None)
    if where is None:
        return plain(texts.say("card.gone"))
    silence = next((one for one in await uow.signs.silences(community) if one.about == sign.about), None)
    quotes = [quote for said in sign.evidence if (quote := await _quote(uow, community, said, where))]
    head = Heading(texts.say("signs.heading", {"what": what(sign.about, where.name, texts)}))
    return Post((head, Facts(_facts(sign, silence, texts)), *quotes, _buttons(sign, silence, texts)))


def what(about: Topical, channel: str, texts: Texts) -> str:
    """What is unusual, where, e.g. "a surge in #help"."""
    return texts.say(f"signs.{about.sort}", {"channel": channel, "competitor": about.competitor})


def how_much(found: Found, texts: Texts) -> str:
    """How many people, and what is usual."""
    if found.sort is SignSort.TONE:
        places: dict[str, str | int] = {"usual": round(100 * found.usual), "of": found.of}
    else:
        places = {"usual": f"{found.usual:.1f}".removesuffix(".0"), "of": found.of}
    return texts.say(f"signs.count_{found.sort}", {**places, "people": found.people})


def silenced(silence: Silence, texts: Texts) -> str:
    """Until when it is silenced."""
    if silence.until is None:
        return texts.say("signs.for_good")
    return texts.say("signs.until", {"date": silence.until.date().isoformat()})


def _facts(sign: Sign, silence: Silence | None, texts: Texts) -> tuple[Fact, ...]:
    facts = [Fact(texts.say("signs.in_a_day"), how_much(sign.found, texts))]
    facts.append(Fact(texts.say("signs.noticed"), sign.at.date().isoformat()))
    if sign.over_at is not None:
        facts.append(Fact(texts.say("signs.over"), sign.over_at.date().isoformat()))
    if silence is not None:
        facts.append(Fact(texts.say("signs.silenced"), silenced(silence, texts)))
    return tuple(facts)


async def _quote(uow: UnitOfWork, community: CommunityId, said: MessageId, channel: Channel) -> Quote | None:
    message = await uow.messages.get(community, said)
    author = await uow.members.get(community, message.author) if message else None
    if message is None or message.deleted or author is None:
        return None
    words = Words(message.text, channel.origin, author.id)
    return Quote(words, Words(author.shown_as, channel.origin, author.id), message.link)


def _buttons(sign: Sign, silence: Silence | None, texts: Texts) -> Block:
    verbs: Sequence[tuple[str, str]] = [("signs.button_week", FOR_A_WEEK), ("signs.button_good", FOR_GOOD)]
    if silence is not None:
        verbs = [("signs.button_hear", HEAR)]
    return Buttons(tuple(Button(texts.say(label), custom_id(verb, sign.post, "")) for label, verb in verbs))
