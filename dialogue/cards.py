"""The card of an insight, as a team's channel shows it. Composed when it is sent, from what is stored then.

Its text is the same for the same stored state: no clock, no chance, no names of ours. Quotes are one a member, at most
three: those that may be shown first, then the one the title is from, then the oldest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dialogue.answer_words import name as answer_name
from dialogue.answer_words import title as answer_title
from dialogue.card_buttons import button_rows
from dialogue.closing.showing import heard_of
from dialogue.custom_ids import custom_id
from dialogue.extracts import is_withheld, summed_up
from dialogue.notes import notes_about
from dialogue.ports import Masker, UnitOfWork
from dialogue.posts import Block, Button, Buttons, Fact, Facts, Heading, Post, Quote, Text, Words, plain
from dialogue.regrouping.alike import alike_to
from dialogue.regrouping.verbs import DIFFER, MERGE, UNDO
from dialogue.routing import may_show_cards
from dialogue.texts.catalogue import Texts
from knowledge_base.answers import Answer
from knowledge_base.channels import Channel
from knowledge_base.corrections import CorrectionSort
from knowledge_base.histories import decider
from knowledge_base.ids import CommunityId, CorrectionId, InsightId, MemberId
from knowledge_base.insights import Insight, Status, StatusChange, Voice
from knowledge_base.statuses import TELLABLE
from knowledge_base.tiers import tier_mix
from knowledge_base.trends import trend

QUOTES: Final = 3


@dataclass(frozen=True, slots=True)
class Lookalike:
    """An insight that this one may be the same as, its title, and how alike they are (cosine)."""

    other: Insight
    title: Words | None
    cosine: float


@dataclass(frozen=True, slots=True)
class Related:
    """An answer, and what it answers."""

    answer: Answer
    title: Text


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a card shows. ``decider`` is the name of whoever set the status; ``routes``: the numbers of those that
    sent it to this channel, as far as that is known.

    ``summary``: what others said beside title and quotes. ``undo`` names what was done last to one that is merged.
    ``owner`` is a name. ``related``: an approved answer to what was asked where it was said. ``notes``: those of staff.
    ``heard``: how many were told of the status, of how many who were to be.
    """

    insight: Insight
    voices: tuple[Voice, ...]
    history: tuple[StatusChange, ...]
    decider: str
    routes: tuple[int, ...]
    summary: tuple[Words, ...] = ()
    lookalike: Lookalike | None = None
    merged_into: Insight | None = None
    undo: CorrectionId | None = None
    owner: str = ""
    related: Related | None = None
    notes: tuple[Fact, ...] = ()
    heard: tuple[int, int] | None = None


async def compose(
    uow: UnitOfWork, community: CommunityId, insight: InsightId, channel: Channel, masker: Masker, texts: Texts
) -> Post:
    """The card of an insight for a team's channel; a sentence where nothing may be shown or is left. Reads only."""
    stored = await uow.insights.get(community, insight)
    sheet = await load(uow, stored, channel, masker, texts) if stored else None
    if sheet is None or not (sheet.voices or sheet.merged_into):
        return plain(texts.say("card.gone"))
    return render(sheet, texts) if may_show_cards(channel) else plain(texts.say("card.withheld"))


async def read_ahead(uow: UnitOfWork, community: CommunityId, insights: Sequence[InsightId]) -> None:
    """The cards of these will be composed: what they show is read at once."""
    await uow.insights.read_ahead(community, insights)
    await uow.notes.read_ahead(community, insights)
    await uow.answers.read_ahead(community, insights)
    await uow.cards.read_ahead(community, insights)
    alike = await uow.suggestions.read_ahead(community, insights)
    await uow.insights.read_ahead(community, [other for other in alike if other not in insights])


async def load(uow: UnitOfWork, insight: Insight, channel: Channel | None, masker: Masker, texts: Texts) -> Sheet:
    """What the card of an insight shows, from storage. Without a channel, no route sent it."""
    community = insight.community
    voices = tuple(await uow.insights.voices(community, insight.id))
    history = await uow.insights.history(community, insight.id)
    return Sheet(
        insight=insight,
        voices=voices,
        history=tuple(history),
        decider=await _name_of(uow, community, decider(history)),
        routes=await _routes_to(uow, insight, channel) if channel else (),
        summary=_summary(insight, voices, masker),
        lookalike=await _lookalike(uow, insight),
        merged_into=await uow.insights.get(community, insight.merged_into) if insight.merged_into else None,
        undo=await _undoable(uow, insight),
        owner=await _name_of(uow, community, insight.owner),
        related=await _related(uow, insight),
        notes=tuple(await notes_about(uow, insight, texts)),
        heard=await heard_of(uow, insight) if insight.status in TELLABLE else None,
    )


