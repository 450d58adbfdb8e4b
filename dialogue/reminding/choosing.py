"""Who could be reminded of what at a moment, and what is in the way of it."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dialogue.ports import UnitOfWork
from dialogue.reminding.facts import Facts, facts_of
from dialogue.texts.catalogue import Texts
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.reminders import (
    QUIET_FOR,
    Obstacle,
    Occasion,
    Person,
    Reminder,
    ReminderSettings,
    When,
    concerns,
    month_before,
    obstacle,
)

REACH: Final = {
    When.FIRST: timedelta(days=30),
    When.STATUS: timedelta(days=14),
    When.QUIET: timedelta(days=14),
    When.ANSWER: timedelta(days=30),
    When.MONTH: timedelta(days=5),
}
"""How long ago an occasion may be: it waits so long for what is in the way to be over, or for something to report."""

REMEMBERED: Final = timedelta(days=100)
"""How far back is looked for what somebody was reminded of: longer than any occasion may be ago."""


LOOKED: Final = 200
"""For so many occasions the facts are looked up at most in one go: nothing else is decided meanwhile."""
PART: Final = 50
"""Of so many occasions the people are looked up together."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is looked, in which community, and what holds there.

    ``but``: who got enough lately, as far as that was looked up. ``most``: with news of so many people, it is enough.
    """

    community: CommunityId
    now: datetime
    settings: ReminderSettings
    but: Collection[MemberId] = ()
    most: int = LOOKED


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom a rule could remind of what. ``facts`` only where no ``obstacle`` is in the way and there is news."""

    occasion: Occasion
    person: Person
    obstacle: Obstacle | None
    facts: Facts | None


async def candidates(uow: UnitOfWork, rule: Reminder, moment: Moment, texts: Texts) -> Sequence[Candidate]:
    """Whom the rule concerns now, of what they were not reminded before, the oldest first. Reads only.

    Of more than can be looked into, each look begins elsewhere, so that nobody's turn never comes.
    """
    occasions = await _occasions(uow, rule, moment)
    known = await uow.reminders.added(moment.community, rule.number, moment.now - REMEMBERED)
    new = [one for one in occasions if (one.member, one.key) not in known and one.member not in moment.but]
    new.sort(key=lambda one: (one.at, one.member, one.key))
    if len(new) > LOOKED:
        start = int.from_bytes(hashlib.sha256(moment.now.isoformat().encode()).digest()[:8]) % len(new)
        new = [*new[start:], *new[:start]]
    found: list[Candidate] = []
    for first in range(0, len(new), PART):
        enough = len({one.person.member for one in found if one.facts}) >= moment.most
        if enough or looked_up(found) >= LOOKED:
            break
        found += await _looked_at(uow, rule, new[first : first + PART], moment, texts)
    return found


def looked_up(found: Collection[Candidate]) -> int:
    """For how many of these the facts were looked up."""
    return sum(one.obstacle is None for one in found)


async def _looked_at(
    uow: UnitOfWork, rule: Reminder, occasions: Sequence[Occasion], moment: Moment, texts: Texts
) -> Sequence[Candidate]:
    people = await uow.occasions.people(moment.community, {one.member for one in occasions}, moment.now)
    found = []
    for one in occasions:
        person = people.get(one.member)
        if person is not None and concerns(rule, person, moment.now):
            blocked = obstacle(person, moment.settings, moment.now)
            facts = None if blocked else await facts_of(uow, moment.community, rule, one, texts, moment.now)
            found.append(Candidate(one, person, blocked, facts))
    return found


async def _occasions(uow: UnitOfWork, rule: Reminder, moment: Moment) -> Sequence[Occasion]:
    since = max(rule.since, moment.now - REACH[rule.when])
    match rule.when:
        case When.FIRST:
            return await uow.occasions.first_insights(moment.community, rule.number, since)
        case When.STATUS:
            return await uow.occasions.status_changes(moment.community, rule.number, since)
        case When.QUIET:
            last = moment.now - QUIET_FOR
            return await uow.occasions.gone_quiet(moment.community, rule.number, since - QUIET_FOR, last)
        case When.ANSWER:
            return await uow.occasions.asked_again(moment.community, rule.number, rule.times, since)
        case When.MONTH:
            first, after = month_before(moment.now)
            found = after >= since
            return await uow.occasions.of_month(moment.community, rule.number, first, after) if found else ()
