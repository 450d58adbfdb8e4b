"""Why a message was understood as it was, where it went, why the bot kept silent, and what staff did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogue.cards import title
from dialogue.explaining.nearness import Around, Near, nearest_insights
from dialogue.explaining.staff import history_lines, line_by_hand
from dialogue.fence import VALUE, Fence, Private
from dialogue.learning import learned
from dialogue.meanings import Embedders
from dialogue.ports import UnitOfWork
from dialogue.posts import Quote, Text, Words
from dialogue.reasons import told
from dialogue.routing import routes_that_hold
from dialogue.texts.catalogue import Texts
from dialogue.understanding.judge import VOICE_CONFIDENCE
from knowledge_base.channels import Audience, Shared
from knowledge_base.circles import Readers, circle_of, readers_in
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.insights import Insight
from knowledge_base.kinds import Kind
from knowledge_base.leanings import AS_SHIPPED, Leanings
from knowledge_base.messages import Message
from knowledge_base.taggings import by_hand
from knowledge_base.titles import LONGEST


@dataclass(frozen=True, slots=True)
class Bounds:
    """What decides here: cosines from which it is merged, also with a voice of two words the same (``sharing``) or in
    another language (``across``), and from which it is suggested; the confidence from which its kind is a voice.

    ``learned``: this community's staff moved some of it, by ``leanings``. The cosines are those of the model that is
    asked first about texts in the message's language.
    """

    merge: float
    sharing: float
    across: float
    suggest: float
    voice: float
    learned: bool
    leanings: Leanings = AS_SHIPPED


@dataclass(frozen=True, slots=True)
class Lens:
    """By what is explained: the texts, and the models by which distances are measured now."""

    texts: Texts
    embedders: Embedders


@dataclass(frozen=True, slots=True)
class Explanation:
    """One message as understood, for staff. What somebody said is :class:`~dialogue.posts.Words` until it is let out.

    ``rules``: what the text alone met, then what the context made of it. ``answers``: the message it answers, if that
    is still there, for ``parent``'s reasons, the strongest first. ``messages``: how many its conversation has.
    ``reasons``: what came of it. ``staff``: what staff did. ``routes``: the numbers of those that sent its insight to
    a team. ``silent``: why the bot said nothing.
    """

    kind: Kind
    confidence: float
    language: str
    conversation: ConversationId
    messages: int
    reply_to: MessageId | None
    answers: Quote | None
    rules: tuple[str, ...]
    parent: tuple[str, ...]
    reasons: tuple[str, ...]
    staff: tuple[str, ...]
    insight: int | None
    title: Text
    near: tuple[Near, ...]
    bounds: Bounds
    routes: tuple[int, ...]
    silent: str


async def explain(uow: UnitOfWork, message: Message, lens: Lens) -> Explanation:
    """What is known of a message that is kept and was not deleted. Reads only."""
    community = message.community
    insight = await uow.insights.of_message(community, message.id)
    lines = told(message.reasons)
    bounds = await bounds_of(uow, message, lens)
    voices = await uow.insights.voices(community, insight.id) if insight else ()
    return Explanation(
        kind=message.kind,
        confidence=message.confidence,
        language=message.language,
        conversation=message.conversation,
        messages=len(await uow.messages.conversation(community, message.conversation)),
        reply_to=message.reply_to,
        answers=await _answered(uow, message),
        rules=lines.rules,
        parent=lines.parent,
        reasons=tuple(line for line in lines.rest if not by_hand([line])),
        staff=await _staff(uow, message, insight, lens.texts),
        insight=insight.number if insight else None,
        title=(title(insight, voices) if insight else None) or "",
        near=await _near(uow, message, insight, bounds, lens),
        bounds=bounds,
        routes=await _routes(uow, insight, lens) if insight else (),
        silent=lines.silent,
    )


def let_out(found: Explanation, fence: Fence, reader: Private) -> Explanation:
    """The same as that reader may see it, where it is not shown as a post (which passes the fence on its way)."""

    def line(text: str) -> str:
        return fence.line(text, reader, VALUE)

    quote = found.answers
    if quote is not None:
        quote = Quote(
            replace(quote.words, text=fence.line(quote.words, reader, LONGEST)), fence.line(quote.author, reader)
        )
    return replace(
        found,
        answers=quote,
        rules=tuple(map(line, found.rules)),
        parent=tuple(map(line, found.parent)),
        reasons=tuple(map(line, found.reasons)),
        staff=tuple(map(line, found.staff)),
        title=fence.line(found.title, reader, LONGEST) if found.title else "",
        near=tuple(replace(one, title=fence.line(one.title, reader, LONGEST)) for one in found.near),
    )


async def words_of_message(uow: UnitOfWork, message: Message, text: str) -> Words | None:
    """Text of a message's author with where it was said; None for a channel that is not known any more."""
    channel = await uow.channels.get(message.space, message.channel)
    author = await uow.members.get(message.community, message.author)
    if channel is None:
        return None
    return Words(text, channel.origin, message.author, author is not None and author.consent.share_private)


async def bounds_of(uow: UnitOfWork, message: Message, lens: Lens) -> Bounds:
    """What decides about such a message here and now."""
    leanings = (await learned(uow, message.community, lens.embedders)).leanings
    shipped = lens.embedders.finest(message.language).thresholds
    here = leanings.thresholds(shipped)
    across = leanings.thresholds(lens.embedders.of_every_text.thresholds).across
    voice = leanings.voice_from(message.kind, VOICE_CONFIDENCE)
    is_moved = here != shipped or voice != VOICE_CONFIDENCE
    return Bounds(here.merge, here.sharing, across, here.suggest, voice, learned=is_moved, leanings=leanings)


async def readers_of(uow: UnitOfWork, message: Message) -> Readers:
    """Which kind of readers hears what is said where a message was said."""
    channel = await uow.channels.get(message.space, message.channel)
    audience = channel.audience if channel else Audience.PRIVATE
    shared = channel.shared if channel else Shared.UNKNOWN
    return readers_in(circle_of(message.space, message.channel, audience, shared))


async def _near(
    uow: UnitOfWork, message: Message, insight: Insight | None, bounds: Bounds, lens: Lens
) -> tuple[Near, ...]:
    if not message.role.is_person:
        return ()
    readers = await readers_of(uow, message)
    around = Around(message.text, message.language, message.kind, message.id, insight, readers)
    return await nearest_insights(uow, message.community, around, lens.embedders, bounds.leanings)


async def _answered(uow: UnitOfWork, message: Message) -> Quote | None:
    parent = await uow.messages.get(message.community, message.reply_to) if message.reply_to else None
    if parent is None or parent.deleted:
        return None
    words = await words_of_message(uow, parent, parent.text)
    author = await uow.members.get(parent.community, parent.author)
    if words is None or author is None:
        return None
    return Quote(words, replace(words, text=author.shown_as), parent.link)


async def _staff(uow: UnitOfWork, message: Message, insight: Insight | None, texts: Texts) -> tuple[str, ...]:
    lines = [await line_by_hand(uow, message.community, line, texts) for line in by_hand(message.reasons)]
    return (*lines, *(await history_lines(uow, insight, texts) if insight else ()))


async def _routes(uow: UnitOfWork, insight: Insight, lens: Lens) -> tuple[int, ...]:
    sent_to = {card.team for card in await uow.cards.of_insight(insight.community, insight.id)}
    rules = await routes_that_hold(uow, lens.embedders, insight)
    holding: Sequence[int] = [route.number for route in rules if not sent_to.isdisjoint(route.teams)]
    return tuple(holding)
