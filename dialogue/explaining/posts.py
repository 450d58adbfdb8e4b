"""Explanations as staff read them in the chat."""

from collections.abc import Iterable, Sequence
from typing import Final

from dialogue.cards import demand
from dialogue.cards import name as insight_name
from dialogue.correcting import KIND_BUTTON
from dialogue.custom_ids import LONGEST, custom_id
from dialogue.explaining.insights import InsightExplanation
from dialogue.explaining.messages import Bounds, Explanation
from dialogue.explaining.nearness import Near
from dialogue.posts import Block, Button, Buttons, Fact, Facts, Heading, Paragraph, Post, Text
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import MessageId
from knowledge_base.kinds import Kind

_STRONGEST: Final = 3


def message_post(found: Explanation, message: MessageId, texts: Texts) -> Post:
    """Why a message was understood as it was, with buttons that say it is of another kind."""
    facts = [
        Fact(texts.say("why.kind"), _sure(found.kind, found.confidence, texts)),
        *_list("why.rule", found.rules, texts),
        Fact(texts.say("why.language"), found.language),
        Fact(texts.say("why.answers"), found.answers.words if found.answers else _no_parent(found, texts)),
        *_list("why.because", found.parent[:_STRONGEST], texts),
        Fact(texts.say("why.conversation"), _conversation(found.messages, texts)),
        *_insight(found, texts),
        *_list("why.came_of_it", found.reasons, texts),
        *_list("why.staff", found.staff, texts),
    ]
    if found.silent:
        facts.append(Fact(texts.say("why.silent"), found.silent))
    blocks: list[Block] = [Heading(texts.say("why.message")), Facts(tuple(facts)), *_around(found.near, texts)]
    blocks.append(Paragraph(_bounds(found.bounds, texts)))
    return Post((*blocks, *kind_buttons(message, found.kind, texts)))


def insight_post(found: InsightExplanation, texts: Texts) -> Post:
    """Why an insight is what it is."""
    insight = found.insight
    facts = [
        Fact(insight_name(insight, texts), demand(insight, texts)),
        *_list("why.sent", found.sent or (texts.say("why.no_route"),), texts),
        *_list("why.staff", found.staff, texts),
    ]
    voices = [Fact(came.rule or texts.say("why.from_before"), came.words) for came in found.voices]
    blocks: list[Block] = [Heading(texts.say("why.insight")), Facts(tuple(facts))]
    if voices:
        blocks.extend((Paragraph(texts.say("why.voices")), Facts(tuple(voices))))
    if found.more:
        blocks.append(Paragraph(texts.say("insight.more_voices", {"count": found.more})))
    blocks.extend(_around(found.near, texts))
    if found.bounds is not None:
        blocks.append(Paragraph(_bounds(found.bounds, texts)))
    return Post(tuple(blocks))


def _sure(kind: Kind, confidence: float, texts: Texts) -> str:
    return texts.say("why.sure", {"kind": texts.say(f"kind.{kind}"), "percent": round(100 * confidence)})


def _list(key: str, lines: Iterable[str], texts: Texts) -> Sequence[Fact]:
    """A fact a line; the label stands at the first only."""
    return [Fact(texts.say(key) if place == 0 else "·", line) for place, line in enumerate(lines)]


def _no_parent(found: Explanation, texts: Texts) -> str:
    return texts.say("why.starts" if found.reply_to is None else "why.parent_gone")


def _conversation(messages: int, texts: Texts) -> str:
    return texts.say("why.one_message") if messages == 1 else texts.say("why.messages", {"count": messages})


def _insight(found: Explanation, texts: Texts) -> Sequence[Fact]:
    if found.insight is None:
        return [Fact(texts.say("why.in_insight"), texts.say("why.no_insight"))]
    name: Text = found.title or ""
    return [Fact(texts.say("why.in_numbered", {"number": found.insight}), name)]


def _around(near: Sequence[Near], texts: Texts) -> Sequence[Block]:
    if not near:
        return [Paragraph(texts.say("why.nothing_near"))]
    facts = tuple(Fact(_near(one, texts), one.title) for one in near)
    return [Paragraph(texts.say("why.near")), Facts(facts)]


def _near(one: Near, texts: Texts) -> str:
    places: dict[str, str | int] = {
        "number": one.number,
        "distance": f"{one.distance:.2f}",
        "nearness": texts.say(f"nearness.{one.nearness}"),
    }
    return texts.say("why.distance", places)


def _bounds(bounds: Bounds, texts: Texts) -> str:
    places: dict[str, str | int] = {
        "merge": f"{1 - bounds.merge:.2f}",
        "sharing": f"{1 - bounds.sharing:.2f}",
        "across": f"{1 - bounds.across:.2f}",
        "suggest": f"{1 - bounds.suggest:.2f}",
        "voice": round(100 * bounds.voice),
    }
    return texts.say("why.bounds_learned" if bounds.learned else "why.bounds", places)


def kind_buttons(message: MessageId, kind: Kind, texts: Texts) -> Sequence[Block]:
    """Which kinds it may be instead. None where its name is too long for a button, or can't stand in one."""
    longest = max(len(other) for other in Kind)
    if ":" in message or len(KIND_BUTTON) + len(message) + longest + 2 > LONGEST:
        return ()
    buttons = tuple(
        Button(texts.say(f"kind.{other}"), custom_id(KIND_BUTTON, message, other))
        for other in Kind
        if other is not kind
    )
    return (Paragraph(texts.say("why.correct")), Buttons(buttons))
