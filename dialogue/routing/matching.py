"""Which routes mean an insight."""

from collections.abc import Sequence
from dataclasses import replace

from dialogue.meanings import Embedders
from dialogue.ports import UnitOfWork
from dialogue.routing.likeness import compare
from knowledge_base.conditions import Heard
from knowledge_base.insights import Insight
from knowledge_base.teams import Route, Running


async def routes_that_hold(uow: UnitOfWork, embedders: Embedders, insight: Insight) -> Sequence[Route]:
    """The routes that mean an insight, by number; those that are paused mean nothing."""
    running = [rule for rule in await uow.teams.routes(insight.community) if rule.running is Running.ON]
    return await those_that_hold(uow, embedders, insight, running)


async def those_that_hold(
    uow: UnitOfWork, embedders: Embedders, insight: Insight, rules: Sequence[Route]
) -> Sequence[Route]:
    """Those of some routes that mean an insight. What was said is read only where one of them asks for it."""
    ask = any(rule.conditions.ask_voices for rule in rules)
    heard = Heard(insight, await uow.insights.voices(insight.community, insight.id) if ask else ())
    hang = [rule.conditions for rule in rules if rule.conditions.hang_on_likeness(heard)]
    examples = dict.fromkeys(conditions.like for conditions in hang if conditions.like is not None)
    if examples:
        compared = await compare(uow, embedders, insight.community, [insight.id], examples)
        heard = replace(heard, like=compared.like(insight.id))
    return [rule for rule in rules if rule.conditions.hold(heard)]
