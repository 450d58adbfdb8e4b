"""Why an insight is what it is: how each voice came to it, what lies near it, where it went, and what staff did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dialogue.cards import words_of
from dialogue.explaining.messages import Bounds, Lens, bounds_of, readers_of
from dialogue.explaining.nearness import Around, Near, nearest_insights
from dialogue.explaining.staff import history_lines, line_by_hand
from dialogue.ports import UnitOfWork
from dialogue.posts import Words
from dialogue.reasons import told
from dialogue.routing import routes_that_hold
from dialogue.routing.likeness import compare
from knowledge_base.insights import Insight, Voice
from knowledge_base.messages import Message
from knowledge_base.taggings import by_hand
from knowledge_base.teams import Route

VOICES: Final = 8
"""How many voices are told of, the oldest."""


@dataclass(frozen=True, slots=True)
class Came:
    """How one voice came to its insight: its words, how sure its kind was, and by which rule it was placed."""

    words: Words
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class InsightExplanation:
    """One insight, for staff. ``more``: voices that are not told of. ``near``: other insights, around its title.

    ``bounds`` is None where the message it is called by is gone. ``sent``: what came of each route that holds.
    """

    insight: Insight
    voices: tuple[Came, ...]
    more: int
    near: tuple[Near, ...]
    bounds: Bounds | None
    sent: tuple[str, ...]
    staff: tuple[str, ...]


async def explain_insight(uow: UnitOfWork, insight: Insight, lens: Lens) -> InsightExplanation:
    """What is known of an insight. Reads only."""
    voices = await uow.insights.voices(insight.community, insight.id)
    kept = [(voice, await uow.messages.get(insight.community, voice.message)) for voice in voices]
    came = [(voice, message) for voice, message in kept if message is not None]
    titled = next((message for _, message in came if message.id == insight.titled_by), None)
    bounds = await bounds_of(uow, titled, lens) if titled else None
    return InsightExplanation(
        insight=insight,
        voices=tuple(_came(voice, message) for voice, message in came[:VOICES]),
        more=max(0, len(came) - VOICES),
        near=await _near(uow, insight, titled, bounds, lens) if titled and bounds else (),
        bounds=bounds,
        sent=await _sent(uow, insight, lens),
        staff=await _staff(uow, insight, [message for _, message in came], lens),
    )


def _came(voice: Voice, message: Message) -> Came:
    placed = [line for line in told(message.reasons).rest if not by_hand([line])]
    return Came(words_of(voice, voice.text), message.confidence, placed[0] if placed else "")


async def _staff(uow: UnitOfWork, insight: Insight, messages: Sequence[Message], lens: Lens) -> tuple[str, ...]:
    lines = [line for message in messages for line in by_hand(message.reasons)]
    said = [await line_by_hand(uow, insight.community, line, lens.texts) for line in lines]
    return (*said, *await history_lines(uow, insight, lens.texts))


async def _near(uow: UnitOfWork, insight: Insight, titled: Message, bounds: Bounds, lens: Lens) -> tuple[Near, ...]:
    readers = await readers_of(uow, titled)
    around = Around(titled.text, titled.language, insight.kind, titled.id, None, readers, leave_out=insight.id)
    return await nearest_insights(uow, insight.community, around, lens.embedders, bounds.leanings)


async def _sent(uow: UnitOfWork, insight: Insight, lens: Lens) -> tuple[str, ...]:
    teams = {team.id: team.name for team in await uow.teams.teams(insight.community)}
    have = {card.team for card in await uow.cards.of_insight(insight.community, insight.id)}
    held = {one.team: one.because for one in await uow.holdings.of_insight(insight.community, insight.id)}
    rules = await routes_that_hold(uow, lens.embedders, insight)
    sent = tuple(
        lens.texts.say(
            "why.route_sent"
            if team in have
            else f"why.route_held_{held[team]}"
            if team in held
            else "why.route_not_sent",
            {"route": route.number, "team": teams[team]},
        )
        for route in rules
        for team in route.teams
        if team in teams
    )
    return (*sent, *await _likeness(uow, insight, rules, lens))


async def _likeness(uow: UnitOfWork, insight: Insight, rules: Sequence[Route], lens: Lens) -> Sequence[str]:
    """Of the routes that hold and give an example, how near it is."""
    asking = {rule.number: rule.conditions.like for rule in rules if rule.conditions.like is not None}
    compared = await compare(uow, lens.embedders, insight.community, [insight.id], list(asking.values()))
    near = compared.found.get(insight.id, {})
    return [
        lens.texts.say(
            "why.route_like",
            {"route": number, "cosine": f"{near[example].cosine:.2f}", "least": f"{near[example].least:.2f}"},
        )
        for number, example in asking.items()
        if example in near
    ]