def render(sheet: Sheet, texts: Texts) -> Post:
    """The card itself."""
    if sheet.merged_into is not None:
        return _merged(sheet, sheet.merged_into, texts)
    blocks: list[Block] = [
        Heading(title(sheet.insight, sheet.voices) or name(sheet.insight, texts)),
        Facts(_facts(sheet, texts)),
        *(quote(voice) for voice in best_voices(sheet.insight, sheet.voices)),
    ]
    if sheet.summary:
        blocks.append(Facts(tuple(Fact(texts.say("card.also"), words) for words in sheet.summary)))
    if sheet.notes:
        blocks.append(Facts(sheet.notes))
    blocks.extend(button_rows(sheet.insight, sheet.history, texts))
    if sheet.lookalike is not None:
        blocks.extend(_perhaps(sheet.insight, sheet.lookalike, texts))
    return Post(tuple(blocks))


def title(insight: Insight, voices: Sequence[Voice]) -> Words | None:
    """The title as its author's own words; None where that voice is gone, and with it the right to show them."""
    author = next((voice for voice in voices if voice.message == insight.titled_by), None)
    return None if author is None else words_of(author, insight.title)


def line(insight: Insight, words: Words | None, texts: Texts) -> Fact:
    """An insight in one line of a list: its name, demand and status, and what was said."""
    places = {
        "name": name(insight, texts),
        "demand": demand(insight, texts),
        "status": texts.say(f"status.{insight.status.name.lower()}"),
    }
    return Fact(texts.say("insight.line", places), words or "")


def words_of(voice: Voice, text: str) -> Words:
    """Text of a voice's author, to be shown as theirs."""
    return Words(text, voice.origin, voice.member, voice.shares_private)


def quote(voice: Voice) -> Quote:
    """What somebody said, with their name and where to open it."""
    return Quote(words_of(voice, voice.text), words_of(voice, voice.author_name), voice.link)


def best_voices(insight: Insight, voices: Sequence[Voice]) -> Sequence[Voice]:
    """The voices a card quotes, by the rule above."""
    ranked = sorted(voices, key=lambda v: (is_withheld(v), v.message != insight.titled_by, v.at, v.message))
    one_each = {voice.member: voice for voice in reversed(ranked)}
    return [voice for voice in ranked if one_each[voice.member] is voice][:QUOTES]


def demand(insight: Insight, texts: Texts) -> str:
    """How many people said it."""
    if insight.demand == 1:
        return texts.say("insight.one_person")
    return texts.say("insight.people", {"count": insight.demand})


def name(insight: Insight, texts: Texts) -> str:
    """Its kind and number, e.g. "Request #12"."""
    kind = texts.say(f"kind.{insight.kind}")
    return texts.say("insight.name", {"kind": kind, "number": insight.number})


async def _routes_to(uow: UnitOfWork, insight: Insight, channel: Channel) -> tuple[int, ...]:
    cards = await uow.cards.of_insight(insight.community, insight.id)
    here = {card.route for card in cards if (card.space, card.channel) == (channel.space, channel.id)}
    return tuple(sorted(here - {0}))


def _facts(sheet: Sheet, texts: Texts) -> tuple[Fact, ...]:
    insight = sheet.insight
    facts = [
        Fact(name(insight, texts), demand(insight, texts)),
        Fact(texts.say("card.status"), status(insight.status, sheet.decider, insight.reason, texts)),
        *_plan(sheet, texts),
        Fact(texts.say("card.heard"), _heard(insight, texts)),
    ]
    if mixed := tier_mix(sheet.voices):
        facts.append(Fact(texts.say("card.tiers"), ", ".join(_tier(name, count, texts) for name, count in mixed)))
    grown = trend(sheet.voices)
    if grown is not None:
        places: dict[str, str | int] = {"recent": grown.recent, "before": grown.before}
        facts.append(Fact(texts.say("card.trend"), texts.say(f"card.{grown.direction}", places)))
    if insight.tags:
        facts.append(Fact(texts.say("card.tags"), ", ".join(sorted(insight.tags))))
    if sheet.heard is not None:
        heard, meant = sheet.heard
        facts.append(Fact(texts.say("card.told"), texts.say("card.told_of", {"heard": heard, "meant": meant})))
    if sheet.routes:
        facts.append(Fact(texts.say("card.sent_by"), texts.say("card.route", {"number": sheet.routes[0]})))
    if sheet.related is not None:
        facts.append(Fact(answer_name(sheet.related.answer, texts), sheet.related.title))
    return tuple(facts)


