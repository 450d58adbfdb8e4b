"""``/insight``: look insights up, and decide about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from dialogue.actions import Outgoing
from dialogue.arranging import own, set_day, set_link
from dialogue.bridging.asking import ask
from dialogue.bridging.verbs import TEXT_LIMIT
from dialogue.card_buttons import ASK, NOTE, TAKE_BACK
from dialogue.cards import demand, line, load, name, quote, render, title
from dialogue.commands import kind
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.commands.invocation import Answer, CommandHandler, Invocation, Noun
from dialogue.deciding import confirmation, decide
from dialogue.explaining.staff import history_facts
from dialogue.kinds_by_hand import KindGiver
from dialogue.models import Embedder
from dialogue.noting import note_insight
from dialogue.posts import Buttons, Fact, Facts, Paragraph, Post, plain
from dialogue.regrouping.merging import merge
from dialogue.regrouping.parting import split
from dialogue.regrouping.undoing import undo
from dialogue.taking_back import take_back, told
from knowledge_base.circles import readers_in
from knowledge_base.histories import decider
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.insights import Insight
from knowledge_base.members import Role
from knowledge_base.merging import Candidate, Vector
from knowledge_base.notes import NOTE_LIMIT
from knowledge_base.statuses import Decision

_LISTED = 10
_ALIKE = 8
"""The voices of an insight, added last, by which others that are alike are looked for."""

_INSIGHT = Option("insight", OptionType.INSIGHT, "help.option.insight")
_MESSAGE = Option("message", OptionType.MESSAGE, "help.option.message")
_INTO = Option("into", OptionType.INSIGHT, "help.option.into")
_DAY = Option("day", OptionType.TEXT, "help.option.day")
_ADDRESS = Option("address", OptionType.TEXT, "help.option.address")
_TEXT = Option("text", OptionType.TEXT, "help.option.note", limit=NOTE_LIMIT)
_QUESTION = Option("text", OptionType.TEXT, "help.option.question", limit=TEXT_LIMIT)
_WHY = Option("reason", OptionType.TEXT, "help.option.reason", required=False)
_DECLINE_WHY = Option("reason", OptionType.TEXT, "help.option.reason")

COMMAND = Command(
    "insight",
    "help.insight.noun",
    (
        Verb("show", "help.insight.show", Role.STAFF, (_INSIGHT,)),
        Verb("list", "help.insight.list", Role.STAFF, shortcut="shortcut.insights"),
        Verb("voices", "help.insight.voices", Role.STAFF, (_MESSAGE,), menu="menu.voices"),
        kind.VERB,
        *(
            Verb(
                decision.value,
                f"help.insight.{decision}",
                Role.STAFF,
                (_INSIGHT, _DECLINE_WHY if decision is Decision.DECLINE else _WHY),
            )
            for decision in Decision
            if decision is not Decision.ASK
        ),
        Verb(ASK, "help.insight.ask", Role.STAFF, (_INSIGHT, _QUESTION)),
        Verb("similar", "help.insight.similar", Role.STAFF, (_INSIGHT,)),
        Verb("merge", "help.insight.merge", Role.STAFF, (_INSIGHT, _INTO)),
        Verb("split", "help.insight.split", Role.STAFF, (_MESSAGE,)),
        Verb("undo", "help.insight.undo", Role.STAFF, (_INSIGHT,)),
        Verb(TAKE_BACK, "help.insight.takeback", Role.STAFF, (_INSIGHT,)),
        Verb("own", "help.insight.own", Role.STAFF, (_INSIGHT,)),
        Verb("due", "help.insight.due", Role.STAFF, (_INSIGHT, _DAY)),
        Verb("link", "help.insight.link", Role.STAFF, (_INSIGHT, _ADDRESS)),
        Verb(NOTE, "help.insight.note", Role.STAFF, (_INSIGHT, _TEXT)),
    ),
)


def noun(giver: KindGiver) -> Noun:
    """The command with its handlers."""
    decisions = {decision.value: _deciding(decision) for decision in Decision if decision is not Decision.ASK}
    regrouped = {"similar": _similar, "merge": _merge, "split": _split, "undo": _undo, "kind": kind.handler(giver)}
    arranged = {TAKE_BACK: _take_back, "own": _own, "due": _due, "link": _link, NOTE: _note, ASK: _ask}
    return Noun(COMMAND, {"show": _show, "list": _list, "voices": _voices, **decisions, **regrouped, **arranged})


def _deciding(decision: Decision) -> CommandHandler:
    async def handle(asked: Invocation) -> Answer:
        await asked.context.uow.communities.lock(asked.context.community)
        insight = await asked.insight("insight")
        reason = asked.given("reason") or ""
        decided = await decide(asked.context, insight, decision, asked.member, reason, asked.event)
        said = confirmation(decided, asked.context.texts)
        return Answer(plain(said), decided.shown)

    return handle


async def _show(asked: Invocation) -> Answer:
    """As on its card, without buttons, and with its whole history."""
    insight = await asked.insight("insight")
    texts = asked.context.texts
    sheet = await load(asked.context.uow, insight, None, asked.context.masker, texts)
    by = sheet.decider or (asked.say("insight.somebody") if decider(sheet.history) else "")
    card = render(replace(sheet, decider=by), texts)
    history = tuple(await history_facts(asked.context.uow, insight, texts))
    blocks = tuple(block for block in card.blocks if not isinstance(block, Buttons))
    return Answer(Post((*blocks, Facts(history)) if history else blocks))


async def _take_back(asked: Invocation) -> Answer:
    insight = await _locked(asked)
    decided = await take_back(asked.context, insight, asked.member)
    return Answer(plain(told(decided, asked.context)), decided.shown)


async def _own(asked: Invocation) -> Answer:
    insight = await _locked(asked)
    shown = await own(asked.context, insight, asked.member)
    return _noted(asked, "insight.owned", insight, shown)


async def _due(asked: Invocation) -> Answer:
    insight = await _locked(asked)
    shown = await set_day(asked.context, insight, asked.needed("day"), asked.member)
    return _noted(asked, "insight.due_set", insight, shown)


async def _link(asked: Invocation) -> Answer:
    insight = await _locked(asked)
    shown = await set_link(asked.context, insight, asked.needed("address"), asked.member)
    return _noted(asked, "insight.link_set", insight, shown)


async def _note(asked: Invocation) -> Answer:
    insight = await _locked(asked)
    shown = await note_insight(asked.context, insight, asked.needed("text"), asked.member)
    return _noted(asked, "note.kept", insight, shown)


async def _ask(asked: Invocation) -> Answer:
    """Those who said it last, in the name of the team in whose channel it is asked."""
    insight = await _locked(asked)
    said, outgoing = await ask(asked.context, insight, asked.needed("text"), asked.member, asked.event)
    return Answer(plain(said), tuple(outgoing))


async def _locked(asked: Invocation) -> Insight:
    await asked.context.uow.communities.lock(asked.context.community)
    return await asked.insight("insight")


def _noted(asked: Invocation, key: str, insight: Insight, shown: Sequence[Outgoing]) -> Answer:
    said = asked.say(key, {"name": name(insight, asked.context.texts)})
    return Answer(plain(said), tuple(shown))


async def _list(asked: Invocation) -> Answer:
    found = await asked.context.uow.insights.open(asked.context.community, limit=_LISTED)
    if not found:
        return asked.answer("insight.none")
    facts = []
    for insight in found:
        voices = await asked.context.uow.insights.voices(asked.context.community, insight.id)
        facts.append(line(insight, title(insight, voices), asked.context.texts))
    return Answer(Post((Paragraph(asked.say("insight.open")), Facts(tuple(facts)))))


async def _voices(asked: Invocation) -> Answer:
    """Everybody who said the same, in their own words."""
    uow, community = asked.context.uow, asked.context.community
    insight = await uow.insights.of_message(community, (await asked.message("message")).id)
    if insight is None:
        return asked.answer("insight.no_voice")
    voices = await uow.insights.voices(community, insight.id)
    facts = Facts((Fact(name(insight, asked.context.texts), demand(insight, asked.context.texts)),))
    quotes = [quote(voice) for voice in voices[:_LISTED]]
    rest = [Paragraph(asked.say("insight.more_voices", {"count": len(voices) - _LISTED}))] if voices[_LISTED:] else []
    return Answer(Post((facts, *quotes, *rest)))


async def _merge(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    origin, destination = await asked.insight("insight"), await asked.insight("into")
    change = await merge(asked.context, origin, destination, asked.member)
    return Answer(plain(change.said), change.shown)


async def _split(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    change = await split(asked.context, await asked.message("message"), asked.member)
    return Answer(plain(change.said), change.shown)


async def _undo(asked: Invocation) -> Answer:
    await asked.context.uow.communities.lock(asked.context.community)
    change = await undo(asked.context, await asked.insight("insight"), asked.member)
    return Answer(plain(change.said), change.shown)


async def _similar(asked: Invocation) -> Answer:
    """The insights that say what is nearest to it, among those it could be merged with."""
    insight = await asked.insight("insight")
    nearest: dict[InsightId, tuple[float, float]] = {}
    known: set[MessageId] = set()
    for model in asked.context.embedders.models:
        vectors = await asked.context.uow.regroupings.vectors(insight.community, insight.id, model.name, _ALIKE)
        for near, enough in await _alike_by(asked, model, vectors, known):
            ranked_by = asked.context.embedders.as_main(near.cosine, enough)
            nearest[near.insight] = max((ranked_by, near.cosine), nearest.get(near.insight, (-9.0, -9.0)))
        known |= vectors.keys()
    nearest.pop(insight.id, None)
    ranked = sorted(nearest, key=lambda other: (-nearest[other][0], other))[:_LISTED]
    facts = [await _near(asked, other, nearest[other][1]) for other in ranked]
    if not facts:
        return asked.answer("insight.nothing_similar", {"name": name(insight, asked.context.texts)})
    heading = asked.say("insight.similar", {"name": name(insight, asked.context.texts)})
    return Answer(Post((Paragraph(heading), Facts(tuple(facts)))))


async def _alike_by(
    asked: Invocation, model: Embedder, vectors: Mapping[MessageId, Vector], known: Collection[MessageId]
) -> Sequence[tuple[Candidate, float]]:
    """The voices nearest to some, by one model, as far as the same people heard them, each with what would be enough.

    ``known``: those of them that a finer model knows, which decides about all it knows: what is left is in other
    languages.
    """
    uow, community = asked.context.uow, asked.context.community
    found: list[tuple[Candidate, float]] = []
    for message, vector in vectors.items():
        circle = await uow.regroupings.circle(community, message)
        if circle:
            alone = message in known
            near = await uow.insights.nearest(community, model.name, vector, readers_in(circle), alone=alone)
            found += [(one, model.thresholds.across if alone else model.thresholds.merge) for one in near]
    return found


async def _near(asked: Invocation, other: InsightId, cosine: float) -> Fact:
    found = await asked.context.uow.insights.get(asked.context.community, other)
    if found is None:
        raise LookupError(f"insight {other} has voices and is not stored")
    voices = await asked.context.uow.insights.voices(asked.context.community, other)
    said = asked.say("insight.near", {"name": name(found, asked.context.texts), "cosine": f"{cosine:.2f}"})
    return Fact(said, title(found, voices) or "")