def _tier(name: str, count: int, texts: Texts) -> str:
    return texts.say("card.tier", {"name": name or texts.say("card.no_tier"), "count": count})


def _plan(sheet: Sheet, texts: Texts) -> Iterator[Fact]:
    """Who sees to it, until when, and where that is written down."""
    if sheet.owner:
        yield Fact(texts.say("card.owner"), sheet.owner)
    if sheet.insight.due_on is not None:
        yield Fact(texts.say("card.due"), sheet.insight.due_on.isoformat())
    if sheet.insight.link:
        yield Fact(texts.say("card.link"), sheet.insight.link)


def status(status: Status, decider: str, reason: str, texts: Texts) -> str:
    """The status, who set it, and why, as far as known."""
    said = texts.say(f"status.{status.name.lower()}")
    if decider:
        said = texts.say("status.by", {"status": said, "name": decider})
    return texts.say("status.because", {"status": said, "reason": reason}) if reason else said


def _heard(insight: Insight, texts: Texts) -> str:
    first, last = insight.first_at.date().isoformat(), insight.last_at.date().isoformat()
    return first if first == last else texts.say("card.from_to", {"first": first, "last": last})


def _merged(sheet: Sheet, into: Insight, texts: Texts) -> Post:
    """Which one it went into. Nobody's words stand here: they are that one's now."""
    said = status(sheet.insight.status, sheet.decider, "", texts)
    blocks: list[Block] = [
        Heading(name(sheet.insight, texts)),
        Facts((Fact(texts.say("card.status"), said), Fact(texts.say("card.merged_into"), name(into, texts)))),
    ]
    if sheet.undo is not None:
        undo = Button(texts.say("card.undo"), custom_id(UNDO, sheet.insight.id, sheet.undo))
        blocks.append(Buttons((undo,)))
    return Post(tuple(blocks))


def _perhaps(insight: Insight, lookalike: Lookalike, texts: Texts) -> tuple[Block, ...]:
    """What it may be the same as, and the buttons to say whether it is."""
    said = {"name": name(lookalike.other, texts), "cosine": f"{lookalike.cosine:.2f}"}
    merge = custom_id(MERGE, insight.id, lookalike.other.id)
    differ = custom_id(DIFFER, insight.id, lookalike.other.id)
    return (
        Facts((Fact(texts.say("card.perhaps", said), lookalike.title or ""),)),
        Buttons((Button(texts.say("card.merge"), merge), Button(texts.say("card.differ"), differ))),
    )


async def _lookalike(uow: UnitOfWork, insight: Insight) -> Lookalike | None:
    """The likeliest that staff have not told apart from it."""
    for alike in await alike_to(uow, insight):
        words = title(alike.other, await uow.insights.voices(insight.community, alike.other.id))
        return Lookalike(alike.other, words, alike.suggestion.cosine)
    return None


async def _undoable(uow: UnitOfWork, insight: Insight) -> CorrectionId | None:
    if insight.merged_into is None:
        return None
    about = await uow.corrections.about(insight.community, insight.id)
    return next((one.id for one in about if one.sort is CorrectionSort.MERGE and one.insight == insight.id), None)


def _summary(insight: Insight, voices: tuple[Voice, ...], masker: Masker) -> tuple[Words, ...]:
    if len(voices) < 2:
        return ()
    said = {voice.message: voice for voice in voices}
    quoted = tuple(best_voices(insight, voices))
    extracts = summed_up(insight, voices, quoted, masker)
    return tuple(words_of(said[extract.message], extract.text) for extract in extracts)


async def _related(uow: UnitOfWork, insight: Insight) -> Related | None:
    for answer in await uow.answers.of_insight(insight.community, insight.id):
        return Related(answer, answer_title(answer, await uow.answers.sources(insight.community, answer.id)))
    return None


async def _name_of(uow: UnitOfWork, community: CommunityId, member: MemberId | None) -> str:
    """What a member is called now; empty for nobody, and for who has no name any more."""
    found = await uow.members.get(community, member) if member is not None else None
    return found.name if found else ""
